"""The words around names of places: what shows that a name is a place, and what shows that it is none.

Facts of the German language and of German administration; folded by `placenames.plain`.
"""

from __future__ import annotations

from kommcli.placenames import plain


def _plain(text: str) -> frozenset[str]:
    return frozenset(plain(text).split())


DISTRICT_WORDS = _plain(
    "Kreis Kreises Kreise Kreisen Landkreis Landkreises Landkreise Landkreisen LK Lkr Landratsamt "
    "Landratsamtes Landratsamts Kreisverwaltung Kreistag"
)
"""Before the name of a district."""

TOWN_WORDS = _plain(
    "VG Stadt Städte Städten Gemeinde Gemeinden Markt Marktgemeinde Kommune Kommunen Samtgemeinde "
    "Verbandsgemeinde Verwaltungsgemeinschaft Einheitsgemeinde Ortsgemeinde Flecken Großstadt "
    "Kleinstadt Stadtgemeinde Amt Stadtverwaltung Gemeindeverwaltung Rathaus Stadtrat Gemeinderat "
    "Bürgeramt Magistrat Bürgerbüro Einwohnergemeinde Insel Nordseeinsel Ostseeinsel Inselgemeinde "
    "Hansestadt Ortsteil Stadtteil Bezirk Bezirke Bezirksamt Bezirken Seebad Wallfahrtsort Kurort"
)
"""Before the name of a municipality; words on -stadt (Landeshauptstadt, Barlachstadt) count, too."""

REGION_WORDS = _plain(
    "Region Regionen Raum Metropolregion Großraum Ballungsraum Wirtschaftsraum Regionalverband"
)

STATE_WORDS = _plain(
    "Land Landes Bundesland Bundeslandes Freistaat Freistaates Freistaats Stadtstaat Bundesländer "
    "Bundesländern Länder Ländern"
)

AUTHORITIES = _plain(
    "Stadtwerke Stadtwerken Stadtbibliothek Volkshochschule Landtag Landesregierung Staatskanzlei "
    "Senatskanzlei Senat Bürgerschaft Regierungspräsidium Bezirksregierung Regierungsbezirk "
    "Standesamt Jobcenter Gesundheitsamt Ordnungsamt Jugendamt Sozialamt Ausländerbehörde Feuerwehr "
    "Leitstelle Kämmerei Stadtkämmerei Stadtarchiv Abfallwirtschaft Verkehrsbetriebe Zulassungsstelle "
    "Ratsfraktion Kreisausschuss Bauamt Tourist-Information Ministerium Innenministerium "
    "Digitalministerium Finanzministerium Kultusministerium Wirtschaftsministerium Umweltministerium "
    "Sozialministerium Justizministerium Verkehrsministerium Landesamt Landesbetrieb Rechnungshof "
    "Städtetag Gemeindetag Landkreistag Gemeindebund Städtebund Datenschutzbeauftragter "
    "Landesdatenschutzbeauftragter"
)
"""Bodies that are followed by the place they serve."""

PERSON_TITLES = _plain(
    "Herr Herrn Frau Dr Prof Professor Professorin Minister Ministerin Bundesminister "
    "Bundesministerin Präsident Präsidentin Staatssekretär Staatssekretärin Geschäftsführer "
    "Geschäftsführerin Vorsitzender Vorsitzende Vorstand Bürgermeister Bürgermeisterin "
    "Oberbürgermeister Oberbürgermeisterin Landrat Landrätin Senator Senatorin Innenminister "
    "Innenministerin Digitalminister Digitalministerin Ministerpräsident Ministerpräsidentin Familie "
    "Sprecher Sprecherin Pressesprecher Pressesprecherin Projektleiter Projektleiterin Beigeordneter "
    "Beigeordnete Amtsleiter Amtsleiterin Leiter Leiterin Autor Autorin Moderator Moderatorin Kanzler "
    "Kanzlerin Finanzminister Finanzministerin Kämmerer Kämmerin Dezernent Dezernentin Ex-Minister "
    "Chef Chefin Kollege Kollegin"
)
"""Before a surname."""

