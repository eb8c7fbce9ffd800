"""Every key of the configuration: its kind, default and meaning.

This table is the only place that knows the keys. `load` reads and checks by it, `edit` writes by it, and
``docs/generate.py`` makes ``config.example.toml`` and the reference page from it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from kommcli.config.kinds import (
    Parse,
    aliases,
    alternatives,
    auth,
    choice,
    contact,
    duration,
    feed_url,
    flag,
    groups,
    headers,
    ignored,
    number,
    query,
    selectors,
    size,
    state,
    states,
    terms,
    text,
    texts,
    topic,
    word,
    words,
)
from kommcli.config.mailkinds import address, addresses, host, list_id, password, program, way_out
from kommcli.i18n import LANGUAGES, N_
from kommcli.model import RANK


class Key(NamedTuple):
    """One key. ``default`` and ``example`` are TOML values; ``help`` is the English sentence."""

    name: str
    parse: Parse
    default: Any
    help: str
    example: Any = None


GENERAL = (
    Key("language", choice(*LANGUAGES), None, N_("Language of what people read: de or en."), "de"),
    Key(
        "refresh_after",
        duration,
        "1h",
        N_('`latest` fetches first when the archive is older than this; "0s": always.'),
    ),
    Key("limit", number(1, 100_000, whole=True), 20, N_("How many articles a list shows.")),
    Key(
        "contact",
        contact,
        "",
        N_("A mail or web address for publishers, sent in the User-Agent."),
        "mailto:redaktion@stadt.example",
    ),
    Key("feed_root", text, "", N_("The only folder that file: feeds may be read from."), "~/feeds"),
    Key(
        "notify",
        texts,
        [],
        N_("The command that `fetch --notify` gives new hits of [watch] to, as JSON on its standard input."),
        ["/usr/local/bin/melden", "--betreff", "kommcli"],
    ),
)

FETCH = (
    Key("connect_timeout", number(0.1, 60), 5, N_("Seconds to wait for a connection.")),
    Key("total_timeout", number(0.1, 600), 30, N_("Seconds for one whole answer, redirects included.")),
    Key("max_body", size, "10MB", N_("Largest answer, after unpacking.")),
    Key("threads", number(1, 64, whole=True), 32, N_("Feeds asked at the same time.")),
    Key("per_host", number(1, 8, whole=True), 2, N_("Of these, at the same host.")),
)

FEED = (
    Key("key", text, None, N_("Short name in commands: letters, digits, - and _."), "kommune21"),
    Key(
        "url",
        feed_url,
        None,
        N_("Address of the feed (http, https, or file: below feed_root)."),
        "https://www.example.org/feed/",
    ),
    Key("title", text, "", N_("Name in lists; else what the feed calls itself."), "Kommune21"),
    Key("enabled", flag, True, N_("false: paused, nothing is fetched.")),
    Key("interval", duration, "0s", N_('Shortest time between two visits; "0s": every fetch asks.'), "1h"),
    Key("limit", number(0, 2_000, whole=True), 0, N_("Newest entries taken from one answer; 0: all.")),
    Key("state", state, "", N_("Federal state of all its articles."), "BY"),
    Key("topic", topic, "", N_("Topic of all its articles."), "KI"),
    Key(
        "rank",
        number(0, 100, whole=True),
        RANK,
        N_("Of several sources that tell the same story, the one with the lowest rank leads."),
        10,
    ),
    Key("tags", texts, [], N_("Your own labels."), ["presse"]),
    Key(
        "pages",
        choice("never", "new"),
        None,
        N_(
            "Fetch the pages of new articles: never or new (new is what holds for kommune21.de, "
            "move-online.de and stadt-und-werk.de, whose kickers and topics stand on the pages only)."
        ),
        "new",
    ),
    Key(
        "selectors",
        selectors,
        {},
        N_("CSS selectors for its pages, where they are read wrongly."),
        {"kicker": "h1 .overline", "body": "article .text"},
    ),
    Key(
        "headers",
        headers,
        {},
        N_("Headers to send; secrets only by reference."),
        {"X-Api-Key": {"env": "FEED_KEY"}},
    ),
    Key(
        "auth",
        auth,
        None,
        N_("User and where the password is found (environment variable or command)."),
        {"user": "name", "password": {"env": "FEED_PASSWORD"}},
    ),
    Key("allow_private", flag, False, N_("true: the host may be in a private network.")),
)

HOME = (
    Key("states", states, [], N_("Your federal states."), ["BY"]),
    Key("places", alternatives, [], N_("Your towns and districts."), ["Bad Nauheim"]),
)

VIEW = (
    Key("query", query, None, N_("Any query; the keys below hold as well."), "topic:ki -state:bund"),
    Key("topic", alternatives, None, N_("One topic or several: one of them."), ["ki", "ozg"]),
    Key("state", alternatives, None, N_("Federal states, bund, eu or none."), "BY"),
    Key("place", alternatives, None, N_("Towns, districts and regions."), "Bad Nauheim"),
    Key("feed", alternatives, None, N_("Keys or names of feeds."), "kommune21"),
    Key("kind", alternatives, None, N_("Kinds of articles."), "interview"),
    Key("is", alternatives, None, N_("read, unread, starred or unstarred."), "unread"),
    Key("since", word, None, N_("Published at this time or later."), "7d"),
    Key("until", word, None, N_("Published up to this time."), "yesterday"),
    Key("week", word, None, N_("Published in this week."), "2025-W42"),
)

SEARCH = (
    Key(
        "synonyms",
        groups,
        [],
        N_("Words that mean the same to your searches, besides kommcli's own."),
        [["Wohni", "Wohngeldassistent"]],
    ),
)

STORIES = (
    Key(
        "window",
        duration,
        "14d",
        N_("Articles that lie further apart than this do not tell the same story."),
    ),
)

WATCH = (
    Key(
        "terms",
        alternatives,
        None,
        N_("One of these words or phrases stands in the article."),
        ["Wohni", "ekom21"],
    ),
    Key("query", query, None, N_("Any query; where there are terms, both hold."), "state:by -kind:termin"),
)

PLACES = (
    Key(
        "alias",
        aliases,
        {},
        N_("Your names of places -> name or official key of the place."),
        {"Quadratestadt": "Mannheim"},
    ),
    Key("ignore", ignored, [], N_("Names that mean no place in your feeds."), ["Regen", "Stelle"]),
)

DIGEST = (
    Key("name", word, None, N_("What your digest is called."), "Wochenbrief Digitale Kommune"),
    Key("salutation", text, None, N_("The first line; an empty one leaves it out."), "Liebe Kolleginnen,"),
    Key("closing", text, None, N_("The line behind the introduction; an empty one leaves it out."), ""),
    Key("signature", text, "", N_("Who signs the introduction."), "Ihre Pressestelle"),
    Key("group", choice("topic", "state", "feed", "day"), "topic", N_("What the sections are.")),
    Key("max", number(1, 10_000, whole=True), 60, N_("Articles in an issue.")),
    Key("max_per_section", number(1, 1_000, whole=True), 10, N_("Articles in a section.")),
    Key("remember", number(0, 1_000, whole=True), 8, N_("Drafts mark what one of the last N issues had.")),
)

MAIL = (
    Key("from", address, None, N_("Who sends."), "Stadt Beispiel <digest@stadt.example>"),
    Key("reply_to", address, None, N_("Who gets answers; else who sends."), "presse@stadt.example"),
    Key("to", addresses, [], N_("Who gets the digest: one address or a list."), ["amt@stadt.example"]),
    Key(
        "mode",
        choice("to", "each", "bcc"),
        "to",
        N_("to: one mail that names all recipients; bcc: one that names none; each: one for each."),
    ),
    Key("host", host, "", N_("The mail server."), "smtp.stadt.example"),
    Key("port", number(0, 65_535, whole=True), 0, N_("0: 587 for starttls, 465 for tls, 25 for none.")),
    Key(
        "security",
        choice("starttls", "tls", "none"),
        "starttls",
        N_("starttls, tls, or none (for a server on this machine only). Certificates are checked."),
    ),
    Key("user", text, "", N_("Name to log in with; empty: no login."), "digest@stadt.example"),
    Key(
        "password",
        password,
        None,
        N_("Where the password is found: env, command or keyring. Never the password itself."),
        {"env": "KOMMCLI_MAIL_PASSWORD"},
    ),
    Key(
        "sendmail",
        program,
        [],
        N_("Instead of a server: a program that takes mails as sendmail does, such as /usr/sbin/sendmail."),
    ),
    Key("timeout", number(1, 600), 60, N_("Seconds to wait for an answer; ten times as long for the last.")),
    Key("list_id", list_id, "", N_("By what mail programs file the digest."), "wochenbrief.stadt.example"),
    Key(
        "unsubscribe",
        way_out,
        "",
        N_("Where recipients sign off: a mailto: or https: address."),
        "mailto:digest@stadt.example?subject=abmelden",
    ),
)

TOPIC = (
    Key("name", word, None, N_("Its name in lists."), "Künstliche Intelligenz"),
    Key("en", word, None, N_("Its English name."), "Artificial intelligence"),
    Key("aliases", words, None, N_("Further names in queries."), ["KI"]),
    Key("categories", words, None, N_("What feeds call it in their categories."), ["KI in der Verwaltung"]),
    Key(
        "terms",
        terms,
        None,
        N_("Words that speak for it, as a list or with weights from 1 to 3; 0 takes one out."),
        {"chatbot": 3},
    ),
    Key("not", terms, None, N_("Words that speak against it."), ["roboterhund"]),
    Key("general", flag, None, N_("true: it gives way to specific topics."), False),
    Key("enabled", flag, None, N_("false: there is no such topic."), True),
)

SECTIONS: dict[str, tuple[Key, ...]] = {
    "": GENERAL,
    "home": HOME,
    "fetch": FETCH,
    "search": SEARCH,
    "stories": STORIES,
    "digest": DIGEST,
    "mail": MAIL,
    "views": VIEW,
    "watch": WATCH,
    "places": PLACES,
    "topics": TOPIC,
    "feeds": FEED,
}
"""Table name in the file -> its keys; "" is the top of the file, "feeds" the ``[[feeds]]`` tables."""

NAMED = {"views": "press", "watch": "vendors", "topics": "ki"}
"""The sections that hold a table with these keys for each name that the user chooses -> a name to show."""

ABOUT = {
    "home": N_("Your own region."),
    "views": N_('Saved filters: `latest --view press`. In short: press = "topic:ki" below a line [views].'),
    "watch": N_("What you keep an eye on: `kommcli watch` lists new hits by name."),
    "mail": N_("How `digest send` sends: by a mail server, or by a program."),
    "places": N_("Corrections where kommcli takes a name for the wrong place or for none."),
    "topics": N_("Topics of your own and changes of kommcli's, to which lists and words are added."),
    "feeds": N_("One [[feeds]] table for each feed. Without any, kommcli reads its own list."),
}
"""What a section is for, where its keys do not say it."""
