"""``[mail]`` as a whole: what it says, and what fits together. Imported only where there is such a table."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kommcli.config.problems import Problems
from kommcli.i18n import _
from kommcli.model import Secret
from kommcli.outgoing import Mailbox

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""The usual port of each kind of security (RFC 8314 section 3.3, RFC 6409)."""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mails leave: by ``host`` or, where it is given, by the program ``sendmail``."""

    sender: Mailbox | None
    reply_to: Mailbox | None
    to: tuple[Mailbox, ...]
    mode: str
    """"to", "each" or "bcc"."""
    host: str
    port: int
    security: str
    """"starttls", "tls" or "none"."""
    user: str
    password: Secret | None
    sendmail: tuple[str, ...]
    timeout: float
    list_id: str
    unsubscribe: str


def settings(values: Mapping[str, Any], problems: Problems) -> MailSettings:
    """The settings that the checked ``values`` of the table make; what does not fit goes to ``problems``."""
    host = values["host"]
    if values["security"] == "none" and host and not _is_loopback(host):
        problems.add(
            ("mail", "security"),
            _("without TLS no mail leaves this machine: {host}").format(host=host),
            remedy=_('Write security = "starttls" or "tls".'),
        )
    if values["sendmail"] and host:
        problems.add(
            ("mail", "sendmail"),
            _("host and sendmail are two ways to send"),
            remedy=_("Take one of them out."),
        )
    renamed = {"sender" if name == "from" else name: value for name, value in values.items()}
    return MailSettings(**renamed | {"port": values["port"] or PORTS[values["security"]]})


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
