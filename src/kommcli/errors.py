"""Everything that can go wrong outside kommcli, with a stable code and an exit status.

::

    KommError
     ├─ BadUsage            usage.*    2   the command line
     ├─ NothingToShow       4   article.unknown, net.offline, …
     ├─ ConfigError         config.*   5   missing, invalid or unsafe configuration
     ├─ ArchiveError        cache.*    6   full, read-only, corrupt, newer, foreign
     │   └─ ArchiveLocked   cache.locked   9
     ├─ OutputError         io.*       6   standard output or a file cannot be written
     ├─ DeliveryRefused     mail.*     7   a mail is refused for good
     │   └─ DeliveryOpen    mail.*     8   it is postponed, or may have arrived
     └─ FeedFailure         net.* tls.* http.* feed.* article.*
                            one feed or page; becomes a `Failed` value, never ends a run

A bug is any other exception: exit 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kommcli.i18n import N_, _


class KommError(Exception):
    """``what`` (``cause``) [``code``]. ``remedy`` -- one sentence for people, one code for programs."""

    code = "error"
    exit_status = 1

    def __init__(self, what: str, *, cause: str = "", remedy: str = "", code: str = "") -> None:
        super().__init__(what)
        self.what, self.cause, self.remedy = what, cause, remedy
        self.code = code or self.code

    def __str__(self) -> str:
        return sentence(self.what, self.cause, self.code, self.remedy)


def sentence(what: str, cause: str, code: str, remedy: str) -> str:
    """The one form of an error: ``what (cause) [code]. remedy``."""
    text = what.rstrip(".")
    if cause:
        text += f" ({cause.rstrip('.')})"
    if code:
        text += f" [{code}]"
    return f"{text}. {remedy}".rstrip()


def did_you_mean(given: str, known: Iterable[str], also: Iterable[str] = ()) -> str:
    """ "Did you mean …?" with the nearest of ``known`` and ``also`` (up to three that are equally near), or
    forty of all ``known`` where none is near."""
    from rapidfuzz import fuzz, process

    names = list(known)
    different: dict[str, str] = {}
    for name in (*names, *also):
        different.setdefault(name.casefold(), name)
    # Two or three letters are part of nearly every word, which says nothing: such names are compared whole.
    short = len(given) < 4
    telling = [name for name in different.values() if short or len(name) > 2]
    scorer = fuzz.ratio if short else fuzz.WRatio
    near = process.extract(
        given[:100], telling, scorer=scorer, processor=str.casefold, score_cutoff=60, limit=3
    )
    if near:
        nearest = [f'"{name}"' for name, score, _at in near if score >= near[0][1] - 3]
        return _("Did you mean {name}?").format(name=_(" or ").join(nearest))
    more = ["…"] if len(names) > 40 else []
    return _("Known are: {names}.").format(names=", ".join(names[:40] + more))


class BadUsage(KommError):
    """The command line asks for something that does not exist or makes no sense."""

    code = "usage"
    exit_status = 2


class NothingToShow(KommError):
    """There is no such article, or nothing worked and the archive is empty."""

    code = "article.unknown"
    exit_status = 4


class ConfigError(KommError):
    """The configuration cannot be used; ``problems`` holds every finding, each a full sentence."""

    code = "config.value"
    exit_status = 5

    def __init__(self, problems: tuple[str, ...], *, code: str = "") -> None:
        super().__init__(problems[0], code=code)
        self.problems = problems

    @classmethod
    def single(cls, what: str, *, code: str, cause: str = "", remedy: str = "") -> ConfigError:
        """The error of one finding."""
        return cls((sentence(what, cause, code, remedy),), code=code)

    def __str__(self) -> str:
        return "\n".join(self.problems)


class ArchiveError(KommError):
    """The archive's file is full, read-only, corrupt, newer than this kommcli, or not ours."""

    code = "cache.io"
    exit_status = 6