FIRST_NAMES = _plain(
    "Adam Albert Alexander Alexandra Alfred Ali Alina Andrea Andreas Angela Angelika Anja Anke Anna "
    "Anne Anneliese Annette Antje Anton Antonia Arne Arnold Astrid Axel Barbara Bärbel Beate Ben "
    "Benjamin Bernd Bernhard Bettina Birgit Björn Boris Brigitte Britta Bruno Carina Carla Carmen "
    "Carola Carolin Carsten Charlotte Christa Christian Christiane Christina Christine Christoph "
    "Claudia Clemens Conny Cornelia Dagmar Daniel Daniela David Dennis Detlef Dieter Dietmar Dirk "
    "Dominik Dora Doris Dorothee Eberhard Eckhard Edgar Elena Elisabeth Elke Ella Emil Emma Erich "
    "Erik Erika Ernst Erwin Eva Evelyn Fabian Felix Ferdinand Finn Florian Frank Franz Franziska "
    "Friederike Friedrich Fritz Gabi Gabriel Gabriele Georg Gerald Gerd Gerhard Gerlinde Gertrud "
    "Gisela Gregor Gudrun Guido Günter Günther Hanna Hannah Hannelore Hannes Hans Harald Hartmut "
    "Heide Heidi Heike Heiko Heiner Heinrich Heinz Helene Helga Helmut Hendrik Henning Herbert "
    "Hermann Hilde Holger Horst Hubert Ilka Ilona Ilse Ines Inga Inge Ingeborg Ingo Ingrid Irene Iris "
    "Isabel Isabell Ivonne Jacqueline Jakob Jan Jana Janina Jannik Jasmin Jens Jessica Jo Joachim "
    "Jochen Johann Johanna Johannes Jonas Jonathan Jörg Josef Judith Julia Julian Juliane Jürgen "
    "Justus Jutta Kai Karen Karin Karl Karla Karoline Karsten Katharina Kathrin Katja Katrin Kerstin "
    "Kevin Kilian Kim Klara Klaus Konrad Konstantin Kristin Kristina Kurt Lara Lars Laura Lea Lena "
    "Leo Leon Leonie Liane Lina Linda Lisa Lothar Louis Louisa Luca Lucas Ludwig Luisa Lukas Lutz "
    "Lydia Magdalena Maik Maike Malte Mandy Manfred Manuel Manuela Marc Marcel Marco Marcus Maren "
    "Margarete Margit Margot Maria Marianne Marie Marina Mario Marion Markus Marlene Marlies Marta "
    "Martin Martina Mathias Matthias Max Maximilian Mehmet Melanie Mia Michael Michaela Mila Miriam "
    "Mirko Monika Moritz Nadine Natalie Nele Nicolas Nicole Niels Nikolaus Nils Nina Nora Norbert "
    "Olaf Oliver Oskar Otto Patricia Patrick Paul Paula Peter Petra Philip Philipp Pia Rainer Ralf "
    "Ralph Ramona Raphael Rebecca Regina Reiner Reinhard Renate Rene Ricarda Richard Rita Robert "
    "Roland Rolf Roman Ronald Rosemarie Rudolf Ruth Sabine Sabrina Samuel Sandra Sara Sarah Sascha "
    "Saskia Sebastian Selina Siegfried Sigrid Silke Silvia Simon Simone Sina Sofia Sofie Sonja Sophia "
    "Sophie Stefan Stefanie Steffen Steffi Stephan Stephanie Susanne Svea Sven Svenja Sylvia Tanja "
    "Thea Theo Thilo Thomas Thorsten Tilman Tim Timo Tina Tobias Tom Toni Torben Torsten Udo Ulf Uli "
    "Ulrich Ulrike Ursula Ute Uwe Valentin Vanessa Vera Verena Veronika Viktor Viktoria Vincent "
    "Volker Waldemar Walter Waltraud Werner Wilhelm Willi Winfried Wolfgang Wolfram Xaver Yannick "
    "Yasmin Yvonne"
)

ORGANISATION_AFTER = tuple(
    _plain(
        "Allgemeine Rundschau Zeitung Anzeiger Nachrichten Tageblatt Kreisblatt Kurier Presse "
        "Institut Volksbank Sparkasse Bank Versicherung Messe GmbH AG Verlag Softwarehaus Unternehmen "
        "Softwareanbieter Dienstleister Startup Start-up Hersteller Agentur Beratung Kanzlei "
        "Universität Hochschul Modell Würstchen Schnitzel Tor Straße Allee Verein Dialekt Software- "
        "Haus Systemhaus IT-Dienstleister Erklärung Kreuz Spezialist Anbieter IT-Unternehmen "
        "Fraunhofer-Institut Forscher Wissenschaftl Professor Republik Koalition Symposium Kongress "
        "Firma Konzern Landgericht"
    )
)
"""How words begin that follow a name which is part of an organisation, a street or a brand."""

