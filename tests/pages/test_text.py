"""The two catalogues match, and no Chinese stands outside them."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from pages._text import LANGUAGES, entries, text

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile(r"[\u3400-\u9fff]")
SOURCES = [
    *sorted((ROOT / "pages").glob("*.py")),
    *sorted((ROOT / "charts").glob("*.py")),
    *sorted((ROOT / "exports").glob("*.py")),
]


def placeholders(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def test_same_keys():
    assert set(entries("zh")) == set(entries("en"))


def test_same_placeholders():
    wrong = [
        key
        for key in entries("zh")
        if set(placeholders(entries("zh")[key])) != set(placeholders(entries("en")[key]))
    ]
    # A month has a number in Chinese and a short name in English.
    assert set(wrong) <= {"month.name", "month.only"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_empty_text(language):
    assert not [key for key, sentence in entries(language).items() if not sentence]


def test_english_has_no_chinese():
    found = [key for key, sentence in entries("en").items() if HAN.search(sentence)]
    assert found == ["language.zh"]  # a language is named in itself


def test_chinese_punctuation_is_full_width():
    """No half-width comma, colon, semicolon or question mark after a Chinese character."""
    wrong = [key for key, sentence in entries("zh").items() if re.search(r"[\u3400-\u9fff][,:;?!]", sentence)]
    assert not wrong


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_chinese_outside_the_catalogues(path):
    assert not HAN.search(path.read_text("utf-8"))


def test_missing_key_is_named():
    with pytest.raises(KeyError, match=r"overview\.nowhere"):
        text("zh")("overview.nowhere")
