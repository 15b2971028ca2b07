"""How much room texts take."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exports.fitting import ELLIPSIS, cut, em, height, size_for, wrapped

TEXTS = st.text(alphabet="高血压患者管理率，（）abc 12%.-\n", max_size=60)


def test_widths():
    assert em("高血压") == 3.0
    assert em("abc") < 3.0
    assert em("") == 0


@given(TEXTS, st.floats(1.5, 30))
def test_lines_hold_everything_and_are_no_wider(text, width):
    """Nothing but blanks is lost; no line is wider than the box unless it is a single letter."""
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(em(line) <= width + 1e-9 or len(line) == 1 for line in lines)


def test_words_stay_whole():
    assert wrapped("managed to standard", 5) == ["managed", "to", "standard"]


def test_size_is_the_largest_that_fits():
    said = [("高血压患者管理率" * 4, 20.0)]
    share = size_for(said, 200, 60)
    assert height(said[0][0], 20 * share, 200) <= 60
    assert height(said[0][0], 20 * (share + 0.06), 200) > 60


@given(TEXTS, st.integers(1, 4))
def test_cut_text_has_no_more_lines(text, lines):
    shown = cut(text, 10, 80, lines)
    assert len(wrapped(shown, 8)) <= max(lines, 1)
    assert shown == text or shown.endswith(ELLIPSIS)
