"""A question and a plan made by hand in the address: ids in lists, so that a link can be sent and printed."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote

import streamlit as st

from metrics.siting.asking import Plan

OPEN, CLOSE, MOVE = "open", "close", "move"
MOST = 30  # ids of one list


def read_plan() -> tuple[Plan, bool]:
    """The plan that the address holds, and whether it holds more than is read. What it names may not be there."""
    opened, closed = _parts(OPEN), _parts(CLOSE)
    moved = tuple(tuple(part.split(">", 1)) for part in _parts(MOVE) if ">" in part)
    plan = Plan(
        opened=tuple(unquote(part) for part in opened[:MOST]),
        closed=tuple(unquote(part) for part in closed[:MOST]),
        moved=tuple((unquote(code), unquote(site)) for code, site in moved[:MOST]),
    )
    return plan, max(map(len, (opened, closed, moved))) > MOST


def write_plan(plan: Plan) -> None:
    """Make it the address's plan."""
    lists = {
        OPEN: [_safe(one) for one in plan.opened],
        CLOSE: [_safe(one) for one in plan.closed],
        MOVE: [f"{_safe(code)}>{_safe(site)}" for code, site in plan.moved],
    }
    for name, parts in lists.items():
        if parts:
            st.query_params[name] = ",".join(parts)
        else:
            st.query_params.pop(name, None)


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """The values in order, each once."""
    return tuple(dict.fromkeys(values))


def _parts(name: str) -> tuple[str, ...]:
    asked = st.query_params.get(name, "")
    return unique(part for part in asked.split(",") if part)


def _safe(value: str) -> str:
    """What lists are made with is written in another way within an id."""
    return value.replace("%", "%25").replace(",", "%2C").replace(">", "%3E")
