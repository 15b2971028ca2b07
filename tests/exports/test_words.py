"""The catalogues of documents and of shared words: alike in both languages, and every text is used."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from data.words import catalogue, entries
from exports import words
from exports.about import About, footer, lines
from metrics import wording
from metrics.sentences import FOLDER as SENTENCES

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile("[\u3400-\u9fff]")
FOLDERS = [words.FOLDER, wording.FOLDER]
# Chinese headings are numbered with characters, English ones with figures.
CHINESE_ONLY = {"heading.digits", "heading.ten"}
# A month has a number in Chinese and a short name in English.
DIFFER = {"month.name", "month.only"}
ABOUT = About(
    bureau="某县卫生健康局",
    unit="某中心",
    month=2026 * 12 + 9,
    data_until=date(2026, 10, 31),
    event=7,
    batch=5,
    definitions="c70022c98fd33fb7",
    by="zhang",
    at=datetime(2026, 11, 5, 10, 20),
    is_demo=True,
)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_both_languages_say_the_same_things(folder):
    zh, en = entries(folder, "zh"), entries(folder, "en")
    assert set(zh) == set(en)
    assert not [key for key in zh if placeholders(zh[key]) != placeholders(en[key]) and key not in DIFFER]
    assert all(zh.values())
    assert not [key for key, said in en.items() if not said and key not in CHINESE_ONLY]
    assert not [key for key, said in en.items() if HAN.search(said)]
    assert not [key for key, said in zh.items() if re.search("[\u3400-\u9fff][,:;?!]", said)]


def test_no_stray_text():
    """Every text of a document is named by some module of exports, pages or commands."""
    source = "\n".join(
        path.read_text("utf-8")
        for room in ("exports", "pages", "commands")
        for path in (ROOT / room).glob("*.py")
    )
    unused = [
        key
        for key in words.entries("zh")
        if f'"{key}"' not in source
        and f'"{key.rsplit(".", 1)[1]}"' not in source
        and f'f"{key.rsplit(".", 1)[0]}.' not in source
    ]
    assert not unused, f"texts that no document uses: {unused}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_text_that_a_document_names_is_there(language):
    """Whole keys in the modules of ``exports``: a sentence that is rarely said is not missed only then."""
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "exports").glob("*.py"))
    named = set(re.findall(r'\bsaid\(\s*"([a-z_]+\.[a-z_0-9]+)"', source))
    assert len(named) > 100
    there = words.entries(language) | entries(wording.FOLDER, language)
    assert not named - set(there)


def test_one_and_many(tmp_path):
    """The word follows the value that it names, as it is written; what is filled in is left alone."""
    for language in ("zh", "en"):
        (tmp_path / f"{language}.toml").write_text(
            '[a]\nb = "{n} more [n:person|people] than {of} ([of:one|all])"\n', "utf-8"
        )
    said = catalogue(tmp_path, "en")
    assert said("a.b", n=1, of="1.0") == "1 more person than 1.0 (all)"
    assert said("a.b", n="21", of="+1") == "21 more people than +1 (one)"
    assert said("a.b", n=0, of="[n:x|y]") == "0 more people than [n:x|y] (all)"


@pytest.mark.parametrize(
    "folder", [words.FOLDER, wording.FOLDER, SENTENCES], ids=lambda f: f.parent.name + f.name
)
def test_words_of_one_or_many_name_a_value_of_their_sentence(folder):
    for said in entries(folder, "en").values():
        for name in re.findall(r"\[(\w+):", said):
            assert name in placeholders(said), said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_file_says_where_it_is_from(language):
    """Of whom, until when, which batch and definitions, made by whom when; a demo says so first."""
    told = lines(ABOUT, language)
    whole = "\n".join(told)
    for wanted in (
        "某县卫生健康局",
        "某中心",
        "2026-10-31",
        "5",
        "7",
        "c70022c98fd33fb7",
        "zhang",
        "2026-11-05 10:20",
    ):
        assert wanted in whole
    assert told[0] == words.text(language)("about.demo")
    assert "2026-10-31" in footer(ABOUT, language) and "zhang" in footer(ABOUT, language)


def test_a_quote_cannot_end_a_footer():
    assert "{by}" in footer(replace(ABOUT, by="{by}"), "zh")
