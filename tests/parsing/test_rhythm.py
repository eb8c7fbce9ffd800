"""How often a document wants to be asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.parsing.rhythm import asked


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("", 0),
        ("<ttl>60</ttl>", 3_600),
        ("<ttl> 5\n</ttl>", 300),
        ("<ttl>0</ttl>", 0),
        ("<ttl>-1</ttl>", 0),
        ("<ttl>soon</ttl>", 0),
        ("<ttl>999999999</ttl>", 86_400),
        ("<sy:updatePeriod>\n\thourly\t</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>", 3_600),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 900),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", 86_400),
        ("<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 86_400),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", 0),
        ("<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 3_600),
        ("<item><ttl>60</ttl></item>", 0),
        ("<atom:entry><ttl>60</ttl></atom:entry>", 0),
    ],
)
def test_asked(head: str, seconds: int) -> None:
    assert asked(f"<rss><channel>{head}<item/></channel></rss>") == seconds


@given(st.text())
def test_anything_goes(xml: str) -> None:
    assert 0 <= asked(xml) <= 86_400
