"""What pages say of figures that units report without records."""

from __future__ import annotations

import pytest

from metrics import figures
from metrics.cards import CARDS
from metrics.principal import LOCAL
from metrics.units import difference, show
from pages._text import text
from tests.pages import sample
from tests.pages.test_pages import boards, shown

BOTH = [text("zh"), text("en")]
STATION, CENTRE = "0202", "03"  # of sample.STATIONS[6] and sample.CENTRES[2]


@pytest.mark.parametrize("words", BOTH)
def test_a_reported_figure_is_marked(page, words):
    at = page("indicator.py", ind=sample.REPORTED, unit=STATION, lang=words.language)
    assert words("reported.badge") in boards(at)
    assert words("reported.meaning") in boards(at)
    at = page("indicator.py", ind=sample.REPORTED, unit="0203", lang=words.language)
    assert words("reported.badge") not in boards(at)  # that one is counted from records


@pytest.mark.parametrize("words", BOTH)
def test_records_stand_and_what_was_reported_beside_them(page, sample_store, words):
    """The value from records, the 90.0 % that the centre reported, and how far apart they are."""
    card = CARDS[sample.BESIDE]
    with sample_store.published() as connection:
        course = figures.course(LOCAL, connection, sample.CENTRES[2], card, str(card.bases[0]))
    value = course.loc[course["month"] == sample.LAST, "value"].iloc[0]
    said = boards(page("indicator.py", ind=card.key, unit=CENTRE, lang=words.language))
    shown_value, apart = (
        show(value, card.unit, words.language),
        difference(0.9 - value, card.unit, words.language),
    )
    assert words("reported.beside", records=shown_value, reported="90.0%", difference=apart) in said
    assert words("reported.meaning") not in said


def test_another_month_has_nothing_beside_it(page):
    said = boards(page("indicator.py", ind=sample.BESIDE, unit=CENTRE, month="2026-09"))
    assert "上报 90.0%" not in said


@pytest.mark.parametrize("words", BOTH)
def test_what_counts_nowhere_is_told_by_its_name(page, words):
    said = shown(page("sources.py", lang=words.language))
    named = CARDS[sample.BESIDE].name[words.language]
    assert words("reported.lost_one", what=named, n=1, why=words("reported.why.no_denominator")) in said
    assert words("reported.lost_one", what="没有这一项", n=1, why=words("reported.why.unknown")) in said
    assert sample.BESIDE not in said  # no bare key
