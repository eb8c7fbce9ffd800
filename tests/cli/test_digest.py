"""`digest`, `digest draft` and `digest templates` through the real program."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from conftest import Home, item, make_home, rss
from newsroom import HOSTILE, in_files, newsroom

MONDAY = {"KOMMCLI_NOW": "2026-10-19T07:00:00+02:00"}
"""The week of the newsroom is over."""
GERMAN = {"LANG": "de_DE.UTF-8"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Eight articles of two feeds; only read by the tests."""
    return newsroom(make_home(tmp_path_factory.mktemp("archive")))


@pytest.fixture
def own(archive: Home, tmp_path: Path) -> Home:
    """The same for a test that changes something."""
    return archive.copy(tmp_path)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The bundled newsroom, in German; only read by the tests."""
    home = make_home(tmp_path_factory.mktemp("demo"))
    home.env |= GERMAN
    home.env.pop("KOMMCLI_NOW")
    home.run("--demo", "latest")
    return home


def titles(home: Home, *arguments: str, status: int = 0) -> list[str]:
    """The titles of an issue, in order."""
    found = home.json("digest", "--json", *arguments, status=status)
    return [one["title"] for section in found["sections"] for one in section["items"]]


# --------------------------------------------------------------------------------------------- time


def test_the_last_whole_week_is_the_default(archive: Home) -> None:
    found = archive.json("digest", "--json")

    assert (found["key"], found["week"], found["since"]) == (
        "2026-W41",
        "2026-W41",
        "2026-10-05T00:00:00+02:00",
    )
    assert titles(archive) == ["Sonntag kurz vor Mitternacht"]


@pytest.mark.parametrize("week", ["this", "2026-W42", "KW 42", "kw 42/2026", "42"])
def test_a_week_however_it_is_written(archive: Home, week: str) -> None:
    found = archive.json("digest", "--json", "--week", week)

    assert found["key"] == "2026-W42"
    assert found["articles"] == 5


def test_other_times_and_filters(archive: Home) -> None:
    assert titles(archive, "--since", "2026-10-16", "--until", "2026-10-16", "--feed", "beta") == [
        "Ohne Datum"
    ]
    assert titles(archive, "--until", "2026-09-20") == ["Im September"]
    found = archive.json("digest", "--json", "--since", "2026-10-15", "potsdam", "-s", "BB")
    assert (found["key"], found["scope"]) == ("2026-10-15--2026-10-16", "--state BB potsdam")


@pytest.mark.row("S18")
def test_S18_an_article_of_the_last_second_is_in_one_week(archive: Home) -> None:
    """Monday 00:00 and Sunday 23:59:59 in Berlin, wherever the machine stands."""
    for zone in ("Asia/Tokyo", "America/Los_Angeles", "UTC"):
        env = {"TZ": zone}
        assert "Sonntag kurz vor Mitternacht" in archive.run("digest", "--week", "41", env=env).stdout
        assert "Montag null Uhr" not in archive.run("digest", "--week", "41", env=env).stdout
        assert "Montag null Uhr" in archive.run("digest", "--week", "42", env=env).stdout


@pytest.mark.row("S18")
def test_S18_week_53_and_both_nights_of_the_clock(tmp_path: Path) -> None:
    times = {
        "Vor KW 53": "Sun, 27 Dec 2020 22:59:59 +0000",
        "Beginn KW 53": "Sun, 27 Dec 2020 23:00:00 +0000",
        "Ende KW 53": "Sun, 03 Jan 2021 22:59:59 +0000",
        "Nach KW 53": "Sun, 03 Jan 2021 23:00:00 +0000",
        "Beginn Sommerzeit": "Sun, 21 Mar 2021 23:00:00 +0000",
        "Ende der kurzen Woche": "Sun, 28 Mar 2021 21:59:59 +0000",
        "Nach der kurzen Woche": "Sun, 28 Mar 2021 22:00:00 +0000",
        "Beginn der langen Woche": "Sun, 24 Oct 2021 22:00:00 +0000",
        "Ende der langen Woche": "Sun, 31 Oct 2021 22:59:59 +0000",
    }
    feed = rss("".join(item(number, title, pubDate=at) for number, (title, at) in enumerate(times.items())))
    home = in_files(make_home(tmp_path), {"alpha": feed})

    assert titles(home, "--week", "2020-W53") == ["Ende KW 53", "Beginn KW 53"]
    assert titles(home, "--week", "2021-W12") == ["Ende der kurzen Woche", "Beginn Sommerzeit"]
    assert titles(home, "--week", "2021-W43") == ["Ende der langen Woche", "Beginn der langen Woche"]


# --------------------------------------------------------------------------------- the same bytes


@pytest.mark.parametrize("format_", ["text", "markdown", "html", "eml", "json", "atom"])
def test_same_archive_same_options_same_bytes(demo: Home, format_: str) -> None:
    arguments = ("--demo", "digest", "--week", "42", "-F", format_)
    later = {
        "KOMMCLI_NOW": "2026-10-18T23:00:00+02:00",
        "TZ": "Asia/Tokyo",
        "COLUMNS": "60",
        "PYTHONHASHSEED": "7",
    }
    first = demo.run(*arguments)
    second = demo.run(*arguments, "--ok-partial", env=later)

    assert first.returncode == second.returncode == 0
    assert first.stderr == ""
    if format_ == "eml":  # the week is not over: the mail is dated with the moment
        drop = re.compile("^Date: .*$", re.MULTILINE)
        assert drop.sub("", first.stdout) == drop.sub("", second.stdout)
    else:
        assert first.stdout == second.stdout


def test_no_line_of_the_demo_is_longer_than_78(demo: Home) -> None:
    for options in (
        [],
        ["--group", "state"],
        ["--group", "day"],
        ["--titles-only"],
        ["--max-per-section", "1"],
    ):
        text = demo.run("--demo", "digest", "--week", "42", *options).stdout
        assert [line for line in text.split("\n") if len(line) > 78 and "https://" not in line] == []


# ------------------------------------------------------------------------------------------ stories

BUILDING_FILES = {
    "Bauakten auf Knopfdruck",
    "Potsdamer Bauakten jetzt online einsehbar",
    "Potsdam öffnet sein Bauaktenarchiv im Internet",
}


def tellings(home: Home, *arguments: str) -> dict[str, tuple[str, list[str]]]:
    """Who tells of the building files in an issue: by title the source and the others that do."""
    found = home.json("--demo", "digest", "--week", "42", "--json", *arguments)
    items = [one for section in found["sections"] for one in section["items"]]
    return {one["title"]: (one["source"], one["also_in"]) for one in items if one["title"] in BUILDING_FILES}


def test_a_story_is_told_once_and_names_the_others(demo: Home, tmp_path: Path) -> None:
    told = {"Bauakten auf Knopfdruck": ("Kommunal Digital", ["Amtsblick", "Landespressedienst"])}
    assert tellings(demo) == told

    named = "auch bei: Amtsblick, Landespressedienst"
    for format_ in ("text", "markdown", "html", "eml"):
        done = demo.run("--demo", "digest", "--week", "42", "-F", format_)
        text = message_from_bytes(done.stdout.encode(), policy=default) if format_ == "eml" else None
        shown = text.get_body(("plain",)).get_content() if text else done.stdout  # type: ignore[union-attr]
        assert shown.count(named) == 1
        assert "Potsdamer Bauakten jetzt online einsehbar" not in shown

    draft = tmp_path / "woche.md"
    assert demo.run("--demo", "digest", "draft", str(draft), "--week", "42").returncode == 0
    assert named in demo.run("--demo", "digest", "--from", str(draft)).stdout


def test_the_best_source_among_those_asked_for_tells_the_story(demo: Home) -> None:
    title = "Potsdam öffnet sein Bauaktenarchiv im Internet"

    assert tellings(demo, "--feed", "amtsblick,landespresse") == {
        title: ("Amtsblick", ["Kommunal Digital", "Landespressedienst"])
    }


# -------------------------------------------------------------------------------------------- forms


def test_the_name_of_the_file_says_the_format(archive: Home, tmp_path: Path) -> None:
    for name, begin in {
        "a.html": b"<!DOCTYPE html>",
        "a.md": b"# Digital Municipalities Weekly",
        "a.eml": b"Subject: ",
        "a.json": b'{\n  "schema": "kommcli/digest/1"',
        "a.atom": b"<?xml",
        "a.txt": b"____",
    }.items():
        assert archive.run("digest", "-o", str(tmp_path / name)).returncode == 0
        assert (tmp_path / name).read_bytes().startswith(begin)
    archive.run("digest", "-F", "text", "-o", str(tmp_path / "b.html"))
    assert (tmp_path / "b.html").read_bytes().startswith(b"____")
    assert archive.run("digest", "--json", "-F", "html").returncode == 2


def test_eml_is_one_multipart_alternative(demo: Home, tmp_path: Path) -> None:
    path = tmp_path / "woche.eml"
    demo.run("--demo", "digest", "-o", str(path))
    raw = path.read_bytes()
    mail = message_from_bytes(raw, policy=default)

    assert mail["Subject"] == "Wochenbrief Digitale Kommune: KW 41 (5. bis 11. Oktober 2026)"
    assert mail["Date"] == "Mon, 12 Oct 2026 00:00:00 +0200"
    assert [part.get_content_type() for part in mail.walk()][1:] == ["text/plain", "text/html"]
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_language_and_configuration(own: Home) -> None:
    german = own.run("digest", "--week", "42", "--lang", "de").stdout
    assert "KW 42 · 12. bis 18. Oktober 2026" in german
    assert "Liebe Leserinnen und Leser," in german
    assert own.run("digest", "--lang", "fr").returncode == 2

    path = own.path / "config.toml"
    settings = '\n[digest]\nname = "Rathauspost"\nsalutation = ""\nclosing = "Viel Freude!"\n'
    settings += 'group = "feed"\nmax = 3\n'
    path.write_text(path.read_text("utf-8") + settings + 'signature = "Ihre Redaktion"\n', "utf-8")
    found = own.json("digest", "--json", "--week", "42")
    assert [found[name] for name in ("name", "salutation", "closing", "signature")] == [
        "Rathauspost", None, "Viel Freude!", "Ihre Redaktion",
    ]  # fmt: skip
    assert [section["key"] for section in found["sections"]] == ["alpha", "beta"]
    assert found["articles"] == 3


@pytest.mark.row("D1", "D6")
def test_D1_D6_a_feed_that_attacks(tmp_path: Path) -> None:
    home = in_files(make_home(tmp_path), {"evil": HOSTILE})
    for format_ in ("text", "markdown", "html", "eml", "json", "atom"):
        done = home.run("digest", "--week", "42", "-F", format_)
        assert (done.returncode, done.stderr) == (0, "")
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", done.stdout)
        assert "<script>" not in done.stdout


# ---------------------------------------------------------------------------------- what is missing


@pytest.mark.row("D18")
def test_D18_nothing_is_an_issue_that_says_so(archive: Home, home: Home) -> None:
    done = archive.run("digest", "--week", "2026-W30")
    assert (done.returncode, done.stderr) == (0, "")
    assert "There are no stories of this time (Week 30)." in done.stdout

    empty = home.run("digest")
    assert empty.returncode == 0
    assert "the archive is empty; fetch with: kommcli fetch" in empty.stderr


@pytest.mark.row("D19")
def test_D19_sources_that_are_behind_are_named_and_exit_3(own: Home) -> None:
    (own.path / "feeds" / "beta.xml").unlink()
    own.run("fetch", env=MONDAY)
    done = own.run("digest", env=MONDAY)

    assert done.returncode == 3
    assert "May be incomplete: Behörden Blick (last read 16.10.2026)." in done.stdout
    assert done.stderr == "kommcli: May be incomplete: Behörden Blick (last read 16.10.2026).\n"
    assert own.run("digest", "--ok-partial", env=MONDAY).returncode == 0
    found = own.json("digest", "--json", "--ok-partial", "--week", "2026-W42")
    assert found["stale"] == [{"name": "Behörden Blick", "last_ok": "2026-10-16T11:00:00+02:00"}]


@pytest.mark.row("D19")
def test_D19_an_archive_that_nobody_refreshed(archive: Home) -> None:
    done = archive.run("digest", env=MONDAY)

    assert done.returncode == 3
    assert done.stderr == "kommcli: the archive is as of 16.10.2026; fetch with: kommcli fetch\n"


@pytest.mark.row("D20")
def test_D20_files_that_cannot_be_written(archive: Home, tmp_path: Path) -> None:
    old = tmp_path / "woche.txt"
    old.write_text("alt", "utf-8")
    old.chmod(0o640)
    assert archive.run("digest", "-o", str(old)).returncode == 0
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert sorted(os.listdir(tmp_path)) == ["woche.txt"]
    for path in (tmp_path, tmp_path / "no" / "woche.txt"):
        done = archive.run("digest", "-o", str(path))
        assert done.returncode == 6
        assert "[io.file]" in done.stderr
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    assert archive.run("digest", "-o", str(pipe)).returncode == 0
    assert reader.communicate(timeout=30)[0].startswith(b"____")
    assert stat.S_ISFIFO(pipe.stat().st_mode), "what is no file is not replaced"


# ---------------------------------------------------------------------------------------- new, late


def sendmail(home: Home) -> None:
    """Mails go to a program that takes all of them."""
    program = home.path / "sendmail"
    program.write_text("#!/bin/sh\ncat > /dev/null\n", "utf-8")
    program.chmod(0o755)
    path = home.path / "config.toml"
    table = f'\n[mail]\nfrom = "a@stadt.example"\nto = "b@stadt.example"\nsendmail = ["{program}"]\n'
    path.write_text(path.read_text("utf-8") + table, "utf-8")


def test_new_is_what_no_sent_issue_had(own: Home) -> None:
    sendmail(own)
    assert len(titles(own, "--new")) == 6  # without September and the year before
    done = own.run("digest", "send", "--week", "41")
    assert done.returncode == 0, done.stderr

    assert "Sonntag kurz vor Mitternacht" not in titles(own, "--new")
    assert len(titles(own, "--new")) == 5
    assert titles(own) == ["Sonntag kurz vor Mitternacht"], "a week is a week"
    found = own.json("digest", "--json", "--new", "--max-per-section", "1")
    assert found["key"] == "new-2026-09-18--2026-10-16"


@pytest.mark.row("D17")
def test_D17_what_comes_late_is_in_the_next_issue(own: Home) -> None:
    sendmail(own)
    assert own.run("digest", "send", "--week", "41").returncode == 0
    late = item("late", "Nachzügler", pubDate="Fri, 09 Oct 2026 08:00:00 +0200")
    feed = own.path / "feeds" / "alpha.xml"
    feed.write_bytes(feed.read_bytes().replace(b"<item>", late.encode() + b"<item>", 1))
    assert own.run("fetch", env={"KOMMCLI_NOW": "2026-10-17T09:00:00+02:00"}).returncode == 0

    assert "Nachzügler" in titles(own, "--week", "42")
    assert "Nachzügler" not in titles(own, "--week", "43")


# ------------------------------------------------------------------------------------------ drafts


def test_a_draft_is_edited_and_rendered(own: Home, tmp_path: Path) -> None:
    path = tmp_path / "woche.md"
    done = own.run("digest", "draft", str(path), "--week", "42", "--max", "4")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("kommcli: 5 candidates, 4 ticked\n")
    text = path.read_text("utf-8")
    assert text.count("- [x]") == 4
    assert text.count("- [ ]") == 1

    unchanged = own.run("digest", "--from", str(path))
    assert unchanged.stderr == "kommcli: 1 article left out\n"
    text = text.replace("Potsdam: Wohni bewährt sich {", "Potsdam: Wohni kann mehr {")
    text = text.replace("Dear readers,", "Liebe alle,").replace(
        "\n## ", "\n## Eigenes\n\nEin Absatz.\n\n## ", 1
    )
    path.write_text(text, "utf-8")
    edited = own.run("digest", "--from", str(path))

    assert edited.returncode == 0
    assert edited.stderr == (
        "kommcli: own title: Potsdam: Wohni kann mehr\n"
        "kommcli: 1 article left out\n"
        "kommcli: 1 own paragraph\n"
    )
    assert "Liebe alle," in edited.stdout
    assert "Eigenes\n-------\n\nEin Absatz.\n" in edited.stdout
    assert "Potsdam: Wohni kann mehr" in edited.stdout
    found = own.json("digest", "--json", "--from", str(path))
    assert (found["key"], found["articles"]) == ("2026-W42", 4)
    assert "Teaser" not in own.run("digest", "--from", str(path), "--titles-only").stdout


def test_an_unedited_draft_is_the_issue_itself(demo: Home, tmp_path: Path) -> None:
    path = tmp_path / "woche.md"
    demo.run("--demo", "digest", "draft", str(path), "--group", "state")
    plain = demo.run("--demo", "digest", "--group", "state").stdout

    assert demo.run("--demo", "digest", "--from", str(path)).stdout.split() == plain.split()


def test_drafts_through_a_pipe(archive: Home) -> None:
    written = archive.run("digest", "draft", "-", "--week", "42")
    assert (written.returncode, written.stderr) == (0, "")
    read = archive.run("digest", "--from", "-", "--json", stdin=written.stdout)
    assert (read.returncode, read.stderr) == (0, "")
    assert '"articles": 5' in read.stdout


def test_drafts_mark_what_was_sent(own: Home, tmp_path: Path) -> None:
    sendmail(own)
    assert own.run("digest", "send", "--week", "41").returncode == 0
    own.run("digest", "draft", str(tmp_path / "a.md"), "--week", "41")

    assert re.search(
        r"- \[ \] Sonntag kurz vor Mitternacht \{[^}]*, already in issue 1\}",
        (tmp_path / "a.md").read_text("utf-8"),
    )


def test_drafts_that_cannot_be_used(own: Home, tmp_path: Path) -> None:
    path = tmp_path / "woche.md"
    own.run("digest", "draft", str(path), "--week", "42")
    assert own.run("digest", "draft", str(path)).returncode == 6
    assert own.run("digest", "draft", str(path), "--force").returncode == 0
    assert own.run("digest", "--from", str(path), "topic:ki").returncode == 2
    assert own.run("digest", "--from", str(tmp_path / "none.md")).returncode == 2
    text = path.read_text("utf-8")
    for old, new, said in (
        ("Issue: 2026-W41", "Issue: 2026-W99", '"2026-W99" is no issue'),
        ("{", "{zzzzzzzz, ", "woche.md:"),
        ("- [x]", "- [?]", "the tick [?] is unknown"),
    ):
        path.write_text(text.replace(old, new), "utf-8")
        done = own.run("digest", "--from", str(path))
        assert done.returncode == 2
        assert said in done.stderr
    path.write_bytes(b"\xff")
    assert "is not in UTF-8" in own.run("digest", "--from", str(path)).stderr


# --------------------------------------------------------------------------- templates, the command


def test_templates_are_exported_changed_and_used(own: Home, tmp_path: Path) -> None:
    folder = own.path / "templates"
    done = own.run("digest", "templates", "--export", str(folder))
    assert done.returncode == 0
    assert str(folder) in done.stderr
    assert own.run("digest", "templates", "--export", str(folder)).returncode == 6

    path = folder / "digest.txt.j2"
    path.write_text("{{ issue.name }} neu\n", "utf-8")
    assert own.run("digest").stdout == "Digital Municipalities Weekly neu\n"
    path.write_text("eins\n{{ issue. }}\n", "utf-8")
    broken = own.run("digest")
    assert (broken.returncode, broken.stdout) == (5, "")
    assert broken.stderr.startswith(f"kommcli: {path}:2: the template cannot be used (")


def test_words_and_commands(archive: Home) -> None:
    assert titles(archive, "wohni", "--week", "42") == ["Wohni bewährt sich"]
    assert titles(archive, "-wohni", "--week", "42", "smart") == ['Was "smart" heißt, in Zahlen']
    done = archive.run("digest", "--week", "42", "draft")
    assert done.returncode == 2
    assert "kommcli digest draft …" in done.stderr
    assert archive.run("digest", "--week", "42", '"draft"').returncode == 0
    wrong = archive.run("digest", "draft")
    assert (wrong.returncode, "kommcli digest draft --help" in wrong.stderr) == (2, True)
    shown = archive.run("digest", "--help").stdout
    assert "QUERY…" in shown
    assert re.search(r"^  draft +Write", shown, re.MULTILINE)


def test_completion_offers_commands_and_topics(archive: Home) -> None:
    def completed(words: str) -> list[str]:
        env = {"_KOMMCLI_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        return archive.run(env=env).stdout.splitlines()

    assert "draft" in completed("kommcli digest d")
    assert "topic:" in completed("kommcli digest t")
    assert "draft" not in completed("kommcli digest wohni d")
    assert "--force" in completed("kommcli digest draft --f")