ORGANISATION_BEFORE = _plain(
    "Universität Uni Hochschule Technische TU FH TH Fraunhofer Fraunhofer-Institut Institut Instituts "
    "Forschungszentrum Bank Sparkasse Volksbank Messe Klinikum Universitätsklinikum Flughafen Bistum "
    "Erzbistum Kunstakademie GmbH AG Firma Unternehmen Softwarehaus Hersteller Anbieter Dienstleister "
    "Startup Start-up Eintracht Borussia Verlag Kanzlei Agentur Beratung Systemhaus IT-Dienstleister "
    "Software-Anbieter Softwareanbieter Beratungshaus Beratungsunternehmen Spezialist Sitz Hauptsitz "
    "Standort Standorten Standorte Niederlassung Messehalle IT-Unternehmen Landgericht Amtsgericht "
    "Oberlandesgericht Verwaltungsgericht Akademie Bundesamt Zentrale DFKI Max-Planck-Institut "
    "Bundeskonferenz Start-ups Technologieunternehmen"
)
"""Before a name that tells where an organisation sits, not what the article is about."""


def is_town(word: str) -> bool:
    """Whether a plain word before a name says that it is a municipality."""
    return word in TOWN_WORDS or word.endswith("stadt")


def is_person(word: str) -> bool:
    """Whether a plain word before a name says that it is a surname."""
    return word in PERSON_TITLES or word in FIRST_NAMES


def is_authority(word: str) -> bool:
    """Whether a plain word is a body that is followed by the place it serves."""
    return word in AUTHORITIES or word.endswith(("ministerium", "werke", "betriebe"))


def is_organisation(word: str) -> bool:
    """Whether a plain word before a name, or before "in" and a name, is an organisation that sits there."""
    return word in ORGANISATION_BEFORE or word.endswith(_ORGANISATIONS)


_ORGANISATIONS = tuple(
    (
        "institut instituts hochschule universitaet gesellschaft hersteller herstellers "
        "anbieter anbieters unternehmen unternehmens gericht verband sitz"
    ).split()
)

EVENTS = (
    "kongress messe konferenz tagung gipfel wettbewerb ausgezeichnet auszeichnung preis forum laedt "
    "symposium convention"
).split()
"""How words begin or go on that tell of events, of which many take place in Berlin."""

PREPOSITIONS = _plain("in aus bei nach von für um zwischen bis gen nahe auf")
SURE_PREPOSITIONS = _plain("in aus")

NEVER_BY_PREPOSITION = _plain(
    "Norden Süden Osten Westen Welt Regen Wissen Lagen Stelle Teile Mitte Schutz Kraft Gang Hand "
    "Reihe Rat Not Wald Halle Haus Rom Linz Tessin"
)
"""Words that follow a preposition as words; only the word for their kind makes them places."""

MUNICIPAL_NOUNS = tuple(
    (
        "rathaus rathaeus verwaltung stadt buerger einwohner kommun landkreis kreis gemeinde bezirk senat "
        "amt aemter behoerde oberbuergermeister landrat landraet magistrat raete schule feuerwehr "
        "haushalt kaemmer politik bauakten strassen radweg bibliothek museum museen klinik ordnung "
        "jobcenter standes portal chatbot serviceportal nahverkehr innenstadt altstadt projekt modell "
        "stadtwerk wirtschaft landtag regierung minister staat polizei hochschul unternehm zulassung "
        "fuehrerschein eltern kita dom zoo hafen buergerschaft bauamt digital open daten smart verkehr "
        "ampel parkhaus parkhaeuser buslinie wirtschaftsfoerder stadtrat gemeinderat beamt azubi "
        "verwaltungsgericht dezernat referat zentrum team ordnungshueter bau wohngeld sozial jugend "
        "gesundheit volkshochschul theater tourismus katastroph"
    ).split()
)
"""How words begin that go with a form for inhabitants: Kemptener Rathaus, Potsdamer Bauakten."""

COOPERATION = (
    "gemeinsam zusammen partner kooperation kooperier laenderuebergreifend grenzueberschreitend beide "
    "beiden nachbarland nachbarbundesland schliessen verbund allianz tandem doppel seite teilen "
    "buendel"
).split()
"""How words begin that show that a second state takes part."""

