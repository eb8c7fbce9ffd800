"""What `digest send` needs of the configuration: a way to deliver, and mails made of an issue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kommcli.cli import digesting
from kommcli.cli.session import Session
from kommcli.errors import BadUsage, ConfigError, FeedFailure
from kommcli.i18n import _
from kommcli.outgoing import KeptIssue, Mail, Mailbox, Placed, Recipient, mailbox
from kommcli.text import clean, shorten

if TYPE_CHECKING:
    from kommcli.config.mailing import MailSettings
    from kommcli.digest.deliver import Way
    from kommcli.digest.issue import Issue


def settings_of(session: Session) -> MailSettings:
    """``[mail]``, which must say who sends and how. Raises `ConfigError`."""
    settings, path = session.config.mail, session.paths.config
    if settings is None or not settings.sender or not (settings.host or settings.sendmail):
        raise ConfigError.single(
            _("nothing is known of how to send mails"),
            code="config.missing",
            remedy=_("Write `from` and `host` or `sendmail` below a line [mail] in {path}.").format(
                path=path
            ),
        )
    if bool(settings.user) != bool(settings.password):
        raise ConfigError.single(
            _("{path}: user and password belong together").format(path=path),
            code="config.value",
            remedy=_('Write both below [mail]: user = "name", password = { env = "NAME" }.'),
        )
    return settings


def recipients_of(settings: MailSettings, given: Sequence[str]) -> tuple[Mailbox, ...]:
    """Who gets it: what was typed, else what is configured. Raises `BadUsage` and `ConfigError`."""
    found = tuple(map(typed, given)) or settings.to
    if not found:
        raise ConfigError.single(
            _("nobody is named who gets the digest"),
            code="config.missing",
            remedy=_("Write `to` below [mail], or say --to ADDRESS."),
        )
    return tuple({one.address.casefold(): one for one in found}.values())


def typed(address: str) -> Mailbox:
    """An address from the command line. Raises `BadUsage`."""
    try:
        return mailbox(address)
    except ValueError:
        raise BadUsage(
            _("{text} is no mail address").format(text=f'"{shorten(clean(address), 60)}"'),
            code="usage.address",
            remedy=_('Write it like name@example.org or "Name <name@example.org>".'),
        ) from None


def way(session: Session, settings: MailSettings) -> Way:
    """How it is delivered, with the password at hand. Raises `ConfigError`."""
    from kommcli.digest.deliver import Sendmail, Server, Smtp

    if settings.sendmail:
        return Sendmail(settings.sendmail, settings.timeout)
    password = ""
    if settings.password:
        from kommcli.sources.secrets import resolve

        try:
            password = resolve(settings.password, session.environ)
        except FeedFailure as failure:
            raise ConfigError.single(
                _("the password of the mail server cannot be had"),
                cause=failure.cause,
                code="config.secret",
                remedy=_("See `password` below [mail] in {path}.").format(path=session.paths.config),
            ) from None
    at = (settings.host, settings.port, settings.security, settings.user, password, settings.timeout)
    return Smtp(Server(*at))


def shown_way(settings: MailSettings) -> str:
    """The way in words: "smtp.stadt.example:587, STARTTLS"."""
    if settings.sendmail:
        return clean(" ".join(settings.sendmail))
    secured = _("not encrypted") if settings.security == "none" else settings.security.upper()
    return f"{settings.host}:{settings.port}, {secured}"


def key_of(issue: Issue) -> str:
    """Which issue it is: its time and its filters. There is one of each."""
    return f"{issue.key} {issue.scope}".strip()


@dataclass(frozen=True, slots=True)
class Posting:
    """An issue with what it looks like, ready to become mails."""

    session: Session
    settings: MailSettings
    issue: Issue
    text: str
    html: str

    def kept(self) -> KeptIssue:
        """As the archive keeps it."""
        from kommcli.cli.options import DigestFormat

        issue, render = self.issue, digesting.rendered
        others = (DigestFormat.MARKDOWN, DigestFormat.JSON)
        return KeptIssue(
            key=key_of(issue),
            subject=issue.subject,
            language=issue.language,
            since=issue.since,
            until=issue.until,
            articles=tuple(
                Placed(item.id, section.key)
                for section in issue.sections
                for item in section.items
                if item.id
            ),
            forms={"text": self.text, "html": self.html}
            | {str(form): render(self.session, issue, form) for form in others},
        )

    def mails(self, to: Sequence[Mailbox], *, test: bool = False) -> list[Mail]:
        """One mail for all of ``to``, or one for each, as configured."""
        if self.settings.mode == "each":
            return [self._mail((one,), test) for one in to]
        return [self._mail(tuple(to), test)] if to else []

    def _mail(self, to: tuple[Mailbox, ...], test: bool) -> Mail:
        from kommcli.digest import mail

        hidden = self.settings.mode == "bcc"
        envelope = digesting.envelope_of(self.session, self.issue)
        # A test must not look like the real one to a server that drops what it has seen before.
        identity = f"test {self.session.now.isoformat()}" if test else envelope.identity
        envelope = replace(envelope, to=() if hidden else to, identity=identity)
        message = mail.build(self.issue, self.text, self.html, envelope, self.session.now)
        addresses = [one.address for one in to]
        if hidden:
            mail.put(message, "To", "undisclosed-recipients:;")
            message.replace_header("Message-ID", mail.message_id(self.issue, envelope, addresses))
        return Mail(
            message_id=str(message["Message-ID"]),
            sender=envelope.sender.address,
            recipients=tuple(map(Recipient, addresses)),
            content=message.as_bytes(),
        )


def posting(session: Session, settings: MailSettings, issue: Issue) -> Posting:
    """``issue`` with its forms, as it is now."""
    forms, issue = digesting.forms(session), issue.without_commands()
    return Posting(session, settings, issue, forms.text(issue), forms.html(issue))


def as_kept(session: Session, settings: MailSettings, issue: Issue, kept: KeptIssue) -> Posting:
    """The issue as it was kept: who gets it later gets what the others have."""
    same = replace(issue, subject=kept.subject, language=kept.language, number=kept.number)
    return Posting(session, settings, same, kept.forms["text"], kept.forms["html"])


@contextmanager
def holding(session: Session) -> Iterator[None]:
    """The right to send: whatever is "sending" meanwhile was left by somebody who is gone."""
    from kommcli.archive.database import lock

    archive = session.paths.archive
    with lock(archive.with_name(archive.name + ".outbox")):
        yield
