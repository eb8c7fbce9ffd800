"""The rules of the outbox: what an answer means, and what may be sent again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.digest import outbox
from kommcli.digest.outbox import Stage, Verdict, verdict
from kommcli.errors import MAIL_FAILURES
from kommcli.outgoing import Mail, Mailbox, Recipient, State, mailbox

NOW = datetime(2026, 10, 12, 5, 0, tzinfo=UTC)


def mail(*states: State) -> Mail:
    """A mail to a@…, b@…, … in these states."""
    people = zip("abcdef", states, strict=False)
    return Mail("<1@x.example>", "d@x.example", tuple(Recipient(f"{n}@x.example", s) for n, s in people), b"")


@pytest.mark.parametrize(
    ("stage", "status", "state", "code"),
    [
        (Stage.CONNECT, 0, State.POSTPONED, "mail.connect"),  # D8
        (Stage.CONNECT, 421, State.POSTPONED, "mail.temporary"),
        (Stage.CONNECT, 554, State.REFUSED, "mail.refused"),
        (Stage.TLS, 0, State.REFUSED, "mail.tls"),  # D14
        (Stage.TLS, 454, State.POSTPONED, "mail.temporary"),
        (Stage.AUTH, 535, State.REFUSED, "mail.auth"),
        (Stage.AUTH, 454, State.POSTPONED, "mail.temporary"),
        (Stage.AUTH, 0, State.POSTPONED, "mail.connect"),
        (Stage.SENDER, 530, State.REFUSED, "mail.auth"),
        (Stage.SENDER, 552, State.REFUSED, "mail.too_big"),
        (Stage.RECIPIENT, 451, State.POSTPONED, "mail.temporary"),  # D9
        (Stage.RECIPIENT, 550, State.REFUSED, "mail.recipient"),
        (Stage.RECIPIENT, 552, State.POSTPONED, "mail.temporary"),
        (Stage.DATA, 0, State.POSTPONED, "mail.connect"),
        (Stage.DATA, 554, State.REFUSED, "mail.refused"),
        (Stage.CONTENT, 250, State.SENT, ""),
        (Stage.CONTENT, 451, State.POSTPONED, "mail.temporary"),
        (Stage.CONTENT, 552, State.REFUSED, "mail.too_big"),  # D11
        (Stage.CONTENT, 554, State.REFUSED, "mail.refused"),
        (Stage.CONTENT, 0, State.UNCERTAIN, "mail.uncertain"),  # D12
        (Stage.CONTENT, 354, State.UNCERTAIN, "mail.uncertain"),
    ],
)
def test_what_an_answer_means(stage: Stage, status: int, state: State, code: str) -> None:
    assert verdict(stage, status, "words")[:2] == (state, code)


@given(st.sampled_from(Stage), st.integers(0, 999))
def test_only_a_lost_answer_to_the_text_is_uncertain_and_only_a_2xx_to_it_is_sent(
    stage: Stage, status: int
) -> None:
    found = verdict(stage, status)

    assert (found.state is State.SENT) == (stage is Stage.CONTENT and 200 <= status < 300)
    if found.state is State.UNCERTAIN:
        assert stage is Stage.CONTENT
    assert found.code in ("", *MAIL_FAILURES)
    assert (found.code == "") == (found.state is State.SENT)


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ((State.SENT, State.REFUSED), State.SENT),
        ((State.SENT, State.POSTPONED), State.POSTPONED),
        ((State.UNCERTAIN, State.POSTPONED), State.UNCERTAIN),
        ((State.SENDING, State.UNCERTAIN), State.SENDING),
        ((State.REFUSED, State.REFUSED), State.REFUSED),
        ((State.WRITTEN, State.SENT), State.WRITTEN),
    ],
)
def test_the_state_of_the_whole(states: tuple[State, ...], whole: State) -> None:
    assert mail(*states).state is whole


@pytest.mark.row("D10")
def test_D10_an_attempt_sends_to_whom_it_can() -> None:
    before = outbox.tried(mail(State.WRITTEN, State.WRITTEN, State.SENT), NOW)
    refused = {"b@x.example": verdict(Stage.RECIPIENT, 550, "550 no such user")}
    on_the_way = outbox.leaving(before, refused)

    assert [one.state for one in on_the_way.recipients] == [State.SENDING, State.REFUSED, State.SENT]
    after = outbox.settled(before, refused | {"a@x.example": Verdict(State.SENT)}, NOW)
    assert [one.state for one in after.recipients] == [State.SENT, State.REFUSED, State.SENT]
    assert after.recipients[1].reply == "550 no such user"
    assert (after.state, after.next_try, after.attempts) == (State.SENT, None, 1)


@pytest.mark.row("D9")
def test_D9_a_postponed_mail_waits_longer_each_time_and_is_then_due() -> None:
    one, later = mail(State.WRITTEN), {"a@x.example": verdict(Stage.RECIPIENT, 451)}
    now, pauses = NOW, []
    for _attempt in range(8):
        assert outbox.due(one, now)
        one = outbox.settled(outbox.tried(one, now), later, now)
        assert one.next_try
        pauses.append(int((one.next_try - now) / timedelta(minutes=1)))
        assert not outbox.due(one, one.next_try - timedelta(seconds=1))
        now = one.next_try

    assert pauses == [5, 15, 30, 60, 120, 240, 240, 240]
    assert one.waiting == ("a@x.example",)


@pytest.mark.row("S17")
def test_S17_a_next_try_in_the_far_future_is_that_of_a_wrong_clock() -> None:
    assert outbox.due(replace(mail(State.POSTPONED), next_try=NOW + timedelta(days=365)), NOW)


@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.UNCERTAIN, State.REFUSED])
@pytest.mark.row("D12")
def test_D12_nothing_else_is_ever_due(state: State) -> None:
    assert not outbox.due(mail(state), NOW)


@pytest.mark.row("D15")
def test_D15_what_was_leaving_when_kommcli_was_killed_is_uncertain() -> None:
    found = outbox.interrupted(mail(State.SENDING, State.POSTPONED, State.SENT))

    assert [one.state for one in found.recipients] == [State.UNCERTAIN, State.POSTPONED, State.SENT]


def waiting(mails: list[Mail]) -> list[str]:
    return [address for one in mails for address in one.waiting]


def test_once_more_for_those_who_have_not_surely_got_it_else_for_all() -> None:
    mixed = [mail(State.SENT, State.UNCERTAIN, State.REFUSED)]
    assert waiting(outbox.again(mixed)) == ["b@x.example", "c@x.example"]
    assert waiting(outbox.again(mixed, ["C@x.example"])) == ["c@x.example"]
    assert waiting(outbox.again([mail(State.SENT, State.SENT)])) == ["a@x.example", "b@x.example"]
    # One mail each: those who have it do not get it because another has not.
    other = replace(mail(State.UNCERTAIN), recipients=(Recipient("z@x.example", State.UNCERTAIN),))
    assert waiting(outbox.again([mail(State.SENT), other])) == ["z@x.example"]


@pytest.mark.row("D16")
def test_D16_a_changed_list_or_mode_sends_to_nobody_twice() -> None:
    known = [mail(State.SENT, State.REFUSED, State.UNCERTAIN)]

    assert outbox.newcomers(["A@x.example", "b@x.example", "c@x.example", "n@x.example"], known) == (
        "n@x.example",
    )


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("a@b.example", "", "a@b.example"),
        ("Anna Amt <A.Amt+x@B.example>", "Anna Amt", "A.Amt+x@b.example"),
        ('"Müller, Amt <7>" <a@b.example>', "", ""),
        ('"Müller, Amt" <a@b.example>', "Müller, Amt", "a@b.example"),
        ("amt@städte.example", "", "amt@xn--stdte-hra.example"),
        ("a@localhost", "", "a@localhost"),
    ],
)
@pytest.mark.row("D3")
def test_D3_addresses(text: str, name: str, address: str) -> None:
    if not address:
        with pytest.raises(ValueError, match="Müller"):
            mailbox(text)
        return
    assert mailbox(text) == Mailbox(name, address)
    assert mailbox(str(mailbox(text))) == mailbox(text)


@pytest.mark.parametrize(
    "text",
    ["", "@", "a", "a@", "@b", "a b@c.example", "-f@c.example", "a@b@c", "a@b, c@d", "ä@b.example", "a@-b",
     "a@b\r\nBcc: c@d", "a@b\x00", "a@[127.0.0.1]", '"a b"@c.example', "a@" + "b" * 64 + ".example"],
)  # fmt: skip
@pytest.mark.row("D3")
def test_D3_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its text is what was given
        mailbox(text)


@given(st.text())
def test_an_address_has_no_way_to_another_line_or_option(text: str) -> None:
    try:
        found = mailbox(text).address
    except ValueError:
        return
    assert found.isascii()
    assert found.isprintable()
    assert not set(found) & set(' <>,;:"\\()[]')
    assert not found.startswith("-")
