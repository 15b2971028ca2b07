"""Small pieces of HTML. Every text goes through ``esc``; every link is a view (``View.link``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def esc(text: object) -> str:
    """Text made safe for an element or an attribute."""
    return escape(str(text), quote=True)


def given(text: object) -> str:
    """A text that may be missing (None or NaN), escaped; "" where it is."""
    return "" if text is None or text != text else esc(text)


def tag(name: str, *inside: str, css: str = "", **attributes: str) -> str:
    """An element. ``inside`` is HTML already; attributes are escaped here."""
    given = {"class": css} | attributes if css else attributes
    listed = "".join(f' {key.replace("_", "-")}="{esc(value)}"' for key, value in given.items())
    return f"<{name}{listed}>{''.join(inside)}</{name}>"


def span(text: object, css: str = "", **attributes: str) -> str:
    return tag("span", esc(text), css=css, **attributes)


def anchor(href: str, *inside: str, css: str = "", **attributes: str) -> str:
    """A link to a view; the board's script follows it without loading the page anew."""
    return tag("a", *inside, css=css, href=href, **attributes)


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], css: str = "", marks: Sequence[str] = ()
) -> str:
    """A table of ready cells. ``marks`` gives each column its class: "n" number, "w" words.

    A head or cell that starts with "<td" or "<th" is taken as it is; one that spans the table makes
    a row of its own. ``css`` "stack": on a phone each row is a block, its cells named by their heads.
    """
    classes = [*marks, *[""] * (len(head) - len(marks))]
    named = [{"data_head": name} if "stack" in css.split() else {} for name in head]

    def cell(kind: str, inside: str, mark: str, about: dict[str, str]) -> str:
        return inside if inside.startswith(("<td", "<th")) else tag(kind, inside, css=mark, **about)

    top = "".join(cell("th", inside, mark, {}) for inside, mark in zip(head, classes, strict=True))
    body = "".join(
        tag("tr", *(cell("td", *given) for given in zip(row, classes, named, strict=False))) for row in rows
    )
    inner = tag("table", tag("thead", tag("tr", top)), tag("tbody", body))
    return tag("div", inner, css=f"scroll {css}".strip())
