"""The page of exit codes and error codes. Codes are found in the source, so that none is left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "kommcli"

MEANINGS = {
    "bug": "a fault of kommcli; `--debug` shows where",
    "usage": "words or options that a command does not know",
    "usage.date": "no date, or a time that ends before it begins",
    "usage.exists": "`config init` would overwrite the file",
    "usage.feed": "no such feed",
    "usage.key": "no such key of the configuration",
    "usage.known": "the address is subscribed to already",
    "cache.missing": "there is no archive that could be backed up",
    "usage.not_moved": "the feed is asked at its own address, there is nothing to undo",
    "usage.now": "KOMMCLI_NOW is no instant",
    "usage.query": "a query that cannot be read, or names what is unknown",
    "usage.ref": "a reference that may mean several articles",
    "usage.schema": "no such schema",
    "usage.url": "no address that could be a feed",
    "usage.value": "a value that an option or key cannot have",
    "usage.view": "no such view, or views in a circle",
    "usage.watch": "no such watch",
    "usage.draft": "a draft that cannot be read, or names what is unknown",
    "usage.address": "no mail address",
    "usage.language": "a language that kommcli does not speak",
    "article.unknown": "no such article",
    "article.no_url": "the article has no web address",
    "article.no_browser": "no browser could be started",
    "net.offline": "nobody could be reached",
    "config.missing": "the file that was named does not exist",
    "config.syntax": "no TOML",
    "config.unknown_key": "a key that kommcli does not know",
    "config.value": "a value that a key cannot have",
    "config.layout": "a part of the file that a command cannot change",
    "config.template": "a template of the user's own that cannot be used",
    "config.write": "the file or its folder cannot be written",
    "cache.io": "the archive cannot be opened, read or written",
    "cache.full": "no space is left",
    "cache.readonly": "the archive or its folder is read-only",
    "cache.corrupt": "the archive is damaged",
    "cache.index": "the full-text index is not what the articles say",
    "cache.newer": "the archive is a newer kommcli's",
    "cache.foreign": "the file is another program's",
    "cache.locked": "another kommcli is at work",
    "io.stdout": "standard output cannot be written",
    "io.crontab": "the crontab cannot be written",
    "io.exists": "a file or folder that would be overwritten",
    "io.file": "a file cannot be read or written",
}
"""Codes that end a command."""

EXITS = {"bug": 1, "usage": 2, "article": 4, "net": 4, "config": 5, "cache": 6, "io": 6}
"""The exit code of their first word."""

OWN_EXITS = {"cache.locked": 9}

NO_CODES = {"article.html", "config.toml"}
"""Names of files that look like codes."""

STATUSES = """
0 Done, also: nothing new, nothing found, already sent.
1 A bug in kommcli.
2 The command line asks for something that does not exist or makes no sense.
3 `fetch`: some feeds failed; `digest`: sources are behind; `--ok-partial` makes it 0.
4 Nothing worked, and the archive has nothing to show; or no such article.
5 The configuration is missing, invalid or unsafe.
6 The archive, standard output or a file cannot be read or written.
7 A mail was refused for good.
8 A mail is postponed or uncertain, and kept in the outbox.
9 Another kommcli is at work.
129 Ended by SIGHUP.
130 Interrupted with Ctrl-C.
141 The reader of the pipe went away.
143 Ended by SIGTERM.
"""


def found() -> set[str]:
    """The codes that the source names, but those of one feed and the warnings."""
    from kommcli.errors import FAILURES, MAIL_FAILURES
    from kommcli.render.messages import WARNINGS

    texts = {text for path in SOURCE.rglob("*.py") for text in _texts(path)}
    codes = {text for text in texts if re.fullmatch(rf"(?:{'|'.join(EXITS)}|mail)(?:\.[a-z_]+)?", text)}
    return {one for one in codes if "." in one or one in MEANINGS} - {
        *FAILURES,
        *MAIL_FAILURES,
        *WARNINGS,
        *NO_CODES,
    }


def _texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def exit_status(code: str) -> int:
    """How a command ends with ``code``."""
    from kommcli.dispatch import OPEN

    if code.startswith("mail."):
        return 8 if code in OPEN else 7
    return OWN_EXITS.get(code) or EXITS[code.partition(".")[0]]


def page() -> str:
    """docs/errors.md."""
    from kommcli.dispatch import OPEN
    from kommcli.errors import FAILURES, MAIL_FAILURES
    from kommcli.render.messages import WARNINGS

    lines = ["# Exit codes and error codes", "", "Made from the source by `docs/generate.py`.", ""]
    lines += [
        "An error is one sentence on standard error, `kommcli: what (cause) [code]. remedy`, in German or",
        "English; the code is the same in both, and in the JSON. A code is never given another meaning.",
        "",
        "| exit | meaning |",
        "| --- | --- |",
    ]
    lines += [f"| {line.replace(' ', ' | ', 1)} |" for line in STATUSES.strip().splitlines()]
    lines += ["", "## Codes that end a command", "", "| code | exit | meaning |", "| --- | --- | --- |"]
    lines += [f"| `{code}` | {exit_status(code)} | {meaning} |" for code, meaning in MEANINGS.items()]
    lines += ["", "## Codes of one feed or page", "", "They end no command that has something to show.", ""]
    lines += ["| code | meaning | a later try may work |", "| --- | --- | --- |"]
    for code, kind in FAILURES.items():
        lines.append(f"| `{code}` | {kind.what} | {'yes' if kind.retryable else 'no'} |")
    lines += ["", "## Codes of a mail", "", "| code | meaning | exit |", "| --- | --- | --- |"]
    lines += [
        f"| `{code}` | {kind.what} | {8 if code in OPEN else 7} |" for code, kind in MAIL_FAILURES.items()
    ]
    lines += [
        "",
        "## Warnings about a feed",
        "",
        "In the JSON of `fetch` and `feeds check`, and with `-v`.",
        "",
    ]
    lines += ["| code | meaning |", "| --- | --- |"]
    lines += [f"| `{code}` | {meaning} |" for code, meaning in WARNINGS.items()]
    return "\n".join(lines) + "\n"
