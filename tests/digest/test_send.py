"""`digest send`, `digest issues` and `digest archive` through the real program and a real mail server."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from conftest import Home, make_home, validate
from loopback import Authority
from newsroom import newsroom
from postoffice import PASSWORD, USER, PostOffice

Offices = Callable[..., PostOffice]

MAIL = """\
[mail]
from = "Stadt Köln, Presse <digest@stadt.example>"
to = ["Amt <amt@stadt.example>", "rat@städte.example"]
list_id = "wochenbrief.stadt.example"
unsubscribe = "mailto:digest@stadt.example?subject=abmelden"
"""
ALL = ("amt@stadt.example", "rat@xn--stdte-hra.example")
SENT = "issue 1 sent to 2 recipients"


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Eight articles of two feeds; only copied by the tests."""
    return newsroom(make_home(tmp_path_factory.mktemp("archive")))


@pytest.fixture
def office(make_post_office: Offices) -> PostOffice:
    return make_post_office()


@pytest.fixture
def sender(fetched: Home, tmp_path: Path, office: PostOffice) -> Home:
    """A home that can send."""
    return configured(
        fetched.copy(tmp_path), f'host = "127.0.0.1"\nsecurity = "none"\nport = {office.port}\n'
    )


def configured(home: Home, *lines: str) -> Home:
    path = home.path / "config.toml"
    text = path.read_text("utf-8").partition("[mail]")[0]
    path.write_text(text + "\n" + MAIL + "\n".join(lines), "utf-8")
    return home


