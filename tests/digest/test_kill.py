"""`kill -9` at 200 places of sending (D15): nothing lost, and nothing twice without the state saying so."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from digest.killed import LIVES
from kommcli.archive import issues
from kommcli.archive.database import open_for_writing
from kommcli.digest.outbox import again
from kommcli.dispatch import dispatch
from kommcli.outgoing import State
from postoffice import PostOffice

TESTS = Path(__file__).parent.parent


@pytest.mark.row("D15")
def test_D15_kill_9_at_200_places(tmp_path: Path, make_post_office: Callable[..., PostOffice]) -> None:
    office = make_post_office()
    archive = tmp_path / "archive.db"
    done = subprocess.run(
        [sys.executable, TESTS / "digest" / "killed.py", archive, str(office.port)],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    killed = int(done.stdout.split()[0])
    assert killed > LIVES // 2, done.stdout

    copies = Counter(taken.message["Message-ID"] for taken in office.mails)
    db = open_for_writing(archive)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    states = Counter[State]()
    for kept in issues.everything(db):
        (mail,) = issues.mails(db, kept.number)
        states[mail.state] += 1
        assert len({one.state for one in mail.recipients}) == 1
        if mail.state is State.SENT:
            assert copies[mail.message_id] == 1
            assert kept.sent is not None
        else:
            assert mail.state is State.UNCERTAIN
            assert copies[mail.message_id] <= 1
            assert kept.sent is None
    # What was killed before it was in the outbox is not there, and no mail of it left.
    known = {mail.message_id for kept in issues.everything(db) for mail in issues.mails(db, kept.number)}
    assert set(copies) <= known
    assert len(known) == states[State.SENT] + states[State.UNCERTAIN]
    assert states[State.SENT] > 0
    assert states[State.UNCERTAIN] > 0
    # Both kinds of "uncertain" were met: arrived, and not. That is why nobody but people can decide.
    unsure = [one for one in issues.open_mails(db) if one.state is State.UNCERTAIN]
    assert {copies[one.message_id] for one in unsure} == {0, 1}

    from digest.mails import NOW, server

    dispatch(db, again(unsure), server(office), NOW)
    assert issues.open_mails(db) == []
    total = Counter(taken.message["Message-ID"] for taken in office.mails)
    assert set(total) == known
    assert max(total.values()) <= 2
    db.close()
