"""Feeds that are files (row C10)."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from kommcli.errors import FeedFailure
from kommcli.model import Fetched, NotModified
from kommcli.sources.local import read

LIMIT = 1_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A feed_root with one feed, and secrets beside it."""
    folder = tmp_path / "feeds"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "stadt köln.xml").write_bytes(b"<rss/>")
    beside = tmp_path / "feeds-secret"
    beside.mkdir()
    (beside / "x.xml").write_bytes(b"secret")
    return folder


def code(url: str, root: Path | None, limit: int = LIMIT) -> str:
    with pytest.raises(FeedFailure) as caught:
        read(url, root, limit=limit)
    return caught.value.code


@pytest.mark.parametrize(
    "url",
    [
        "file:below/stadt%20k%C3%B6ln.xml",
        "file:below/stadt köln.xml",
        "FILE:./below/../below/stadt%20köln.xml",
        "file://{root}/below/stadt%20k%C3%B6ln.xml",
        "file://localhost{root}/below/stadt%20k%C3%B6ln.xml",
        "file:{root}/below/stadt%20k%C3%B6ln.xml",
    ],
)
def test_a_file_below_the_root(root: Path, url: str) -> None:
    url = url.format(root=root)
    fetched = read(url, root, limit=LIMIT)
    assert isinstance(fetched, Fetched)
    assert (fetched.url, fetched.body, fetched.status) == (url, b"<rss/>", 200)


def test_an_untouched_file_is_not_read_again(root: Path) -> None:
    path = root / "feed.xml"
    path.write_bytes(b"one")
    first = read("file:feed.xml", root, limit=LIMIT)
    status = path.stat()
    assert first.etag == f"3-{status.st_mtime_ns}"
    assert read("file:feed.xml", root, etag=first.etag, limit=LIMIT) == NotModified()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert read("file:feed.xml", root, etag=first.etag, limit=LIMIT).body == b"one"


def test_question_mark_and_hash_are_letters_of_a_name(root: Path) -> None:
    (root / "a?b#c.xml").write_bytes(b"x")
    assert read("file:a?b#c.xml", root, limit=LIMIT).body == b"x"
    assert read("file:a%3Fb%23c.xml", root, limit=LIMIT).body == b"x"


def test_a_name_that_is_not_utf_8(root: Path) -> None:
    try:
        (root / os.fsdecode(b"k\xf6ln.xml")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system knows UTF-8 names only")
    assert read("file:k%F6ln.xml", root, limit=LIMIT).body == b"x"


@pytest.mark.row("C10")
def test_C10_off_by_default(root: Path) -> None:
    assert code("file:below/stadt%20köln.xml", None) == "feed.root"


@pytest.mark.parametrize(
    "url",
    [
        "file:../feeds-secret/x.xml",
        "file:%2e%2e/feeds-secret/x.xml",
        "file:..%2Ffeeds-secret%2Fx.xml",
        "file://{root}-secret/x.xml",
        "file:///etc/passwd",
        "file:/etc/passwd",
        "file:link.xml",
        "file:linked/x.xml",
        "file:..",
    ],
)
@pytest.mark.row("C10")
def test_C10_nothing_outside_the_root(root: Path, url: str) -> None:
    (root / "link.xml").symlink_to(root.parent / "feeds-secret" / "x.xml")
    (root / "linked").symlink_to(root.parent / "feeds-secret")
    assert code(url.format(root=root), root) == "feed.root"


@pytest.mark.row("C10")
def test_C10_links_inside_the_root_and_to_the_root_are_followed(root: Path, tmp_path: Path) -> None:
    (root / "link.xml").symlink_to(root / "below" / "stadt köln.xml")
    (tmp_path / "alias").symlink_to(root)
    assert read("file:link.xml", tmp_path / "alias", limit=LIMIT).body == b"<rss/>"
    assert read(f"file://{root}/link.xml", tmp_path / "alias", limit=LIMIT).body == b"<rss/>"


@pytest.mark.row("C10")
def test_C10_only_regular_files_and_without_waiting(root: Path) -> None:
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        place = os.getcwd()
        os.chdir(root)  # the path of a socket must be short
        listener.bind("socket")
        os.chdir(place)
        for name in ("pipe", "socket", "below", ".", ""):
            assert code(f"file:{name}", root) == "feed.file"


@pytest.mark.parametrize(
    "url", ["file:none.xml", "file:a%00b", "file:below/stadt%20köln.xml/x", "file:" + "x" * 999]
)
def test_what_cannot_be_read(root: Path, url: str) -> None:
    assert code(url, root) == "feed.file"


def test_a_loop_of_links(root: Path) -> None:
    (root / "a").symlink_to(root / "b")
    (root / "b").symlink_to(root / "a")
    assert code("file:a", root) == "feed.file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(root: Path) -> None:
    (root / "feed.xml").write_bytes(b"x")
    (root / "feed.xml").chmod(0)
    assert code("file:feed.xml", root) == "feed.file"


@pytest.mark.parametrize("url", ["file://server/share/x.xml", "file://127.0.0.1/x.xml", "http://x/"])
def test_other_machines_and_schemes(root: Path, url: str) -> None:
    assert code(url, root) == "feed.file"


@pytest.mark.parametrize(
    ("body", "expected"),
    [(b"", "http.empty"), (b" \n", "http.empty"), (b"x" * (LIMIT + 1), "http.too_large")],
)
def test_size(root: Path, body: bytes, expected: str) -> None:
    (root / "feed.xml").write_bytes(body)
    assert code("file:feed.xml", root) == expected
    (root / "feed.xml").write_bytes(b"x" * LIMIT)
    assert len(read("file:feed.xml", root, limit=LIMIT).body) == LIMIT
