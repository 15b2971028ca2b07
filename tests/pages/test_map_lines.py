"""The legend of a map names the lines that it draws, and no others; each has a colour of its own."""

from __future__ import annotations

import pandas as pd
import pytest

from charts.line_styles import LINES, drawn, line_css
from charts.look import colours
from charts.siting_map import BORDERS
from pages._text import text


def ground(*rows: tuple[str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["layer", "level"])


def test_only_drawn_lines_are_named():
    whole = ground(
        ("roads", None),
        ("villages", "village"),
        ("boundaries", "county"),
        ("boundaries", "town"),
        ("built", None),
    )
    assert drawn(whole) == ["county", "town", "roads", "villages"]
    assert drawn(whole, BORDERS) == ["county", "town"]
    assert drawn(ground(("boundaries", "county"))) == ["county"]
    assert drawn(ground()) == []


@pytest.mark.parametrize("dark", [True, False])
def test_roads_look_like_no_judgement(dark):
    """Roads were as orange as cells of people beyond the rule."""
    known = colours(dark)
    assert known["road"] not in {shade for name, shade in known.items() if name != "road"}
    assert len({line_css(name, dark) for name in LINES}) == len(LINES)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_line_has_a_name(language):
    assert len({text(language)(f"map.lines.{name}") for name in LINES}) == len(LINES)