class ArchiveLocked(ArchiveError):
    """Another kommcli is writing and did not finish while we waited."""

    code = "cache.locked"
    exit_status = 9


class OutputError(KommError):
    """Standard output or an output file could not be written."""

    code = "io.stdout"
    exit_status = 6


class DeliveryRefused(KommError):
    """Mails were refused for good; ``problems`` holds a full sentence for each."""

    code = "mail.refused"
    exit_status = 7

    def __init__(self, problems: tuple[str, ...], *, code: str = "") -> None:
        super().__init__(problems[0], code=code)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)


class DeliveryOpen(DeliveryRefused):
    """Mails are postponed, or nobody knows whether they arrived; they are kept in the outbox."""

    code = "mail.temporary"
    exit_status = 8


@dataclass(frozen=True, slots=True)
class FailureKind:
    """What a feed-level code means: a sentence, its remedy, and whether a later try may work."""

    what: str
    remedy: str
    retryable: bool = True


FAILURES: dict[str, FailureKind] = {
    "net.dns": FailureKind(
        N_("the host name is unknown"), N_("Check the address and the network connection")
    ),
    "net.connect": FailureKind(
        N_("nothing answers at this address"), N_("Try again later or check host and port")
    ),
    "net.timeout": FailureKind(N_("no connection within the time limit"), N_("Try again later")),
    "net.deadline": FailureKind(N_("the answer did not arrive within the time limit"), N_("Try again later")),
    "net.private": FailureKind(
        N_("the address leads into a private network"),
        N_("If you trust it, set allow_private = true for this feed and use the final address"),
        retryable=False,
    ),
    "net.proxy": FailureKind(N_("the proxy refuses or does not answer"), N_("Check the proxy variables")),
    "tls.verify": FailureKind(
        N_("the certificate is not valid for this host"),
        N_("Check the address and the clock of this machine; kommcli never falls back to http"),
        retryable=False,
    ),
    "tls.handshake": FailureKind(
        N_("no encrypted connection could be agreed"), N_("Check whether the address should begin with http:")
    ),
    "http.status": FailureKind(
        N_("the server answers with an error"), N_("Check the address in a browser or try again later")
    ),
    "http.gone": FailureKind(
        N_("the feed no longer exists"), N_("Remove it with `kommcli feeds remove`"), retryable=False
    ),
    "http.rate_limited": FailureKind(
        N_("the server asks us to come less often"), N_("kommcli waits as long as it was told")
    ),
    "http.empty": FailureKind(N_("the answer is empty"), N_("Try again later")),
    "http.truncated": FailureKind(N_("the answer broke off"), N_("Try again later")),
    "http.too_large": FailureKind(
        N_("the answer is larger than the limit"),
        N_("Look for a shorter feed of this site or raise fetch.max_body"),
    ),
    "http.decode": FailureKind(
        N_("the compressed answer cannot be unpacked"), N_("Try again later or tell the publisher")
    ),
    "http.protocol": FailureKind(
        N_("the server does not speak proper HTTP"), N_("Check whether the address is a web server")
    ),
    "http.redirects": FailureKind(
        N_("the address is redirected too often"), N_("Open it in a browser and use the final address")
    ),
    "http.redirect_scheme": FailureKind(
        N_("the redirect leaves http and https"), N_("Tell the publisher"), retryable=False
    ),
    "http.redirect_url": FailureKind(
        N_("the redirect leads to an invalid address"), N_("Tell the publisher"), retryable=False
    ),
    "http.downgrade": FailureKind(
        N_("the redirect leads from https to http"), N_("Tell the publisher"), retryable=False
    ),
    "feed.not_feed": FailureKind(
        N_("the answer is not a feed"), N_("Look for the feed's address on the site")
    ),
    "feed.format": FailureKind(
        N_("the answer is JSON, but not a JSON Feed"), N_("Look for the feed's address on the site")
    ),
    "feed.charset": FailureKind(N_("the character set cannot be read"), N_("Tell the publisher")),
    "feed.dtd": FailureKind(N_("the feed needs a document type definition"), N_("Tell the publisher")),
    "feed.too_complex": FailureKind(
        N_("reading the feed takes too much time or memory"), N_("Tell the publisher")
    ),
    "feed.file": FailureKind(
        N_("the file cannot be read"), N_("Check path and permissions"), retryable=False
    ),
    "feed.root": FailureKind(
        N_("the file lies outside feed_root"),
        N_("Set feed_root in the configuration to the folder of your feed files"),
        retryable=False,
    ),
    "article.not_html": FailureKind(
        N_("the page is no text"), N_("Open it in the browser with `kommcli open`"), retryable=False
    ),
    "article.no_text": FailureKind(
        N_("no text found"), N_("Open it in the browser with `kommcli open`"), retryable=False
    ),
    "article.gone": FailureKind(
        N_("the page is no longer there"), N_("What the archive has is all there is"), retryable=False
    ),
    "article.blocked": FailureKind(
        N_("the site's robots.txt asks programs not to read this page"),
        N_("Open it in the browser with `kommcli open`"),
        retryable=False,
    ),
    "article.no_reader": FailureKind(
        N_("pages of this site can only be read with a further library"),
        N_("Install it with: pip install 'kommcli[fulltext]'"),
        retryable=False,
    ),
    "article.selector": FailureKind(
        N_("a selector of this feed is no CSS selector"),
        N_("Mend `selectors` of this feed in the configuration"),
        retryable=False,
    ),
    "config.secret": FailureKind(
        N_("the credentials cannot be had"),
        N_("Check the variable or command named in the configuration"),
        retryable=False,
    ),
}

