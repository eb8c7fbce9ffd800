"""The JSON Schemas: valid, strict, and with a place for everything that may be unknown."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from conftest import Home, validate
from kommcli.model import Article, Block, BlockType, Report, Source
from kommcli.render import records
from kommcli.render.reading import Reading
from kommcli.render.schema import SCHEMAS

NOW = datetime(2026, 10, 16, 9, 0, tzinfo=UTC)
BARE = Article("yqmfqvyb", "Title", Source("a", "A", "https://x.example/"), NOW, NOW)
LIST = records.articles([BARE], Report(), NOW)
READ = records.one_article(Reading(BARE, "", (Block(BlockType.PARAGRAPH, "text"),), None), [], NOW)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_draft_2020_12(name: str) -> None:
    assert SCHEMAS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])


def test_schema_lists_and_prints_them(home: Home) -> None:
    assert home.run("schema").stdout.split() == list(SCHEMAS)
    assert {"articles", "article", "topics", "states", "places", "stats", "explain"} <= set(SCHEMAS)
    for name, schema in SCHEMAS.items():
        assert json.loads(home.run("schema", name).stdout) == schema


def test_an_article_of_which_nothing_is_known_has_every_key() -> None:
    validate(LIST)
    validate(READ)
    article = LIST["articles"][0]
    unknown = {key for key, value in article.items() if value is None}
    assert unknown == {
        "url",
        "kicker",
        "kind",
        "level",
        "updated",
        "edited",
        "teaser",
        "image",
        "enclosure",
        "story",
    }
    assert {key for key, value in article.items() if value == []} == {"topics", "states", "places", "also_in"}
    assert set(READ["article"]) - set(article) == {
        "lead", "body", "links", "related", "related_topic", "page_url", "minutes"
    }  # fmt: skip


def test_the_keys_of_the_contract_are_there() -> None:
    wanted = (
        "id url kicker title kind published published_is_estimate updated first_seen feed topics states"
        " places teaser image story also_in read starred"
    ).split()
    assert set(wanted) <= set(SCHEMAS["articles"]["properties"]["articles"]["items"]["required"])


def objects(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all objects in a JSON value."""
    found = [path] if isinstance(value, dict) else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found += objects(inner, (*path, key))
    return found


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@pytest.mark.parametrize("document", [LIST, READ], ids=["articles", "article"])
def test_an_unknown_key_and_a_missing_key_are_refused_everywhere(document: dict[str, Any]) -> None:
    paths = objects(document)
    assert len(paths) >= 3
    for path in paths:
        more = copy.deepcopy(document)
        at(more, path)["surprise"] = 1
        with pytest.raises(jsonschema.ValidationError, match="surprise"):
            validate(more)
        for key in at(document, path):
            if (path, key) == ((), "schema"):
                continue
            less = copy.deepcopy(document)
            del at(less, path)[key]
            with pytest.raises(jsonschema.ValidationError, match=key):
                validate(less)


@pytest.mark.parametrize(
    ("key", "value"),
    [("id", "3abc"), ("id", "k7"), ("published", "16.10.2026"), ("states", ["BY"]), ("url", "javascript:x"),
     ("title", None), ("read", "no"), ("kicker", 3)],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_refused(key: str, value: object) -> None:
    wrong = copy.deepcopy(LIST)
    wrong["articles"][0][key] = value
    with pytest.raises(jsonschema.ValidationError):
        validate(wrong)
