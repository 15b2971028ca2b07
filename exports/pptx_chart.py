"""Charts as native, editable charts of a slide: colours say the judgement, words beside them say it too."""

from __future__ import annotations

import math

from lxml import etree
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from charts.spec import Bars, Lines
from exports import fitting
from exports.pptx_base import Box, add_run, dress, rgb
from metrics.wording import SHAPES

_DASH = {"dot": MSO_LINE.ROUND_DOT, "dash": MSO_LINE.DASH}
_TITLE = 13.0
_LABEL = 0.26  # of the axis that a number beside a bar takes


def add_bars(shapes, box: Box, chart: Bars, name: str = "") -> Chart:
    """Horizontal bars, the first on top; a series a colour, so that the legend says what each means."""
    data = CategoryChartData(number_format=_format(chart.decimals, chart.suffix))
    data.categories = [bar.label for bar in chart.bars]
    words = dict(chart.legend)
    paints = [name for name, _ in chart.legend]
    paints += [one for one in dict.fromkeys(bar.paint for bar in chart.bars) if one not in words]
    for paint in paints:
        values = [
            bar.value if bar.paint == paint and not math.isnan(bar.value) else None for bar in chart.bars
        ]
        data.add_series(words.get(paint, chart.caption.title), values)
    made = _frame(shapes, XL_CHART_TYPE.BAR_CLUSTERED, box, data, name)
    _title(made, chart, box)
    size = _bar_size(chart, box)
    plot = made.plots[0]
    plot.gap_width, plot.overlap, plot.vary_by_categories = 45, 100, False
    for series, paint in zip(plot.series, paints, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(paint)
        _bar_labels(series, chart, paint, size)
    _categories(made, size)
    made.category_axis.reverse_order = True
    _values(made, chart)
    _legend(made, len(chart.legend) > 0, size)
    return made


def _bar_size(chart: Bars, box: Box) -> float:
    """Points of the letters: what the rows allow, 12 at most."""
    rows = max(1, len(chart.bars))
    return max(8.0, min(12.0, (box.height - 70) / rows / 1.45))


def _format(decimals: int, suffix: str, shape: str = "") -> str:
    number = "#,##0" + ("." + "0" * decimals if decimals else "")
    return (f'"{shape} "' if shape else "") + number + (f'"{suffix}"' if suffix else "")


def _bar_labels(series, chart: Bars, paint: str, size: float) -> None:
    labels = series.data_labels
    judged = {bar.judgement for bar in chart.bars if bar.paint == paint}
    shape = SHAPES[paint] if judged == {paint} and paint in SHAPES and paint != "none" else ""
    labels.number_format, labels.number_format_is_linked = _format(chart.decimals, chart.suffix, shape), False
    inside = _crossed(chart, paint)
    labels.position = XL_LABEL_POSITION.INSIDE_END if inside else XL_LABEL_POSITION.OUTSIDE_END
    labels.show_value = True
    dress(labels.font, size, "paper" if inside else "ink", inside)
    for place, bar in enumerate(chart.bars):
        if bar.paint != paint or math.isnan(bar.value) or _as_shown(bar.value, chart, shape) == bar.text:
            continue
        label = series.points[place].data_label  # what a number format cannot say: only part was delivered
        frame = label.text_frame
        add_run(frame.paragraphs[0], bar.text, size, "paper" if inside else "ink", inside)
        label.position = labels.position


def _crossed(chart: Bars, paint: str) -> bool:
    """Whether the target's line would run through numbers beside the bars, which have room for them inside."""
    values = [bar.value for bar in chart.bars if bar.paint == paint and not math.isnan(bar.value)]
    top = _top(chart)
    hit = any(value < chart.target < value + _LABEL * top for value in values)
    return hit and min(values) > _LABEL * top


def _as_shown(value: float, chart: Bars, shape: str) -> str:
    return f"{shape + ' ' if shape else ''}{value:,.{chart.decimals}f}{chart.suffix}"


def add_lines(shapes, box: Box, chart: Lines, name: str = "") -> Chart:
    """Lines over months; what is missing is a gap, the target a dashed line."""
    data = CategoryChartData(number_format=_format(chart.decimals, chart.suffix))
    data.categories = list(chart.labels)
    for line in chart.lines:
        data.add_series(line.name, [None if math.isnan(v) else v for v in line.values])
    made = _frame(shapes, XL_CHART_TYPE.LINE_MARKERS, box, data, name)
    _title(made, chart, box)
    for series, line in zip(made.plots[0].series, chart.lines, strict=True):
        series.smooth = False
        series.format.line.color.rgb = rgb(line.role)
        series.format.line.width = Pt(2.5 if line.role == "line" else 1.5)
        if line.dash != "solid":
            series.format.line.dash_style = _DASH[line.dash]
        _markers(series, line)
    _categories(made, 10.0)
    step = max(1, math.ceil(len(chart.labels) / max(3, box.width / 52)))
    skip = made.category_axis._element.makeelement(qn("c:tickLblSkip"), {"val": str(step)})
    _insert(made.category_axis._element, skip, ("c:tickMarkSkip", "c:noMultiLvlLbl", "c:extLst"))
    axis = made.value_axis
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = rgb("grid")
    axis.major_gridlines.format.line.width = Pt(0.75)
    axis.format.line.fill.background()
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_labels.number_format = _format(0 if _reach(chart) > 4 else chart.decimals, chart.suffix)
    axis.tick_labels.number_format_is_linked = False
    dress(axis.tick_labels.font, 10.0, "muted")
    lowest = min((v for line in chart.lines for v in line.values if not math.isnan(v)), default=0.0)
    if lowest >= 0 and lowest < _reach(chart):
        axis.minimum_scale = 0
    _legend(made, True, 10.0)
    _last_value(made, chart)
    return made


def _reach(chart: Lines) -> float:
    known = [v for line in chart.lines for v in line.values if not math.isnan(v)]
    return max(known) - min(known) if known else 0.0


def _markers(series, line) -> None:
    if line.role != "line":
        series.marker.style = XL_MARKER_STYLE.NONE
        return
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 5
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = rgb(line.role)
    series.marker.format.line.color.rgb = rgb(line.role)
    for place in line.open:
        if not math.isnan(line.values[place]):
            marker = series.points[place].marker
            marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 7
            marker.format.fill.solid()
            marker.format.fill.fore_color.rgb = rgb("paper")
            marker.format.line.color.rgb = rgb(line.role)


def _last_value(made: Chart, chart: Lines) -> None:
    """The newest value stands beside its mark."""
    known = [place for place, v in enumerate(chart.lines[0].values) if not math.isnan(v)]
    if not known:
        return
    label = made.plots[0].series[0].points[known[-1]].data_label
    value = chart.lines[0].values[known[-1]]
    add_run(
        label.text_frame.paragraphs[0], f"{value:,.{chart.decimals}f}{chart.suffix}", 11.0, "ink", bold=True
    )
    target = next((line.values[known[-1]] for line in chart.lines if line.role == "target"), math.nan)
    under = value <= target < value + _reach(chart) / 3  # the target's line would run through it
    label.position = XL_LABEL_POSITION.BELOW if under else XL_LABEL_POSITION.ABOVE


# -- what both have ----------------------------------------------------------------------------------------------


def _frame(shapes, kind: XL_CHART_TYPE, box: Box, data: CategoryChartData, name: str) -> Chart:
    frame = shapes.add_chart(kind, *box.emu, data)
    if name:
        frame.name = name
    made = frame.chart
    dress(made.font, 11.0)
    made._chartSpace.get_or_add_txPr()
    return made


def _title(made: Chart, chart: Bars | Lines, box: Box) -> None:
    """The caption in the chart itself, so that it stands alone when it is copied into another deck."""
    caption = chart.caption
    second = (
        caption.target if chart.suffix else "  ".join(one for one in (caption.target, caption.unit) if one)
    )
    width = box.width * 0.8  # programs break titles before the chart's edge
    whole = f"{caption.title}    {second}"
    size = _TITLE * fitting.size_for([(whole, _TITLE)], width, _TITLE * fitting.LINE, 0.8)
    frame = made.chart_title.text_frame
    add_run(frame.paragraphs[0], caption.title, size, "ink", bold=True)
    if second:
        on_one_line = len(fitting.wrapped(whole, width / size)) == 1
        paragraph = frame.paragraphs[0] if on_one_line else frame.add_paragraph()
        add_run(paragraph, f"    {second}" if on_one_line else second, size * 0.85, "muted")
    made.chart_title.include_in_layout = False


def _categories(made: Chart, size: float) -> None:
    axis = made.category_axis
    axis.has_major_gridlines = False
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = rgb("grid")
    dress(axis.tick_labels.font, size, "ink")


def _values(made: Chart, chart: Bars) -> None:
    """From 0, without numbers: they stand beside the bars. The only line across is the target."""
    axis = made.value_axis
    top = _top(chart)
    axis.minimum_scale, axis.maximum_scale = 0, top
    axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.format.line.fill.background()
    # The one grid line that there is stands at the target: it moves with the chart, as no drawn line would.
    drawn = chart.target > 0 and top < 2 * chart.target
    axis.has_major_gridlines = bool(drawn)
    if drawn:
        axis.major_unit = chart.target
        line = axis.major_gridlines.format.line
        line.color.rgb, line.width, line.dash_style = rgb("target"), Pt(1.25), MSO_LINE.DASH


def _top(chart: Bars) -> float:
    return chart.highest * 1.22 or 1.0


def _legend(made: Chart, is_shown: bool, size: float) -> None:
    made.has_legend = is_shown
    if is_shown:
        made.legend.position = XL_LEGEND_POSITION.BOTTOM
        made.legend.include_in_layout = False
        dress(made.legend.font, max(size, 10.0), "muted")


def _insert(parent: etree._Element, child: etree._Element, before: tuple[str, ...]) -> None:
    """Into its place in the sequence that the schema asks for."""
    for place, one in enumerate(parent):
        if one.tag in {qn(tag) for tag in before}:
            parent.insert(place, child)
            return
    parent.append(child)
