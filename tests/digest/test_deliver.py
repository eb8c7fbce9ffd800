"""Delivery to real servers and programs on this machine: rows D7 to D16 and D21."""

from __future__ import annotations

import socket
import sqlite3
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.mails import NOW, TEXT, Outbox, mail, server
from kommcli.archive import issues
from kommcli.archive.database import open_for_writing
from kommcli.digest.deliver import Sendmail, Server, Smtp, stuffed
from kommcli.digest.outbox import Verdict
from kommcli.outgoing import State
from loopback import Authority
from postoffice import PASSWORD, USER, PostOffice

Offices = Callable[..., PostOffice]


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    db = open_for_writing(tmp_path / "archive.db")
    yield Outbox(db)
    db.close()


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the tests' authority."""
    monkeypatch.setenv("SSL_CERT_FILE", authority.ca_file)


@pytest.mark.row("D7")
def test_D7_what_arrives_is_what_was_written(outbox: Outbox, make_post_office: Offices) -> None:
    office = make_post_office()
    (done,) = outbox.send(outbox.put(mail("a", "b")), server(office))

    (taken,) = office.mails
    assert (taken.sender, taken.recipients) == ("d@stadt.example", ["a@stadt.example", "b@stadt.example"])
    assert taken.content == done.content
    assert taken.message.get_content().replace("\r\n", "\n") == TEXT
    assert (done.state, done.attempts, outbox.sent()) == (State.SENT, 1, True)
    assert outbox.states() == [["sent", "sent"]]
    assert office.said[-1] == "QUIT"


@given(st.lists(st.sampled_from([b".", b"\r\n", b"\n", b"\r", b"a", b"..", b"\r\n.\r\n"])).map(b"".join))
@pytest.mark.row("D7")
def test_D7_the_text_ends_only_at_its_end(text: bytes) -> None:
    sent = stuffed(text)

    assert sent.endswith(b"\r\n.\r\n")
    assert (b"\r\n" + sent).count(b"\r\n.\r\n") == 1
    assert all(len(line) == 0 or not line.startswith(b".") or line.startswith(b"..")
               for line in sent.removesuffix(b".\r\n").split(b"\r\n"))  # fmt: skip


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.usefixtures("trusted")
def test_TLS_and_login(outbox: Outbox, make_post_office: Offices, security: str) -> None:
    office = make_post_office(security, login=True)
    (done,) = outbox.send(outbox.put(mail("a")), server(office, security, USER, PASSWORD))

    assert (done.state, len(office.mails)) == (State.SENT, 1)


def test_one_mail_each_takes_one_connection(outbox: Outbox, make_post_office: Offices) -> None:
    office = make_post_office()
    office.answer("b@stadt.example", "550 5.1.1 unknown")
    done = outbox.send(outbox.put(*(mail(name, key=name) for name in "abc")), server(office))

    assert [one.state for one in done] == [State.SENT, State.REFUSED, State.SENT]
    assert [taken.recipients for taken in office.mails] == [["a@stadt.example"], ["c@stadt.example"]]
    assert office.said.count("QUIT") == 1


# ------------------------------------------------------------------------------------------ not safe


