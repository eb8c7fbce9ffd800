"""What the archive remembers of each feed."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from kommcli.archive import stories
from kommcli.model import Failed, Feed, FeedState, Fetched

RATE_LIMITED_WAIT = timedelta(hours=1)
"""How long a feed is left alone that answered 429 and did not say how long."""


def states(db: sqlite3.Connection) -> dict[str, FeedState]:
    """The state of every feed ever visited, by key."""
    rows = db.execute(
        """SELECT key, feeds.url, title, etag, last_modified, body_hash, last_try, last_ok, not_before,
                  failures, failing_since, code, message, http_status,
                  (SELECT count(*) FROM articles WHERE feed = feeds.id), fresh_until, ttl,
                  coalesce(m.url, ''), m.adopted, coalesce(m.sightings, 0)
           FROM feeds LEFT JOIN moves AS m ON m.feed = feeds.id"""
    )
    return {
        row[0]: FeedState(
            key=row[0],
            url=row[1],
            title=row[2],
            etag=row[3],
            last_modified=row[4],
            body_hash=row[5],
            last_try=_instant(row[6]),
            last_ok=_instant(row[7]),
            not_before=_instant(row[8]),
            failures=row[9],
            failing_since=_instant(row[10]),
            code=row[11],
            message=row[12],
            http_status=row[13],
            articles=row[14],
            fresh_until=_instant(row[15]),
            ttl=row[16],
            moved_to=row[17],
            moved_on=_instant(row[18]),
            sightings=row[19],
        )
        for row in rows
    }


def newest_visit(db: sqlite3.Connection) -> datetime | None:
    """When a feed last answered, or None: the archive's age."""
    return _instant(db.execute("SELECT max(last_ok) FROM feeds").fetchone()[0])


class LastVisit(NamedTuple):
    """When a feed was last asked, at which address, and whether it failed."""

    url: str
    last_try: datetime
    failed: bool


def visits(db: sqlite3.Connection) -> dict[str, LastVisit]:
    """The last visit of every feed ever asked, by key."""
    rows = db.execute("SELECT key, url, last_try, failures FROM feeds WHERE last_try IS NOT NULL")
    return {
        key: LastVisit(url, datetime.fromtimestamp(last_try, UTC), failures > 0)
        for key, url, last_try, failures in rows
    }


def titles(db: sqlite3.Connection) -> dict[str, str]:
    """What every feed ever read calls itself, by key."""
    return dict(db.execute("SELECT key, title FROM feeds"))


def rowid(db: sqlite3.Connection, feed: Feed) -> int:
    """The row of ``feed``, made where there is none. A feed whose address was changed starts anew with
    its validators, and keeps its articles."""
    row = db.execute("SELECT id, url, rank FROM feeds WHERE key = ?", (feed.key,)).fetchone()
    if row is None:
        cursor = db.execute(
            "INSERT INTO feeds (key, url, rank) VALUES (?, ?, ?)", (feed.key, feed.url, feed.rank)
        )
        return int(cursor.lastrowid or 0)
    if row[2] != feed.rank:
        db.execute("UPDATE feeds SET rank = ? WHERE id = ?", (feed.rank, row[0]))
        stories.led_anew(db, stories.of_feed(db, row[0]))
    if row[1] != feed.url:
        db.execute(
            """UPDATE feeds SET url = ?, etag = '', last_modified = '', body_hash = '',
                      fresh_until = NULL, ttl = 0 WHERE id = ?""",
            (feed.url, row[0]),
        )
        db.execute("DELETE FROM moves WHERE feed = ?", (row[0],))
    return int(row[0])


def record_success(
    db: sqlite3.Connection, feed_id: int, now: datetime, fresh: float | None = None, ttl: int | None = None
) -> None:
    """The feed answered (also: unchanged). ``fresh`` are the seconds that its cache headers tell, ``ttl``
    those of its document, None where that was not read anew: the longer of both counts."""
    db.execute(
        """UPDATE feeds SET last_try = :now, last_ok = :now, not_before = NULL, failures = 0,
                  failing_since = NULL, code = '', message = '', http_status = NULL, told = NULL,
                  told_code = '', ttl = coalesce(:ttl, ttl),
                  fresh_until = nullif(:now + max(:fresh, coalesce(:ttl, ttl)), :now)
           WHERE id = :id""",
        {"now": _seconds(now), "id": feed_id, "fresh": int(fresh or 0), "ttl": ttl},
    )


def record_try(db: sqlite3.Connection, feed_id: int, now: datetime) -> None:
    """The feed was asked, and we did not wait for its answer."""
    db.execute("UPDATE feeds SET last_try = ? WHERE id = ?", (_seconds(now), feed_id))


def record_validators(
    db: sqlite3.Connection, feed_id: int, fetched: Fetched, body_hash: str, title: str | None
) -> None:
    """Keep what lets the next visit be cheap; belongs into the transaction of the articles it stands for.

    ``title`` is None where the body was not parsed anew.
    """
    db.execute(
        """UPDATE feeds SET etag = ?, last_modified = ?, body_hash = ?, title = coalesce(?, title)
           WHERE id = ?""",
        (fetched.etag, fetched.last_modified, body_hash, title, feed_id),
    )


class Failure(NamedTuple):
    """What is known of a feed that failed: how often in a row, since when, when it last worked, and whether
    that was told not long ago."""

    times: int
    since: datetime | None
    last_ok: datetime | None
    told: bool


def record_failure(db: sqlite3.Connection, feed_id: int, failed: Failed, now: datetime) -> Failure:
    """The feed failed: count it, obey Retry-After, and decide whether the user hears of it."""
    not_before = None
    if failed.retry_after is not None:
        not_before = now + timedelta(seconds=failed.retry_after)
    elif failed.code == "http.rate_limited":
        not_before = now + RATE_LIMITED_WAIT
    row = db.execute(
        """UPDATE feeds SET last_try = :now, failures = failures + 1,
                  failing_since = coalesce(failing_since, :now), not_before = :not_before,
                  code = :code, message = :message, http_status = :status
           WHERE id = :id RETURNING failures, failing_since, last_ok, told, told_code""",
        {
            "now": _seconds(now),
            "not_before": None if not_before is None else _seconds(not_before),
            "code": failed.code,
            "message": failed.cause,
            "status": failed.http_status,
            "id": feed_id,
        },
    ).fetchone()
    count, since, last_ok, told, told_code = row
    known = not _worth_telling(failed.code, told_code, since, told, _seconds(now))
    if not known:
        db.execute(
            "UPDATE feeds SET told = ?, told_code = ? WHERE id = ?", (_seconds(now), failed.code, feed_id)
        )
    return Failure(count, _instant(since), _instant(last_ok), known)


def ask_again(db: sqlite3.Connection, key: str) -> None:
    """The user says so: what the feed with this key answered before no longer holds it back."""
    db.execute(
        """UPDATE feeds SET not_before = NULL, fresh_until = NULL, failures = 0, failing_since = NULL,
                  code = '', message = '', http_status = NULL, told = NULL WHERE key = ?""",
        (key,),
    )


def _worth_telling(code: str, told_code: str, since: int, told: int | None, now: int) -> bool:
    """Whether a failure is told: when it is new, after a day, then weekly.

    Another failure of the same kind (no connection, no name) is not new; that a feed is gone is.
    """
    day = 86_400
    if told is None or told > now:
        return True
    if code != told_code and (code == "http.gone" or _kind(code) != _kind(told_code)):
        return True
    return now - told >= 7 * day or (told - since < day <= now - since)


def _kind(code: str) -> str:
    return code.partition(".")[0]


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
