"""German and English: which is spoken, that nothing is left untranslated, and the catalogue itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from conftest import Home, make_home
from newsroom import newsroom

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Eight articles; only read by the tests."""
    return newsroom(make_home(tmp_path_factory.mktemp("archive")))


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """docs/generate.py as a module."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GERMAN, ENGLISH = "es gibt keinen Artikel", "there is no article"


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ({}, "de"),
        ({"LANG": "C"}, "de"),
        ({"LANG": "C.UTF-8"}, "de"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "de"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_GB"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": ""}, "en"),
    ],
)
def test_the_locale_decides_and_german_is_the_default(
    archive: Home, locale: dict[str, str], language: str
) -> None:
    env = {"LANG": ""} | locale
    said = archive.run("read", "zzzz", env=env).stderr

    assert (GERMAN in said, ENGLISH in said) == (language == "de", language == "en")


def test_the_option_wins_over_the_configuration_over_the_locale(archive: Home, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("# Sprache\nlanguage = 'de' # wie alle\n")
    before = ["--config", str(config)]

    assert GERMAN in archive.run(*before, "read", "zzzz").stderr
    assert ENGLISH in archive.run(*before, "--lang", "en", "read", "zzzz").stderr
    assert ENGLISH in archive.run("--lang=en", *before, "read", "zzzz").stderr
    assert GERMAN in archive.run("--lang", "de", "read", "zzzz").stderr
    assert GERMAN in archive.run("read", "zzzz", env={"KOMMCLI_CONFIG": str(config)}).stderr


@pytest.mark.parametrize("arguments", [["--lang", "fr"], ["--lang="]])
def test_an_unknown_language(archive: Home, arguments: list[str]) -> None:
    done = archive.run(*arguments, "latest")

    assert done.returncode == 2
    assert "de, en" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_a_program_reads_does_not_depend_on_the_language(archive: Home) -> None:
    for arguments in (["latest"], ["latest", "--json"], ["latest", "-F", "csv"], ["feeds", "list"]):
        assert (
            archive.run("--lang", "de", *arguments).stdout == archive.run("--lang", "en", *arguments).stdout
        )


def test_a_list_in_german(archive: Home) -> None:
    shown = archive.run("--lang", "de", "latest", "-F", "terminal", "-n", "5").stdout

    assert "heute 08:00 · Grüne Städte" in shown
    assert "gestern 23:59" in shown
    assert "Mo 12.10." in shown
    assert "5 Artikel · Stand: heute 11:00 · " in shown


HELP = """
import json, os, sys
from kommcli.cli.start import speak
speak(["--lang", sys.stdin.read()], os.environ)
from kommcli.cli.app import program

def walk(command, words, found):
    with command.make_context(words[-1], ["x"] * 9, resilient_parsing=True) as context:
        page = command.get_help(context)
        texts = {"": command.help} | {one.name: one.help for one in command.get_params(context)}
    found[" ".join(words)] = [page, texts]
    for name, inner in getattr(command, "commands", {}).items():
        walk(inner, (*words, name), found)
    return found

json.dump(walk(program(), ("kommcli",), {}), sys.stdout)
"""


def helps(home: Home, language: str) -> dict[str, tuple[str, dict[str, str]]]:
    """The help of every command: the page, and the text of the command and of each of its options."""
    done = subprocess.run(
        [sys.executable, "-c", HELP], env=home.env, input=language, capture_output=True, text=True, check=True
    )
    found: dict[str, tuple[str, dict[str, str]]] = json.loads(done.stdout)
    return found


FRAME = re.compile(r"Usage|Options:|Arguments|Commands|required|default|Show|Install|exit")


def test_no_english_is_left_in_the_german_help(archive: Home) -> None:
    german, english = helps(archive, "de"), helps(archive, "en")

    assert german.keys() == english.keys()
    assert len(german) > 25
    for command, (page, texts) in english.items():
        german_page, german_texts = german[command]
        assert german_texts.keys() == texts.keys()
        for name, text in texts.items():
            assert text, f"{command} {name} has no help"
            assert german_texts[name] != text, f"{command} {name}: {text}"
        assert FRAME.search(page)
        assert not FRAME.search(german_page), german_page


def test_usage_errors_in_german(archive: Home) -> None:
    cases = [
        ["latst"],
        ["latest", "--bogus"],
        ["read"],
        ["latest", "-n"],
        ["latest", "-n", "x"],
        ["latest", "-n", "0"],
        ["latest", "-F", "x"],
        ["read", "1", "x"],
        ["latest", "--json=1"],
        ["feeds", "pause", "nobody"],
        ["latest", "--since", "dann"],
    ]
    english = re.compile(r"\b(no|is|not|the|of|for|needs|takes|missing|nearest|See|such|an?|are|Write)\b")
    for arguments in cases:
        ours = archive.run("--lang", "de", *arguments)
        assert ours.returncode == 2
        assert re.search(r"\b(es|ist|fehlt|keine?|keinen|liegt|braucht|unerwartetes|Hilfe)\b", ours.stderr), (
            ours.stderr
        )
        assert not english.search(ours.stderr), ours.stderr


# ------------------------------------------------------------------------------------------ catalogue


def typers_own() -> set[str]:
    """The sentences that Typer itself translates: it asks our catalogue."""
    import typer
    from babel.messages.extract import extract_from_dir

    folder = str(Path(typer.__file__).parent)
    found = extract_from_dir(folder, method_map=[("**.py", "python")], directory_filter=lambda _path: True)
    return {message[2] if isinstance(message[2], str) else message[2][0] for message in found}


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}", text))


def test_every_sentence_of_the_source_has_a_german_one(generate: ModuleType) -> None:
    from babel.messages.pofile import read_po

    with generate.CATALOGUE.open("rb") as file:
        german = {
            message.id if isinstance(message.id, str) else message.id[0]: message
            for message in read_po(file, locale="de")
            if message.id
        }
    sentences = generate.messages()
    assert len(sentences) > 200
    assert sorted(set(sentences) - set(german)) == []
    assert sorted(set(german) - set(sentences) - typers_own()) == []  # nothing dead
    for one, many in sentences.items():
        message = german[one]
        assert not message.fuzzy, one
        forms = [message.string] if isinstance(message.string, str) else list(message.string)
        assert len(forms) == (2 if many else 1), one
        for english, ours in zip((one, many), forms, strict=False):
            assert ours, english
            assert placeholders(ours) == placeholders(english), english
            assert (ours[:1].isspace(), ours[-1:].isspace()) == (
                english[:1].isspace(),
                english[-1:].isspace(),
            )


def test_the_compiled_catalogue_is_the_one_that_people_edit(generate: ModuleType) -> None:
    assert generate.CATALOGUE.with_suffix(".mo").read_bytes() == generate.catalogue()
