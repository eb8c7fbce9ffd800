"""Articles as readers get them: a report with its related ones, an interview with every kind of block, and
whatever hypothesis makes of the values that the parser's seam lets through."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from kommcli import dates, text, urls
from kommcli.model import (
    BODY_TYPES,
    Article,
    Block,
    BlockType,
    Enclosure,
    Image,
    Link,
    Mention,
    Place,
    Related,
    Source,
    Topic,
)
from kommcli.render.reading import Reading

SITE = "https://www.kommune21.example"


def day(written: str) -> datetime:
    """The start of a day in Berlin."""
    number, month, year = map(int, written.split("."))
    return dates.utc(datetime(year, month, number))


def paragraph(words: str, *links: tuple[str, str]) -> Block:
    """A paragraph in which some words are links."""
    found = [Link(words.index(part), words.index(part) + len(part), url) for part, url in links]
    return Block(BlockType.PARAGRAPH, words, tuple(found))


_MORE = """\
16.10.2025||Altmoor|Flori hält Wort|Nach einem Probejahr mit guten Noten will die fiktive Hafenstadt Altmoor \
den KI-gestützten Kleingartenassistenten Flori Schritt für Schritt allen Pachtvereinen zur Verfügung \
stellen. Künftig könnte sich die Wartezeit auf einen Pachtbescheid dadurch um bis zu 37 Prozent \
verkürzen, rechnet das Grünflächenamt.
16.10.2025||Quellbrunn|Würfelnd zur KI-Urkunde|Mit einem Brettspiel fürs Tablet erwerben Einwohnerinnen und \
Einwohner der Gemeinde Quellbrunn seit dieser Woche Zug um Zug eine KI-Urkunde. Die Aufgaben stammen \
aus dem Alltag, zum Beispiel aus Küche, Busverkehr oder Kleiner Garten.
15.10.2025||Bad Erlenau|KI findet Akten|Weil Bauakten bisher in drei Kellern lagen, lässt das Rathaus von \
Bad Erlenau nun eine KI-gestützte Ablage die Regale im Archiv sortieren.
09.10.2025||Nordmark|Acht mit KI|Acht Gemeinden der Nordmark setzen im Rahmen des vom Kreis bezahlten \
Vorhabens „NMV eDorf9 lernt KI – First Step Rathausmodernisierung“ ihre seit 2021 laufende \
gemeinsame Werkstattarbeit fort.
06.10.2025||Stadt Hollerfeld|Mit dem Farbkreisel zur digitalen Gelassenheit|Die Stadt Hollerfeld probt, wo \
kleine Rathäuser Künstliche Intelligenz gelassen und sparsam einsetzen mögen.
06.10.2025||DORFCON|AktenIgel holt Gründerpreis|AktenIgel hat den Kleinen Gründerpreis Land 2025 gewonnen.
02.10.2025|bericht|Ostheide|KI bleibt Handwerkszeug|Die Samtgemeinde Ostheide hat KI-Leitlinien \
beschlossen, die mit einer Sprechstunde beginnen. Der kürzeste Satz darin heißt: KI ist \
Handwerkszeug, kein Amtsleiter.
01.10.2025|bericht|Kreis Birkenau-Seeland|KI ordnet Sperrmüll|Ein freundlicher Telefonautomat macht die \
Sperrmüllabfuhr des Landkreises Birkenau-Seeland pünktlicher, leiser und übersichtlicher.
08.09.2025||Live-Webinar „Rathaus am Mittag“|Low Code und KI als Dream Team|Wer mit \
Low-Code-Baukästen und Künstlicher Intelligenz Formulare selbst zusammensetzt, soll Wochen an \
Wartezeit sparen und nebenbei die Kollegen in der IT schonen."""


def seed() -> Reading:
    """A report with picture, sub-headings, links and its related list. All of it is invented."""
    found = Article(
        id="k7f3q2xa",
        title="Nachbarschaftliche Werkstatt",
        source=Source("kommune21", "Kommune21", f"{SITE}/k21-meldungen/feed/"),
        published=day("14.11.2024"),
        first_seen=day("14.11.2024"),
        kicker="Rheinland-Pfalz",
        url=f"{SITE}/k21-meldungen/nachbarschaftliche-werkstatt/",
        kind="bericht",
        states=("DE-RP",),
        places=(Place("Weinbergshausen", "municipality", "07999000", ("DE-RP",)),),
        topics=(Topic("ki", "Künstliche Intelligenz"), Topic("smart-city", "Smart City")),
    )
    body = (
        paragraph(
            "In Weinbergshausen ist das vierte Werkstattgespräch des Nachbarschaftlichen Verbunds Kluge"
            " Orte (NAVOK KO) unter dem Jahresmotto „Pegel und KI – Werkzeuge für das trockene"
            " Rathaus“ zu Ende gegangen. Das meldet die Landesanstalt für Rathaustechnik, die den"
            " Verbund vor sechs Jahren aus der Taufe hob. Zu NAVOK KO gehören inzwischen 40 Orte, die"
            " ihre Messgeräte, Handbücher und Fehlerlisten miteinander tauschen. „Wer seinen Pegelstand"
            " allein abliest, liest ihn doppelt so oft falsch; zu zweit wird daraus ein Messnetz, auf"
            " das sich die Feuerwehr verlässt,“ meinte Abteilungsleiterin Frauke Tannhäuser-Ilgen. Das"
            " Teilen von Geräten spare Geld und mache die Nächte ruhiger. Auch Ottokar Wendelin,"
            " Ortsbürgermeister von Weinbergshausen, fand Gefallen an der Runde: „Unsere"
            " Regenwassertonnen reden jetzt miteinander. Ohne den NAVOK-Verbund stünden sie stumm"
            " nebeneinander im Hof.“",
            (
                "meldet die Landesanstalt für Rathaustechnik",
                "https://lart.rlp.example/service?id=4711&lang=de",
            ),
        ),
        Block(BlockType.HEADING, "Haltbare Messgeräte auch nach dem letzten Förderjahr"),
        paragraph(
            "Der Verbund begann mit drei Dörfern, unter ihnen Weinbergshausen, und bekam Geld aus dem"
            " Topf „Helle Köpfe für Weinbergshausen“ (HKW) dazu (mehr dazu hier)."
            " „In den vielen Abendkursen zu nützlichen Werkzeugen der Verwaltungsdigitalisierung, die"
            " NAVOK KO seither veranstaltet, gab es immer genug Platz für Fragen,"
            " Fehlversuche und gegenseitiges Abschauen. Vom Hochwassermeldeplan über die"
            " Ausleihe von Messkoffern bis zur Übersetzung von Bescheiden mit Künstlicher Intelligenz"
            " haben die Dörfer einander erspart, dieselbe Anleitung ein zweites Mal zu schreiben"
            " oder einen Dienstleister zu bezahlen“, erzählt Tannhäuser-Ilgen.",
            ("mehr dazu hier", f"{SITE}/k21-meldungen/helle-koepfe/"),
        ),
        paragraph(
            "Das Geld reicht noch bis Ende 2024, aber der Ort habe nach Wendelins Worten schon manches"
            " davon gebaut, zum Beispiel Sensoren für Spielplätze oder Lampen entlang der"
            " Rebhangtreppe."
        ),
        Block(BlockType.HEADING, "Künstliche Intelligenz am Regenfass"),
        paragraph(
            "Viel Zeit nahm sich die Runde für den Nutzen von Künstlicher Intelligenz (KI) und"
            " Messreihen im Bauhof. Gestritten wurde vor allem darüber, ob solche"
            " Vorhersagen Einsatzpläne und Bereitschaftsdienste verlässlicher machen. Zur Anschauung"
            " diente das Regenfassverzeichnis von Weinbergshausen, das die Füllstände von Zisternen und"
            " Rückhaltebecken für Starkregen schätzt und so eine Grundlage für"
            " Hochwasserschutzinvestitionen schafft."
        ),
    )
    related = []
    for line in _MORE.split("\n"):
        date, label, kicker, title, teaser = line.split("|")
        slug = text.fold(title).replace(" ", "-")
        mention = Mention(title, kicker, f"{SITE}/k21-meldungen/{slug}/", day(date), teaser, label)
        related.append(Related(mention))
    return Reading(
        found,
        "Zum Jahresmotto „Pegel und KI – Werkzeuge für das trockene Rathaus“ trafen sich beim vierten"
        " Werkstattgespräch des Verbunds NAVOK KO in Weinbergshausen Bauhofleiterinnen und Kämmerer"
        " der beteiligten Orte und stritten über den Nutzen gemeinsamer Messnetze für ruhigere"
        " Bereitschaftsdienste.",
        body,
        Image(
            f"{SITE}/wp-content/uploads/2024/11/werkstatt.jpg",
            "Symbolbild Werkstatt: Zeichnung einer Regentonne, daneben Gegenstände wie Messlatten und"
            " Gummistiefel.",
            "Das jüngste Werkstattgespräch des Verbunds NAVOK KO drehte sich vor allem um den Nutzen von"
            " Künstlicher Intelligenz (KI) und vernetzten Messgeräten für kleine Orte",
            "Wiebke Zeichner/bilderhof.example",
        ),
        tuple(related),
        "Künstliche Intelligenz",
    )


def interview() -> Reading:
    """An interview that has every kind of block, and a short related list from the archive."""
    found = Article(
        id="m2v7d9qe",
        title="„Wir suchen keine Einhörner“",
        source=Source("kommunaldigital", "Kommunal Digital", "https://www.kommunaldigital.example/feed/"),
        published=datetime(2026, 10, 13, 11, 0, tzinfo=UTC),
        first_seen=datetime(2026, 10, 13, 12, 0, tzinfo=UTC),
        updated=datetime(2026, 10, 14, 7, 12, tzinfo=UTC),
        kicker="Interview",
        url="https://www.kommunaldigital.example/meldungen/wir-suchen-keine-einhoerner/",
        kind="interview",
        enclosure=Enclosure(
            "https://www.kommunaldigital.example/ton/einhoerner.mp3", "audio/mpeg", 18_400_000
        ),
        states=("DE-BW",),
        places=(Place("Karlsruhe", "municipality", "08212000", ("DE-BW",)),),
        topics=(Topic("personal", "Personalwesen"),),
        truncated=True,
    )
    body = (
        Block(
            BlockType.QUESTION,
            "Frau Abelmann, bei Ihnen sind derzeit nur zwei von 70 IT-Stellen unbesetzt. Was machen Sie"
            " anders?",
        ),
        paragraph(
            "Vor allem suchen wir keine Einhörner mehr. Unsere Ausschreibungen waren früher zwei Seiten"
            " lang und verlangten Kenntnisse in elf Fachgebieten. Heute stehen dort drei Aufgaben und"
            " drei Anforderungen, alles andere lässt sich lernen. Die Vorlage steht offen im Netz, für"
            " alle Bürgermeister*innen.",
            ("steht offen im Netz", "https://www.karlsruhe.example/vorlagen/stellenanzeige_kurz"),
        ),
        Block(BlockType.QUESTION, "Wer bewirbt sich denn?"),
        paragraph("Sehr unterschiedliche Leute. Drei Gruppen fallen auf:"),
        Block(
            BlockType.LIST,
            "Quereinsteigerinnen und Quereinsteiger aus anderen Berufen\n"
            "  - ein Orchestermusiker, der heute Schnittstellen programmiert\n"
            "  - eine Krankenschwester, die unser Ticketsystem neu geordnet hat\n"
            "Rückkehrer aus der Wirtschaft\n"
            "16. Oktober 2026 ist der nächste Infotag: www.karlsruhe.example/infotag",
        ),
        Block(
            BlockType.QUOTE,
            "Über Menschen entscheiden Menschen. Wir nutzen KI, um Anzeigen besser zu schreiben.",
        ),
        Block(BlockType.IMAGE, "Großraumbüro mit Blick auf das Karlsruher Schloss"),
        Block(BlockType.HEADING, "Verwaltungsdigitalisierungsbeauftragtenausbildungsverordnung"),
        paragraph("Und das Gehalt? Darüber sprechen wir im ersten Gespräch, nicht im letzten."),
    )
    related = (
        Related(
            Mention(
                "Zwei Drittel setzen auf KI", "Studie", "https://www.kommunaldigital.example/meldungen/ki/",
                day("16.10.2026"), "67 Prozent der Kommunen wollen in den nächsten zwei Jahren KI einsetzen.",
            ),
            "yqmfqvyb", True, "gleiches Thema, drei Tage später", "archive",
        ),
        Related(Mention("Personalportal im Doppel", "Mönchengladbach / Wiesbaden", "", day("09.10.2026"))),
        Related(Mention("Neues aus dem Personalamt: Wer kommt, wer geht", kind="meldung")),
    )  # fmt: skip
    return Reading(
        found,
        "Wie gewinnt eine Stadt IT-Fachkräfte, wenn die Wirtschaft besser zahlt? Im Interview mit"
        " Kommunal Digital erklärt Corinna Abelmann, warum sie Stellenanzeigen kürzt und über Gehälter"
        " offen spricht.",
        body,
        Image(
            "", "Porträt einer Frau mit kurzen Haaren vor einer hellen Wand.", "Corinna Abelmann", "privat"
        ),
        related,
        note="Die Seite des Artikels war nicht zu erreichen; gezeigt wird, was der Feed hat.",
    )


# ------------------------------------------------------------------------------------------ hostile ones

_SAMPLES = (
    "1. a", "12) b", "(1) c", "a) d", "iv. e", "- f", "+ g", "* h", "> i", "# j", "#tag", "=", "---", "***",
    "___", "```", "~~~", "| a | b |", ":--", ": x", "::: x", "<b>x</b>", "<!-- x -->",
    "<https://x.example/>", "&amp;", "&#35;", "[x](javascript:alert(1))", "![x](https://x.example/p.png)",
    "[x]: https://x.example/", "[^1]", "[[x]]", "**x**", "__x__", "~~x~~", "$x$", "==x==", "%%x%%", "H~2~O",
    "x^2^", "@name", "a_b_c", "_a_", "Bürger*innen*", "`x`", "x\\", "\\*", "C# #", "## ##",
    "x {#id .class}", "Kicker: Titel", "[16.10.2025] x", "(Bildquelle: x)", "[Bild: x]",
    "<script>alert(1)</script>", "\"onmouseover=x", "'\"", "{{ 7 * 7 }}", "{% x %}", "]]>", "</article>",
    "Weitere Meldungen und Beiträge aus dem Bereich: x", "Achtung!", "x" * 300, "東" * 90, "a\u0301" * 40,
)  # fmt: skip
strange = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="[]()<>{}/=\\:#*_`~^$|+-.!&;@%'\"1aiB x\u0301\u202e\u200d👩💻東äü \n\t", max_size=40),
    st.lists(st.sampled_from(_SAMPLES), max_size=3).map(" ".join),
    st.lists(st.sampled_from(_SAMPLES), max_size=3).map("\n".join),
)
lines = strange.map(text.clean)
addresses = st.one_of(
    st.just(""),
    strange.map(lambda path: urls.absolute("https://news.example/", path)),
    st.sampled_from(
        ["https://x.example/?a=1&amp;b=2&copy;=3", "javascript:alert(1)", "https://x.example/\\<b>"]
    ),
)
instants = st.datetimes(datetime(1990, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC))


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """A block of any type with links somewhere in it."""
    kind = draw(st.sampled_from(BODY_TYPES))
    words = draw(strange.map(text.clean_lines))
    if kind is BlockType.LIST:
        texts = [line for line in words.split("\n") if line]
        levels = draw(st.lists(st.integers(0, 3), min_size=len(texts), max_size=len(texts)))
        words = "\n".join(
            "  " * level + "- " + line if level else line for level, line in zip(levels, texts, strict=True)
        )
    ends = sorted(draw(st.lists(st.integers(0, len(words)), max_size=6)))
    found = [Link(a, b, draw(addresses)) for a, b in zip(ends[::2], ends[1::2], strict=False) if a < b]
    return Block(kind, words, tuple(found))


images = st.builds(Image, addresses, lines, lines, lines)
mentions = st.builds(
    Mention,
    lines,
    lines,
    addresses,
    st.none() | instants,
    lines,
    st.sampled_from(["", "bericht", "1. x"]) | lines,
)
articles = st.builds(
    Article,
    id=st.just("yqmfqvyb"),
    title=lines,
    source=st.builds(Source, st.just("key"), lines, st.just("https://x.example/feed")),
    published=instants,
    first_seen=instants,
    kicker=lines,
    url=addresses,
    kind=st.sampled_from(["", "bericht", "interview"]) | lines,
    published_is_estimate=st.booleans(),
    updated=st.none() | instants,
    enclosure=st.none()
    | st.builds(Enclosure, addresses, st.sampled_from(["audio/mpeg", "video/mp4", "<b>"])),
    level=st.sampled_from(["", "bund", "eu"]),
    states=st.lists(st.sampled_from(["DE-BY", "DE-BE"]), max_size=2).map(tuple),
    places=st.lists(st.builds(Place, lines, st.just("municipality")), max_size=2).map(tuple),
    topics=st.lists(st.builds(Topic, st.just("ki"), lines), max_size=2).map(tuple),
    truncated=st.booleans(),
)
readings = st.builds(
    Reading,
    articles,
    lines,
    st.lists(blocks(), max_size=4).map(tuple),
    st.none() | images,
    st.lists(
        st.builds(Related, mentions, reason=lines, source=st.sampled_from(["page", "archive"])), max_size=3
    ).map(tuple),
    lines,
    lines,
)
