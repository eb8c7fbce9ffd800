"""Whatever stands where in the configuration: it is used, or told as an error of its file."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import example, given
from hypothesis import strategies as st

from kommcli.config.load import parse
from kommcli.config.named import find
from kommcli.config.spec import SECTIONS
from kommcli.errors import ConfigError

NAMES = sorted({name for section in SECTIONS for name in section.split(".") if name}) + sorted(
    {key.name for keys in SECTIONS.values() for key in keys}
)

scalars = (
    st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.booleans()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    | st.sampled_from(
        [
            "BY", "ki", "1h", "10MB", "https://a.example/feed", "https://u:p@a.example/", "topic:ki",
            "(", "Potsdam", datetime(2026, 10, 16, tzinfo=UTC), date(2026, 10, 16), time(12),
        ]
    )
)  # fmt: skip
names = st.sampled_from(NAMES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
tables = st.dictionaries(names, values, max_size=4)


@given(tables)
@example({"feeds": 3})
@example({"feeds": [1, "a", {}]})
@example({"feeds": {"url": "https://a.example/"}})
@example({"views": {"": {}, "a": []}, "places": [], "topics": {"ki": 1}})
@example({"home": "BY", "fetch": [{"threads": 1}]})
@pytest.mark.row("C4")
def test_any_table_is_a_configuration_or_an_error_of_the_file(table: dict[str, Any]) -> None:
    path = Path("/c/config.toml")
    try:
        config = parse(tomli_w.dumps(table), path)
    except ConfigError as error:
        problems = error.problems
    else:
        problems = ()
        assert config.path == path
    assert all(problem.startswith(f"{path}") and "\n" not in problem for problem in problems)


@given(st.lists(names, max_size=4).map(".".join))
def test_any_name_of_a_key_is_found_or_unknown(name: str) -> None:
    found = find(name)

    assert found is None or found[1].name
