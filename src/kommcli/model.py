"""The nouns of kommcli: frozen values without behaviour that touches disk, net or clock.

One type per direction of travel::

    Feed ─► Fetched | NotModified | Failed ─► ParsedFeed(Entry …) ─► NewArticle ─► (archive) ─► Article
    Article ─► Fetched ─► Page(Block …, Mention …) ─► NewArticle ─► (archive) ─► Article, Page

Instants are aware datetimes in UTC; days and weeks are Europe/Berlin and made in `dates`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

# ------------------------------------------------------------------------------------- subscriptions


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret is found: an environment variable, the output of a command or the system's keyring;
    never the value."""

    env: str = ""
    command: tuple[str, ...] = ()
    keyring: tuple[str, ...] = ()
    """Service and user, as ``keyring set SERVICE USER`` takes them."""


RANK = 50
"""Of a feed for which none is set."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscription as the configuration has it. ``key`` is a safe slug."""

    key: str
    url: str
    title: str = ""
    enabled: bool = True
    interval: timedelta = timedelta(0)
    limit: int = 0
    """Entries taken from one answer, newest first; 0 is no limit of its own."""
    state: str = ""
    """ISO 3166-2 code ("DE-BY") that holds for all its articles, or empty."""
    topic: str = ""
    """Topic key that holds for all its articles, or empty."""
    rank: int = RANK
    """Of several sources of one story the one with the lowest leads."""
    tags: tuple[str, ...] = ()
    pages: str = "never"
    """"new": fetch the pages of new articles; "never"."""
    selectors: tuple[tuple[str, str], ...] = ()
    """CSS selectors for its pages by field, where reading by order and marks goes wrong."""
    headers: tuple[tuple[str, str | Secret], ...] = ()
    auth: tuple[str, Secret] | None = None
    """User name and where the password is found (HTTP Basic)."""
    allow_private: bool = False
    moved: str = ""
    """The address that is asked in place of ``url``: it moved for good, and that was seen often enough."""

    @property
    def address(self) -> str:
        """The address that is asked."""
        return self.moved or self.url


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the archive remembers of a feed between two visits."""

    key: str
    url: str = ""
    title: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    last_try: datetime | None = None
    last_ok: datetime | None = None
    not_before: datetime | None = None
    """Asked for by Retry-After."""
    failures: int = 0
    """In a row."""
    failing_since: datetime | None = None
    code: str = ""
    message: str = ""
    http_status: int | None = None
    articles: int = 0
    fresh_until: datetime | None = None
    """Until then, say the server's cache headers or the feed itself, asking brings nothing new."""
    ttl: int = 0
    """Seconds between two visits that the feed's own document asks for."""
    moved_to: str = ""
    """Where it was seen to have moved for good; asked in place of its address from ``moved_on``."""
    moved_on: datetime | None = None
    sightings: int = 0
    """Days on which the move was seen."""


# ----------------------------------------------------------------------------------- from the network


@dataclass(frozen=True, slots=True)
class Fetched:
    """A complete answer: ``body`` is unpacked bytes; ``url`` the address that gave it, after redirects."""

    url: str
    body: bytes
    status: int = 200
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    """New permanent address (301, 308), if every redirect was permanent; else empty."""
    fresh: float | None = None
    """Seconds for which its cache headers call it fresh, at most a day; None where they say nothing."""


@dataclass(frozen=True, slots=True)
class NotModified:
    """304, or a file untouched since the last visit."""

    status: int = 304
    moved_to: str = ""
    fresh: float | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """One feed's failure as a value. ``code`` is a key of `errors.FAILURES`; ``cause`` is clean text."""

    code: str
    cause: str = ""
    http_status: int | None = None
    retry_after: float | None = None
    """Seconds, as the server asked, at most a day."""
    answered_by: str = ""
    """Host whose answer was no feed."""


# --------------------------------------------------------------------------------- what the bytes say


class BlockType(StrEnum):
    """The kinds of blocks a text is made of. `BODY_TYPES` are those that an article's body has."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    QUESTION = "question"
    QUOTE = "quote"
    LIST = "list"
    IMAGE = "image"
    LINK = "link"
    """Of a page: a line that is nothing but a link."""
    DATE = "date"
    """Of a page: a line that is nothing but a date."""


BODY_TYPES = tuple(kind for kind in BlockType if kind not in (BlockType.LINK, BlockType.DATE))


@dataclass(frozen=True, slots=True)
class Link:
    """A link inside a block's text: characters ``start`` to ``end`` lead to ``url`` (absolute http(s))."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a text. A LIST has one item a line; an IMAGE has its alternative text or caption."""

    type: BlockType
    text: str
    links: tuple[Link, ...] = ()
    """In the order of the text, not overlapping."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as the feed or page tells of it; empty strings where it says nothing."""

    url: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that comes with an article, for example a podcast's audio. ``length`` in bytes, 0 unknown."""

    url: str
    type: str = ""
    length: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed as it says itself: every text is clean, every address absolute http(s)."""

    title: str
    kicker: str = ""
    guid: str = ""
    link: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    teaser: str = ""
    body: tuple[Block, ...] = ()
    image: Image | None = None
    categories: tuple[str, ...] = ()
    author: str = ""
    enclosure: Enclosure | None = None
    truncated: bool = False
    """A text was longer than the limit and is cut."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A parsed feed. ``warnings`` are codes such as "feed.truncated"; ``complete`` is False where the
    document broke off, so that its validators must not be kept."""

    title: str = ""
    link: str = ""
    entries: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()
    complete: bool = True
    ttl: int = 0
    """Seconds between two visits that the document asks for (``ttl``, ``sy:updatePeriod``); 0: none."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A related article as a page names it, below "Weitere Meldungen"; ``published`` is the start of the day
    in Berlin, ``alt`` the alternative text of its picture; empty where the page says nothing."""

    title: str
    kicker: str = ""
    url: str = ""
    published: datetime | None = None
    teaser: str = ""
    kind: str = ""
    """The page's own label, such as "bericht"."""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What an article's page says: every text is clean, every address absolute http(s)."""

    title: str
    kicker: str = ""
    url: str = ""
    """Its canonical address, or where it was found; empty for a text without one."""
    published: datetime | None = None
    """With a time where the page tells one, else the start of the day in Berlin."""
    updated: datetime | None = None
    lead: str = ""
    body: tuple[Block, ...] = ()
    """Of `BODY_TYPES`, without lead, picture and related articles."""
    image: Image | None = None
    topic: str = ""
    """The name behind "Weitere Meldungen und Beiträge aus dem Bereich"."""
    kind: str = ""
    """The page's own label for itself, such as "interview"."""
    site: str = ""
    """What the site calls itself."""
    related: tuple[Mention, ...] = ()
    reader: str = ""
    """How it was read: "family" (order and marks of the Kommune21 family), "structured" (its own metadata),
    "extracted" (trafilatura), "text"."""


