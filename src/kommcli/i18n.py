"""The language of the sentences that people read: English in the source, German in ``locale/de``.

``use()`` is called once, before the commands are imported, because help texts are built at import.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Mapping
from pathlib import Path

LANGUAGES = ("de", "en")

_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def use(language: str) -> None:
    """Speak ``language`` ("de" or "en") from now on."""
    global _catalogue, _language
    _language = language
    _catalogue = _gettext.NullTranslations()
    if language != "en":
        folder = Path(__file__).with_name("locale")
        _catalogue = _gettext.translation("kommcli", folder, [language], fallback=True)


def language() -> str:
    """The language in use, "de" or "en"."""
    return _language


def _(message: str) -> str:
    """``message`` in the language in use."""
    return _catalogue.gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a sentence for ``count`` things, in the language in use."""
    return _catalogue.ngettext(one, many, count)


def N_(message: str) -> str:
    """Mark ``message`` for the catalogue; it is translated where it is shown."""
    return message


def from_locale(environ: Mapping[str, str]) -> str:
    """English when the locale says English, else German: the readers are German.

    The variables in the order of POSIX: LC_ALL, LC_MESSAGES, LANG.
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            return "en" if value.lower().startswith("en") else "de"
    return "de"
