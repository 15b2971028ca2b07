"""``run --check``: the overview opened as a browser opens it, and one of its tiles counted again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from sqlalchemy import Connection, func, select

from commands.environment import Stop
from commands.session import visit
from data.installation import Installation
from data.store import open_store
from metrics import published
from metrics.card import BASES, Unit
from metrics.cards import CARDS


@dataclass(frozen=True)
class Tile:
    """What the overview shows of one indicator."""

    indicator: str
    text: str


def check(installation: Installation, address: str) -> None:
    """Raises Stop with the reason unless the overview at ``address`` shows what was built."""
    page = visit(address)
    if page.failed or page.exceptions:
        reasons = "; ".join(page.exceptions) or "its script does not compile"
        raise Stop(f"总览页出错。The overview shows an exception: {reasons}")
    store = open_store(installation)
    try:
        with store.published() as connection:
            compare(tiles(page.html), connection)
    finally:
        store.close()


def tiles(html: str) -> list[Tile]:
    """The tiles of a page: elements with ``data-figure`` name the indicator, their text is its value."""
    reader = _Tiles()
    reader.feed(html)
    return reader.found


def compare(shown: list[Tile], connection: Connection) -> None:
    """Raises Stop unless the first tile that shows a number shows the one of the indicator table.

    The bureau's figure of the last month is read with a query of our own, not with the page's functions.
    """
    for tile in shown:
        number = _number(tile.text)
        if number is None:
            continue
        expected = _expected(tile.indicator, connection)
        if expected is None or not _agree(number, expected, CARDS[tile.indicator].unit, tile.text):
            raise Stop(
                f"总览页与指标表不符。The overview shows {tile.text!r} for {tile.indicator}, "
                f"the indicator table holds {expected}"
            )
        return
    raise Stop("总览页没有任何指标。The overview shows no figure at all")


def _expected(indicator: str, connection: Connection) -> float | None:
    figure, unit = published.figure, published.unit
    bureau = select(unit.c.unit).where(unit.c.parent.is_(None)).scalar_subquery()
    last = select(func.max(published.build.c.last_month)).scalar_subquery()
    return connection.execute(
        select(figure.c.value).where(
            figure.c.indicator == indicator,
            figure.c.unit == bureau,
            figure.c.month == last,
            figure.c.basis == str(BASES[CARDS[indicator].period][0]),
            figure.c.stratum == "",
        )
    ).scalar()


def _number(text: str) -> float | None:
    """``1,234`` or ``87.3%`` as a number; None for a missing value."""
    found = re.search(r"-?\d[\d,]*(\.\d+)?", text)
    return float(found.group().replace(",", "")) if found else None


def _agree(shown: float, value: float, unit: Unit, text: str) -> bool:
    """True when ``shown`` is ``value`` rounded to as many places as the text has."""
    places = len(re.search(r"-?\d[\d,]*\.?(\d*)", text).group(1))
    scale = 100 if unit is Unit.PERCENT else 1e-4 if "万" in text else 1
    return abs(shown - value * scale) <= 0.5 * 10**-places + 1e-9


class _Tiles(HTMLParser):
    """Collects the text inside every element that has ``data-figure``."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Tile] = []
        self._inside: list[str] = []  # open elements from the one with data-figure on
        self._indicator = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._inside:
            self._inside.append(tag)
        elif indicator := dict(attrs).get("data-figure"):
            self._inside, self._indicator, self._text = [tag], indicator, ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()
            if not self._inside:
                self.found.append(Tile(self._indicator, self._text.strip()))
