"""``[mail]`` in the configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli_w

from kommcli.config.example import as_toml
from kommcli.config.load import parse
from kommcli.config.mailing import MailSettings
from kommcli.errors import ConfigError
from kommcli.model import Secret
from kommcli.outgoing import Mailbox

PATH = Path("config.toml")


def mail(text: str) -> MailSettings:
    found = parse("[mail]\n" + text, PATH).mail
    assert found is not None
    return found


def test_without_a_table_there_is_none() -> None:
    assert parse("", PATH).mail is None


def test_what_is_written_comes_back() -> None:
    found = mail(
        """
        from = '"Amt, Köln" <digest@städte.example>'
        reply_to = "presse@stadt.example"
        to = ["a@b.example", "A@B.example", "Rat <rat@b.example>"]
        mode = "bcc"
        host = "smtp.städte.example"
        security = "tls"
        user = "name"
        password = { keyring = ["post", "name"] }
        timeout = 5.5
        list_id = "<brief.stadt.example>"
        unsubscribe = "https://stadt.example/ab?melden=1"
        """
    )

    assert found.sender == Mailbox("Amt, Köln", "digest@xn--stdte-hra.example")
    assert [one.address for one in found.to] == ["a@b.example", "rat@b.example"]
    assert (found.host, found.port) == ("smtp.xn--stdte-hra.example", 465)
    assert (found.password, found.list_id) == (Secret(keyring=("post", "name")), "brief.stadt.example")
    config = parse("[mail]\n", PATH)
    assert config.mail
    for text in ("", 'from = "x@y.example"\nsendmail = "/usr/bin/msmtp -a work"\n'):
        config = parse("[mail]\n" + text, PATH)
        assert parse(tomli_w.dumps(as_toml(config)), PATH).mail == config.mail


def test_all_of_it_written_out_is_the_same() -> None:
    config = parse(
        '[mail]\nfrom = "Amt, Köln <d@x.example>"\nhost = "h"\nuser = "u"\npassword = { command = "p x" }\n',
        PATH,
    )
    assert parse(tomli_w.dumps(as_toml(config)), PATH).mail == config.mail


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_usual_ports(security: str, port: int) -> None:
    assert mail(f'host = "::1"\nsecurity = "{security}"').port == port
    assert mail(f'host = "::1"\nsecurity = "{security}"\nport = 2525').port == 2525


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "LOCALHOST."])
def test_without_TLS_on_this_machine_only(host: str) -> None:
    assert mail(f'host = "{host}"\nsecurity = "none"').security == "none"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('from = "nobody"', 2, "a mail address"),
        ('from = "a@b.example\\r\\nBcc: c@d.example"', 2, "a mail address"),
        ('to = ["a@b.example", "x"]', 2, "a mail address"),
        ('mode = "cc"', 2, "to, each, bcc"),
        ('host = "http://x/"', 2, "the name of a server"),
        ('host = "-oProxyCommand=x"', 2, "the name of a server"),
        ("port = 70000", 2, "65535"),
        ('\nsecurity = "none"\nhost = "10.0.0.1"', 3, "without TLS"),
        ('security = "none"\nhost = "localhost.evil.example"', 2, "without TLS"),
        ('user = "x"\npassword = "s3cret"', 3, 'write { env = "NAME" }'),
        ('user = "x"\npassword = { value = "s3cret" }', 3, "is wanted"),
        ("sendmail = [1]", 2, "a program"),
        ('sendmail = "a \'b"', 2, "a program"),
        ('list_id = "brief"', 2, "a name such as"),
        ('unsubscribe = "http://x.example"', 2, "mailto: or https://"),
        ('unsubscribe = "mailto:a@b.example>, <javascript:x"', 2, "mailto: or https://"),
        ('hosst = "x"', 2, "host"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line_and_without_secrets(
    text: str, line: int, words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        mail(text)

    said = str(caught.value)
    assert said.startswith(f"config.toml:{line}: ")
    assert words in said.replace(". A", ". a").replace(". T", ". t")
    assert "s3cret" not in said
