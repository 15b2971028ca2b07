"""An indicator of which no month has a figure, or none that is public: words in place of a chart, and no error.

Found by fifty people clicking at once: the framework ends the page on a chart without data.
"""

from __future__ import annotations

import pandas as pd
import pytest

from charts.trend import trend
from metrics.cards import CARDS
from pages import _chart
from pages._text import text

NOTHING = float("nan")


def without_values(course: pd.DataFrame, *others, **more) -> dict:
    return trend(course.assign(value=NOTHING, last_year=NOTHING, target=NOTHING), *others, **more)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_value_is_said_in_words(page, monkeypatch, language):
    monkeypatch.setattr(_chart, "trend", without_values)
    at = page("indicator.py", ind="hr_filing_rate", lang=language)
    assert not at.exception
    assert text(language)("empty.no_values") in [one.value for one in at.info]


def test_such_a_trend_has_no_lines():
    course = pd.DataFrame({"month": [24_310, 24_311], "status": ["hidden", "none"]})
    words = dict.fromkeys(("value", "last_year", "target"), "")
    drawn = without_values(course, CARDS["hr_filing_rate"], words, "zh", str, False, 24_311)
    assert drawn["data"] == []
