"""Duties and checks: what was due when and was it done; what standards ask for and is it so."""

from __future__ import annotations

import streamlit as st

from metrics import figures
from metrics.card import Form
from metrics.duties import done_periods, duty_keys, periods_of_year
from metrics.reading import children
from metrics.standards import duties
from metrics.things import item_history
from pages._board import board
from pages._duties import by_place, check_table, duty_table, is_behind, item_table, unit_table
from pages._html import anchor, esc, span, tag
from pages._open import ask
from pages._page import open_page
from pages._store import one_generation
from pages._text import literal, typed
from pages._view import selector
from pages._who import principal

here = open_page("duties.title")
text, view = here.text, here.view
year = here.month // 12
below = children(here.tree, here.unit)
kinds = here.kinds_below(here.unit)
owed = [key for key in duty_keys() if periods_of_year(key, kinds, year)]
found = by_place(ask(done_periods, among=(here.unit, *below), year=year, until=here.month))
checks = {key: card for key, card in here.cards.items() if card.form is Form.CHECK}

systems = ["all", *dict.fromkeys(here.cards[key].system for key in [*owed, *checks])]
systems = ["all", *sorted(systems[1:])]
view.choose("system", systems, "all", "filter.system")
selector(
    view,
    st.selectbox,
    "system",
    systems,
    lambda code: text("catalogue.every") if code == "all" else f"{code} {text(f'system.{code}')}",
    text("filter.system"),
    width=260,
)
chosen = view.values["system"]
owed = [key for key in owed if chosen in ("all", here.cards[key].system)]
checks = {key: card for key, card in checks.items() if chosen in ("all", card.system)}

asked = st.query_params.get("duty")
if asked in owed:
    card, term = here.cards[asked], duties()[asked][-1]
    st.subheader(text("duties.of", name=card.name[here.language]), anchor=False)
    evidence = term.evidence_zh if here.language == "zh" else term.evidence_en
    opens = anchor(view.link("indicator", ind=asked), esc(text("duties.open")))
    board(
        tag("div", span(text("duties.evidence", words=evidence)), opens, css="muted small legends")
        + unit_table(here, asked, below or [here.unit], found, year),
        key="duty",
    )
elif asked is not None:
    st.warning(text("notice.unknown", what=text("filter.duty"), value=literal(asked)))

st.subheader(text("duties.duties", year=year), anchor=False)
if not owed:
    st.info(text("duties.none"))
else:
    behind = sum(is_behind(found.get((key, here.unit), {})) for key in owed)
    hint = f" {text('duties.choose')}" if below else ""
    st.caption(text("duties.count", n=len(owed), behind=behind) + hint)
    board(duty_table(here, owed, found, kinds, year), key="duties")

st.subheader(text("duties.checks"), anchor=False)
standing = ask(figures.standing, unit=here.unit, month=here.month, cards=checks)
standing = standing[standing["value"].notna()]
with one_generation() as known:
    items = item_history(known, principal(), here.unit, here.month)
items = [item for item in items if item.standard in checks]
if standing.empty and not items:
    st.info(text("duties.no_checks"))
if len(standing) and (below or not items):
    board(check_table(here, standing), key="checks")
if items:
    if below:
        st.subheader(text("duties.own", name=typed(here.name_of(here.unit))), anchor=False)
    board(item_table(here, items), key="items")
