"""Charts as pictures: what stands in them, in both languages, with and without a Chinese font."""

from __future__ import annotations

import io
import math
import struct
from xml.etree import ElementTree

import pytest

from charts import spec
from exports import fonts, pictures
from exports.charts import bars_of, lines_of
from exports.fonts import NoFontError, chinese
from exports.map_questions import Material
from exports.maps import map_of
from exports.pictures import picture
from exports.words import text
from metrics import coverage, figures
from metrics.principal import LOCAL
from tests.exports.meeting import CARDS, MONTH, UNIT, about_sample

KEY = "htn_control"
PLAIN = spec.Bars(
    caption=spec.Caption(title="Share", unit="Unit: %", date="Data up to 2026-10-31", source="Source: plan"),
    bars=(
        spec.Bar(label="East", value=62.4, text="▼ 62.4%", judgement="below"),
        spec.Bar(label="West", value=math.nan, text="—"),
    ),
    target=80,
    legend=(("below", "▼ behind"),),
    decimals=1,
    suffix="%",
)


def charts(district, language: str) -> list[spec.Chart]:
    """One chart of each kind."""
    said, card = text(language), CARDS[KEY]
    with district.published() as connection:
        about = about_sample(connection)
        tree = figures.units(LOCAL, connection)
        names = dict(zip(tree["unit"], tree["name"], strict=True))
        basis = str(card.bases[0])
        compared = figures.comparison(LOCAL, connection, UNIT, card, MONTH, basis)
        course = figures.course(LOCAL, connection, UNIT, card, basis)
        cells = coverage.cells(LOCAL, connection)
        return [
            bars_of(compared, names, card, about, said),
            lines_of(course, card, about, said),
            map_of(
                Material(coverage.about(LOCAL, connection), cells, 5, 5000),
                "metres",
                tree,
                names,
                coverage.ground(connection, "boundaries"),
                about,
                said,
                said("deck.map"),
            ),
        ]


def texts_of(svg: bytes) -> str:
    """Everything that an svg says, as text."""
    root = ElementTree.parse(io.BytesIO(svg)).getroot()
    space = "{http://www.w3.org/2000/svg}text"
    return "\n".join("".join(one.itertext()) for one in root.iter(space))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_svg_says_what_it_is(district, language):
    """Title, unit, target, source, data date and the demo's warning, as text in a stack of fonts."""
    for chart in charts(district, language):
        content = picture(chart, "svg")
        said = texts_of(content)
        caption = chart.caption
        for wanted in (
            caption.title,
            caption.unit,
            caption.target,
            caption.source,
            caption.date,
            caption.demo,
        ):
            assert wanted in said
        assert caption.date and caption.source and caption.demo
        assert b"'Microsoft YaHei'" in content
        assert b"'DejaVu Sans'" not in content


def test_svg_holds_every_name_and_value(district):
    bars, lines, shapes = charts(district, "zh")
    said = texts_of(picture(bars, "svg"))
    assert len(bars.bars) == 8  # the centres
    assert all(bar.label in said and bar.text in said for bar in bars.bars)
    assert all(line.name in texts_of(picture(lines, "svg")) for line in lines.lines)
    assert all(words in texts_of(picture(shapes, "svg")) for _, words in shapes.legend)


def test_values_are_those_of_the_table(district, read):
    """A share of 0.873 is drawn as 87.3, in the frame's order, judged as the frame says."""
    bars = charts(district, "zh")[0]
    card = CARDS[KEY]
    frame = read(figures.comparison, unit=UNIT, card=card, month=MONTH, basis=str(card.bases[0]))
    frame = frame[frame["value"].notna()]
    assert [bar.value for bar in bars.bars] == [value * 100 for value in frame["value"]]
    assert [bar.judgement for bar in bars.bars] == list(frame["judgement"])


def test_missing_months_are_gaps(district, read):
    card = CARDS[KEY]
    frame = read(
        figures.course, unit=12, card=card, basis=str(card.bases[0])
    )  # the last two months are missing
    with district.published() as connection:
        chart = lines_of(frame, card, about_sample(connection), text("zh"))
    value = next(line for line in chart.lines if line.role == "line")
    assert math.isnan(value.values[-1]) and math.isnan(value.values[-2])
    assert not math.isnan(value.values[-3])
    assert picture(chart, "svg")


def test_png_is_as_large_as_a_slide():
    content = picture(PLAIN, "png")
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    assert abs(width - 1920) <= 2 and abs(height - 1080) <= 2


def test_many_bars_stand_in_columns():
    """Sixty bars still have names of eleven points: the picture grows instead of the letters shrinking."""
    many = spec.Bars(
        caption=PLAIN.caption,
        bars=tuple(spec.Bar(label=f"Unit {n}", value=float(n), text=str(n)) for n in range(60)),
    )
    content = picture(many, "svg")
    said = texts_of(content)
    assert all(f"Unit {n}" in said for n in range(60))


def test_no_chinese_font_is_said_not_drawn(district, monkeypatch):
    """A png that needs Chinese is refused in both languages; one that does not, and every svg, are drawn."""
    monkeypatch.setattr(pictures, "chinese", lambda bold=False: None)
    chart = charts(district, "zh")[0]
    with pytest.raises(NoFontError, match="Noto Sans CJK") as refused:
        picture(chart, "png")
    assert text("zh")("chart.no_font") in str(refused.value)
    assert text("en")("chart.no_font") in str(refused.value)
    assert picture(PLAIN, "png")
    assert chart.bars[0].label in texts_of(picture(chart, "svg"))


def test_a_font_that_only_says_it_is_chinese_is_not_taken(monkeypatch):
    entries = [entry for entry in fonts.font_manager.fontManager.ttflist if entry.name == "DejaVu Sans"]
    fakes = [type(entry)(**{**entry.__dict__, "name": "SimHei"}) for entry in entries]
    monkeypatch.setattr(fonts.font_manager.fontManager, "ttflist", fakes)
    chinese.cache_clear()
    assert chinese() is None
    monkeypatch.undo()
    chinese.cache_clear()


def test_only_png_and_svg():
    with pytest.raises(ValueError, match="png, svg"):
        picture(PLAIN, "gif")
