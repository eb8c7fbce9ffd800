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
16.10.2025||Potsdam|Wohni bewährt sich|Nach erfolgreicher Testphase wird die brandenburgische \
Landeshauptstadt Potsdam den KI-gestützten Wohngeldassistenten Wohni schrittweise in den Echtbetrieb \
überführen. Perspektivisch lässt sich die Bearbeitungszeit von Wohngeldanträgen damit um bis zu 37 \
Prozent reduzieren.
16.10.2025||Regensburg|Spielerisch zum KI-Führerschein|Auf einer innovativen Lernplattform können die \
Bürgerinnen und Bürger der Stadt Regensburg jetzt auf spielerische Art und Weise den KI-Führerschein \
machen. Im Fokus stehen konkrete Alltagsanwendungen etwa aus den Bereichen Mobilität oder Smart City.
15.10.2025||Bad Nauheim|KI unterstützt Suche|Um digitale Informationen leichter auffindbar zu machen, \
hat die Stadt Bad Nauheim eine KI-gestützte Suchfunktion in ihre Website integriert.
09.10.2025||Hessen|Sechs für KI|Sechs hessische Kommunen verfolgen mit dem vom Land geförderten Projekt \
„IKZ eGov6 goes KI – Next Level Verwaltungsdigitalisierung“ eine Fortsetzung ihrer 2022 gestarteten \
interkommunalen Zusammenarbeit.
06.10.2025||Stadt Nettetal|Mit dem Ampelsystem zur digitalen Souveränität|Die Stadt Nettetal zeigt, wie \
kommunale Verwaltungen Künstliche Intelligenz souverän und sicher nutzen können.
06.10.2025||SCCON|GovIntel gewinnt Startup Award|GovIntel ist Sieger des Smart Country Startup Awards 2025.
02.10.2025|bericht|Stuttgart|KI ist Assistenztechnologie|Die Stadt Stuttgart hat eine KI-Strategie \
erarbeitet, die den Menschen in den Mittelpunkt stellt. Der wichtigste Grundsatz lautet: KI ist \
Assistenztechnik, nicht Entscheidungsträger.
01.10.2025|bericht|Kreis Weilheim-Schongau|KI optimiert Bürgerservice|Ein digitaler Assistent gestaltet den \
Bürgerservice des Landratsamts Weilheim-Schongau effizienter, zugänglicher und hochwertiger.
08.09.2025||Live-Webinar „Kommune21 im Gespräch“|Low Code und KI als Game Changer|Durch den Einsatz von \
Low-Code-Plattformen und Künstlicher Intelligenz kann die Entwicklung kommunaler Anwendungen \
beschleunigt und die IT gleichzeitig entlastet werden."""


def seed() -> Reading:
    """A report with picture, sub-headings, links and its related list."""
    found = Article(
        id="k7f3q2xa",
        title="Interkommunale Vernetzung",
        source=Source("kommune21", "Kommune21", f"{SITE}/k21-meldungen/feed/"),
        published=day("14.11.2024"),
        first_seen=day("14.11.2024"),
        kicker="Rheinland-Pfalz",
        url=f"{SITE}/k21-meldungen/nterkommunale-vernetzung/",
        kind="bericht",
        states=("DE-RP",),
        places=(Place("Kaiserslautern", "municipality", "07312000", ("DE-RP",)),),
        topics=(Topic("ki", "Künstliche Intelligenz"), Topic("smart-city", "Smart City")),
    )
    body = (
        paragraph(
            "In Kaiserslautern hat die dritte Fachtagung des Interkommunalen Netzwerks Digitale Stadt"
            " (IKONE DS) unter dem Leitthema „Daten und KI – Bausteine smarter digitaler Lösungen“"
            " stattgefunden. Darüber berichtet das Innenministerium Rheinland-Pfalz, welches das"
            " Netzwerk im Jahr 2019 ins Leben gerufen hatte. IKONE DS umfasst über 30 Kommunen, die"
            " gemeinsam die Digitalisierung ihrer Verwaltungen vorantreiben. „Nur durch interkommunale"
            " Vernetzung können wir die Potenziale digitaler Lösungen voll ausschöpfen und Städte fit"
            " für die Zukunft machen,“ sagte Staatssekretärin Simone Schneider. Ein kooperativer Ansatz"
            " erleichtere die Nutzung von Ressourcen und beschleunige Innovationen. Auch Beate Kimmel,"
            " Oberbürgermeisterin von Kaiserslautern, betonte den Wert des Netzwerks: „Die"
            " Digitalisierung erleichtert den Alltag und baut Barrieren ab. Der Austausch im"
            " IKONE-Netzwerk ist dafür sehr wertvoll.“",
            (
                "berichtet das Innenministerium Rheinland-Pfalz",
                "https://mdi.rlp.example/service?id=4711&lang=de",
            ),
        ),
        Block(BlockType.HEADING, "Nachhaltige Wirkung über die Projektlaufzeit hinaus"),
        paragraph(
            "Das Netzwerk startete mit fünf Städten, darunter Kaiserslautern, und wurde im Rahmen des"
            " Projekts „Herzlich digitale Stadt Kaiserslautern“ (HdS) gefördert (wir berichteten)."
            " „Durch die zahlreichen Veranstaltungen zu relevanten Digitalisierungsthemen, die das"
            " Netzwerk IKONE DS seit 2019 organisiert hat, wurde reichlich Raum für Austausch,"
            " Wissenstransfer und gemeinsames Lernen geschaffen. Von Krisenmanagement über die"
            " Digitalisierung in der Ausbildung bis hin zum Einsatz von Künstlicher Intelligenz hat das"
            " Netzwerk Städte dabei unterstützt, gute Ideen und Kompetenzen mit anderen Kommunen zu"
            " teilen und eigene Digitalisierungsprojekte umzusetzen“, berichtet Schneider.",
            ("wir berichteten", f"{SITE}/k21-meldungen/herzlich-digital/"),
        ),
        paragraph(
            "Die Förderung läuft Ende 2024 aus, doch die Stadt habe laut Schneider bereits zahlreiche"
            " Maßnahmen umgesetzt, etwa Projekte zur Digitalisierung in Schulen oder zur Beleuchtung"
            " öffentlicher Wege."
        ),
        Block(BlockType.HEADING, "Künstliche Intelligenz als Schwerpunkt"),
        paragraph(
            "Ein zentrales Thema der Tagung war der Einsatz von Künstlicher Intelligenz (KI) und"
            " datenbasierten Anwendungen in der Verwaltung. Im Fokus stand dabei die Frage, wie solche"
            " Technologien Entscheidungsprozesse und Verwaltungsabläufe optimieren können. Ein Beispiel"
            " dafür ist das Solarkataster der Stadt Kaiserslautern, welches das Potenzial von Dach- und"
            " Wandflächen für Solarenergie bewertet und damit wichtige Daten für"
            " Investitionsentscheidungen liefert."
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
        "Unter dem Leitthema „Daten und KI – Bausteine smarter digitaler Lösungen“ diskutierten bei der"
        " dritten Fachtagung des Netzwerks IKONE DS in Kaiserslautern Vertreterinnen und Vertreter"
        " teilnehmender Kommunen über die Chancen datenbasierter Anwendungen für effizientere"
        " Verwaltungsabläufe.",
        body,
        Image(
            f"{SITE}/wp-content/uploads/2024/11/vernetzung.jpg",
            "Symbolbild Vernetzung: Illustration einer Menschengruppe, darüber Symbole wie Zahnräder und"
            " Briefumschläge.",
            "Die diesjährige Fachtagung des Netzwerks IKONE DS widmete sich intensiv dem Einsatz von"
            " Künstlicher Intelligenz (KI) und datenbasierten Anwendungen für Kommunen",
            "atianastulbo/123rf.com",
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
