"""The kind of an article: what its label, kicker or category calls it, else what its form gives away.

Precision first: plain news has no kind. An editor's own label wins over every form.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kommcli.about import Evidence, Found
from kommcli.text import fold

if TYPE_CHECKING:
    from kommcli.model import Entry

_NAMES = {
    "bericht": "Bericht, Berichte, Report, Reportage, Praxisbericht, Anwenderbericht, Erfahrungsbericht, "
    "Hintergrund, Hintergrundbericht, Praxisbeispiel, Feature, Analyse, Fachbeitrag, Fachartikel, "
    "Titelgeschichte, Best Practice, Werkstattbericht, Ortstermin, Ortsbesuch, Praxis-Bericht",
    "interview": "Interview, Interviews, Im Gespräch, Nachgefragt, Drei Fragen an, Fünf Fragen an, "
    "3 Fragen an, 5 Fragen an, Im Interview, Gespräch, Kurzinterview, Nachgehakt",
    "meldung": "Meldung, Kurzmeldung, Kurz gemeldet, Kurz notiert, Kurznachricht",
    "kommentar": "Kommentar, Kommentare, Gastbeitrag, Gastkommentar, Meinung, Standpunkt, Kolumne, "
    "Leitartikel, Editorial, Glosse, Debatte, Zwischenruf, Essay, Standpunkte, Kommentiert, Gastkolumne",
    "studie": "Studie, Studien, Umfrage, Umfragen, Whitepaper, Untersuchung, Befragung, Marktstudie, "
    "Gutachten, Ranking, Barometer, Erhebung, Kurzstudie, Marktanalyse, Städteranking",
    "termin": "Termin, Termine, Aktuelle Termine, Veranstaltung, Veranstaltungen, Webinar, Webinare, "
    "Veranstaltungstipp, Veranstaltungshinweis, Live-Webinar, Online-Seminar, Seminar, Terminhinweis, "
    "Termintipp, Save the Date, Events, Event, Terminkalender, Einladung, Einladungen, Vorschau, Infoabend",
    "personalie": "Personalie, Personalien, Personalia, Köpfe, Personalwechsel, "
    "Menschen & Positionen, Namen und Nachrichten",
    "ausschreibung": "Ausschreibung, Ausschreibungen, Vergabebekanntmachung, Auftragsbekanntmachung, "
    "Öffentliche Ausschreibung, EU-Ausschreibung, Tender",
    "podcast": "Podcast, Podcasts, Podcast-Folge, Zum Hören",
}
"""What editors call a kind in labels, kickers and categories."""

_KICKERS = (
    (
        "termin",
        r"(?:live-?)?webinar\b|web-?seminar\b|online-(?:seminar|veranstaltung)\b|termin(?:e|tipps?)?\b",
    ),
    ("interview", r"(?:kurz-?)?interview\b|im gesprach\b|nachgefragt\b|(?:\w+) fragen an\b"),
    ("podcast", r"podcast\b"),
    ("kommentar", r"(?:gast)?kommentar\b|gastbeitrag\b|kolumne\b|standpunkt\b|meinung\b"),
    ("studie", r"(?:\w+-)?studie\b|umfrage\b"),
    ("ausschreibung", r"(?:offentliche |eu-(?:weite )?)?ausschreibung\b|vergabebekanntmachung\b"),
    ("bericht", r"(?:praxis|anwender|erfahrungs)bericht\b|reportage\b"),
    ("personalie", r"personalien?\b"),
)
"""How a kicker or the head of a title begins that gives away the kind (folded)."""

_POST = (
    r"(?:(?:ober)?burgermeister|landrat|prasident|vorstand|vorsitzende|vorstandsvorsitzende|geschaftsfuhr|chef|"
    r"leit|direktor|sprecher|beauftragte|amtsleit|dezernent|beigeordnete|staatssekretar|kammer|cio|cdo|ciso|"
    r"ceo|cto|coo|cfo|cdio|digitalminister|abteilungsleit|referatsleit|verbandsspitze|doppelspitze|"
    r"generalsekretar|hauptgeschaftsfuhr|verwaltungsrat|aufsichtsrat)"
)
_PERSONALIE = (
    rf"(?:neu(?:r|n|s|m)?|kunftig(?:r|n)?|designiert\w*|kommissarisch\w*|erst(?:r|e|en|er))\s+(?:\w+\s)?[\w-]*{_POST}",
    rf"(?:wird|ist|bleibt|als)\s+(?:[\w-]+\s+){{0,3}}[\w-]*{_POST}\w*(?:$|[\s.,:])",
    r"ubernimmt\s+(?:[\w-]+\s+){0,4}(?:leitung|vorsitz|fuhrung|posten|amt|spitze|geschaftsfuhrung|ruder)\b",
    r"folgt\s+(?:\w+\s+){0,3}(?:auf|nach)\b|tritt\s+(?:\w+\s+){0,3}nachfolge|nachfolg(?:r|er|erin|e)\s+von\b",
    rf"\b(?:neue|neu|alte|gewahlte|wiedergewahlte)?\s*doppelspitze|fuhrungswechsel|wechsel an der spitze|"
    rf"neu\w* (?:verbands)?spitze|an der spitze\b.*\bneu|geht in (?:den )?ruhestand|verabschiedet sich|"
    rf"\b(?:zum|zur)\s+(?:neun\s+|neur\s+)?[\w-]*{_POST}\w*\s+(?:gewahlt|ernannt|berufen|bestellt)|"
    r"(?:in|im) amt (?:bestatigt|eingefuhrt)|wechselt (?:zu|zur|zum|in|nach)\b",
)
"""Titles of news about people (folded: neuer is "neur")."""

_PERSONALIE_TEASER = (
    r"folgt (?:damit |dort )?auf\b|nachfolg(?:e|er|erin) von\b|tritt die nachfolge|"
    r"ubernimmt (?:[\w-]+ ){0,4}?(?:zum|ab|am|seit|die leitung)|"
    r"neu\w* (?:leiter|leiterin|geschaftsfuhr\w*|vorsitzend\w*|cio|cdo|ciso|chef\w*|prasident\w*|vorstand)|"
    r"wird (?:zum|ab|am)|gewahlt|ruhestand|bisher\w*|an der spitze|amt(?:es)? an|amtsantritt|amtsinhaber|"
    r"\b(?:berufen|bestellt|ernannt)\b|verantwortet|vorgang(?:er|rin)|nachfolg"
)
_PERSONALIE_SAID = (
    rf"\b(?:ist|wird|heisst) (?:[\w.-]+ ){{0,5}}(?:neu|neur|neus|kunftig|kunftigr) (?:[\w-]+ )?[\w-]*{_POST}"
)
"""A teaser that says who has a post now."""
_SURVEY = r"(?:studie|umfrage|untersuchung|befragung|erhebung)"
_STUDIE = (
    r"^(?:neu )?(?:[\w-]*(?:studie|umfrage|befragung|report|barometer|index|ranking|erhebung)|"
    r"(?:[\w-]+-)?(?:untersuchung|atlas|monitor|analyse))"
    r"(?: \d{4})?(?::| zeigt| belegt| sieht| ergibt| untersucht| zur?\b| zum\b| uber\b)|"
    rf"\b(?:{_SURVEY}|report)\s+(?:zeigt|belegt|ergibt|sieht|untersucht|offenbart|bescheinigt|warnt|benennt|nennt)"
)
_STUDIE_TEASER = (
    rf"\b(?:das|dies) (?:zeigt|ergab|ergibt|belegt|geht aus)\b.{{0,60}}?(?:{_SURVEY}|report|barometer|index|"
    rf"analyse|ranking)|{_SURVEY}\b.{{0,80}}?\b(?:zeigt|ergab|ergibt|belegt|zufolge|kommt zu|hervor|befragt|"
    rf"untersucht)|(?:laut|nach|so) (?:ein\w*|der|dem)(?: neun?)? (?:[\w-]+ )?[\w-]*(?:{_SURVEY}|index|"
    r"barometer|ranking)\b|\bder befragt|"
    r"\bbefragt (?:kommun|stadt|gemeind|beschaftigt|burger|unternehm|verwaltung)|"
    r"\b(?:studie|umfrage|befragung) unter (?:\w+ )?[\d.]{2,}"
)
_ASKED = (
    r"\bbittet\b|\bruft\b.{0,60}\bauf\b|mitmachen|teilnehmen|fragebogen|noch bis|\bgefragt\b|"
    r"konnen sich .{0,40}beteilig"
)
"""A survey that has yet to be answered is none that tells something."""
_INTERVIEW = r"\bim interview\b|\binterview mit\b"
_INTERVIEW_TEASER = rf"{_INTERVIEW}|\b(?:erklart )?im gesprach(?: mit)?\b|\bsp(?:rich|rach)t? mit\b"
_KOMMENTAR_TEASER = (
    r"\b(?:meint|findet|kommentiert|schreibt) unser\w* (?:gast)?(?:autor|kommentator|redakteur|kolumnist)|"
    r"\bein (?:gast|zwischen)?(?:kommentar|beitrag|standpunkt|ruf|meinungsbeitrag|pladoyer|essay)\w* "
    r"(?:von|fur|gegen)\b|"
    r"\b(?:in (?:sein|ihr)\w*|im) (?:gast(?:beitrag|kommentar)|kommentar|leitartikel)\b"
)
_QUOTED = r"[„\"»“].*?[“\"«”]"
_BERICHT = (
    r"\bein(?:en)? (?:praxis|erfahrungs|werkstatt|anwender|zwischen)?bericht (?:uber|aus|von)\b|"
    r"\beine? (?:reportage|ortsbesuch)\b|"
    r"\b(?:praxis|erfahrungs|werkstatt|anwender)bericht\b"
)
_TENDER = (
    r"\bschreib(?:t|en)\b.{0,90}\baus\b|\b(?:ist|sind|wird|werden|hat|haben)\b.{0,90}\bausgeschrieben\b|"
    r"\bsuch(?:t|en) .{0,60}(?:offen\w* verfahren|europaweit|eu-weit|teilnahmewettbewerb)|"
    r"\b(?:angebote|teilnahmeantrage|angebotsfrist|interessierte firmen)\b.{0,60}\bbis (?:zum )?\d"
)
_TENDER_WORDS = (
    r"vergabe|ausschreibung|angebot|bieter|rahmenvertrag|rahmenvereinbarung|teilnahmewettbewerb|europaweit|eu-weit|"
    r"auftrag|beschaff|offen\w* verfahren|\blos\b"
)
_NO_TENDER = r"stelle|stipendi|preis|wettbewerb|forder|azubi|ausbildung|posten"
_TERMIN = (
    r"\bfindet (?:[\w-]+ ){0,6}?(?:am|vom|von) (?:[\w-]+,? (?:den )?)?\d.{0,120}?\bstatt\b|"
    r"\b(?:anmeld(?:ung|ungen|eschluss)|melden sie sich|anmelden)\b.{0,60}?"
    r"\b(?:bis|unter|ist|sind|moglich|kostenfrei|kostenlos)\b|\bla(?:dt|den)\b.{0,90}?\bam \d|"
    r"\bam \d.{0,60}?\bla(?:dt|den)\b|\btr(?:effen|ifft) sich\b|\beintritt\b|\bbeginn\b|\d uhr\b"
)
_PAST = r"\b(?:fand|fanden|traf|trafen|kamen|endete|diskutierten|besuchten|stellten|zeigten|lud|luden)\b"
_DAY = (
    r"\b\d{1,2}\.(?:\s?(?:bis|und|–|-)\s?\d{1,2}\.)?\s?"
    r"(?:januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember|\d{1,2}\.)"
)
_SIGN_UP = rf"\banmeld\w*\b.{{0,60}}?\bbis (?:zum |spatestens )?{_DAY}"
_EVENT = (
    r"webinar|kongress|konferenz|messe|tagung|seminar|workshop|fachtag|forum|veranstaltung|summit|symposium|"
    r"barcamp|treffen|tag der |convention|gipfel|[a-z]{3}tag\b|[a-z]{3}tage\b|woche der |nacht der |festival"
)


_READ = 1_000
"""Letters read of title and teaser, for the patterns look again at every word."""


def kind_named(name: str) -> str:
    """The kind that a label, kicker or category names: ``Im Gespräch`` gives "interview"; else ""."""
    return _by_name().get(fold(name), "")


@cache
def _by_name() -> dict[str, str]:
    return {fold(name): kind for kind, names in _NAMES.items() for name in names.split(", ")}


def kind_of(entry: Entry) -> Found[str] | None:
    """The kind of ``entry``, or None where nothing says it: meldung, bericht, interview, kommentar, studie,
    termin, personalie, ausschreibung or podcast.
    """
    return _labelled(entry) or _headed(entry) or _heard(entry) or _formed(entry)


def _found(kind: str, where: str, words: str, rule: str, weight: float) -> Found[str]:
    return Found(kind, weight, (Evidence(where, words, rule, weight),))


def _labelled(entry: Entry) -> Found[str] | None:
    """By a kicker or category that is the name of a kind; the weakest label, Meldung, comes last."""
    labels = [("kicker", entry.kicker), *(("category", name) for name in entry.categories)]
    named = [(kind, where, words) for where, words in labels if words and (kind := kind_named(words))]
    named.sort(key=lambda one: one[0] == "meldung")
    if named:
        kind, where, words = named[0]
        return _found(kind, where, words, where, 3.0)
    return None


def _headed(entry: Entry) -> Found[str] | None:
    """By how the kicker begins, or the title before its colon: Live-Webinar „…“, Drei Fragen an …"""
    head, colon, _rest = entry.title.partition(":")
    for where, words in (("kicker", entry.kicker), ("title", head if colon else "")):
        text = fold(words).lstrip("\"' ")
        for kind, pattern in _KICKERS:
            if text and re.match(pattern, text) and len(text) <= 80:
                return _found(kind, where, words, where, 2.5)
    return None


def _heard(entry: Entry) -> Found[str] | None:
    sound = entry.enclosure
    if sound and (
        sound.type.startswith("audio/") or (not sound.type and sound.url.endswith((".mp3", ".m4a")))
    ):
        return _found("podcast", "enclosure", sound.type or sound.url, "audio", 2.5)
    return None


def _formed(entry: Entry) -> Found[str] | None:
    """By title, teaser and the form of the body."""
    title, teaser = fold(entry.title[:_READ]), fold(entry.teaser[:_READ])
    return (
        _interview(entry, title, teaser)
        or _opinion(entry, teaser)
        or _people(entry, title, teaser)
        or _tender(entry, title, teaser)
        or _survey(entry, title, teaser)
        or _date(entry, title, teaser)
    )


def _interview(entry: Entry, title: str, teaser: str) -> Found[str] | None:
    questions = sum(block.text.rstrip().endswith("?") for block in entry.body)
    said = re.search(_INTERVIEW_TEASER, teaser)
    if questions >= 3 and questions * 4 >= len(entry.body):
        asked = next(block.text for block in entry.body if block.text.rstrip().endswith("?"))
        return _found("interview", "body", asked, "form", 2.0)
    if said and (questions or re.search(_INTERVIEW, said[0])):
        return _found("interview", "teaser", entry.teaser, "form", 2.0)
    if re.search(r"\binterview mit\b", title):
        return _found("interview", "title", entry.title, "form", 2.0)
    return None


def _opinion(entry: Entry, teaser: str) -> Found[str] | None:
    """What the teaser itself calls the article, or says in the first person outside of quotations."""
    if re.search(_KOMMENTAR_TEASER, teaser) or re.search(r"\bich\b", re.sub(_QUOTED, "", teaser)):
        return _found("kommentar", "teaser", entry.teaser, "form", 2.0)
    if re.search(_BERICHT, teaser):
        return _found("bericht", "teaser", entry.teaser, "form", 2.0)
    return None


def _people(entry: Entry, title: str, teaser: str) -> Found[str] | None:
    if any(re.search(pattern, title) for pattern in _PERSONALIE) and (
        not teaser or re.search(_PERSONALIE_TEASER, teaser)
    ):
        return _found("personalie", "title", entry.title, "form", 2.0)
    if re.search(_PERSONALIE_SAID, teaser):
        return _found("personalie", "teaser", entry.teaser, "form", 1.5)
    return None


def _tender(entry: Entry, title: str, teaser: str) -> Found[str] | None:
    if re.search(_NO_TENDER, title):
        return None
    for where, text, words in (("title", title, entry.title), ("teaser", teaser, entry.teaser)):
        if re.search(_TENDER, text) and re.search(_TENDER_WORDS, f"{title} {teaser}"):
            return None if re.search(_NO_TENDER, text) else _found("ausschreibung", where, words, "form", 2.0)
    return None


def _survey(entry: Entry, title: str, teaser: str) -> Found[str] | None:
    if re.search(_ASKED, teaser):
        return None
    if re.search(_STUDIE, title):
        return _found("studie", "title", entry.title, "form", 2.0)
    if re.search(_STUDIE_TEASER, teaser):
        return _found("studie", "teaser", entry.teaser, "form", 1.5)
    return None


def _date(entry: Entry, title: str, teaser: str) -> Found[str] | None:
    """An invitation: a day to come and the name of an event, or the words of one."""
    if not re.search(_EVENT, f"{fold(entry.kicker)} {title} {teaser}") or re.search(_PAST, teaser):
        return None
    if re.search(_TERMIN, teaser) and re.search(_DAY, f"{title} {teaser}"):
        return _found("termin", "teaser", entry.teaser, "form", 1.5)
    for block in entry.body[:3]:
        if re.search(_SIGN_UP, fold(block.text[:_READ])):
            return _found("termin", "body", block.text, "form", 1.5)
    return None
