"""The log on its page: what is asked for, the entries in words, whether the log stands, the entries as a file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import streamlit as st

from data.access import audit, searching
from data.access.searching import Wanted
from data.store import Snapshot, StoreError
from exports.download import Download
from exports.log_file import csv_of
from exports.log_words import Names, at_home, kind, role, sentence
from metrics import figures
from metrics.cards import CARDS
from metrics.principal import LOCAL
from metrics.units import MISSING, count
from pages._board import board
from pages._html import esc, table, tag
from pages._log import log, noted
from pages._open import layouts
from pages._pager import pager, wanted
from pages._store import installation, one_generation
from pages._takeaway import file_button
from pages._text import Text, literal
from pages._view import View, selector

SIZE = 50  # entries of a page
_ALL, _NOBODY = "all", "-"  # of an address: everybody; whoever was not signed in
_MOST = 100  # codes that one word of a search may stand for


def names(language: str) -> Names:
    """What units and layouts are called. Whoever reads the log may read these, though not the figures."""
    words = {name: layout.words[language] for name, layout in layouts().items()}
    with one_generation() as known:
        numbers, codes = _units(installation().id, known.generation, known)
    return Names(numbers, codes, words)


@st.cache_resource(max_entries=2, show_spinner=False)
def _units(identifier: str, generation: int, _known: Snapshot) -> tuple[dict[int, str], dict[str, str]]:
    """Names by number and by code; none before the first build."""
    try:
        with _known.published() as connection:
            tree = figures.units(LOCAL, connection)
    except StoreError:
        return {}, {}
    numbers = dict(zip(map(int, tree["unit"]), tree["name"], strict=True))
    return numbers, dict(zip(tree["code"], tree["name"], strict=True))


# -- what is asked for -------------------------------------------------------------------------------


def filters(view: View, everybody: Sequence[str], known: Names) -> Wanted:
    """The filters, kept in the address; gives what they ask for."""
    text = view.text
    who = [_ALL, *(name or _NOBODY for name in everybody)]
    kinds = [_ALL, *audit.KINDS]
    view.choose("who", who, _ALL, "log.who")
    view.choose("did", kinds, _ALL, "log.what")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        since = _day(view, "from")
        until = _day(view, "to")
        selector(
            view,
            st.selectbox,
            "who",
            who,
            lambda name: (
                text({_ALL: "log.everybody", _NOBODY: "log.nobody_yet"}[name])
                if name in (_ALL, _NOBODY)
                else name
            ),
            text("log.who"),
            width=180,
        )
        selector(
            view,
            st.selectbox,
            "did",
            kinds,
            lambda code: text("log.everything") if code == _ALL else kind(code, view.language),
            text("log.what"),
            width=180,
        )
        words = _words(view)
    asked = view.values["who"]
    return Wanted(
        since=None if since is None else _utc(since),
        before=None if until is None else _utc(until + timedelta(days=1)),
        who=None if asked == _ALL else "" if asked == _NOBODY else asked,
        what="" if view.values["did"] == _ALL else view.values["did"],
        words=tuple(_meant(word, known) for word in words.split()),
    )


def _day(view: View, name: str) -> date | None:
    """A day of the address, and the field that writes it."""
    key, asked = f"log_{name}", st.query_params.get(name)
    try:
        given = date.fromisoformat(asked) if asked else None
    except ValueError:
        view.notice(view.text("notice.unknown", what=view.text(f"log.{name}"), value=literal(asked)))
        given = None
    st.session_state[key] = given

    def write() -> None:
        chosen = st.session_state[key]
        st.query_params.pop("p", None)
        st.query_params.pop(name, None)
        if chosen is not None:
            st.query_params[name] = f"{chosen:%Y-%m-%d}"

    st.date_input(
        view.text(f"log.{name}"),
        min_value=date(2020, 1, 1),
        max_value=date(2100, 12, 31),
        format="YYYY-MM-DD",
        key=key,
        on_change=write,
        width=150,
    )
    return given


def _words(view: View) -> str:
    key = "log_words"
    st.session_state[key] = st.query_params.get("q", "")[:80]

    def write() -> None:
        for name, value in (("q", st.session_state[key]), ("p", "")):
            st.query_params.pop(name, None)
            if value:
                st.query_params[name] = value

    st.text_input(
        view.text("log.words"),
        key=key,
        max_chars=80,
        help=view.text("log.words_help"),
        on_change=write,
        width=220,
    )
    return st.session_state[key]


def _meant(word: str, known: Names) -> tuple[str, ...]:
    """A word, and the codes by which entries name what is called so."""
    low = word.casefold()
    cards = [
        key for key, card in CARDS.items() if low in card.name.zh.casefold() or low in card.name.en.casefold()
    ]
    units = [f'"{code}"' for code, name in known.codes.items() if low in name.casefold()]
    own = [unit for unit, name in known.units.items() if low in name.casefold()]
    numbers = [f'"unit": {unit}{end}' for unit in own for end in ",}"]
    sheets = [key for key, name in known.layouts.items() if low in name.casefold()]
    return (word, *(f'"{key}"' for key in (*cards, *sheets)), *units, *numbers)[:_MOST]


def _utc(day: date) -> datetime:
    """Midnight of a day by this machine's clock, as the log has it."""
    return datetime.combine(day, time()).astimezone().astimezone(UTC).replace(tzinfo=None)


