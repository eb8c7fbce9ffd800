"""An issue as an editor's file, and back: round trips, and errors with line and remedy."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kommcli import i18n
from kommcli.digest import draft, sheet
from kommcli.digest.draft import Changes
from kommcli.digest.issue import OWN, Issue, Item, Section
from kommcli.digest.sheet import Sheet
from kommcli.errors import BadUsage
from newsweek import SINCE, UNTIL, issues


@pytest.fixture(autouse=True)
def _german():
    i18n.use("de")
    yield
    i18n.use("en")


def item(number: int, title: str, kicker: str = "", teaser: str = "") -> Item:
    return Item(f"a{number:07d}", title, kicker, SINCE, teaser, source="Kommunal Digital")


KNOWN = {
    one.id: one
    for one in (
        item(1, "Lina nimmt den Hörer ab", "Kreis Bergstraße", "Eine Stimme."),
        item(2, "Bauakten auf Knopfdruck", "Potsdam", "Akten. Online."),
        item(3, "Zwei Drittel setzen auf KI", teaser="Eine Studie."),
    )
}

HEAD = "---\nAusgabe: 2026-W42\n---\n\n"


def made(body: str, known: Mapping[str, Item] = KNOWN) -> tuple[tuple[Section, ...], Changes]:
    return draft.sections(sheet.read(HEAD + body, "entwurf.md"), known, "entwurf.md")


def issue(*sections: Section) -> Issue:
    return Issue(
        "2026-W42",
        "Wochenbrief",
        "Betreff",
        "de",
        SINCE,
        UNTIL,
        "KW 42",
        "12. bis 18. Oktober 2026",
        sections=sections,
    )


# -------------------------------------------------------------------------------------- the round trip


@settings(max_examples=150)
@given(issues, st.data())
def test_what_is_written_is_read_back(found: Issue, data: st.DataObject) -> None:
    picked = frozenset(data.draw(st.sets(st.sampled_from([one.id for one in found.items] or ["none"]))))
    known = {one.id: one for one in found.items}
    read = sheet.read(draft.write(found, picked), "entwurf.md")
    sections, changes = draft.sections(read, known, "entwurf.md")

    for name, names in sheet.FIELDS.items():
        assert read.fields.get(name, "") == getattr(found, name), names
    assert read.introduction == found.introduction
    wanted = []
    for section in found.sections:
        items = [one for one in section.items if one.id in picked or not one.id]
        if items:
            wanted.append((section.key, section.title, tuple(items)))
    assert [(one.key, one.title, one.items) for one in sections] == wanted
    assert changes.retitled == changes.reworded == ()
    assert len(changes.left_out) == len(known.keys() - picked)


@settings(max_examples=100)
@given(st.text(), st.sampled_from(["", HEAD, HEAD + "## A\n"]))
def test_any_text_is_read_or_refused(text: str, head: str) -> None:
    with suppress(BadUsage):
        assert isinstance(sheet.read(head + text, "entwurf.md"), Sheet)


@pytest.mark.parametrize(
    "text", ["-[", "- [x] a", "# a", "## a", "---", "<!-- a", "\\a", "* [", "{a}", "- a"]
)
def test_texts_that_look_like_marks_stay_texts(text: str) -> None:
    found = replace(issue(Section("ki", text, (Item("", teaser=text),))), introduction=(text,))
    read = sheet.read(draft.write(found, frozenset()), "entwurf.md")

    assert read.introduction == (text,)
    assert draft.sections(read, {}, "entwurf.md")[0] == found.sections


# ------------------------------------------------------------------------------------- what editors do

FILE = """\
---
Ausgabe: 2026-W42
Titel: Wochenbrief
Betreff: Betreff
Anrede:
Zahl der Woche:
Gruß:
Unterschrift:
Sprache: de
---

<!--
[x] kommt in die Ausgabe, [ ] nicht, [!] steht in seiner Rubrik ganz oben. Die Reihenfolge bestimmen Sie.
Titel und Anreißer ändern, Zeilen in andere Rubriken ziehen, Rubriken umbenennen, verschieben, ergänzen.
Ein Absatz ohne Kästchen ist Ihr eigener Text. Die Kennung in geschweiften Klammern bitte stehen lassen.
Danach: kommcli digest --from DATEI
-->

Eine Einleitung.

## Künstliche Intelligenz {ki}

- [x] Kreis Bergstraße: Lina nimmt den Hörer ab {a0000001, 12.10.2026, Kommunal Digital}
  Eine Stimme.

- [ ] Zwei Drittel setzen auf KI {a0000003, 12.10.2026, Kommunal Digital, schon in Ausgabe 6}
  Eine Studie.
"""


def test_the_file() -> None:
    one, _two, three = KNOWN.values()
    found = issue(Section("ki", "Künstliche Intelligenz", (one, replace(three, sent_in=6))))
    found = replace(found, introduction=("Eine Einleitung.",))

    assert draft.write(found, frozenset({one.id})) == FILE


def test_pick_drop_order_pin_retitle_move_and_own_text() -> None:
    sections, changes = made(
        """\