_FEDERAL = _plain(
    "Bund Bundes RKI BMI BMDS BMDV BMF BMAS BMWK BSI FITKO ZenDiS ITZBund IT-Planungsrat IT- "
    "Planungsrats IT- Planungsrates BfDI BKG BKA BBK DigitalService Destatis Normenkontrollrat "
    "Normenkontrollrats MPK Kraftfahrt-Bundesamt Ampel-Koalition Bund-Länder-Kommission "
    "Datenschutzkonferenz KBA"
)
_NOT_FEDERAL = tuple(
    (
        "bundesland bundeslaend bundesweit bundesstrasse bundesliga bundesstadt bundesdruckerei "
        "bundesgarten bundesverband bundesvereinigung bundesarbeitsgemeinschaft bundesvorsitz"
    ).split()
)


def is_federal(word: str) -> bool:
    """Whether a plain word, hyphens included, stands for the federation or one of its bodies."""
    return word in _FEDERAL or (
        word.startswith("bundes") and len(word) > 7 and not word.startswith(_NOT_FEDERAL)
    )


FEDERAL_KICKERS = _plain(
    "Deutschland Föderalismus Digitalministerkonferenz DMK Ministerpräsidentenkonferenz "
    "Innenministerkonferenz IMK Koalitionsvertrag Deutschland-Stack"
)
"""As a kicker; Deutschland alone says little in running text."""

EUROPEAN = _plain(
    "EU EU-Kommission EU-Parlament EU-Parlaments Europaparlament Europaparlaments EU-Rat Europarat "
    "EU-weit EU-weite EU-weiten EU-Verordnung EU-Staaten EU-Mitgliedstaaten ENISA EuGH Eurostat "
    "Brüssel EU-Recht EU-Richtlinie EU-Ebene"
)
EUROPEAN_KICKERS = EUROPEAN | _plain("Europa Europäische")

CAPITALS = {
    "DE-BW": "08111000", "DE-BY": "09162000", "DE-BB": "12054000", "DE-HE": "06414000", "DE-MV": "13004000",
    "DE-NI": "03241001", "DE-NW": "05111000", "DE-RP": "07315000", "DE-SL": "10041100", "DE-SN": "14612000",
    "DE-ST": "15003000", "DE-SH": "01002000", "DE-TH": "16051000",
}  # fmt: skip
"""Official keys of the capitals of the area states."""

KIND_HINTS = {
    "samtgemeinde": ("DE-NI",),
    "verbandsgemeinde": ("DE-RP", "DE-ST"),
    "vg": ("DE-RP", "DE-ST"),
    "markt": ("DE-BY",),
    "marktgemeinde": ("DE-BY",),
    "bezirksregierung": ("DE-NW",),
    "staedteregion": ("DE-NW",),
}
"""Kinds of municipalities and authorities that only some states have."""

PARTS = {
    word: code
    for code, words in {
        "DE-SL": "saar",
        "DE-RP": "pfalz",
        "DE-NW": "westf westfalen rhld rheinland",
        "DE-NI": "oldb oldenburg",
        "DE-SH": "holst holstein",
        "DE-HE": "hess",
        "DE-TH": "thuer",
        "DE-SN": "sachs",
        "DE-ST": "anhalt",
        "DE-BB": "mark",
        "DE-BW": "wuertt baden",
        "DE-BY": "bay oberbayern niederbayern schwaben allgaeu",
        "DE-MV": "meckl",
    }.items()
    for word in words.split()
}
"""What stands in a bracket behind a name, and the state it shows."""

SAXONY_ANHALTS = frozenset(
    map(
        plain,
        (
            "Flechtingen|Obere Aller|Elbe-Heide|Westliche Börde|Egelner Mulde|Vorharz|Saale-Wipper|"
            "Goldene Aue|Mansfelder Grund-Helbra|An der Finne|Unstruttal|Wethautal|Weida-Land|"
            "Droyßiger-Zeitzer Forst|"
            "Arneburg-Goldbeck|Seehausen (Altmark)|Elbe-Havel-Land|Beetzendorf-Diesdorf"
        ).split("|"),
    )
)
"""The Verbandsgemeinden of Saxony-Anhalt; all others are in Rhineland-Palatinate."""
