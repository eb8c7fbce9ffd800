"""Issues as text, Markdown and HTML: what the templates are given, and how they are found.

A template is a file of the user's ``templates`` folder beside the configuration, else kommcli's own in
`templates/`. All run in Jinja's sandbox: a template that a colleague sent can format, and nothing else.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kommcli import dates
from kommcli.digest import introduction
from kommcli.digest.issue import Issue, Item, Section
from kommcli.errors import ConfigError
from kommcli.i18n import _, ngettext
from kommcli.render import markdown, typeset
from kommcli.render.reading import web

if TYPE_CHECKING:
    from jinja2 import Environment

OURS = Path(__file__).with_name("templates")
"""The templates that kommcli brings."""

TEMPLATES = ("digest.txt.j2", "digest.md.j2", "digest.html.j2")
"""Those that a user's own may replace."""

NAMED = 6
"""Sources that are behind and named; the others are counted."""

COLUMNS = 72
"""Of the text: what mail programs show and quote without wrapping."""


_NARROW = re.compile("[\x20-\u02ff\u2010-\u2027\u2030-\u205e\u20ac]*")
"""A text whose characters all take one cell: counting them is a fifth of the work."""


class Forms:
    """Renders issues; ``own`` is the folder of the user's templates, which need not exist."""

    def __init__(self, own: Path | None = None) -> None:
        self._own = own
        self._environment: Environment | None = None

    def text(self, issue: Issue) -> str:
        """Plain text of `COLUMNS` columns. Raises `ConfigError` for a template that fails."""
        return _squeezed(self._render("digest.txt.j2", issue))

    def markdown(self, issue: Issue) -> str:
        """CommonMark. Raises `ConfigError` for a template that fails."""
        return _squeezed(self._render("digest.md.j2", issue))

    def html(self, issue: Issue) -> str:
        """One HTML file without anything that is loaded. Raises `ConfigError` for a template that fails."""
        return self._render("digest.html.j2", issue)

    def _render(self, name: str, issue: Issue) -> str:
        from jinja2 import TemplateError

        try:
            return self._jinja().get_template(name).render(values(issue))
        except TemplateError as error:
            raise self._broken(name, error) from error
        except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise self._broken(name, error) from error

    def _jinja(self) -> Environment:
        if self._environment is None:
            from jinja2 import FileSystemLoader, StrictUndefined, select_autoescape
            from jinja2.sandbox import ImmutableSandboxedEnvironment

            folders = [folder for folder in (self._own, OURS) if folder]
            self._environment = ImmutableSandboxedEnvironment(
                loader=FileSystemLoader(folders),
                autoescape=select_autoescape(["html.j2", "html"]),
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                keep_trailing_newline=True,
            )
            self._environment.filters |= {
                "wrap": wrap,
                "md": markdown.text,
                "mdline": markdown.line,
                "mdlink": markdown.link,
                "code": _code,
                "command": command,
                "day": dates.day,
                "web": web,
            }
        return self._environment

    def _broken(self, name: str, error: Exception) -> ConfigError:
        """The error of a template, with its file and line."""
        path, line = _where(error, self._own or OURS, name)
        return ConfigError.single(
            _("{path}:{line}: the template cannot be used").format(path=path, line=line),
            cause=str(error).partition("\n")[0],
            code="config.template",
            remedy=_("Mend this line, or take the file away: kommcli's own is used then."),
        )


def _where(error: Exception, folder: Path, name: str) -> tuple[str, int]:
    """The template and the line in which ``error`` happened."""
    line, path = getattr(error, "lineno", None), getattr(error, "filename", None)
    if line:
        return str(path or folder / name), int(line)
    trace, found = error.__traceback__, (str(folder / name), 1)
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            found = (file, trace.tb_lineno)
        trace = trace.tb_next
    return found


def wrap(text: str, indent: int = 0, columns: int = COLUMNS) -> str:
    """``text`` in lines of at most ``columns`` cells, all but the first behind ``indent`` blanks; what stands
    before the first the template has written."""
    width = len if _NARROW.fullmatch(text) else typeset.cells
    found = typeset.lines(text, columns - indent, language="", width=width)
    return ("\n" + " " * indent).join(text[line.start : line.end] for line in found)


def command(line: str, columns: int = COLUMNS) -> str:
    """A command line in lines of at most ``columns`` where it has that many words, so that it can be copied
    into a shell."""
    lines = [""]
    for word in re.findall(r"(?:'[^']*'|[^\s'])+", line):
        if lines[-1] and len(lines[-1]) + len(word) + 3 > columns:
            lines[-1] += " \\"
            lines.append("   ")
        lines[-1] += f" {word}" if lines[-1] else word
    return "\n".join(lines)


def values(issue: Issue) -> dict[str, Any]:
    """What a template is given."""
    return {"issue": issue, "numbers": numbers(issue), "words": words(issue)}


def numbers(issue: Issue) -> dict[str, int]:
    """The number of each article, by its id."""
    return {item.id: number for number, item in enumerate(issue.items, start=1)}


def words(issue: Issue) -> dict[str, Any]:
    """The sentences and labels of an issue in the language in use."""
    return {
        "contents": _("Contents"),
        "figure": _("Number of the week"),
        "also": _("also in: {names}"),
        "source": source_line,
        "more": more_line,
        "edited": _("changed"),
        "footer": footer(issue),
        "stale": stale(issue),
        "number": _("Issue {number}").format(number=issue.number) if issue.number else "",
    }


def source_line(item: Item) -> str:
    """ "Kommunal Digital · auch bei: Amtsblick, Rathausfunk"."""
    also = _("also in: {names}").format(names=", ".join(item.also_in)) if item.also_in else ""
    edited = _("changed") if item.edited else ""
    return " · ".join(filter(None, (item.source, also, edited)))


def more_line(section: Section | Issue) -> str:
    """ "… und 7 weitere"."""
    count = section.more.count if section.more else 0
    return ngettext("… and one more", "… and {count} more", count).format(count=count)


def footer(issue: Issue) -> str:
    """What the issue is made of, counted."""
    made = (introduction.stories(len(issue.items)), introduction.sources_of(len(issue.sources)))
    return " · ".join((*made, issue.period))


def stale(issue: Issue) -> str:
    """One sentence about the sources that may lack articles; empty where there is none."""
    if not issue.stale:
        return ""
    named = [
        _("{name} (last read {date})").format(name=one.name, date=dates.day(one.since))
        if one.since
        else _("{name} (never read)").format(name=one.name)
        for one in issue.stale[:NAMED]
    ]
    if (left := len(issue.stale) - NAMED) > 0:
        named.append(ngettext("one more", "{count} more", left).format(count=left))
    return _("May be incomplete: {sources}.").format(sources=introduction.enumeration(named))


def _code(command: str) -> str:
    """A command line as a code span of Markdown, whatever backticks it has."""
    fence = "`" * (1 + max(map(len, re.findall("`+", command)), default=0))
    padding = " " if "`" in command else ""
    return f"{fence}{padding}{command}{padding}{fence}"


def _squeezed(text: str) -> str:
    """``text`` with at most one empty line in a row and no blanks at the ends of its lines."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip("\n") + "\n"