Eine Einleitung,
umbrochen vom Editor.

## Aus der Redaktion

Ein eigener Absatz,
über zwei Zeilen.

- [X] Zwei Drittel setzen auf KI {a0000003}

  Ein eigener Anreißer,
  auch umbrochen.

## Rathaus {e-akte}

- [x] Kreis Bergstraße: Lina hebt ab {a0000001, egal was hier steht}
  Eine Stimme.
* [!] Neuer Kicker: Akten sofort {a0000002}
\tAkten. Online.

## Leer gewählt

- [ ] x {a0000009}
""",
        KNOWN | {"a0000009": item(9, "Nicht gewählt")},
    )

    assert sections == (
        Section(
            OWN,
            "Aus der Redaktion",
            (
                Item("", teaser="Ein eigener Absatz, über zwei Zeilen."),
                replace(KNOWN["a0000003"], teaser="Ein eigener Anreißer, auch umbrochen."),
            ),
        ),
        Section(
            "e-akte",
            "Rathaus",
            (
                replace(KNOWN["a0000002"], kicker="Neuer Kicker", title="Akten sofort", pinned=True),
                replace(KNOWN["a0000001"], title="Lina hebt ab"),
            ),
        ),
    )
    assert changes == Changes(
        retitled=("Kreis Bergstraße: Lina hebt ab", "Neuer Kicker: Akten sofort"),
        reworded=("Zwei Drittel setzen auf KI",),
        left_out=("Nicht gewählt",),
        dropped=("Leer gewählt",),
        own=1,
    )


def test_windows_and_english() -> None:
    text = "\ufeff---\r\nissue: 2026-W42\r\nSubject: Hello\r\n---\r\n\r\n## A\r\n\r\nText\r\n"
    read = sheet.read(text, "draft.md")

    assert read.fields == {"key": "2026-W42", "subject": "Hello"}
    assert read.parts[0].title == "A"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "entwurf.md:1: ein Entwurf beginnt mit einer Zeile --- und seinen Feldern"),
        ("\n\nHallo", "entwurf.md:3: ein Entwurf beginnt"),
        ("---\nAusgabe: 2026-W42\n", "entwurf.md:1: die Felder enden nicht"),
        ("---\nBetreff: x\n---\n", 'entwurf.md:1: das Feld "Ausgabe" fehlt'),
        ("---\nAusgabe: 2026-W42\nBetref: x\n---\n", 'entwurf.md:3: das Feld "Betref" gibt es nicht [usage.draft]. Meinten Sie "Betreff"?'),  # noqa: E501
        (HEAD + "<!-- offen\n## A\n", "entwurf.md:5: der Kommentar, der hier beginnt, endet nicht"),
        (HEAD + "# A\n", "entwurf.md:5: Rubriken beginnen mit zwei #"),
        (HEAD + "##\n", "entwurf.md:5: Rubriken beginnen mit zwei #"),
        (HEAD + "## A\n\n## B\n\nText\n", 'entwurf.md:5: die Rubrik "A" ist leer'),
        (HEAD + "- [x] T {a0000001}\n", "entwurf.md:5: ein Artikel steht vor der ersten Rubrik"),
        (HEAD + "## A\n- [j] T {a0000001}\n", "entwurf.md:6: das Kästchen [j] ist unbekannt"),
        (HEAD + "## A\n- [xx] T {a0000001}\n", "entwurf.md:6: dieses Kästchen ist nicht lesbar"),
        (HEAD + "## A\n-[x] T {a0000001}\n", "entwurf.md:6: dieses Kästchen ist nicht lesbar"),
        (HEAD + "## A\n  - [x] T {a0000001}\n", "entwurf.md:6: dieses Kästchen ist nicht lesbar"),
        (HEAD + "## A\n- [x] T\n", "entwurf.md:6: die Kennung in geschweiften Klammern fehlt"),
        (HEAD + "## A\n- [x] T {a0000001}\n- [ ] T {a0000001}\n", "entwurf.md:7: der Artikel a0000001 kommt zweimal vor [usage.draft]. Hier oder in Zeile 6"),  # noqa: E501
        (HEAD + "## A\n- [ ] T {a7777777}\n", "entwurf.md:6: der Artikel a7777777 ist nicht im Archiv"),
    ],
)  # fmt: skip
def test_errors_name_line_and_remedy(text: str, said: str) -> None:
    with pytest.raises(BadUsage) as caught:
        draft.sections(sheet.read(text, "entwurf.md"), KNOWN, "entwurf.md")
    assert str(caught.value).startswith(said)
    assert caught.value.remedy


def test_lines_of_errors_are_those_of_the_file_behind_comments() -> None:
    with pytest.raises(BadUsage, match=r"entwurf\.md:8: "):
        made("<!-- eins\nzwei -->\n## A\n- [?] T {a0000001}\n")