@pytest.mark.parametrize("certificate", ["expired", "wrong host", "self-signed"])
@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.usefixtures("trusted")
@pytest.mark.row("D14")
def test_D14_no_password_goes_to_a_server_without_a_good_certificate(
    outbox: Outbox, make_post_office: Offices, security: str, certificate: str
) -> None:
    office = make_post_office(security, certificate, login=True)
    (done,) = outbox.send(outbox.put(mail("a")), server(office, security, USER, PASSWORD))

    assert [(one.state, one.code) for one in done.recipients] == [(State.REFUSED, "mail.tls")]
    assert (office.said, office.mails) == ([], [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.row("D14")
def test_D14_a_server_without_TLS_gets_nothing(
    outbox: Outbox, make_post_office: Offices, security: str
) -> None:
    office = make_post_office()  # offers no STARTTLS: it has none, or somebody between took the offer away
    done = outbox.send(outbox.put(mail("a"), mail("b", key="2")), server(office, security, USER, PASSWORD))

    assert {(one.state, one.recipients[0].code) for one in done} == {(State.REFUSED, "mail.tls")}
    assert (office.said, office.mails) == ([], [])


@pytest.mark.usefixtures("trusted")
@pytest.mark.row("D14", "D21")
def test_D14_D21_a_refused_login_is_final_and_tells_no_secret(
    outbox: Outbox, make_post_office: Offices
) -> None:
    office = make_post_office("starttls", login=True)
    done = outbox.send(
        outbox.put(mail("a"), mail("b", key="2")), server(office, "starttls", USER, "wr0ng-Pa55")
    )

    assert [one.recipients[0].code for one in done] == ["mail.auth", "mail.auth"]
    assert office.said.count("AUTH") == 2  # two ways to log in, for the first mail only
    assert "wr0ng" not in str([one.recipients for one in done])


@pytest.mark.row("D21")
def test_D21_a_server_that_repeats_the_password_is_not_quoted(outbox: Outbox) -> None:
    from base64 import b64encode

    token = b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
    with scripted(
        b"220 hi\r\n", b"250-x\r\n250 AUTH PLAIN\r\n", f"535 bad: {token} {PASSWORD}\r\n".encode()
    ) as port:
        way = Smtp(Server("127.0.0.1", port, "none", USER, PASSWORD, timeout=10))
        (done,) = outbox.send(outbox.put(mail("a")), way)

    assert (done.recipients[0].code, done.recipients[0].reply) == ("mail.auth", "535 bad: *** ***")


# ------------------------------------------------------------------------------------- later, or never


@pytest.mark.row("D8")
def test_D8_nobody_answers(outbox: Outbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    way = Smtp(Server("127.0.0.1", port, "none", timeout=5))
    done = outbox.send(outbox.put(mail("a"), mail("b", key="2")), way)

    assert [(one.state, one.recipients[0].code, one.attempts) for one in done] == [
        (State.POSTPONED, "mail.connect", 1),
        (State.POSTPONED, "mail.connect", 0),
    ]
    assert {one.next_try for one in done} == {NOW + timedelta(minutes=5)}
    assert not outbox.sent()


@pytest.mark.row("D8")
def test_D8_silence_ends_at_the_time_limit(outbox: Outbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:  # connects, and never says a word
        way = Smtp(Server("127.0.0.1", listener.getsockname()[1], "none", timeout=0.3))
        (done,) = outbox.send(outbox.put(mail("a")), way)

    assert (done.state, done.recipients[0].code) == (State.POSTPONED, "mail.connect")


@pytest.mark.row("D8")
@pytest.mark.parametrize(
    ("words", "state"),
    [
        ([b""], State.POSTPONED),
        ([b"220 x\r\n", *[b"250 x\r\n"] * 3, b"354 go on\r\n", b""], State.UNCERTAIN),
    ],
    ids=["hello", "text"],
)
def test_D8_a_server_that_drips_ends_at_the_time_limit(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, words: list[bytes], state: State
) -> None:
    """A byte now and then is no answer."""
    monkeypatch.setattr("kommcli.digest.deliver.CONTENT_PATIENCE", 0.25)
    with scripted(*words, drips=True) as port:
        (done,) = outbox.send(outbox.put(mail("a")), Smtp(Server("127.0.0.1", port, "none", timeout=2)))

    assert (done.state, done.recipients[0].reply) == (state, "no answer within the time limit")


@pytest.mark.row("D8")
def test_D8_a_server_that_is_busy(outbox: Outbox) -> None:
    with scripted(b"421 4.3.2 too many connections\r\n") as port:
        (done,) = outbox.send(outbox.put(mail("a")), Smtp(Server("127.0.0.1", port, "none", timeout=5)))

    assert (done.state, done.recipients[0].code) == (State.POSTPONED, "mail.temporary")
    assert done.recipients[0].reply == "421 4.3.2 too many connections"


@pytest.mark.row("D9")
def test_D9_greylisting_is_overcome_by_the_next_attempt(outbox: Outbox, make_post_office: Offices) -> None:
    office = make_post_office()
    office.answer("a@stadt.example", "451 4.7.1 greylisted", "250 OK")
    first = outbox.send(outbox.put(mail("a")), server(office))
    assert (outbox.states(), outbox.sent()) == ([["postponed"]], False)
    second = outbox.send(outbox.open(), server(office), timedelta(minutes=6))

    assert [one.state for one in (*first, *second)] == [State.POSTPONED, State.SENT]
    assert [taken.message["Message-ID"] for taken in office.mails] == ["<1@stadt.example>"]


@pytest.mark.row("D9")
def test_D9_only_who_was_told_to_wait_gets_it_later(outbox: Outbox, make_post_office: Offices) -> None:
    office = make_post_office()
    office.answer("b@stadt.example", "451 4.7.1 greylisted", "250 OK")
    outbox.send(outbox.put(mail("a", "b", "c")), server(office))
    assert (outbox.states(), outbox.sent()) == ([["sent", "postponed", "sent"]], True)
    outbox.send(outbox.open(), server(office))

    assert outbox.states() == [["sent", "sent", "sent"]]
    assert [taken.recipients for taken in office.mails] == [
        ["a@stadt.example", "c@stadt.example"],
        ["b@stadt.example"],
    ]
    assert office.mails[0].content == office.mails[1].content


@pytest.mark.row("D10")
def test_D10_one_of_two_is_refused(outbox: Outbox, make_post_office: Offices) -> None:
    office = make_post_office()
    office.answer("b@stadt.example", "550 5.1.1 <b@stadt.example>: unknown user\x1b[31m")
    (done,) = outbox.send(outbox.put(mail("a", "b")), server(office))

    assert (done.state, outbox.states(), outbox.open()) == (State.SENT, [["sent", "refused"]], [])
    assert done.recipients[1].code == "mail.recipient"
    assert "\x1b" not in done.recipients[1].reply
    assert [taken.recipients for taken in office.mails] == [["a@stadt.example"]]


@pytest.mark.parametrize(
    ("reply", "state", "code"),
    [
        ("552 5.3.4 too big", State.REFUSED, "mail.too_big"),  # D11
        ("554 5.7.1 looks like spam", State.REFUSED, "mail.refused"),
        ("452 4.3.1 disk full", State.POSTPONED, "mail.temporary"),
    ],
)
@pytest.mark.row("D11")
def test_D11_the_text_is_not_wanted(
    outbox: Outbox, make_post_office: Offices, reply: str, state: State, code: str
) -> None:
    office = make_post_office()
    office.content(reply)
    (done,) = outbox.send(outbox.put(mail("a")), server(office))

    assert (done.state, done.recipients[0].code, done.recipients[0].reply) == (state, code, reply)
    assert not outbox.sent()


# --------------------------------------------------------------------------------------- lost answers


@pytest.mark.parametrize(("reply", "copies"), [("lose", 1), ("drop", 0)])
@pytest.mark.row("D12")
def test_D12_a_lost_answer_is_uncertain_and_only_people_send_again(
    outbox: Outbox, make_post_office: Offices, reply: str, copies: int
) -> None:
    from kommcli.digest.outbox import again, due

    office = make_post_office()
    office.content(reply, "250 OK")
    (done,) = outbox.send(outbox.put(mail("a", "b")), server(office))

    assert (done.state, done.recipients[0].code) == (State.UNCERTAIN, "mail.uncertain")
    assert (len(office.mails), outbox.sent(), done.next_try) == (copies, False, None)
    assert not any(due(one, one.tried) for one in outbox.open() if one.tried)

    outbox.send(again(outbox.open()), server(office))
    assert (outbox.states(), outbox.sent()) == ([["sent", "sent"]], True)
    assert {taken.message["Message-ID"] for taken in office.mails} == {"<1@stadt.example>"}
    assert len(office.mails) == copies + 1


@pytest.mark.parametrize("word", ["MAIL", "DATA"])
def test_a_connection_that_dies_before_the_text_has_lost_nothing(
    outbox: Outbox, make_post_office: Offices, word: str
) -> None:
    office = make_post_office()
    office.dies_at = word
    done = outbox.send(outbox.put(mail("a"), mail("b", key="2")), server(office))
    assert [one.state for one in done] == [State.POSTPONED, State.POSTPONED]

    office.dies_at = ""
    outbox.send(outbox.open(), server(office))
    assert (outbox.states(), len(office.mails)) == ([["sent"], ["sent"]], 2)


@pytest.mark.row("D13")
def test_D13_a_connection_that_dies_at_QUIT_has_sent(outbox: Outbox, make_post_office: Offices) -> None:
    office = make_post_office()
    office.dies_at = "QUIT"
    (done,) = outbox.send(outbox.put(mail("a")), server(office))

    assert (done.state, len(office.mails), outbox.sent()) == (State.SENT, 1, True)


@pytest.mark.parametrize("reply", [b"nonsense\r\n", b"250" + b"x" * 20_000 + b"\r\n", b"\xff\xfe\r\n"])
def test_an_answer_that_is_none_to_the_text_is_uncertain(outbox: Outbox, reply: bytes) -> None:
    words = (b"220 hi\r\n", b"250 x\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", reply)
    with scripted(*words) as port:
        (done,) = outbox.send(outbox.put(mail("a")), Smtp(Server("127.0.0.1", port, "none", timeout=5)))

    assert done.state is State.UNCERTAIN


@pytest.mark.row("D15")
def test_D15_a_text_that_cannot_be_written_down_as_leaving_does_not_leave(
    outbox: Outbox, make_post_office: Offices
) -> None:
    office = make_post_office()
    (kept,) = outbox.put(mail("a"))
    outbox.db.execute(
        """CREATE TRIGGER full BEFORE UPDATE ON outbox WHEN NEW.state = 'sending'
           BEGIN SELECT raise(ABORT, 'disk is full'); END"""
    )
    with pytest.raises(sqlite3.DatabaseError, match="disk is full"):
        outbox.send([kept], server(office))

    assert (office.mails, outbox.states()) == ([], [["written"]])


# ------------------------------------------------------------------------------------------- programs

PROGRAM = """\
#!{python}
import sys
open({log!r}, "a").write(repr(sys.argv[1:]) + "\\n")
open({mail!r}, "wb").write(sys.stdin.buffer.read())
print({words!r}, file=sys.stderr)
{end}
"""


@pytest.fixture
def sendmail(tmp_path: Path) -> Callable[..., list[str]]:
    """Write a program that is called as sendmail is; gives its command."""

    def write(end: str = "", words: str = "") -> list[str]:
        path = tmp_path / "send mail; rm -rf"
        names = {"log": str(tmp_path / "calls"), "mail": str(tmp_path / "mail")}
        path.write_text(PROGRAM.format(python=sys.executable, end=end, words=words, **names), "utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return [str(path), "-oi"]

    return write


def test_a_sendmail_program(outbox: Outbox, sendmail: Callable[..., list[str]], tmp_path: Path) -> None:
    (done,) = outbox.send(outbox.put(mail("a", "b")), Sendmail(sendmail()))

    assert (done.state, outbox.sent()) == (State.SENT, True)
    arguments = ["-oi", "-i", "-f", "d@stadt.example", "--", "a@stadt.example", "b@stadt.example"]
    assert (tmp_path / "calls").read_text() == f"{arguments!r}\n"
    read = (tmp_path / "mail").read_bytes()
    assert read == done.content.replace(b"\r\n", b"\n")
    assert message_from_bytes(read, policy=default).get_content() == TEXT


@pytest.mark.parametrize(
    ("end", "state", "code"),
    [
        ("sys.exit(75)", State.POSTPONED, "mail.temporary"),
        ("sys.exit(67)", State.REFUSED, "mail.recipient"),
        ("sys.exit(64)", State.REFUSED, "mail.refused"),
        ("import os; os.kill(os.getpid(), 9)", State.UNCERTAIN, "mail.uncertain"),
    ],
)
def test_how_a_sendmail_program_ends(
    outbox: Outbox, sendmail: Callable[..., list[str]], end: str, state: State, code: str
) -> None:
    (done,) = outbox.send(outbox.put(mail("a")), Sendmail(sendmail(end, "kein Postfach")))

    assert (done.state, done.recipients[0].code) == (state, code)
    if "exit" in end:
        assert done.recipients[0].reply.endswith(": kein Postfach")


def test_a_sendmail_program_that_is_not_there(outbox: Outbox, tmp_path: Path) -> None:
    (done,) = outbox.send(outbox.put(mail("a")), Sendmail([str(tmp_path / "none")]))

    (one,) = done.recipients
    assert (one.state, one.code, one.reply) == (State.REFUSED, "mail.program", "No such file or directory")


def test_what_can_be_known_without_sending(make_post_office: Offices, trusted: None, tmp_path: Path) -> None:
    office = make_post_office("starttls", login=True)
    with server(office, "starttls", USER, PASSWORD) as way:
        assert way.probe() == Verdict(State.SENT)
    assert office.said == ["AUTH", "QUIT"]
    with server(office, "starttls", USER, "wrong") as way:
        assert way.probe().code == "mail.auth"
    with server(office, "tls") as way:
        assert way.probe().code in ("mail.tls", "mail.connect")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Smtp(Server("127.0.0.1", port, "none")) as way:
        assert way.probe().code == "mail.connect"
    assert Sendmail([sys.executable, "-oi"]).probe().code == ""
    assert Sendmail([str(tmp_path / "none")]).probe().code == "mail.program"
    assert office.mails == []


def test_a_sendmail_program_that_hangs_is_uncertain(
    outbox: Outbox, sendmail: Callable[..., list[str]]
) -> None:
    way = Sendmail(sendmail("import time; time.sleep(60)"), timeout=0.1)
    (done,) = outbox.send(outbox.put(mail("a")), way)

    assert done.state is State.UNCERTAIN


def test_a_sendmail_program_that_goes_on_in_the_background_is_done(
    outbox: Outbox, sendmail: Callable[..., list[str]]
) -> None:
    end = 'import subprocess; subprocess.Popen(["sleep", "20"])'
    started = time.monotonic()
    (done,) = outbox.send(outbox.put(mail("a")), Sendmail(sendmail(end), timeout=5))

    assert done.state is State.SENT
    assert time.monotonic() - started < 20


def test_outbox_survives_a_loss_of_power_as_far_as_SQLite_can(
    outbox: Outbox, make_post_office: Offices
) -> None:
    outbox.send(outbox.put(mail("a")), server(make_post_office()))

    assert outbox.db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert issues.sent_refs(outbox.db) == {"yqmfqvyb": 1, "d5fc1e1a": 1}


# ---------------------------------------------------------------------------------- a server of words


class scripted:
    """A server that says these words, one for each line or text it hears, and then hangs up; or ``drips``:
    says a letter now and then until nobody listens."""

    def __init__(self, *words: bytes, drips: bool = False) -> None:
        self.words, self.drips = words, drips

    def __enter__(self) -> int:
        import threading

        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._talk)
        self.thread.start()
        return int(self.listener.getsockname()[1])

    def _talk(self) -> None:
        connection, _address = self.listener.accept()
        connection.settimeout(10)
        with connection, connection.makefile("rb") as heard:
            for number, words in enumerate(self.words):
                if number:
                    if b"354" in self.words[number - 1]:
                        while heard.readline() not in (b".\r\n", b""):
                            pass
                    else:
                        heard.readline()
                connection.sendall(words)
            with suppress(OSError):
                while self.drips:
                    connection.sendall(b"2")
                    time.sleep(0.05)

    def __exit__(self, *error: object) -> None:
        self.thread.join()
        self.listener.close()