MAIL_FAILURES: dict[str, FailureKind] = {
    "mail.connect": FailureKind(
        N_("the mail server does not answer"), N_("The next `kommcli digest send` tries again")
    ),
    "mail.temporary": FailureKind(
        N_("the mail server wants the mail later"), N_("The next `kommcli digest send` tries again")
    ),
    "mail.uncertain": FailureKind(
        N_("the mail may have arrived or not: the answer of the server was lost"),
        N_("Ask a recipient; if it is missing: kommcli digest send --resend --issue {issue}"),
        retryable=False,
    ),
    "mail.recipient": FailureKind(
        N_("the mail server refuses the recipient"), N_("Check the address"), retryable=False
    ),
    "mail.refused": FailureKind(
        N_("the mail server refuses the mail"), N_("Ask whoever runs the mail server"), retryable=False
    ),
    "mail.too_big": FailureKind(
        N_("the mail is too big for the mail server"),
        N_("Make the issue smaller, for instance with --titles-only"),
        retryable=False,
    ),
    "mail.auth": FailureKind(
        N_("the mail server refuses user and password"),
        N_("Check `user` and `password` below [mail]"),
        retryable=False,
    ),
    "mail.tls": FailureKind(
        N_("there is no safe connection to the mail server, so nothing was sent"),
        N_("Check `host`, `port` and `security` below [mail]"),
        retryable=False,
    ),
    "mail.program": FailureKind(
        N_("the program that sends mails cannot be run"), N_("Check `sendmail` below [mail]"), retryable=False
    ),
}
"""What the code of a mail means, for the sentence that names its recipients."""


class FeedFailure(KommError):
    """One feed (or page) failed. ``code`` is one of `FAILURES`; ``cause`` is the detail, already clean.

    ``http_status`` is the number of the answer, if there was one; ``retry_after`` the seconds the
    server asked us to wait, as it said them.
    """

    exit_status = 4

    def __init__(
        self, code: str, cause: str = "", *, http_status: int | None = None, retry_after: float | None = None
    ) -> None:
        kind = FAILURES[code]
        super().__init__(_(kind.what), cause=cause, remedy=_(kind.remedy) + ".", code=code)
        self.http_status = http_status
        self.retry_after = retry_after
