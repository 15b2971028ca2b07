"""Messages hold both languages; a page shows one."""

from __future__ import annotations

import tomllib

import pytest

from data.store import StoreError
from data.store.contract import BUSY, EMPTY
from metrics.cards import CARDS
from metrics.standards import FOLDER
from metrics.standards.files import read_csv
from metrics.wording import paper_words
from pages._errors import half, told
from pages._text import text


@pytest.mark.parametrize(
    "message",
    [
        BUSY,
        EMPTY.format(part="records"),
        "磁盘空间不足。The disk of /数据/库 has 3 MB free: free some.",
        "/数据/var 中还没有数据。请先运行 python3 manage.py run（演示）。\nThere is no installation in /var.",
    ],
)
def test_halves(message):
    chinese, english = half(message, "zh"), half(message, "en")
    assert chinese + english == message.replace("\n", "")
    assert chinese.endswith("。")
    assert english[0].isascii()


@pytest.mark.parametrize("message", ["Only English.", "只有中文。", ""])
def test_one_language_alone_stays_whole(message):
    assert half(message, "zh") == half(message, "en") == message


def test_an_error_of_ours_says_only_its_kind():
    assert "secret" not in told(ValueError("secret 320102196001011234"), text("en"))
    assert told(StoreError(BUSY), text("zh")) == half(BUSY, "zh")


def test_sources_have_titles_in_both_languages():
    filed = "国家基本公共卫生服务规范（第三版）；000_f9eae4dcaaefe31d.txt"
    assert ".txt" not in paper_words(filed, text("zh"))
    assert paper_words(filed, text("en")).isascii() and "; " in paper_words(filed, text("en"))
    assert paper_words("县卫健发〔2026〕3号", text("en")) == "县卫健发〔2026〕3号"


#: What we say of a source ourselves: Chinese in no English sentence.
OUR_WORDS = ("默认", "可调整", "待各地", "合理范围", "估算", "各地", "见", "权重", "以下", ".txt")


def given_sources() -> set[str]:
    """Every source of a dated value, of a scoring sheet and of a card."""
    found = {
        row["source"] for path in FOLDER.glob("*.csv") for row in read_csv(path) if row.get("source")
    } | {card.source for card in CARDS.values()}
    for path in (FOLDER / "sheets").glob("*.toml"):
        sheets = [tomllib.loads(path.read_text("utf-8"))]
        while sheets:
            one = sheets.pop()
            values = one.values() if isinstance(one, dict) else one
            if isinstance(one, dict) and "source" in one:
                found.add(one["source"])
            sheets += [value for value in values if isinstance(value, dict | list)]
    return found


def test_what_we_say_of_a_source_is_in_both_languages():
    """ "默认值（可调整）" stood on English pages."""
    known = given_sources()
    assert len(known) > 40
    left = {
        one: said
        for one in known
        if any(word in (said := paper_words(one, text("en"))) for word in OUR_WORDS)
    }
    assert not left
    assert paper_words("默认值（可调整）", text("en")) == "default (adjustable)"
    assert all(".txt" not in paper_words(one, text("zh")) for one in known)
