"""The kinds of values that keys of ``[mail]`` have, as in `kinds`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kommcli.config.kinds import secret, text
from kommcli.i18n import _

if TYPE_CHECKING:
    from kommcli.model import Secret
    from kommcli.outgoing import Mailbox


def address(value: Any) -> Mailbox:
    """ "name@example.org" or "Name <name@example.org>"."""
    from kommcli.outgoing import mailbox

    try:
        return mailbox(text(value))
    except ValueError:
        raise ValueError(_('a mail address such as "Name <name@example.org>" is wanted')) from None


def addresses(value: Any) -> tuple[Mailbox, ...]:
    """One address or a list of them; one that stands there twice counts once."""
    found = [address(one) for one in (value if isinstance(value, list) else [value])]
    return tuple({one.address.casefold(): one for one in reversed(found)}.values())[::-1]


def host(value: Any) -> str:
    """The name or IP address of a server; empty for none."""
    import ipaddress

    name = text(value).strip()
    try:
        ipaddress.ip_address(name)
    except ValueError:
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            name = "?"
        if not re.fullmatch(r"[A-Za-z0-9._-]*", name) or name.startswith("-"):
            raise ValueError(_('the name of a server such as "smtp.example.org" is wanted')) from None
    return name


def program(value: Any) -> tuple[str, ...]:
    """A program with its arguments, as a list or as one text; it is run without a shell."""
    import shlex

    try:
        arguments = shlex.split(value) if isinstance(value, str) else value
    except ValueError:  # a quotation mark that is not closed
        arguments = None
    if not isinstance(arguments, list) or not all(isinstance(part, str) and part for part in arguments):
        raise ValueError(_('a program such as ["/usr/sbin/sendmail"] is wanted'))
    return tuple(map(text, arguments))


def password(value: Any) -> Secret:
    """Where the password is found; never the password."""
    if isinstance(value, str):
        raise ValueError(_('a password does not belong into this file; write { env = "NAME" }'))
    return secret(value)


def list_id(value: Any) -> str:
    """ "digest.example.org" (RFC 2919); empty for none."""
    name = text(value).strip().strip("<>")
    if name and not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+", name):
        raise ValueError(_('a name such as "wochenbrief.stadt.example" is wanted'))
    return name


def way_out(value: Any) -> str:
    """Where recipients unsubscribe: a mailto: or https: address (RFC 2369); empty for none."""
    link = text(value).strip()
    if link and not re.fullmatch(r"(mailto:[^\s<>@,]+@|https://)[!-;=?-~]+", link):
        raise ValueError(_("an address that begins with mailto: or https:// is wanted"))
    return link
