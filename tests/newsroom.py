"""Feeds in files that several tests read: a small newsroom, and one that attacks the terminal.

Files have the same address everywhere, so the ids of their articles can be written down.
"""

from __future__ import annotations

from conftest import Home, item, rss

ALPHA = rss(
    item(
        1,
        "Potsdam: Wohni bewährt sich",
        pubDate="Fri, 16 Oct 2026 08:00:00 +0200",
        category="Digitalisierung",
    )
    + item(2, "=1+1 und mehr", pubDate="Fri, 16 Oct 2026 00:00:00 +0200", description="-2 Grad, sagt sie")
    + item(3, "Was &quot;smart&quot; heißt, in Zahlen", pubDate="Thu, 15 Oct 2026 23:59:59 +0200")
    + item(4, "Montag null Uhr", pubDate="Sun, 11 Oct 2026 22:00:00 +0000")
    + item(5, "Sonntag kurz vor Mitternacht", pubDate="Sun, 11 Oct 2026 21:59:59 +0000"),
    "Grüne Städte",
)
BETA = rss(
    item(6, "Ohne Datum", pubDate="")
    + item(7, "Im September", pubDate="Tue, 15 Sep 2026 12:00:00 +0200")
    + item(8, "Im Vorjahr", pubDate="Thu, 16 Oct 2025 12:00:00 +0200"),
    "Behörden-Blick",
)

MARKS = "Zalgo a" + "\u0301" * 1_000 + " Ende"
ATTACKS = (
    "Clear&#27;[2J&#27;[H screen",
    "Window &#27;]0;pwned&#7; title",
    "Clipboard &#27;]52;c;cHduZWQ=&#27;\\ OSC 52",
    "Link &#27;]8;;https://evil.example/&#27;\\here&#27;]8;;&#27;\\ OSC 8",
    "Device &#27;Pqabc&#27;\\ control",
    "C1 &#x9b;2J and &#x9d;0;pwned&#x9c; done",
    "Raw \x1b[31mred\x1b[0m escape",
    "Return&#13;Over &#8;&#8;back &#127;del &#11;vt &#12;ff &#133;nel &#x2028;ls &#9;tab",
    "Bidi &#x202e;gnp.exe&#x202c; &#x2066;isolate &#x200f;mark \u05e9\u05dc\u05d5\u05dd",
    "Zero&#x200b;width soft&#xad;hyphen &#xfeff;bom &#xe0041;tag 👩‍💻 stays",
    "[red]not red[/red] [/b] [TODO] [link=https://evil.example/]x[/link] :smile: back\\",
    "[bold",
    MARKS,
    "東京都デジタル庁が自治体向けの新しい行政サービス基盤を公開しました全国の市区町村で利用できます",
    "&lt;b&gt;Bold&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt; text",
)
HOSTILE = rss(
    "".join(
        item(
            number,
            title,
            description=title,
            link=f"https://evil.example/{number}?a=&#27;]8;;x&#7;&quot;&#10;b",
            category=title,
        )
        for number, title in enumerate(ATTACKS)
    ),
    "Feed &#27;[31m&#x202e;evil [/red]",
)


def in_files(
    home: Home, feeds: dict[str, bytes], titles: dict[str, str] | None = None, head: str = ""
) -> Home:
    """Configure ``feeds`` as files, fetch them, and forget the list of the run."""
    folder = home.path / "feeds"
    folder.mkdir()
    tables = [head, 'feed_root = "feeds"']
    for key, content in feeds.items():
        (folder / f"{key}.xml").write_bytes(content)
        tables.append(f'[[feeds]]\nkey = "{key}"\nurl = "file:{key}.xml"')
        if key in (titles or {}):
            tables.append(f'title = "{(titles or {})[key]}"')
    home.config("\n".join(tables) + "\n")
    done = home.run("fetch")
    assert (done.returncode, done.stderr) == (0, "")
    return home


def newsroom(home: Home) -> Home:
    """Two feeds with eight articles: "alpha" calls itself Grüne Städte, "beta" is called Behörden Blick."""
    return in_files(home, {"alpha": ALPHA, "beta": BETA}, {"beta": "Behörden Blick"})
