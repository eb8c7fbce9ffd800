"""Words of the field that mean the same to a search; one group a line."""

GROUPS = tuple(
    tuple(line.split(" = "))
    for line in """
KI = Künstliche Intelligenz = AI = Artificial Intelligence
OZG = Onlinezugangsgesetz
E-Akte = elektronische Akte = eAkte
DMS = Dokumentenmanagement = Dokumentenmanagementsystem
E-Government = eGovernment = elektronische Verwaltung
IT-Sicherheit = Informationssicherheit = Cybersicherheit = Cyber Security
BSI = Bundesamt für Sicherheit in der Informationstechnik
DSGVO = Datenschutz-Grundverordnung
GIS = Geoinformationssystem = Geo-Informationssystem
eID = Online-Ausweis = elektronischer Identitätsnachweis = Online-Ausweisfunktion = Online-Funktion
Datenschutzbeauftragter = Beauftragter für den Datenschutz = Landesbeauftragter für den Datenschutz
EUDI-Wallet = EU-Wallet = digitale Brieftasche
RegMo = Registermodernisierung
OSS = Open Source = quelloffen
WLAN = WiFi
IoT = Internet der Dinge = Internet of Things
ÖPNV = Nahverkehr = öffentlicher Personennahverkehr
Kfz = Kraftfahrzeug
RPA = Robotic Process Automation
LLM = Sprachmodell = Large Language Model
NIS2 = NIS-2 = NIS-2-Richtlinie
LoRaWAN = Long Range Wide Area Network
SaaS = Software as a Service
DStGB = Deutscher Städte- und Gemeindebund
Kita = Kindertagesstätte = Kindertageseinrichtung
Bürgerbüro = Bürgeramt = Bürgerservice = Bürgerzentrum
Landkreis = Kreis
Landratsamt = Kreisverwaltung
Stadtverwaltung = Rathaus
Gemeinde = Kommune
Cyberangriff = Cyberattacke = Hackerangriff = Hacker-Angriff = Ransomware-Angriff
Förderung = Fördermittel = Zuschuss = Zuwendung
Breitband = Glasfaser = schnelles Internet
Straßenbeleuchtung = Straßenlaterne = Straßenlampe
Sprachassistent = Telefonassistent = Voicebot = Telefon-KI
Bauantrag = Baugenehmigung = Baugesuch
Kfz-Zulassung = Fahrzeugzulassung = i-Kfz = Kfz-Anmeldung
Führerschein = Fahrerlaubnis
Fortbildung = Weiterbildung = Schulung = Qualifizierung
Umfrage = Befragung = Erhebung
Parkplatz = Stellplatz
Ladesäule = Ladepunkt = Ladestation
Elektroauto = E-Auto = Elektrofahrzeug
Fachkräftemangel = Personalmangel = Personalnot
Zusammenschluss = Fusion
Wahlhelfer = Wahlvorstand
Videokonferenz = Videoberatung = Videosprechstunde
Open-Source-Software = freie Software
Digitalisierungsstrategie = Digitalstrategie = digitale Agenda
Online-Dienst = digitale Verwaltungsleistung
Homeoffice = Telearbeit = mobiles Arbeiten
Digitaler Zwilling = Digital Twin
Rechenzentrum = Data Center
Glasfaser = FTTH
5G = Mobilfunk der fünften Generation
Open Data = offene Daten
Smart City = smarte Stadt = intelligente Stadt
Chatbot = Chat-Assistent
E-Payment = Online-Bezahlung = ePayment
E-Rechnung = elektronische Rechnung = eRechnung
E-Vergabe = elektronische Vergabe = eVergabe
Ransomware = Erpressungssoftware = Verschlüsselungstrojaner
""".strip().splitlines()
)
