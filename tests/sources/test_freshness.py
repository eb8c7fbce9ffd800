"""How long an answer stays fresh by its headers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.sources.freshness import freshness

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
NOON = "Sat, 01 Aug 2026 12:00:00 GMT"
ONE = "Sat, 01 Aug 2026 13:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "public"}, None),
        ({"Cache-Control": "max-age=60"}, 60),
        ({"Cache-Control": 'Public, Max-Age="60"'}, 60),
        ({"Cache-Control": "s-maxage=9, max-age=60"}, 60),
        ({"Cache-Control": "s-maxage=600"}, None),  # for shared caches only
        ({"Cache-Control": "max-age=60", "Age": "20"}, 40),
        ({"Cache-Control": "max-age=60", "Age": "90"}, 0),
        ({"Cache-Control": "max-age=60", "Age": "soon"}, 60),
        ({"Cache-Control": "max-age=-5"}, None),
        ({"Cache-Control": "max-age=" + "9" * 5_000}, 86_400),
        ({"Cache-Control": "no-store, max-age=60"}, 0),
        ({"Cache-Control": "private,no-cache"}, 0),
        ({"Cache-Control": "max-age=60", "Expires": ONE}, 60),
        ({"Expires": ONE, "Date": NOON}, 3_600),
        ({"Expires": ONE}, 3_600),
        ({"Expires": ONE, "Date": "Sat, 01 Aug 2020 12:30:00 GMT"}, 86_400),
        ({"Expires": NOON, "Date": ONE}, 0),
        ({"Expires": "0"}, 0),
        ({"Expires": "never"}, 0),
    ],
)
def test_freshness(headers: dict[str, str], seconds: float | None) -> None:
    assert freshness(headers, NOW) == seconds


@given(st.dictionaries(st.sampled_from(("Cache-Control", "Age", "Expires", "Date")), st.text(max_size=40)))
def test_no_header_whatsoever_raises(headers: dict[str, str]) -> None:
    seconds = freshness(headers, NOW)
    assert seconds is None or 0 <= seconds <= 86_400
