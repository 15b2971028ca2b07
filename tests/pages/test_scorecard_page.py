"""The director's scorecard on the page: of one institution, with or without a published round."""

from __future__ import annotations

import pytest

from metrics.sentences import sentences
from metrics.wording import month_name
from pages._text import text
from tests.pages import sample
from tests.pages.test_pages import boards, shown


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("unit", ["02", "0201"])
def test_before_anything_is_published(page, language, unit):
    """It says that no round is there, and shows what is known: findings, duties, what is behind."""
    at = page("scorecard.py", lang=language, unit=unit)
    assert not at.exception
    said, words = shown(at), sentences(language)
    assert words("card.no_round", month=month_name(sample.LAST, text(language))) in said
    assert words("card.findings_none") in said
    assert words("card.duties", month=month_name(sample.LAST, text(language))) in said
    assert text(language)("card.list") in said
    assert len(at.get("download_button")) == 2  # the page of A4 and the table below


def test_the_bureau_is_told_to_choose(page):
    at = page("scorecard.py")
    assert text("zh")("card.bureau") in [one.value for one in at.info]
    assert "scorecard?" in boards(at)
    assert "onepage" not in boards(at)
