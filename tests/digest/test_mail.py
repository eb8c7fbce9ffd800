"""An issue as a mail: headers, parts, limits. Every mail is parsed back by Python's ``email``."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kommcli import i18n
from kommcli.digest.forms import Forms
from kommcli.digest.issue import Issue
from kommcli.digest.mail import Envelope, build, message_id
from kommcli.outgoing import Mailbox
from kommcli.text import clean
from newsweek import SINCE, UNTIL, issues

FORMS = Forms()
ISSUE = Issue("2026-W42", "Wochenbrief", "Wochenbrief: KW 42", "de", SINCE, UNTIL, "KW 42", "Oktober")
ENVELOPE = Envelope(
    Mailbox("Stadt Beispiel, Presse", "presse@stadt.example"),
    to=(Mailbox("", "eins@amt.example"), Mailbox('Frau "Dr." <X>', "zwei@amt.example")),
    reply_to=Mailbox("", "antwort@stadt.example"),
    list_id="wochenbrief.stadt.example",
    unsubscribe="mailto:presse@stadt.example?subject=abmelden",
    identity="archive-1",
)


@pytest.fixture(autouse=True)
def _german():
    i18n.use("de")
    yield
    i18n.use("en")


def sent(
    issue: Issue = ISSUE, envelope: Envelope = ENVELOPE, text: str = "Text\n"
) -> tuple[bytes, EmailMessage]:
    raw = build(issue, text, "<p>Seite</p>\n", envelope, UNTIL).as_bytes()
    parsed = message_from_bytes(raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    return raw, parsed


def said(part: EmailMessage) -> str:
    """The text of a part; in mails lines end with CRLF."""
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


def test_headers_and_parts() -> None:
    _raw, mail = sent()

    assert [name for name, _value in mail.items()] == [
        "Subject", "From", "To", "Reply-To", "Date", "Message-ID", "List-Id", "List-Unsubscribe",
        "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Language",
    ]  # fmt: skip
    assert mail["Subject"] == "Wochenbrief: KW 42"
    assert mail["From"].addresses[0].display_name == "Stadt Beispiel, Presse"
    assert mail["Date"] == "Mon, 19 Oct 2026 00:00:00 +0200"
    assert mail["List-Id"] == "Wochenbrief <wochenbrief.stadt.example>"
    assert mail["List-Unsubscribe"] == "<mailto:presse@stadt.example?subject=abmelden>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    text, page = mail.iter_parts()
    assert (text.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    assert [said(text), said(page)] == ["Text\n", "<p>Seite</p>\n"]


@pytest.mark.row("D3")
def test_D3_names_that_look_like_syntax() -> None:
    _raw, mail = sent()

    assert [one.addr_spec for one in mail["To"].addresses] == ["eins@amt.example", "zwei@amt.example"]
    assert mail["To"].addresses[1].display_name == 'Frau "Dr." <X>'


@pytest.mark.parametrize(
    "words",
    [
        "Titel\r\nBcc: evil@evil.example",
        "Titel\n\nText",
        "a\x0bb\x85c\u2028d\x00e\ud800f",
        "Ä" * 4_096,
        "=?utf-8?q?Bcc:_evil?=",
        "x" * 5_000,
    ],
)
@pytest.mark.row("D1", "D2")
def test_D1_D2_no_words_become_headers(words: str) -> None:
    issue = replace(ISSUE, subject=words, name=words)
    envelope = replace(ENVELOPE, sender=Mailbox(words, "presse@stadt.example"))
    raw, mail = sent(issue, envelope)

    assert mail["Bcc"] is None
    assert {name for name, _value in mail.items()} == {name for name, _value in sent()[1].items()}
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert [one.addr_spec for one in mail["From"].addresses] == ["presse@stadt.example"]
    if len(words) < 100 and "=?" not in words:
        assert mail["Subject"] == clean(words)


@settings(max_examples=40)
@given(issues)
def test_any_issue_is_a_mail_that_comes_back(issue: Issue) -> None:
    text, page = FORMS.text(issue), FORMS.html(issue)
    raw = build(issue, text, page, ENVELOPE, UNTIL).as_bytes()
    mail = message_from_bytes(raw, policy=default)

    assert isinstance(mail, EmailMessage)
    assert [said(part) for part in mail.iter_parts()] == [text, page]
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.row("D7")
def test_D7_dots_and_boundaries_inside() -> None:
    text = ".\n..\n--=_abc\nFrom here\n-- \n"
    raw, mail = sent(text=text)

    assert said(next(mail.iter_parts())) == text
    assert b"\r\n.\r\n" in raw  # the delivery doubles it
    assert raw == sent(text=text)[0], "the same issue is the same mail"


def test_message_ids() -> None:
    """D12: the same issue to the same recipients has the same, whatever their order."""
    one = message_id(ISSUE, ENVELOPE, ["a@x.example", "B@x.example"])

    assert one == message_id(replace(ISSUE, subject="x"), ENVELOPE, ["b@x.example", "a@x.example"])
    others = {
        message_id(ISSUE, ENVELOPE, ["a@x.example"]),
        message_id(replace(ISSUE, key="2026-W43"), ENVELOPE, ["a@x.example", "b@x.example"]),
        message_id(replace(ISSUE, scope="topic:ki"), ENVELOPE, ["a@x.example", "b@x.example"]),
        message_id(ISSUE, replace(ENVELOPE, identity="archive-2"), ["a@x.example", "b@x.example"]),
    }
    assert len(others | {one}) == 5
    assert one.endswith("@stadt.example>")


@given(st.text(max_size=300))
def test_any_name_is_one_header(name: str) -> None:
    raw, mail = sent(replace(ISSUE, name=name, subject=name))

    assert mail["List-Id"].endswith("<wochenbrief.stadt.example>")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
