"""What articles are compared by, packed and unpacked."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.enrich.stories import compare, keys
from kommcli.traits import Fact, Traits, bloom, float32, hashed, packed, unpacked

hashes = st.integers(0, 2**32 - 1)
sets = st.frozensets(hashes, max_size=70)
weights = st.integers(1, 255).map(lambda tenths: tenths / 10)
facts = st.builds(
    Fact,
    hashes,
    st.floats(0, 2**40, width=32) | st.integers(0, 2_000_000).map(float32),
    st.sampled_from(["", "%", "date", "year"]),
)
days = st.dates(date(1, 1, 1)).map(lambda day: day.toordinal() - date(1970, 1, 1).toordinal())
traits = st.builds(
    lambda words, **others: Traits(words, names=frozenset(list(words)[::3]), **others),
    words=st.dictionaries(hashes, weights, max_size=56),
    shingles=sets,
    facts=st.lists(facts, max_size=20).map(tuple),
    places=sets,
    main=st.sampled_from(["", "06431", "05116000"]),
    place_names=sets,
    states=sets,
    editions=sets,
    topics=sets,
    topic=hashes,
    mentioned=st.lists(hashes, max_size=120).map(bloom),
    day=days,
    recurring=st.booleans(),
    looks_back=st.booleans(),
)


@given(traits)
def test_what_is_packed_comes_back(one: Traits) -> None:
    found = unpacked(packed(one))

    assert found == one
    assert list(found.words) == list(one.words)  # the heaviest first: keys are made of these


@given(traits, traits)
def test_what_was_kept_is_compared_as_what_is_new(one: Traits, other: Traits) -> None:
    kept = unpacked(packed(one))

    assert keys(kept) == keys(one)
    assert compare(kept, other, same_feed=False) == compare(one, other, same_feed=False)


def test_an_article_takes_about_a_thousand_bytes_at_the_most() -> None:
    some = frozenset(range(64))
    one = Traits(dict.fromkeys(range(56), 9.9), some, some, (Fact(1, 2.0),) * 20, mentioned=(1 << 1024) - 1)

    assert len(packed(one)) < 1_200


def test_what_is_too_heavy_is_as_heavy_as_can_be_kept() -> None:
    assert unpacked(packed(Traits({1: 99.0}))).words == {1: 25.5}


# ----------------------------------------------------------------------------------- what is mentioned


@given(st.lists(hashes, max_size=200))
def test_what_is_mentioned_is_never_denied(some: list[int]) -> None:
    one = Traits({}, mentioned=bloom(some))

    assert all(map(one.mentions, some))


def test_what_is_not_mentioned_is_seldom_affirmed() -> None:
    one = Traits({}, mentioned=bloom(hashed(f"in {number}") for number in range(120)))
    wrong = sum(one.mentions(hashed(f"out {number}")) for number in range(2_000))

    assert wrong < 0.1 * 2_000
    assert not Traits({}).mentions(hashed("anything"))


@given(st.lists(hashes), st.lists(hashes))
def test_a_filter_of_all_is_that_of_its_parts(some: list[int], others: list[int]) -> None:
    assert bloom(some + others) == bloom(some) | bloom(others)


def test_hashes_are_the_same_on_every_machine() -> None:
    assert [hashed(word) for word in ("", "wohni", "straß")] == [0, 1732323802, 945970075]
    assert len({hashed(f"wort{number}") for number in range(1_000)}) == 1_000


@given(st.floats(0, 1e30))
def test_a_number_is_made_as_precise_as_it_is_kept(value: float) -> None:
    once = float32(value)

    assert float32(once) == once
    assert once == pytest.approx(value, rel=1e-6, abs=1e-37)
