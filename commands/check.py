"""``run --check``: the overview opened as a browser opens it, and one of its tiles counted again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Connection, select

from commands.check_session import signed_in
from commands.environment import Stop
from commands.session import As, Visit, visit
from data.installation import Installation
from data.store import open_store
from metrics.card import Unit
from metrics.cards import CARDS
from metrics.published import figure
from metrics.published import unit as units


@dataclass(frozen=True)
class Tile:
    """What a tile says, and of which figure: the one that its link opens."""

    indicator: str
    unit_code: str
    month: str  # YYYY-MM
    text: str  # "87.3%", or words where there is no figure


def check(installation: Installation, address: str) -> None:
    """Raises Stop with the reason unless the overview at ``address`` shows what was built, in every language."""
    store = open_store(installation)
    try:
        with signed_in(installation) as who, store.published() as connection:
            for language in installation.config.languages:
                compare(tiles(_overview(address, language, who).html), connection)
    finally:
        store.close()


def _overview(address: str, language: str, who: As) -> Visit:
    """The first page, without an exception on it."""
    page = visit(address, who=who, lang=language)
    if page.failed or page.exceptions:
        reasons = "; ".join(page.exceptions) or "its script does not compile"
        raise Stop(f"总览页出错。The overview ({language}) shows an exception: {reasons}")
    return page


def tiles(html: str) -> list[Tile]:
    """The tiles of a page: ``<a class="tile" href="indicator?unit=..&month=..&ind=..">`` with a ``.value`` inside."""
    reader = _Tiles()
    reader.feed(html)
    return reader.found


def compare(shown: list[Tile], connection: Connection) -> None:
    """Raises Stop unless the first tile that shows a number shows the one of the indicator table.

    The figure is read with a query of our own, not with the functions that the page uses.
    """
    tile = next((tile for tile in shown if _number(tile.text)), None)
    if tile is None:
        raise Stop("总览页没有显示任何数值。The overview shows no figure at all.")
    expected = _expected(tile, connection)
    if expected is None or not _agree(tile.text, expected, CARDS[tile.indicator].unit):
        raise Stop(
            f"总览页与指标表不符。The overview shows {tile.text} for {tile.indicator} ({tile.unit_code}, "
            f"{tile.month}), the indicator table holds {expected}."
        )


def _expected(tile: Tile, connection: Connection) -> float | None:
    """The value in the indicator table, on the card's default basis."""
    year, month = map(int, tile.month.split("-"))
    statement = (
        select(figure.c.value)
        .join(units, units.c.unit == figure.c.unit)
        .where(
            figure.c.indicator == tile.indicator,
            units.c.code == tile.unit_code,
            figure.c.month == year * 12 + month - 1,
            figure.c.basis == str(CARDS[tile.indicator].bases[0]),
            figure.c.stratum == "",
        )
    )
    return connection.execute(statement).scalar()


def _number(text: str) -> re.Match[str] | None:
    """The number in a text such as ``1,234 人`` or ``87.3%``; group 1 is its decimals."""
    return re.search(r"-?\d[\d,]*(?:\.(\d+))?", text)


def _agree(text: str, value: float, unit: Unit) -> bool:
    """True when the text shows the value, rounded to as many places as it has."""
    found = _number(text)
    shown = float(found.group().replace(",", ""))
    places = len(found.group(1) or "")
    return abs(shown - value * (100 if unit is Unit.PERCENT else 1)) <= 0.5 * 10**-places + 1e-9


class _Tiles(HTMLParser):
    """Notes the link of every tile, and the text of the first ``.value`` inside it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Tile] = []
        self._link: dict[str, list[str]] | None = None  # of the tile that is open
        self._open: list[str] = []  # elements from the .value on
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        if tag == "a" and "tile" in classes:
            self._link = parse_qs(urlsplit(given["href"]).query)
        elif self._open:
            self._open.append(tag)
        elif self._link is not None and "value" in classes:
            self._open, self._text = [tag], ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag == self._open[-1]:
            self._open.pop()
            if not self._open and self._link is not None:
                (indicator,), (unit,), (month,) = (self._link[name] for name in ("ind", "unit", "month"))
                self.found.append(Tile(indicator, unit, month, self._text.strip()))
                self._link = None