# -- what is shown -----------------------------------------------------------------------------------


def entries(view: View, asked: Wanted, known: Names) -> int:
    """One page of the entries; gives how many there are in all."""
    text, number = view.text, wanted()
    with log().reading() as connection:
        total = searching.total(connection, asked)
        pages = math.ceil(total / SIZE)
        number = max(1, min(number, pages))
        rows = searching.page(connection, asked, number, SIZE)
    if not total:
        st.info(text("log.nothing"))
        return 0
    st.caption(text("log.count", n=count(total)))
    board(_table(view, rows, known), key="log_entries")
    pager("log", pages, number)
    return total


def _table(view: View, rows: Sequence[dict[str, Any]], known: Names) -> str:
    text, language = view.text, view.language
    cells = [
        [
            f"{at_home(row['at']):%Y-%m-%d %H:%M:%S}",
            (esc(row["who"]) or MISSING) + tag("div", esc(role(row["role"], language)), css="small muted"),
            tag("div", esc(kind(row["what"], language)), css="strong")
            + tag("div", esc(sentence(row["what"], row["about"], known, language))),
            esc(row["address"]) or MISSING,
        ]
        for row in rows
    ]
    heads = [esc(text(f"log.{name}")) for name in ("at", "who", "words", "address")]
    return table(heads, cells, marks=["nowrap", "nowrap", "w", "nowrap"])


def verifying(view: View) -> None:
    """The button that follows the chain of all entries, and what it found."""
    text = view.text
    if not st.button(text("log.verify"), help=text("log.verify_help"), key="verify_log"):
        return
    noted("log", {"did": "verify"})
    with log().reading() as connection:
        total, head = audit.head(connection)
        bar = st.progress(0.0, text("log.verifying", n=0))
        broken = audit.broken(
            connection,
            lambda read: bar.progress(min(1.0, read / total), text("log.verifying", n=count(read))),
        )
    bar.empty()
    if broken is None:
        st.success(text("log.stands", n=count(total), head=f"{total}:{head}"))
    else:
        st.error(text("log.broken", n=count(broken)))


def taking(view: View, asked: Wanted, known: Names, about: dict[str, Any]) -> None:
    """The button that gives the entries asked for as a csv file, which is an entry itself."""
    opened, language = log(), view.language

    def make() -> bytes:
        with opened.reading() as connection:
            last, _ = audit.head(connection)
            return csv_of(connection, asked, last, known, language)[0]

    name = f"{view.text('log.file', day=f'{date.today():%Y%m%d}')}.csv"
    file_button(
        view.text("log.take"), "log", Download(name, "text/csv", make, {"list": "log", **about}), right="log"
    )


def about_words(text: Text, since: datetime | None, total: int, days: int) -> str:
    """What the log is, in a sentence."""
    if since is None:
        return text("log.none")
    return text("log.about", n=count(total), since=f"{at_home(since):%Y-%m-%d}", days=days)