# ------------------------------------------------------------------------------ what it is about


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic by its stable key and its name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place: ``kind`` is municipality, district, state or region; ``ags`` the official key or empty."""

    name: str
    kind: str
    ags: str = ""
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An entry understood, on its way into the archive. ``kind`` is "" where nothing says it; ``level`` is
    "bund" or "eu" where an article is about the federation or Europe; the first state is the main one."""

    entry: Entry
    """What feed and page say together."""
    kind: str = ""
    level: str = ""
    states: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    topics: tuple[Topic, ...] = ()
    said: Entry | None = None
    """What the feed alone says, where a page says more; identity and content hash are made of it."""


# --------------------------------------------------------------------------------- from the archive


@dataclass(frozen=True, slots=True)
class Source:
    """The feed an article came from."""

    key: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class PageState:
    """What the archive remembers of an article's page."""

    url: str = ""
    """The address that answered."""
    tried: datetime | None = None
    """None: wanted, but never asked for."""
    fetched: datetime | None = None
    """When it was read; None where it never was."""
    tries: int = 0
    """In vain, in a row."""
    code: str = ""
    """Of the last failure; empty when all is well."""
    message: str = ""
    http_status: int | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """An article related to another one: an archived one has its id, a short entry, too; one that only a
    page on paper names has none. ``source`` is "page" or "archive"."""

    mention: Mention
    id: str = ""
    archived: bool = False
    """False: a short entry, known only from the page that names it."""
    reason: str = ""
    source: str = "page"


@dataclass(frozen=True, slots=True)
class Telling:
    """Another article that tells the same story."""

    id: str
    source: Source
    url: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """An article as the archive has it, without its body (`archive.articles.body` reads that)."""

    id: str
    title: str
    source: Source
    published: datetime
    first_seen: datetime
    kicker: str = ""
    url: str = ""
    kind: str = ""
    published_is_estimate: bool = False
    updated: datetime | None = None
    teaser: str = ""
    image: Image | None = None
    enclosure: Enclosure | None = None
    level: str = ""
    states: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    topics: tuple[Topic, ...] = ()
    truncated: bool = False
    read: bool = False
    starred: bool = False
    story: str = ""
    """The story that it tells together with others; empty where it is the only one."""
    also_in: tuple[Telling, ...] = ()
    """The others, the best source first."""
    edited: datetime | None = None
    """When its publisher was last seen to have changed its words."""


# ------------------------------------------------------------------------------------- one refresh


class Outcome(StrEnum):
    """What became of a feed in a refresh."""

    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Visit:
    """What became of one feed in one refresh; ``reason`` says why it was skipped."""

    feed: Feed
    outcome: Outcome
    new: int = 0
    changed: int = 0
    failure: Failed | None = None
    since: datetime | None = None
    """When the feed began to fail."""
    failures: int = 0
    last_ok: datetime | None = None
    reason: str = ""
    until: datetime | None = None
    """From when on a fetch asks a skipped or failed feed by itself; None: it does not."""
    warnings: tuple[str, ...] = ()
    moved_to: str = ""
    adopted: bool = False
    """From now on ``moved_to`` is asked."""
    told: bool = False
    """The same failure was told not long ago."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a feed, as the archive remembers it; ``size`` in bytes, ``ms`` until it was there."""

    at: datetime
    outcome: Outcome
    http_status: int | None = None
    size: int = 0
    ms: int = 0
    new: int = 0
    changed: int = 0
    code: str = ""
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class PageVisit:
    """What became of the page of the article ``id`` in one run; ``failure`` is None where it was read."""

    id: str
    url: str
    failure: Failed | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One refresh: the visits in the order of the configuration; ``stopped`` when it was interrupted."""

    visits: tuple[Visit, ...] = field(default=())
    stopped: bool = False
    pages: tuple[PageVisit, ...] = ()

    def with_outcome(self, *outcomes: Outcome) -> tuple[Visit, ...]:
        """The visits that ended in one of ``outcomes``."""
        return tuple(visit for visit in self.visits if visit.outcome in outcomes)
