"""Charts as pictures, without a browser: png for papers and slides, svg whose text stays text.

A picture stands alone: title, unit, target, source, data date and notes are in it. It is as wide as a slide and is
read from the back of a meeting room. Where the machine has no Chinese font, a png that needs one is refused in words
(``NoFontError``) instead of being drawn with boxes; an svg is written, because its reader's fonts draw it.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from threading import Lock

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from charts import spec
from charts.labelling import Wish, placed
from charts.look import colours
from exports import fitting
from exports.fonts import STACK, NoFontError, chinese, has_han

FORMATS = ("png", "svg")
_WIDTH, _HEIGHT = 13.333, 7.5  # inches, a slide's
_DPI = 144  # 1920 x 1080 pixels
_PANEL = 16  # bars in a column
_ROW = 0.36  # inches a bar where a picture must grow
_HEAD, _FOOT = 1.35, 0.72  # inches
_LARGE, _SMALL = 11.0, 6.0  # points across of what stands on a map
_LOCK = Lock()  # drawing reads settings that all threads share


def picture(chart: spec.Chart, kind: str, dark: bool = False) -> bytes:
    """The chart as ``png`` or ``svg``. Raises NoFontError where a png needs Chinese and the machine has none."""
    if kind not in FORMATS:
        raise ValueError(f"{kind}: one of {', '.join(FORMATS)}")
    if kind == "png" and chinese() is None and has_han(*_texts(chart)):
        raise NoFontError
    with (
        _LOCK,
        mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "jiceng", "axes.unicode_minus": True}),
    ):
        figure = _drawn(chart, colours(dark))
        out = io.BytesIO()
        if kind == "png":
            FigureCanvasAgg(figure)
            figure.savefig(out, format="png", dpi=_DPI, metadata={"Title": chart.caption.title})
            return out.getvalue()
        FigureCanvasSVG(figure)
        with warnings.catch_warnings():  # letters that this machine lacks are drawn by the reader's fonts
            warnings.filterwarnings("ignore", "Glyph .* missing from font")
            figure.savefig(out, format="svg", metadata={"Title": chart.caption.title, "Date": None})
    return _with_stack(out.getvalue())


def _texts(chart: spec.Chart) -> list[str]:
    c = chart.caption
    found = [c.title, c.unit, c.target, c.source, c.date, c.note, c.demo]
    if isinstance(chart, spec.Bars):
        found += [bar.label + bar.text for bar in chart.bars]
    elif isinstance(chart, spec.Lines):
        found += [*chart.labels, *(line.name for line in chart.lines)]
    else:
        found += [*(words for _, words in chart.legend), *(one.name for one in (*chart.points, *chart.names))]
        found += [chart.legend_title, chart.cell_words, chart.scale[1]]
    return found


def _with_stack(content: bytes) -> bytes:
    """The same svg, every text in a stack of fonts that its reader may have."""
    stack = ", ".join(f"'{name}'" for name in STACK) + ", sans-serif"
    said = re.sub(r"font-family: [^;\"]+", f"font-family: {stack}", content.decode("utf-8"))
    return said.encode("utf-8")


def _font(size: float, bold: bool = False) -> FontProperties:
    entry = chinese(bold)
    if entry is None:
        return FontProperties(size=size, weight=700 if bold else 400)
    # By family, not by file: only so is the right face of a collection taken.
    return FontProperties(family=[entry.name, "DejaVu Sans"], weight=entry.weight, size=size)


def _drawn(chart: spec.Chart, c: dict[str, str]) -> Figure:
    bars = len(chart.bars) if isinstance(chart, spec.Bars) else 0
    panels = max(1, min(3, -(-bars // _PANEL)))
    rows = -(-bars // panels)
    height = max(_HEIGHT, _HEAD + _FOOT + 0.3 + rows * _ROW)
    figure = Figure(figsize=(_WIDTH, height), facecolor=c["paper"])
    _around(figure, chart, c, height)
    box = (0.03, _FOOT / height + 0.02, 0.94, 1 - (_HEAD + _FOOT) / height - 0.02)
    if isinstance(chart, spec.Bars):
        _draw_bars(figure, box, chart, c, panels, rows)
    elif isinstance(chart, spec.Lines):
        _draw_lines(figure, box, chart, c)
    else:
        _draw_map(figure, box, chart, c)
    return figure


def _around(figure: Figure, chart: spec.Chart, c: dict[str, str], height: float) -> None:
    """Title, unit and target above; source, date and note below."""
    caption = chart.caption
    above = "    ".join(one for one in (caption.target, caption.unit) if one)
    first = "    ".join(one for one in (caption.date, caption.note, caption.demo) if one)

    def write(y: float, said: str, size: float, colour: str, bold: bool = False) -> None:
        size = min(size, 0.94 * _WIDTH * 72 / max(1.0, _em(said)))  # a long line is smaller, never cut
        figure.text(0.03, y, said, fontproperties=_font(size, bold), color=c[colour], va="center")

    write(1 - 0.5 / height, caption.title, 27, "ink", bold=True)
    write(1 - 1.0 / height, above, 17, "muted")
    write(0.47 / height, first, 13, "muted")
    write(0.22 / height, caption.source, 13, "muted")


# -- bars ----------------------------------------------------------------------------------------------------


def _draw_bars(
    figure: Figure, box: Sequence[float], chart: spec.Bars, c: dict[str, str], panels: int, rows: int
) -> None:
    x, y, width, height = box
    size = 17 if panels == 1 else 13.5 if panels == 2 else 11
    most = chart.highest or 1.0
    for place in range(panels):
        group = chart.bars[place * rows : (place + 1) * rows]
        if not group:
            continue
        room, tall = width / panels, height * len(group) / rows
        names = min(0.55, max(_em(bar.label) for bar in group) * size / 72 / _WIDTH / room + 0.02)
        # Columns begin at the top; the last one may be shorter.
        axes = figure.add_axes(
            (x + (place + names) * room, y + height - tall, room * (1 - names) * 0.97, tall)
        )
        axes.set_ylim(len(group) - 0.4, -0.75)
        axes.set_xlim(0, most * 1.24)
        for row, bar in enumerate(group):
            if bar.value == bar.value:
                axes.barh(row, bar.value, height=0.66, color=c[bar.paint], zorder=2)
            end = bar.value if bar.value == bar.value else 0
            axes.text(
                end + most * 0.012,
                row,
                bar.text,
                fontproperties=_font(size),
                color=c["ink"],
                va="center",
                zorder=4,
            )
        axes.set_yticks(
            range(len(group)), [bar.label for bar in group], fontproperties=_font(size), color=c["ink"]
        )
        if chart.target == chart.target:
            axes.axvline(chart.target, color=c["target"], linestyle=(0, (5, 4)), linewidth=1.6, zorder=3)
        _bare(axes)
    if chart.legend:
        _legend(figure, [Patch(color=c[name], label=words) for name, words in chart.legend], c)


def _bare(axes: Axes) -> None:
    axes.set_xticks([])
    axes.tick_params(length=0, pad=6)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_facecolor("none")


def _legend(figure: Figure, handles: list, c: dict[str, str]) -> None:
    top = 1 - 0.8 / figure.get_figheight()
    figure.legend(
        handles=handles,
        loc="upper right",
        bbox_to_anchor=(0.98, top),
        ncols=len(handles),
        frameon=False,
        prop=_font(14),
        labelcolor=c["ink"],
        handlelength=1.6,
        columnspacing=1.4,
    )


def _em(said: str) -> float:
    """About how wide a text is, in widths of a Chinese character."""
    return sum(1.0 if has_han(one) else 0.58 for one in said)


# -- lines ---------------------------------------------------------------------------------------------------

_STYLES = {"solid": "-", "dot": (0, (1.5, 2)), "dash": (0, (6, 4))}


def _draw_lines(figure: Figure, box: Sequence[float], chart: spec.Lines, c: dict[str, str]) -> None:
    x, y, width, height = box
    axes = figure.add_axes((x + 0.04, y + 0.06, width - 0.05, height - 0.1))
    at = range(len(chart.labels))
    handles = []
    for line in chart.lines:
        thick = 3.6 if line.role == "line" else 2.2
        handles += axes.plot(
            at,
            line.values,
            color=c[line.role],
            linestyle=_STYLES[line.dash],
            linewidth=thick,
            label=line.name,
        )
        if line.role == "line":
            for place, value in enumerate(line.values):
                inside = c["paper"] if place in line.open else c[line.role]
                axes.plot(
                    [place], [value], "o", markersize=8, markerfacecolor=inside, markeredgecolor=c[line.role]
                )
    for place in reversed(range(len(chart.labels))):
        value = chart.lines[0].values[place]
        if value == value:  # the newest value is written beside its mark
            axes.annotate(
                f"{value:,.{chart.decimals}f}",
                (place, value),
                (0, 12),
                textcoords="offset points",
                ha="center",
                fontproperties=_font(16, bold=True),
                color=c["ink"],
            )
            break
    step = max(1, -(-len(chart.labels) // 12))
    first = (
        next((i for i, label in enumerate(chart.labels) if i and "\n" in label), 0) % step
    )  # years are named
    axes.set_xticks(
        list(at)[first::step], chart.labels[first::step], fontproperties=_font(14), color=c["muted"]
    )
    axes.margins(x=0.03, y=0.16)
    axes.yaxis.set_major_formatter(
        lambda value, _: f"{value:,.{0 if abs(value) >= 10 or value == int(value) else 1}f}"
    )
    for label in axes.get_yticklabels():
        label.set_fontproperties(_font(14))
    axes.tick_params(colors=c["muted"], length=0, pad=6)
    axes.grid(axis="y", color=c["grid"], linewidth=1)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_facecolor("none")
    _legend(figure, handles, c)


# -- map -----------------------------------------------------------------------------------------------------


def _draw_map(figure: Figure, box: Sequence[float], chart: spec.Shapes, c: dict[str, str]) -> None:
    x, y, width, height = box
    legend = 0.22  # of the width, on the right
    room_w, room_h = (width - legend) * _WIDTH, height * figure.get_figheight()
    wide = min(room_w, room_h * chart.aspect)
    w, h = wide / _WIDTH, wide / chart.aspect / figure.get_figheight()
    axes = figure.add_axes((x + (width - legend - w) / 2, y + (height - h) / 2, w, h))
    axes.set_xlim(0, 1)
    axes.set_ylim(1, 0)
    axes.axis("off")
    for area in chart.areas:
        edge = {"edgecolor": c["paper"], "linewidth": 0.4} if chart.outlined else {"linewidth": 0}
        axes.add_patch(PathPatch(_path(area.rings), facecolor=area.fill, **edge))
    for border in chart.borders:
        colour, thick = ("ink", 1.6) if border.strong else ("muted", 0.9)
        lines = LineCollection(border.lines, colors=c[colour], linewidths=thick)
        axes.add_collection(lines, autolim=False)
    for point in chart.points:
        axes.plot(
            [point.x],
            [point.y],
            "o",
            markersize=_LARGE if point.large else _SMALL,
            color=c["line"],
            markeredgecolor=c["paper"],
            markeredgewidth=1.2,
        )
    _map_names(axes, wide * 72, wide / chart.aspect * 72, chart, c)
    handles = [Patch(facecolor=fill, label=words) for fill, words in chart.legend]
    if chart.points:
        handles += axes.plot([], [], "o", color=c["line"], markersize=9, label=chart.points_word)
    made = figure.legend(
        handles=handles,
        loc="center left",
        bbox_to_anchor=(x + width - legend + 0.01, 0.54),
        frameon=False,
        prop=_font(14),
        labelcolor=c["ink"],
        labelspacing=0.8,
        title=_folded(chart.legend_title, 14),
        title_fontproperties=_font(15, bold=True),
        alignment="left",
    )
    made.get_title().set_color(c["ink"])
    left, share = x + width - legend + 0.02, chart.scale[0] * w
    figure.text(left, y + 0.075, chart.cell_words, fontproperties=_font(13), color=c["muted"])
    figure.text(left, y + 0.035, chart.scale[1], fontproperties=_font(13), color=c["muted"])
    figure.add_artist(Line2D([left, left + share], [y + 0.02] * 2, color=c["muted"], linewidth=3))


def _path(rings: Sequence[spec.Path]) -> Path:
    """One path of many closed rings."""
    corners, codes = [], []
    for ring in rings:
        corners += [*ring, ring[0]]
        codes += [Path.MOVETO, *[Path.LINETO] * (len(ring) - 1), Path.CLOSEPOLY]
    return Path(corners, codes)


def _map_names(axes: Axes, width: float, height: float, chart: spec.Shapes, c: dict[str, str]) -> None:
    """Centres on paper so that they are read on any colour; towns where these leave room. Lengths in points."""
    centres = [point for point in chart.points if point.name]
    both = [(one, 12.5, _LARGE / 2 + 3) for one in centres] + [(one, 11, None) for one in chart.names]
    wishes = [
        Wish(one.x * width, one.y * height, fitting.em(one.name) * size + 4, size * 1.4, gap)
        for one, size, gap in both
    ]
    dots = [(one.x * width - _LARGE / 2, one.y * height - _LARGE / 2, _LARGE, _LARGE) for one in centres]
    for (one, size, gap), wish, corner in zip(both, wishes, placed(wishes, width, height, dots), strict=True):
        if corner is None:
            continue
        at_centre = gap is not None
        axes.text(
            (corner[0] + wish.width / 2) / width,
            (corner[1] + wish.height / 2) / height,
            one.name,
            ha="center",
            va="center",
            fontproperties=_font(size, bold=not at_centre),
            color=c["ink" if at_centre else "muted"],
            bbox={"facecolor": c["paper"], "alpha": 0.85, "edgecolor": "none", "pad": 1.2}
            if at_centre
            else None,
        )


def _folded(said: str, most: float) -> str:
    """The text in two lines where one would be wider than ``most`` Chinese characters."""
    if _em(said) <= most:
        return said
    words = list(fitting.pieces(said))
    first = ""
    while words and _em(first + words[0]) <= most:
        first += words.pop(0)
    return f"{first}\n{''.join(words)}"