def sent(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What is said by a run that prints nothing."""
    assert done.stdout == ""
    return [line.removeprefix("kommcli: ") for line in done.stderr.splitlines()]


def states(home: Home) -> list[list[list[str]]]:
    """The states of all recipients, by issue and mail, the newest first."""
    return [
        [[one["state"] for one in mail["recipients"]] for mail in issue["mails"]]
        for issue in home.json("digest", "issues", "--json")["issues"]
    ]


def nobody_answers(home: Home, office: PostOffice) -> None:
    """From now on ``home`` looks for its mail server where none is."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    path = home.path / "config.toml"
    path.write_text(path.read_text("utf-8").replace(str(office.port), str(port)), "utf-8")


def later(home: Home, minutes: int) -> Home:
    """The same home when some time has passed."""
    return replace(
        home, env=home.env | {"KOMMCLI_NOW": f"2026-10-16T{11 + minutes // 60}:{minutes % 60:02}:00+02:00"}
    )


# --------------------------------------------------------------------------------------------- sending


@pytest.mark.row("D16")
def test_D16_an_issue_is_sent_once(sender: Home, office: PostOffice) -> None:
    first, second = (sender.run("digest", "send", "--week", "this") for _time in range(2))

    assert (first.returncode, sent(first)) == (0, [SENT])
    assert (second.returncode, sent(second)) == (0, ["issue 1 was already sent"])
    (taken,) = office.mails
    assert (taken.sender, tuple(taken.recipients)) == ("digest@stadt.example", ALL)
    message = taken.message
    assert message["From"].addresses[0].display_name == "Stadt Köln, Presse"
    assert [one.addr_spec for one in message["To"].addresses] == list(ALL)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert (message["List-Id"], message["Auto-Submitted"]) != (None, None)
    assert max(map(len, taken.content.split(b"\r\n"))) <= 998


@pytest.mark.row("D16")
def test_D16_quiet_on_success(sender: Home) -> None:
    for _time in range(2):
        done = sender.run("-q", "digest", "send", "--week", "this")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.row("D19")
def test_D19_sources_that_are_behind(sender: Home, office: PostOffice) -> None:
    old = replace(sender, env=sender.env | {"KOMMCLI_NOW": "2026-10-30T11:00:00+02:00"})
    done = old.run("digest", "send", "--week", "2026-W43", "--empty")
    assert (done.returncode, len(office.mails), len(sent(done))) == (3, 1, 2)
    again = old.run("digest", "send", "--week", "2026-W43", "--empty")
    assert (again.returncode, sent(again)) == (0, ["issue 1 was already sent"])
    quiet = old.run("-q", "digest", "send", "--week", "2026-W42", "--ok-partial")
    assert (quiet.returncode, quiet.stderr) == (0, "")


@pytest.mark.row("D1")
def test_D1_a_name_cannot_add_a_header(sender: Home, office: PostOffice) -> None:
    people = ("Amt\r\nBcc: x@evil.example <a@stadt.example>", '"A, B\x1b[31m" <b@stadt.example>')
    done = sender.run("digest", "send", "--week", "this", "--to", people[0], "--to", people[1])

    assert (done.returncode, sent(done)) == (0, [SENT])
    (taken,) = office.mails
    assert taken.recipients == ["a@stadt.example", "b@stadt.example"]
    assert taken.message["Bcc"] is None
    names = [one.display_name for one in taken.message["To"].addresses]
    assert names == ["Amt Bcc: x@evil.example", "A, B[31m"]


@pytest.mark.row("D16")
def test_D16_two_at_once_send_one_mail(sender: Home, office: PostOffice) -> None:
    command = [sys.executable, "-m", "kommcli", "digest", "send", "--week", "this"]
    both = [subprocess.Popen(command, env=sender.env, stderr=subprocess.PIPE, text=True) for _time in "12"]
    said = sorted(process.communicate()[1] for process in both)

    assert [process.returncode for process in both] == [0, 0]
    assert said == [f"kommcli: {SENT}\n", "kommcli: issue 1 was already sent\n"]
    assert len(office.mails) == 1


def test_the_numbers_of_issues_and_what_new_leaves_out(sender: Home, office: PostOffice) -> None:
    assert sent(sender.run("digest", "send", "--week", "this", "-f", "alpha")) == [SENT]
    everything = sender.run("digest", "send", "--week", "this")
    assert sent(everything) == ["issue 2 sent to 2 recipients"]
    titles = office.mails[0].message.get_body(("plain",)).get_content()
    assert "Wohni bewährt sich" in titles
    listed = sender.json("digest", "issues", "--json")["issues"]
    assert [(issue["number"], len(issue["articles"])) for issue in listed] == [(2, 5), (1, 4)]
    new = sender.run("digest", "send", "--new")
    assert new.returncode == 0
    told = set(sender.json("digest", "issues", "--json")["issues"][0]["articles"])
    assert told.isdisjoint(listed[0]["articles"])


@pytest.mark.parametrize(
    ("mode", "envelopes", "shown"),
    [
        ("to", [list(ALL)], [", ".join(("Amt <amt@stadt.example>", ALL[1]))]),
        ("bcc", [list(ALL)], ["undisclosed-recipients:;"]),
        ("each", [[ALL[0]], [ALL[1]]], ["Amt <amt@stadt.example>", ALL[1]]),
    ],
)
def test_recipients_in_To_hidden_or_one_mail_each(
    sender: Home, office: PostOffice, mode: str, envelopes: list[list[str]], shown: list[str]
) -> None:
    path = sender.path / "config.toml"
    path.write_text(path.read_text("utf-8") + f'mode = "{mode}"\n', "utf-8")
    done = sender.run("digest", "send", "--week", "this")

    assert (done.returncode, sent(done)) == (0, [SENT])
    assert [taken.recipients for taken in office.mails] == envelopes
    assert [taken.message["To"] for taken in office.mails] == shown
    ids = {taken.message["Message-ID"] for taken in office.mails}
    assert len(ids) == len(envelopes)
    if mode == "bcc":
        assert not any(address.encode() in taken.content for taken in office.mails for address in ALL)


@pytest.mark.row("D16")
def test_D16_who_comes_late_gets_what_the_others_have(sender: Home, office: PostOffice) -> None:
    sender.run("digest", "send", "--week", "this")
    path = sender.path / "config.toml"
    path.write_text(
        path.read_text("utf-8").replace("[mail]", '[digest]\nname = "Neuer Name"\n[mail]'), "utf-8"
    )
    done = sender.run("digest", "send", "--week", "this", "--to", "neu@stadt.example", "--to", ALL[0])

    assert (done.returncode, sent(done)) == (0, ["issue 1 sent to 1 recipient"])
    first, second = (taken.message for taken in office.mails)
    assert office.mails[1].recipients == ["neu@stadt.example"]
    assert first["Message-ID"] != second["Message-ID"]
    assert first["Subject"] == second["Subject"]
    for kind in ("plain", "html"):
        assert first.get_body((kind,)).get_content() == second.get_body((kind,)).get_content()


def test_a_test_is_not_recorded(sender: Home, office: PostOffice) -> None:
    done = sender.run("digest", "send", "--week", "this", "--test", "ich@stadt.example")

    assert (done.returncode, sent(done)) == (0, ["test sent to ich@stadt.example"])
    assert office.mails[0].recipients == ["ich@stadt.example"]
    assert office.mails[0].message["Subject"].startswith("[Test] ")
    assert states(sender) == []
    sender.run("digest", "send", "--week", "this", "--to", "ich@stadt.example")
    assert len({taken.message["Message-ID"] for taken in office.mails}) == 2
    office.content("451 4.3.0 later")
    later = sender.run("digest", "send", "--week", "last", "--test", "ich@stadt.example")
    assert (later.returncode, later.stderr.rstrip().rpartition("]. ")[2]) == (
        7,
        "Nothing is kept of it; try it again.",
    )


def test_a_dry_run_sends_and_writes_nothing(sender: Home, office: PostOffice) -> None:
    done = sender.run("digest", "send", "--week", "this", "--dry-run")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Issue: 1\nSubject: ")
    assert f"To: {', '.join(ALL)} (<" in done.stdout
    assert (office.said, states(sender)) == ([], [])
    shown = re.search(r"<[^>]+>", done.stdout)
    sender.run("digest", "send", "--week", "this")
    assert shown
    assert office.mails[0].message["Message-ID"] == shown[0]
    assert (
        f"Not again: {', '.join(ALL)}" in sender.run("digest", "send", "--week", "this", "--dry-run").stdout
    )


@pytest.mark.row("D18")
def test_D18_no_articles_no_mail_unless_asked(sender: Home, office: PostOffice) -> None:
    done = sender.run("digest", "send", "--week", "2026-W20")
    assert (done.returncode, sent(done)) == (0, ["no articles in this time: nothing is sent"])
    assert office.said == []
    assert sender.run("digest", "send", "--week", "2026-W20", "--empty").returncode == 0
    assert len(office.mails) == 1


@pytest.mark.row("D17")
def test_D17_the_draft_of_an_editor_is_sent(sender: Home, office: PostOffice, tmp_path: Path) -> None:
    draft = tmp_path / "week.md"
    assert sender.run("digest", "draft", str(draft), "--week", "this").returncode == 0
    text = draft.read_text("utf-8").replace("Wohni bewährt sich", "Wohni hält, was es verspricht")
    draft.write_text(text, "utf-8")
    done = sender.run("digest", "send", "--from", str(draft))

    assert done.returncode == 0, done.stderr
    assert SENT in sent(done)
    assert "Wohni hält" in office.mails[0].message.get_body(("plain",)).get_content()
    assert sent(sender.run("digest", "send", "--week", "this")) == ["issue 1 was already sent"]


def test_the_demo_sends_to_this_machine(home: Home, make_post_office: Offices) -> None:
    try:
        office = make_post_office(port=8025)
    except OSError:
        pytest.skip("something else listens at port 8025")
    first, second = (home.run("--demo", "digest", "send") for _time in range(2))

    assert (first.returncode, sent(first)) == (0, ["issue 1 sent to 1 recipient"])
    assert (second.returncode, sent(second)) == (0, ["issue 1 was already sent"])
    assert len(office.mails) == 1


# ------------------------------------------------------------------------------- later, never, who knows


@pytest.mark.row("D9")
def test_D9_greylisting_then_the_hourly_job(sender: Home, office: PostOffice) -> None:
    office.answer(ALL[1], "451 4.7.1 greylisted", "250 OK")
    first = sender.run("digest", "send", "--week", "this")
    assert first.returncode == 8
    assert sent(first) == [
        "issue 1 sent to 1 recipient",
        f"the mail server wants the mail later: {ALL[1]} (451 4.7.1 greylisted) [mail.temporary]. "
        "The next `kommcli digest send` tries again.",
    ]
    early = later(sender, 4).run("digest", "send", "--waiting")
    assert (early.returncode, sent(early), len(office.mails)) == (0, [], 1)
    due = later(sender, 6).run("digest", "send", "--waiting")
    assert (due.returncode, sent(due)) == (0, ["issue 1 sent to 1 recipient"])
    assert [taken.recipients for taken in office.mails] == [[ALL[0]], [ALL[1]]]
    assert states(sender) == [[["sent", "sent"]]]
    again = later(sender, 59).run("digest", "send", "--waiting")
    assert (again.returncode, sent(again)) == (0, [])


def test_what_waits_goes_out_with_the_next_issue_as_it_was(sender: Home, office: PostOffice) -> None:
    office.content("451 4.3.0 later", "250 OK")
    assert sender.run("digest", "send", "--week", "this").returncode == 8
    done = later(sender, 6).run("digest", "send", "--week", "2026-W38")

    assert (done.returncode, sent(done)) == (0, [SENT, "issue 2 sent to 2 recipients"])
    assert [len(taken.recipients) for taken in office.mails] == [2, 2]


@pytest.mark.row("D10")
def test_D10_a_refused_recipient_is_named_and_not_tried_again(sender: Home, office: PostOffice) -> None:
    office.answer(ALL[1], "550 5.1.1 no such user")
    first = sender.run("digest", "send", "--week", "this")
    assert (first.returncode, sent(first)[1]) == (
        7,
        f"the mail server refuses the recipient: {ALL[1]} (550 5.1.1 no such user) [mail.recipient]. "
        "Check the address.",
    )
    second = sender.run("digest", "send", "--week", "this")
    assert (second.returncode, sent(second)) == (
        0,
        ["issue 1 was already sent", f"refused at that time: {ALL[1]}"],
    )
    assert states(sender) == [[["sent", "refused"]]]
    office.answer(ALL[1], "250 OK")
    assert sent(sender.run("digest", "send", "--resend")) == ["issue 1 sent to 1 recipient"]
    assert [taken.recipients for taken in office.mails] == [[ALL[0]], [ALL[1]]]


@pytest.mark.row("D11")
def test_D11_what_nobody_got_is_made_anew(sender: Home, office: PostOffice) -> None:
    office.content("552 5.3.4 too big", "250 OK")
    first = sender.run("digest", "send", "--week", "this")
    assert first.returncode == 7
    assert "[mail.too_big]. Make the issue smaller" in first.stderr
    second = sender.run("digest", "send", "--week", "this", "--titles-only")
    assert (second.returncode, sent(second)) == (0, [SENT])
    assert "Teaser of" not in office.mails[0].message.get_body(("plain",)).get_content()


@pytest.mark.row("D12")
def test_D12_uncertain_stays_so_until_somebody_decides(sender: Home, office: PostOffice) -> None:
    office.content("lose", "250 OK")
    first = sender.run("digest", "send", "--week", "this")
    second = sender.run("digest", "send", "--week", "this")
    waiting = later(sender, 300).run("digest", "send", "--waiting")

    assert (first.returncode, second.returncode, waiting.returncode) == (8, 8, 0)
    assert "--resend --issue 1" in first.stderr
    assert first.stderr.partition("(")[0] == second.stderr.partition("(")[0]
    assert (len(office.mails), states(sender)) == (1, [[["uncertain", "uncertain"]]])
    new = sender.run("digest", "send", "--new", "--since", "2026-10-12")
    assert sent(new) == ["no articles in this time: nothing is sent"]

    done = sender.run("digest", "send", "--resend", "--issue", "1")
    assert (done.returncode, sent(done)) == (0, [SENT])
    one, two = office.mails
    assert one.content == two.content
    assert states(sender) == [[["sent", "sent"]]]


@pytest.mark.row("D15")
def test_D15_killed_while_the_text_was_on_its_way(sender: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        configured(sender, f'host = "127.0.0.1"\nsecurity = "none"\nport = {listener.getsockname()[1]}')
        command = [sys.executable, "-m", "kommcli", "digest", "send", "--week", "this"]
        process = subprocess.Popen(command, env=sender.env)
        connection, _address = listener.accept()
        with connection, connection.makefile("rb") as heard:
            connection.sendall(b"220 hi\r\n")
            while not heard.readline().startswith(b"DATA"):
                connection.sendall(b"250 ok\r\n")
            connection.sendall(b"354 go\r\n")
            while heard.readline() != b".\r\n":
                pass
            process.send_signal(signal.SIGKILL)
            process.wait()
    done = sender.run("digest", "send", "--week", "this")

    assert done.returncode == 8
    assert "may have arrived or not" in done.stderr
    assert states(sender) == [[["uncertain", "uncertain"]]]


@pytest.mark.row("D8")
def test_D8_nobody_answers_and_the_articles_are_as_before(sender: Home, office: PostOffice) -> None:
    before = sender.run("latest", "--offline").stdout
    path = sender.path / "config.toml"
    text = path.read_text("utf-8")
    nobody_answers(sender, office)
    done = sender.run("digest", "send", "--week", "this")
    path.write_text(text, "utf-8")

    assert done.returncode == 8
    assert "[mail.connect]" in done.stderr
    assert states(sender) == [[["postponed", "postponed"]]]
    assert sender.run("latest", "--offline").stdout == before
    assert sent(sender.run("digest", "send", "--week", "this")) == [SENT]


# ------------------------------------------------------------------------------------ safety, passwords


@pytest.fixture
def secure(
    fetched: Home, tmp_path: Path, make_post_office: Offices, authority: Authority
) -> tuple[Home, PostOffice]:
    """A home with a login, and a server with STARTTLS."""
    office = make_post_office("starttls", login=True)
    home = fetched.copy(tmp_path)
    home = replace(home, env=home.env | {"SSL_CERT_FILE": authority.ca_file, "POST": PASSWORD})
    lines = ('host = "localhost"', f"port = {office.port}", f'user = "{USER}"', 'password = { env = "POST" }')
    return configured(home, *lines), office


def test_STARTTLS_and_a_password_from_the_environment(secure: tuple[Home, PostOffice]) -> None:
    home, office = secure
    done = home.run("--debug", "digest", "send", "--week", "this")

    assert (done.returncode, sent(done)) == (0, [SENT])
    assert len(office.mails) == 1


@pytest.mark.parametrize("secret", ["wr0ng-s3cret", ""])
@pytest.mark.row("D14", "D21")
def test_D14_D21_no_password_in_what_is_said(secure: tuple[Home, PostOffice], secret: str) -> None:
    home, office = secure
    done = home.run("--debug", "digest", "send", "--week", "this", env={"POST": secret})

    assert done.returncode == (7 if secret else 5)
    assert ("[mail.auth]" if secret else "[config.secret]") in done.stderr
    assert "s3cret" not in done.stderr + done.stdout + home.run("config", "show").stdout
    assert "AUTH" not in done.stderr
    assert office.mails == []
    assert home.run("digest", "send", "--week", "this").returncode == 0  # the right one: at once


def test_a_password_from_a_command(secure: tuple[Home, PostOffice]) -> None:
    home, office = secure
    path = home.path / "config.toml"
    text = path.read_text("utf-8").replace('{ env = "POST" }', f'{{ command = ["echo", "{PASSWORD}"] }}')
    path.write_text(text, "utf-8")

    assert home.run("digest", "send", "--week", "this").returncode == 0
    assert len(office.mails) == 1


KEYRING = f"""\
from keyring.backend import KeyringBackend

class Ring(KeyringBackend):
    priority = 1
    def get_password(self, service, username):
        return {PASSWORD!r} if (service, username) == ("post", "digest") else None
    def set_password(self, service, username, password):
        raise NotImplementedError
"""


def from_keyring(folder: Path) -> dict[str, str]:
    """The environment in which the keyring has the password."""
    pytest.importorskip("keyring")
    (folder / "ring.py").write_text(KEYRING)
    parts = [str(folder), os.environ.get("PYTHONPATH", "")]
    return {"PYTHON_KEYRING_BACKEND": "ring.Ring", "PYTHONPATH": os.pathsep.join(filter(None, parts))}


@pytest.mark.parametrize(("user", "status"), [("digest", 0), ("other", 5)])
def test_a_password_from_the_keyring(
    secure: tuple[Home, PostOffice], tmp_path: Path, user: str, status: int
) -> None:
    env = from_keyring(tmp_path)
    home, _office = secure
    path = home.path / "config.toml"
    text = path.read_text("utf-8").replace('{ env = "POST" }', f'{{ keyring = ["post", "{user}"] }}')
    path.write_text(text, "utf-8")
    done = home.run("digest", "send", "--week", "this", env=env)

    assert done.returncode == status, done.stderr


EVERYTHING = """\
--debug digest send --week this --dry-run
--debug digest send --week this --test a@stadt.example
--debug -v digest send --week this
--debug digest send --week this
--debug digest send --resend
--debug digest send --waiting
digest --week this --json
digest --week this -F markdown
digest --week this -F html
digest draft - --week this
digest issues
digest issues --json
digest issues -F terminal
digest issues show 1 -F json
digest issues show 1 -F html
digest archive {folder}/site
--debug doctor
doctor --json
doctor -F terminal
config show
config check
config get mail.password
--debug config set mail.password x
schedule
backup {folder}/backup
"""
"""Whatever has to do with a mail, or tells or keeps what is configured."""


@pytest.mark.parametrize("source", ["env", "command", "keyring"])
@pytest.mark.row("C6", "C7", "D21")
def test_no_command_tells_the_password_of_the_mail_server_and_no_file_keeps_it(
    secure: tuple[Home, PostOffice], tmp_path: Path, source: str
) -> None:
    home, office = secure
    (tmp_path / "secret").write_text(f"{PASSWORD}\n")
    written = {"command": f'{{ command = ["cat", "{tmp_path}/secret"] }}'}
    written |= {"keyring": f'{{ keyring = ["post", "{USER}"] }}', "env": '{ env = "POST" }'}
    path = home.path / "config.toml"
    path.write_text(path.read_text("utf-8").replace('{ env = "POST" }', written[source]), "utf-8")
    env = {"POST": PASSWORD if source == "env" else ""}
    env |= from_keyring(tmp_path) if source == "keyring" else {}
    telling = [PASSWORD, b64encode(PASSWORD.encode()).decode()]
    telling += [b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()]
    kept = tmp_path / "kept"
    kept.mkdir()

    # The server lets it in, does not believe it, and has no certificate that is known.
    office.answer(ALL[0], "250 OK", f"550 {PASSWORD} is unknown", "250 OK")
    wrong = [{"POST": "wrong"}] if source == "env" else []
    for more in ({}, *wrong, {"SSL_CERT_FILE": ""}):
        for command in EVERYTHING.format(folder=kept).splitlines():
            done = home.run(*command.split(), env=env | more)
            assert not [one for one in telling if one in done.stdout + done.stderr], command
    assert office.said.count("AUTH") > 3
    assert len(office.mails) > 1

    for mail in office.mails:
        assert not [one for one in telling if one.encode() in mail.content]
    for file in [*home.path.rglob("*"), *kept.rglob("*")]:
        if file.is_file() and file.name != "backup":
            data = file.read_bytes()
            assert not [one for one in telling if one.encode() in data], file
    with ZipFile(kept / "backup") as bundle:
        for name in bundle.namelist():
            assert not [one for one in telling if one.encode() in bundle.read(name)], name


@pytest.mark.row("D14")
def test_D14_an_untrusted_certificate_stops_it(secure: tuple[Home, PostOffice]) -> None:
    home, office = secure
    done = home.run("digest", "send", "--week", "this", env={"SSL_CERT_FILE": ""})

    assert done.returncode == 7
    assert "[mail.tls]" in done.stderr
    assert office.said == []


def test_a_sendmail_program_from_the_configuration(fetched: Home, tmp_path: Path) -> None:
    program = tmp_path / "sendmail"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/args"\ncat > "{tmp_path}/mail"\n')
    program.chmod(0o755)
    home = configured(fetched.copy(tmp_path), f'sendmail = "{program} -oi"')
    done = home.run("digest", "send", "--week", "this")

    assert (done.returncode, sent(done)) == (0, [SENT])
    assert (tmp_path / "args").read_text().split() == ["-oi", "-i", "-f", "digest@stadt.example", "--", *ALL]
    message = message_from_bytes((tmp_path / "mail").read_bytes(), policy=default)
    assert message["To"].addresses[0].addr_spec == ALL[0]


@pytest.mark.parametrize(
    ("lines", "status", "words"),
    [
        ('host = "smtp.stadt.example"\nsecurity = "none"', 5, "without TLS no mail leaves this machine"),
        ('host = "127.0.0.1"\npassword = "geheim"\nuser = "x"', 5, "does not belong into this file"),
        ('host = "127.0.0.1"\nuser = "x"', 5, "user and password belong together"),
        ('host = "127.0.0.1"\nsendmail = "/usr/sbin/sendmail"', 5, "two ways to send"),
        ('list_id = "x y"\nhost = "127.0.0.1"', 5, "wochenbrief.stadt.example"),
        ('unsubscribe = "javascript:x"', 5, "mailto: or https://"),
        ("", 5, "nothing is known of how to send mails"),
    ],
)
@pytest.mark.row("D14")
def test_D14_a_configuration_that_cannot_be_used(
    fetched: Home, tmp_path: Path, lines: str, status: int, words: str
) -> None:
    text = MAIL.replace("list_id", "#") if "list_id" in lines else MAIL
    text = text.replace("unsubscribe", "#") if "unsubscribe" in lines else text
    home = fetched.copy(tmp_path)
    path = home.path / "config.toml"
    path.write_text(path.read_text("utf-8") + "\n" + text + lines, "utf-8")
    done = home.run("digest", "send", "--week", "this")

    assert (done.returncode, done.stdout) == (status, "")
    assert words in done.stderr
    assert "geheim" not in done.stderr


def test_no_configuration_at_all(fetched: Home) -> None:
    done = fetched.run("digest", "send")

    assert done.returncode == 5
    assert done.stderr.startswith(
        "kommcli: nothing is known of how to send mails [config.missing]. Write `from`"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        "--to nobody",
        "--test a@b@c",
        "--resend --week this",
        "--waiting --to a@b.example",
        "--resend --issue 9",
        "--issue 1",
    ],
)
def test_wrong_usage(sender: Home, arguments: str) -> None:
    done = sender.run("digest", "send", *arguments.split())

    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


# ---------------------------------------------------------------------------------------------- doctor


def looked(home: Home, name: str, *, status: int = 0) -> dict[str, Any]:
    """One check of the doctor."""
    checks = home.json("doctor", "--json", status=status)["checks"]
    found: dict[str, Any] = next(one for one in checks if one["name"] == name)
    return found


def test_the_doctor_knows_whether_mails_could_leave(sender: Home, office: PostOffice) -> None:
    assert looked(sender, "mail") == {
        "name": "mail",
        "ok": True,
        "summary": f"127.0.0.1:{office.port}, not encrypted",
        "findings": [],
    }
    assert (office.mails, office.said) == ([], ["QUIT"])
    nobody_answers(sender, office)
    found = looked(sender, "mail")
    assert [(one["severity"], one["code"]) for one in found["findings"]] == [("warning", "mail.connect")]


def test_the_doctor_logs_in_and_tells_no_secret(
    fetched: Home, tmp_path: Path, make_post_office: Offices, authority: Authority
) -> None:
    office = make_post_office("starttls", login=True)
    lines = f'host = "localhost"\nport = {office.port}\nuser = "{USER}"\npassword = {{ env = "PASS" }}\n'
    home = configured(fetched.copy(tmp_path), lines)
    trusting = home.env | {"SSL_CERT_FILE": authority.ca_file}

    assert looked(replace(home, env=trusting | {"PASS": PASSWORD}), "mail")["ok"]
    for env, status, code in (
        (trusting | {"PASS": "wr0ng-Pa55"}, 7, "mail.auth"),
        (home.env | {"PASS": PASSWORD}, 7, "mail.tls"),
        (trusting, 5, "config.secret"),
    ):
        done = replace(home, env=env).run("--debug", "doctor", "--json")
        assert done.returncode == status
        (mail,) = (one for one in json.loads(done.stdout)["checks"] if one["name"] == "mail")
        assert [(one["severity"], one["code"]) for one in mail["findings"]] == [("error", code)]
        assert mail["findings"][0]["remedy"] or code == "config.secret"
        assert not any(one in done.stdout + done.stderr for one in (PASSWORD, "wr0ng-Pa55"))
    assert office.mails == []


def test_the_doctor_knows_a_program_that_is_not_there(fetched: Home, tmp_path: Path) -> None:
    home = configured(fetched.copy(tmp_path), f'sendmail = "{tmp_path}/none -oi"')
    found = looked(home, "mail", status=7)
    assert found["findings"][0]["code"] == "mail.program"
    assert "`sendmail`" in found["findings"][0]["remedy"]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_doctor_knows_a_program_that_cannot_be_run(fetched: Home, tmp_path: Path) -> None:
    program = tmp_path / "sendmail"
    program.write_text("#!/bin/sh\nexit 0\n")
    home = configured(fetched.copy(tmp_path / "home"), f'sendmail = "{program}"')
    program.chmod(0o600)
    assert looked(home, "mail", status=7)["findings"][0]["code"] == "mail.program"
    program.chmod(0o700)
    assert looked(home, "mail")["ok"]


def test_the_doctor_asks_nobody_where_no_way_to_send_is_configured(fetched: Home, tmp_path: Path) -> None:
    home = configured(fetched.copy(tmp_path))
    assert (looked(home, "mail")["findings"], looked(home, "mail")["summary"]) == ([], "not configured")


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("certificate", ["expired", "wrong host"])
def test_the_doctor_knows_a_bad_certificate(
    fetched: Home,
    tmp_path: Path,
    make_post_office: Offices,
    authority: Authority,
    security: str,
    certificate: str,
) -> None:
    office = make_post_office(security, certificate)
    home = configured(
        fetched.copy(tmp_path), f'host = "localhost"\nport = {office.port}\nsecurity = "{security}"\n'
    )
    found = looked(replace(home, env=home.env | {"SSL_CERT_FILE": authority.ca_file}), "mail", status=7)
    assert [(one["severity"], one["code"]) for one in found["findings"]] == [("error", "mail.tls")]
    assert "`security`" in found["findings"][0]["remedy"]


def test_the_doctor_does_not_wait_for_a_server_that_hangs(fetched: Home, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # connects, and never says a word
        port = silent.getsockname()[1]
        lines = f'host = "127.0.0.1"\nport = {port}\nsecurity = "none"\ntimeout = 600\n'
        began = time.monotonic()
        found = looked(configured(fetched.copy(tmp_path), lines), "mail")
    assert [(one["severity"], one["code"]) for one in found["findings"]] == [("warning", "mail.connect")]
    assert "no answer within the time limit" in found["findings"][0]["what"]
    assert time.monotonic() - began < 60


def test_the_doctor_knows_mails_that_need_somebody(sender: Home, office: PostOffice) -> None:
    office.answer(ALL[0], "550 no such person")
    office.content("drop")
    sender.run("digest", "send", "--week", "this")
    found = looked(sender, "outbox")
    assert [(one["severity"], one["code"]) for one in found["findings"]] == [
        ("warning", "mail.recipient"),
        ("warning", "mail.uncertain"),
    ]
    assert all("--resend --issue 1" in one["remedy"] for one in found["findings"])
    assert ALL[0] in found["findings"][0]["what"]
    assert ALL[1] in found["findings"][1]["what"]


def test_the_doctor_knows_mails_that_wait_for_long(sender: Home, office: PostOffice) -> None:
    nobody_answers(sender, office)
    sender.run("digest", "send", "--week", "this")
    found = looked(sender, "outbox")
    assert (found["findings"], found["summary"]) == ([], "2 recipients wait")
    tomorrow = replace(sender, env=sender.env | {"KOMMCLI_NOW": "2026-10-18T09:00:00+02:00"})
    assert looked(tomorrow, "outbox")["findings"][0]["remedy"].startswith("Send it: kommcli digest send")


# -------------------------------------------------------------------------------- what was sent, kept


def test_an_issue_is_shown_as_it_was_sent(sender: Home, office: PostOffice, tmp_path: Path) -> None:
    sender.run("digest", "send", "--week", "this")
    path = sender.path / "config.toml"
    path.write_text(path.read_text("utf-8").replace("[mail]", '[digest]\nname = "Anders"\n[mail]'), "utf-8")
    (taken,) = office.mails

    for form, kind in (("text", "plain"), ("html", "html")):
        shown = sender.run("digest", "issues", "show", "1", "-F", form).stdout
        assert shown == taken.message.get_body((kind,)).get_content().replace("\r\n", "\n")
    out = tmp_path / "one.eml"
    sender.run("digest", "issues", "show", "1", "-F", "eml", "-o", str(out))
    assert out.read_bytes() == taken.content
    validate(json.loads(sender.run("digest", "issues", "show", "1", "--json").stdout))
    assert sender.run("digest", "issues", "show", "7").returncode == 4


def test_the_list_of_issues(sender: Home, office: PostOffice) -> None:
    office.answer(ALL[1], "550 5.1.1 no such user")
    sender.run("digest", "send", "--week", "this")

    line = sender.run("digest", "issues").stdout.split("\t")
    assert line[:6] == ["1", "2026-W42", "2026-10-16T11:00:00+02:00", "5", "2", "refused:1,sent:1"]
    for columns in ("100", "50"):
        table = sender.run("digest", "issues", "-F", "terminal", env={"COLUMNS": columns}).stdout
        assert "1 refused, 1 sent" in table
        assert "550 5.1.1 no such user" in " ".join(table.split())
    (issue,) = sender.json("digest", "issues", "--json")["issues"]
    assert issue["mails"][0]["recipients"][1]["code"] == "mail.recipient"


def test_no_issues_yet(home: Home) -> None:
    assert home.run("digest", "issues").stdout == ""
    assert "digest send" in home.run("digest", "issues", "-F", "terminal").stdout
    assert home.json("digest", "issues", "--json")["issues"] == []


def test_all_issues_as_pages(sender: Home, tmp_path: Path) -> None:
    import feedparser

    for week in ("2026-W38", "this"):
        sender.run("digest", "send", "--week", week)
    folder = tmp_path / "www" / "digest"
    done = sender.run("digest", "archive", str(folder), "--url", "https://stadt.example/digest")

    assert (done.returncode, sent(done)) == (0, [f"2 issues written to {folder}"])
    names = ["1-2026-w38.html", "2-2026-w42.html", "feed.atom", "index.html"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert (
        folder.joinpath(names[1]).read_text("utf-8")
        == sender.run("digest", "issues", "show", "2", "-F", "html").stdout
    )
    index = folder.joinpath("index.html").read_text("utf-8")
    assert re.findall(r'href="(\d[^"]*)"', index) == [names[1], names[0]]
    feed = feedparser.parse(folder.joinpath("feed.atom").read_bytes())
    assert not feed.bozo
    assert [entry.link for entry in feed.entries] == [
        f"https://stadt.example/digest/{name}" for name in (names[1], names[0])
    ]
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    time.sleep(0.01)
    sender.run("digest", "archive", str(folder), "--url", "https://stadt.example/digest")
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


@pytest.mark.row("D20")
def test_D20_a_folder_that_cannot_be_written(sender: Home, tmp_path: Path) -> None:
    sender.run("digest", "send", "--week", "this")
    (tmp_path / "file").write_text("mine")
    done = sender.run("digest", "archive", str(tmp_path / "file"))

    assert done.returncode == 6
    assert "[io.file]" in done.stderr
    assert (tmp_path / "file").read_text() == "mine"


def test_the_pages_are_valid_and_load_nothing(sender: Home, tmp_path: Path) -> None:
    import html5lib

    sender.run("digest", "send", "--week", "this")
    sender.run("digest", "archive", str(tmp_path / "www"))
    for path in (tmp_path / "www").glob("*.html"):
        text = path.read_text("utf-8")
        html5lib.HTMLParser(strict=True).parse(text)
        assert "<script" not in text
        assert not re.search(r"<(img|link rel=.stylesheet|iframe)[^>]*https?:", text)
