"""Issues in the archive: what is kept, numbered, told of articles, and when it may be replaced."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from digest.mails import NOW, issue, mail
from kommcli.archive import issues
from kommcli.outgoing import Mail, Placed, Recipient, State


def put(db: sqlite3.Connection, key: str, *names: str, refs: tuple[str, ...] = ("a0000001",)) -> list[Mail]:
    kept = replace(issue(key), articles=tuple(Placed(ref, "ki") for ref in refs))
    return issues.keep(db, kept, [mail(*names, key=key)], NOW)


def become(db: sqlite3.Connection, one: Mail, *states: State) -> None:
    people = tuple(
        Recipient(was.address, state, "mail.recipient" if state is State.REFUSED else "", "reply")
        for was, state in zip(one.recipients, states, strict=True)
    )
    issues.record(db, replace(one, recipients=people), NOW)


def test_what_is_kept_comes_back(db: sqlite3.Connection) -> None:
    (one,) = issues.keep(db, issue(), [mail("a", "b")], NOW)
    later = replace(one, attempts=3, tried=NOW, next_try=NOW + timedelta(minutes=5))
    issues.record(db, later, NOW)

    assert issues.mails(db, 1) == [later]
    assert issues.open_mails(db) == [later]
    assert issues.find(db, "2026-W41") == replace(
        issue(), number=1, kept=NOW, states=(State.WRITTEN, State.WRITTEN)
    )
    assert issues.find(db, "2026-W40") is None
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_acceptance_and_the_ledger_are_one_transaction(db: sqlite3.Connection) -> None:
    (one,) = put(db, "2026-W41", "a")
    db.execute("CREATE TRIGGER no BEFORE UPDATE ON issues BEGIN SELECT raise(ABORT, 'no'); END")
    with pytest.raises(sqlite3.IntegrityError):
        become(db, one, State.SENT)

    assert issues.mails(db, 1)[0].state is State.WRITTEN
    db.execute("DROP TRIGGER no")
    become(db, one, State.SENT)
    found = issues.by_number(db, 1)
    assert found is not None
    assert found.sent == NOW


def test_numbers_are_given_once(db: sqlite3.Connection) -> None:
    assert issues.next_number(db, "2026-W40") == 1
    assert issues.last_number(db) == 0
    for key in ("2026-W40", "2026-W41"):
        put(db, key, "a")
    assert [issues.next_number(db, key) for key in ("2026-W40", "2026-W41", "2026-W42")] == [1, 2, 3]
    assert [kept.number for kept in issues.everything(db)] == [2, 1]
    assert (issues.everything(db, sent=True), issues.last_number(db)) == ([], 2)


@pytest.mark.parametrize("state", [state for state in State if state is not State.REFUSED])
def test_an_issue_that_somebody_has_or_is_to_get_stays_as_it_is(db: sqlite3.Connection, state: State) -> None:
    (one,) = put(db, "2026-W41", "a", "b")
    become(db, one, state, State.REFUSED)
    put(db, "2026-W41", "c", refs=("b0000002",))

    assert [placed.id for placed in issues.everything(db)[0].articles] == ["a0000001"]
    assert [len(found.recipients) for found in issues.mails(db, 1)] == [2, 1]


def test_an_issue_that_everybody_refused_is_replaced_under_its_number(db: sqlite3.Connection) -> None:
    (one,) = put(db, "2026-W41", "a")
    put(db, "2026-W42", "a")
    become(db, one, State.REFUSED)
    put(db, "2026-W41", "c", refs=("b0000002",))

    found = issues.find(db, "2026-W41")
    assert found is not None
    assert (found.number, [placed.id for placed in found.articles]) == (1, ["b0000002"])
    assert [found.addresses for found in issues.mails(db, 1)] == [("c@stadt.example",)]
    for table in ("issue_articles", "issue_forms", "outbox_recipients"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == (4 if "forms" in table else 2)


@pytest.mark.parametrize("state", State)
def test_which_articles_were_told(db: sqlite3.Connection, state: State) -> None:
    """What waits is not lost, and so must not be in the next issue as well; what is refused must."""
    (one,) = put(db, "2026-W41", "a", refs=("a0000001", "b0000002"))
    become(db, one, state)

    told = {} if state is State.REFUSED else {"a0000001": 1, "b0000002": 1}
    assert issues.sent_refs(db) == told


def test_the_last_issues_that_had_an_article(db: sqlite3.Connection) -> None:
    for number, refs in enumerate((("a", "b"), ("b", "c"), ("c",)), start=1):
        (one,) = put(db, f"2026-W4{number}", "a", refs=refs)
        become(db, one, State.SENT)

    assert issues.sent_refs(db) == {"a": 1, "b": 2, "c": 3}
    assert issues.sent_refs(db, last=1) == {"c": 3}
    assert issues.sent_refs(db, last=2) == {"b": 2, "c": 3}


def test_open_mails_need_no_walk_through_those_that_are_done(db: sqlite3.Connection) -> None:
    plan = db.execute(
        "EXPLAIN QUERY PLAN SELECT id FROM outbox WHERE state NOT IN ('sent', 'refused') ORDER BY id"
    ).fetchall()
    assert "outbox_open" in plan[0][3]
