"""Messages hold both languages; a page shows one."""

from __future__ import annotations

import pytest

from data.store import StoreError
from data.store.contract import BUSY, EMPTY
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
