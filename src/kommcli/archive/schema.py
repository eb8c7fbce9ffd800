"""The archive's tables, commented, and the numbered migrations that lead to them.

A migration is one function and one transaction; `VERSION` is the number of the last one and stands in
``user_version``. ``application_id`` marks the file as ours. Old schemas are kept for good in the tests.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

APPLICATION_ID = 0x6B6F6D6D  # "komm"

SERIAL_BITS = 20
"""An article's rowid is its sort instant in seconds, shifted by this, plus a serial number: rowids are
in time order, so the newest articles are the end of the table and a span of time is a span of rowids."""


def _m1_feeds_and_articles(db: sqlite3.Connection) -> None:
    for statement in (
        """
        CREATE TABLE feeds (
            id            INTEGER PRIMARY KEY,
            key           TEXT NOT NULL UNIQUE,       -- the key in the configuration
            url           TEXT NOT NULL,              -- as configured when last visited
            title         TEXT NOT NULL DEFAULT '',   -- what the feed calls itself
            etag          TEXT NOT NULL DEFAULT '',   -- validators of the last complete answer, verbatim
            last_modified TEXT NOT NULL DEFAULT '',
            body_hash     TEXT NOT NULL DEFAULT '',   -- of the last parsed body: same hash, no parse
            last_try      INTEGER,                    -- Unix seconds, NULL: never
            last_ok       INTEGER,
            not_before    INTEGER,                    -- asked for by Retry-After
            failures      INTEGER NOT NULL DEFAULT 0, -- in a row
            failing_since INTEGER,
            code          TEXT NOT NULL DEFAULT '',   -- of the last failure, empty when all is well
            message       TEXT NOT NULL DEFAULT '',
            http_status   INTEGER
        )""",
        """
        CREATE TABLE articles (
            id          INTEGER PRIMARY KEY,          -- in time order, see SERIAL_BITS
            ref         TEXT NOT NULL UNIQUE,         -- the short id that people type
            feed        INTEGER NOT NULL REFERENCES feeds (id),
            identity    TEXT NOT NULL,                -- guid, else canonical link, else title and day
            second      TEXT NOT NULL,                -- canonical link, else title and day
            hash        TEXT NOT NULL,                -- of all that the feed says: same hash, no write
            url         TEXT NOT NULL DEFAULT '',
            kicker      TEXT NOT NULL DEFAULT '',
            title       TEXT NOT NULL,
            kind        TEXT NOT NULL DEFAULT '',
            published   INTEGER,                      -- Unix seconds as the feed says, NULL: it does not
            updated     INTEGER,
            first_seen  INTEGER NOT NULL,
            teaser      TEXT NOT NULL DEFAULT '',
            image       TEXT,                         -- JSON {url, alt, caption, credit}
            enclosure   TEXT,                         -- JSON {url, type, length}
            states      TEXT NOT NULL DEFAULT '[]',   -- JSON ["DE-BB"]
            places      TEXT NOT NULL DEFAULT '[]',   -- JSON [{name, kind, ags, states}]
            topics      TEXT NOT NULL DEFAULT '[]',   -- JSON [{key, name}]
            categories  TEXT NOT NULL DEFAULT '[]',   -- JSON, as the feed says
            author      TEXT NOT NULL DEFAULT '',
            truncated   INTEGER NOT NULL DEFAULT 0,   -- a text was longer than the limit
            read        INTEGER NOT NULL DEFAULT 0,
            starred     INTEGER NOT NULL DEFAULT 0,
            UNIQUE (feed, identity)
        )""",
        "CREATE INDEX articles_second ON articles (feed, second)",
        "CREATE INDEX articles_of_feed ON articles (feed, id)",
        "CREATE INDEX articles_unread ON articles (id) WHERE read = 0",
        "CREATE INDEX articles_starred ON articles (id) WHERE starred = 1",
        # Bodies live apart, so that walking the list reads no text that it does not show.
        """
        CREATE TABLE bodies (
            article INTEGER PRIMARY KEY REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            blocks  TEXT NOT NULL                     -- JSON [[type, text], …]
        )""",
        # For sqlite3, Datasette and pandas: the documented view on all of it.
        """
        CREATE VIEW v_articles AS
        SELECT a.ref AS id, f.key AS feed, a.kicker, a.title, a.url, a.kind,
               datetime(coalesce(a.published, a.first_seen), 'unixepoch') AS published_utc,
               a.published IS NULL AS published_is_estimate,
               datetime(a.first_seen, 'unixepoch') AS first_seen_utc,
               a.teaser, a.states, a.places, a.topics, a.read, a.starred
        FROM articles AS a JOIN feeds AS f ON f.id = a.feed
        """,
    ):
        db.execute(statement)


def _m2_labels(db: sqlite3.Connection) -> None:
    from kommcli.archive import labels
    from kommcli.archive.identity import SAID, content_hash

    for statement in (
        "ALTER TABLE articles ADD COLUMN level TEXT NOT NULL DEFAULT '' /* about whom: bund, eu */",
        # All that an article can be asked for by. To each kind the value "none", for articles that have no
        # other (states: no state, so that an article about the federation has both "bund" and "none").
        """
        CREATE TABLE labels (
            id      INTEGER PRIMARY KEY,
            kind    TEXT NOT NULL,                    -- state, topic, place, kind
            value   TEXT NOT NULL,                    -- DE-BY, bund, eu; ki; 06431, region:…; bericht; none
            name    TEXT NOT NULL,                    -- as people say it, empty where value is none
            folded  TEXT NOT NULL,                    -- the name as it is completed
            details TEXT NOT NULL DEFAULT '',         -- of places: JSON {name, kind, ags, states}
            UNIQUE (kind, value)
        )""",
        "CREATE INDEX labels_folded ON labels (kind, folded)",
        # Rowids of articles are in time order: the end of a label's entries are its newest articles.
        """
        CREATE TABLE article_labels (
            label   INTEGER NOT NULL,
            article INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            PRIMARY KEY (label, article)
        ) WITHOUT ROWID""",
        "CREATE INDEX article_labels_article ON article_labels (article)",
        "DROP VIEW v_articles",
        """
        CREATE VIEW v_articles AS
        SELECT a.ref AS id, f.key AS feed, a.kicker, a.title, a.url, a.kind,
               datetime(coalesce(a.published, a.first_seen), 'unixepoch') AS published_utc,
               a.published IS NULL AS published_is_estimate,
               datetime(a.first_seen, 'unixepoch') AS first_seen_utc,
               a.teaser, a.level, a.states, a.places, a.topics, a.read, a.starred
        FROM articles AS a JOIN feeds AS f ON f.id = a.feed
        """,
    ):
        db.execute(statement)
    labels.attach_all(db)
    # The hash was also of how we understood the article; now it is of the feed's words only.
    db.create_function("content_hash", len(SAID), lambda *said: content_hash(said), deterministic=True)
    said = ", ".join(name if name != "blocks" else "b.blocks" for name in SAID)
    db.execute(
        f"UPDATE articles SET hash = content_hash({said}) FROM bodies AS b WHERE b.article = id"  # noqa: S608
    )


def _m3_pages(db: sqlite3.Connection) -> None:
    from kommcli.archive import addresses

    for statement in (
        # What an article's page says, apart from its feed's words; columns of articles have both together.
        """
        CREATE TABLE pages (
            article     INTEGER PRIMARY KEY REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            url         TEXT NOT NULL DEFAULT '',     -- that answered, after redirects
            tried       INTEGER,                      -- Unix seconds, NULL: wanted, never asked for
            fetched     INTEGER,                      -- NULL: never read
            tries       INTEGER NOT NULL DEFAULT 0,   -- in vain, in a row
            code        TEXT NOT NULL DEFAULT '',     -- of the last failure, empty when all is well
            message     TEXT NOT NULL DEFAULT '',
            http_status INTEGER,
            page        TEXT,                         -- JSON of the page without text and related items
            blocks      TEXT                          -- JSON as in bodies; NULL: the page has no text
        )""",
        "CREATE INDEX pages_wanted ON pages (tried) WHERE fetched IS NULL",
        # The related items of a page, in its order; what they lead to is looked up when they are read. Those
        # of a short entry's page stand in its JSON until it becomes an article.
        """
        CREATE TABLE mentions (
            article  INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            position INTEGER NOT NULL,
            mention  TEXT NOT NULL,                   -- JSON of a Mention, published in seconds
            PRIMARY KEY (article, position)
        ) WITHOUT ROWID""",
        # Short entries: related items that the archive lacks. No list or count ever reads this table.
        """
        CREATE TABLE stubs (
            id          INTEGER PRIMARY KEY,
            ref         TEXT NOT NULL UNIQUE,
            feed        INTEGER NOT NULL REFERENCES feeds (id), -- of the page that named it
            second      TEXT NOT NULL UNIQUE,         -- l:address, else t:kicker, title and day
            mention     TEXT NOT NULL,                -- JSON as above
            first_seen  INTEGER NOT NULL,
            tried       INTEGER,                      -- of its own page, as in pages
            fetched     INTEGER,
            tries       INTEGER NOT NULL DEFAULT 0,
            code        TEXT NOT NULL DEFAULT '',
            message     TEXT NOT NULL DEFAULT '',
            http_status INTEGER,
            url         TEXT NOT NULL DEFAULT '',
            page        TEXT                          -- JSON of the whole page
        )""",
        # Every address that an article was met by, canonical; feeds may share an article, so one may lead to
        # several.
        """
        CREATE TABLE addresses (
            address TEXT NOT NULL,
            article INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            PRIMARY KEY (address, article)
        ) WITHOUT ROWID""",
        "CREATE INDEX addresses_article ON addresses (article)",
        # Ids of short entries and kept pages that became articles of a feed.
        """
        CREATE TABLE refs (
            ref     TEXT PRIMARY KEY,
            article INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE
        ) WITHOUT ROWID""",
        "CREATE INDEX refs_article ON refs (article)",
        """
        CREATE TABLE hosts (
            host           TEXT PRIMARY KEY,
            robots         TEXT,                      -- text of robots.txt
            robots_fetched INTEGER,                   -- Unix seconds
            asked          REAL NOT NULL DEFAULT 0    -- the last request for a page, by the clock on the wall
        ) WITHOUT ROWID""",
    ):
        db.execute(statement)
    addresses.add_all(db)


def _search_and_stories(db: sqlite3.Connection) -> None:
    for statement in (
        # Articles by small numbers: rowids of articles are times, and would double the index.
        """
        CREATE TABLE documents (
            id      INTEGER PRIMARY KEY,
            article INTEGER NOT NULL UNIQUE REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE
        )""",
        # The words of every article as stems (`stems`), by its document. Contentless: what stood there is
        # derived from the article's own columns once more when it is taken out, so nothing is kept twice.
        """
        CREATE VIRTUAL TABLE search USING fts5 (
            head,                                     -- kicker and title
            lead,                                     -- teaser, and the page's lead
            body,
            about,                                    -- names of its places, states and topics
            head_parts,                               -- of head: what words are made of, E-Akte as e and akt
            parts,                                    -- of the others
            content = '', tokenize = "unicode61 remove_diacritics 0"
        )""",
        "CREATE VIRTUAL TABLE search_words USING fts5vocab (search, 'row')",
        # Words of three letters or more, and the same backwards: what begins with "akte" is a range in one,
        # what ends so in the other; `search_words` would count them all. Words that are gone may stay.
        "CREATE TABLE words (word TEXT PRIMARY KEY) WITHOUT ROWID",
        "CREATE TABLE words_backwards (word TEXT PRIMARY KEY) WITHOUT ROWID",
        "ALTER TABLE articles ADD COLUMN story TEXT NOT NULL DEFAULT '' /* id of its first article */",
        "ALTER TABLE articles ADD COLUMN teller INTEGER NOT NULL DEFAULT 0 /* in its story: 0 leads */",
        "ALTER TABLE articles ADD COLUMN edited INTEGER /* last change of words seen, Unix seconds */",
        "CREATE INDEX articles_story ON articles (story) WHERE story <> ''",
        "ALTER TABLE feeds ADD COLUMN rank INTEGER NOT NULL DEFAULT 50 /* the least leads a story */",
        # What an article is compared by with others, packed (`traits`).
        """
        CREATE TABLE traits (
            document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
            packed   BLOB NOT NULL,
            keys     BLOB NOT NULL                    -- those of story_keys, 32 bits each
        )""",
        # Hashes of its rarest words, numbers and passages: what shares none of them is another story.
        """
        CREATE TABLE story_keys (
            key      INTEGER NOT NULL,
            document INTEGER NOT NULL,
            PRIMARY KEY (key, document)
        ) WITHOUT ROWID""",
        # Articles that are new or changed and not compared with the others yet.
        """
        CREATE TABLE untold (
            article INTEGER PRIMARY KEY REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE
        )""",
        "INSERT INTO untold SELECT id FROM articles",
        # Where the texts of articles lead to, canonical: the editors' own "(wir berichteten)".
        """
        CREATE TABLE links (
            address TEXT NOT NULL,
            article INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            PRIMARY KEY (address, article)
        ) WITHOUT ROWID""",
        "CREATE INDEX links_article ON links (article)",
        # What the user says about two articles, by their ids, the lesser first.
        """
        CREATE TABLE rulings (
            one   TEXT NOT NULL,
            other TEXT NOT NULL,
            same  INTEGER NOT NULL,                   -- 1: the same story, 0: never
            PRIMARY KEY (one, other)
        ) WITHOUT ROWID""",
        # What publishers changed: the last few edits of an article, in sentences.
        """
        CREATE TABLE edits (
            article INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            seen    INTEGER NOT NULL,                 -- Unix seconds
            changes TEXT NOT NULL,                    -- JSON [[where, before, after], …]
            PRIMARY KEY (article, seen)
        ) WITHOUT ROWID""",
        # In which order articles came. Writers take turns, so a reader sees all numbers up to the last one;
        # AUTOINCREMENT, for the number of an article that is gone must not be given again.
        """
        CREATE TABLE arrivals (
            number  INTEGER PRIMARY KEY AUTOINCREMENT,
            article INTEGER NOT NULL UNIQUE REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE
        )""",
        "INSERT INTO arrivals (article) SELECT id FROM articles ORDER BY first_seen, id",
        # Up to where the hits of a watch were shown.
        """
        CREATE TABLE watches (
            name     TEXT PRIMARY KEY,
            shown    INTEGER NOT NULL DEFAULT 0,      -- arrivals up to this number were listed
            notified INTEGER NOT NULL DEFAULT 0       -- and told to the command
        ) WITHOUT ROWID""",
        "DROP VIEW v_articles",
        """
        CREATE VIEW v_articles AS
        SELECT a.ref AS id, f.key AS feed, a.kicker, a.title, a.url, a.kind,
               datetime(coalesce(a.published, a.first_seen), 'unixepoch') AS published_utc,
               a.published IS NULL AS published_is_estimate,
               datetime(a.first_seen, 'unixepoch') AS first_seen_utc,
               a.teaser, a.level, a.states, a.places, a.topics, a.read, a.starred,
               nullif(a.story, '') AS story, datetime(a.edited, 'unixepoch') AS edited_utc
        FROM articles AS a JOIN feeds AS f ON f.id = a.feed
        """,
    ):
        db.execute(statement)


def _manners_and_upkeep(db: sqlite3.Connection) -> None:
    for statement in (
        "ALTER TABLE feeds ADD COLUMN fresh_until INTEGER /* as server or document ask, seconds */",
        "ALTER TABLE feeds ADD COLUMN ttl INTEGER NOT NULL DEFAULT 0 /* seconds, as the document says */",
        "ALTER TABLE feeds ADD COLUMN told INTEGER /* when the failure at hand was last told */",
        "ALTER TABLE feeds ADD COLUMN told_code TEXT NOT NULL DEFAULT '' /* as what it was told */",
        # Where permanent redirects of a feed led, and what became of it.
        """
        CREATE TABLE moves (
            feed      INTEGER PRIMARY KEY REFERENCES feeds (id) ON DELETE CASCADE,
            url       TEXT NOT NULL,                  -- the address in the end
            sightings INTEGER NOT NULL,               -- in a row, counted once a day
            last      INTEGER NOT NULL,               -- Unix seconds of the last one counted
            adopted   INTEGER,                        -- since when it is asked; NULL: it is not
            declined  INTEGER NOT NULL DEFAULT 0      -- 1: the user undid it, so it is not adopted again
        )""",
        # The last answers of every feed, the oldest dropped.
        """
        CREATE TABLE answers (
            feed        INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
            number      INTEGER NOT NULL,
            at          INTEGER NOT NULL,             -- Unix seconds
            outcome     TEXT NOT NULL,                -- updated, unchanged, failed
            http_status INTEGER,
            bytes       INTEGER NOT NULL,             -- of the body, unpacked
            ms          INTEGER NOT NULL,             -- until the answer was there
            new         INTEGER NOT NULL,
            changed     INTEGER NOT NULL,
            code        TEXT NOT NULL DEFAULT '',     -- of a failure
            moved_to    TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (feed, number)
        ) WITHOUT ROWID""",
        # What was pruned while its feed still shows it: it must not come back as new.
        """
        CREATE TABLE removed (
            feed INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
            key  BLOB NOT NULL,                       -- 8 bytes of the hash of an identity or second key
            PRIMARY KEY (feed, key)
        ) WITHOUT ROWID""",
    ):
        db.execute(statement)


def _issues_and_outbox(db: sqlite3.Connection) -> None:
    for statement in (
        # The issues of the digest that went into the outbox.
        """
        CREATE TABLE issues (
            number   INTEGER PRIMARY KEY,             -- 1, 2, 3 …
            key      TEXT NOT NULL UNIQUE,            -- 2026-W41, and the filters behind it
            subject  TEXT NOT NULL,
            language TEXT NOT NULL,
            since    INTEGER NOT NULL,                -- Unix seconds
            until    INTEGER NOT NULL,                -- the first second after its time
            kept     INTEGER NOT NULL,                -- when it was put here
            sent     INTEGER                          -- when a server first took it over, NULL: none did
        )""",
        # What an issue looked like, so that it can be shown again byte for byte.
        """
        CREATE TABLE issue_forms (
            issue   INTEGER NOT NULL REFERENCES issues (number) ON DELETE CASCADE,
            format  TEXT NOT NULL,                    -- text, html, markdown, json
            content TEXT NOT NULL,
            PRIMARY KEY (issue, format)
        ) WITHOUT ROWID""",
        # Ids, not rowids: an issue tells of an article that the archive has lost, too.
        """
        CREATE TABLE issue_articles (
            issue    INTEGER NOT NULL REFERENCES issues (number) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            ref      TEXT NOT NULL,                   -- the article's short id
            section  TEXT NOT NULL,                   -- key of the section
            PRIMARY KEY (issue, position)
        ) WITHOUT ROWID""",
        "CREATE INDEX issue_articles_ref ON issue_articles (ref)",
        # One row for each mail: an issue to a set of recipients.
        """
        CREATE TABLE outbox (
            id         INTEGER PRIMARY KEY,
            issue      INTEGER NOT NULL REFERENCES issues (number) ON DELETE CASCADE,
            message_id TEXT NOT NULL,                 -- the same for all attempts
            sender     TEXT NOT NULL,                 -- of the envelope
            content    BLOB NOT NULL,                 -- the mail as it leaves
            state      TEXT NOT NULL,                 -- of all recipients together
            attempts   INTEGER NOT NULL DEFAULT 0,
            tried      INTEGER,                       -- Unix seconds of the last attempt
            next_try   INTEGER                        -- not before, for those that are postponed
        )""",
        "CREATE INDEX outbox_issue ON outbox (issue)",
        "CREATE INDEX outbox_open ON outbox (id) WHERE state NOT IN ('sent', 'refused')",
        """
        CREATE TABLE outbox_recipients (
            mail     INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            address  TEXT NOT NULL,
            state    TEXT NOT NULL,                   -- written, sending, sent, postponed, uncertain, refused
            code     TEXT NOT NULL DEFAULT '',        -- what went wrong
            reply    TEXT NOT NULL DEFAULT '',        -- what the server said of it
            PRIMARY KEY (mail, position)
        ) WITHOUT ROWID""",
    ):
        db.execute(statement)


def _m4_stories_manners_and_issues(db: sqlite3.Connection) -> None:
    _search_and_stories(db)
    _manners_and_upkeep(db)
    _issues_and_outbox(db)


def _m5_keys_by_time(db: sqlite3.Connection) -> None:
    from kommcli.archive import fulltext

    for statement in (
        "DROP TABLE story_keys",
        # Rowids of articles are times: those of two weeks that have a key are a range.
        """
        CREATE TABLE story_keys (
            key     INTEGER NOT NULL,
            article INTEGER NOT NULL,
            PRIMARY KEY (key, article)
        ) WITHOUT ROWID""",
        "DELETE FROM traits",
    ):
        db.execute(statement)
    # What words are made of is known better, and index and traits are derived from it.
    fulltext.rebuild(db)


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _m1_feeds_and_articles,
    _m2_labels,
    _m3_pages,
    _m4_stories_manners_and_issues,
    _m5_keys_by_time,
)

VERSION = len(MIGRATIONS)


def migrate(db: sqlite3.Connection) -> None:
    """Bring a database of ours, or an empty one, to `VERSION`; each step is a transaction of its own."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
        db.execute("BEGIN IMMEDIATE")
        try:
            # Another kommcli may have taken this step while we waited for the lock.
            if db.execute("PRAGMA user_version").fetchone()[0] < number:
                step(db)
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                db.execute(f"PRAGMA user_version = {number}")
            db.execute("COMMIT")
        except BaseException:
            roll_back(db)
            raise


def roll_back(db: sqlite3.Connection) -> None:
    """Undo what is open. After a full disk or a write error SQLite has done so by itself."""
    if db.in_transaction:
        db.execute("ROLLBACK")
