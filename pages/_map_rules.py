"""The rules one by one: how they are met in figures, every unit, every village and community; what is wrong first."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from data.records.levels import VILLAGE
from metrics import figures
from metrics.card import Card
from metrics.cards import CARDS, s01_reach
from metrics.coverage.reach import limit_of
from metrics.judgement import missed
from metrics.standards import value_in
from metrics.units import MISSING, aim, count, is_missing
from pages._board import board
from pages._html import anchor, esc, given, span, table, tag
from pages._map_data import MapData
from pages._open import ask
from pages._page import Here
from pages._takeaway import csv_button
from pages._who import principal
from pages._words import made_of, mark, small_value

_CLINIC = "clinic"


def rule_cards() -> dict[str, Card]:
    """The indicators of the rules of coverage, in their order."""
    own = {card.key for card in s01_reach.CARDS}
    return {key: card for key, card in CARDS.items() if key in own or "clinic_radius_km" in card.parameters}


def show_rules(here: Here, data: MapData) -> None:
    """The section of the page."""
    text = here.text
    month = data.about.month
    standing = ask(figures.standing, unit=here.unit, month=month, cards=rule_cards())
    if len(standing):
        st.subheader(text("map.rules_cards"), anchor=False)
        board(_cards(here, standing), key="rule_cards")
    st.subheader(text("map.rules_units"), anchor=False)
    limits = {
        "people": count(data.most_people),
        "share": f"{value_in('radius_share_pct', month):g}",
        "km": data.km,
        "overlap": f"{value_in('overlap_km', month):g}",
    }
    st.caption(text("map.rules_about", **limits))
    units = judged_units(data)
    if units.empty:
        st.info(text("map.lacks.units"))
    else:
        board(_units(here, units), key="rule_units")
        name = text("map.rules_csv")
        csv_button(
            here, text("download.things"), name, "rules of units", lambda: units_frame(here, data, units)
        )
    st.subheader(text("map.rules_villages"), anchor=False)
    if not principal().figures.everything:  # who does not see every clinic cannot say that a village has none
        st.info(text("map.rules_villages_whole"))
        return
    villages = judged_villages(data)
    if villages.empty:
        st.info(text("map.rules_no_villages"))
    else:
        st.caption(text("map.rules_villages_about"))
        board(_villages(here, data, villages), key="rule_villages")


def _cards(here: Here, standing: pd.DataFrame) -> str:
    text, rows = here.text, []
    for key, row in standing.iterrows():
        card = here.cards[key]
        ratio = made_of(row, card, text) if card.is_ratio else MISSING
        aims = span(text("tile.no_target"), css="muted small")
        if not is_missing(row["target"]):
            target = aim(row["target"], row["target_to"], card.unit, here.language)
            aims = esc(f"{target} ") + mark(row["judgement"], text)
        rows.append(
            [
                anchor(here.view.link("indicator", ind=key), esc(card.name[here.language])),
                small_value(row["value"], row["status"], card, text, _sign(card), missed(row)),
                esc(ratio),
                aims,
            ]
        )
    head = [text(f"column.{name}") for name in ("indicator", "value", "made_of", "target")]
    return table(head, rows, marks=["w", "n", "n", "n"])


def _sign(card: Card) -> str:
    return "%" if card.unit.value == "percent" else ""


def judged_units(data: MapData) -> pd.DataFrame:
    """``MapData.served`` with people, beyond, ... as floats, ``inside`` (share within the rule's distance) and whether the
    rules are broken: over, wide, close (bool; False where they do not apply or nothing is known), ``wrong`` their number.
    What is wrong first."""
    month = data.about.month
    numbers = ["people", "beyond", "ninth_m", "farthest_m", "near_m"]
    units = data.served.copy()
    units[numbers] = units[numbers].astype("Float64").astype(float)
    clinic = units["kind"] == _CLINIC
    units["inside"] = 1 - units["beyond"] / units["people"].where(units["people"] > 0)
    units["over"] = clinic & (units["people"] > data.most_people)
    # Shares of whole numbers: a hair more, so that a share that is met exactly is not missed by rounding.
    units["wide"] = clinic & (units["inside"] * 100 + 1e-9 < value_in("radius_share_pct", month))
    units["close"] = clinic & (limit_of(units["near_m"]) < value_in("overlap_km", month) * 1000)
    units["wrong"] = units[["over", "wide", "close"]].sum(axis=1)
    order = units.assign(none=~clinic)
    return order.sort_values(["wrong", "none", "people"], ascending=[False, True, False]).drop(columns="none")


def _findings(here: Here, row) -> list[str]:
    """What is wrong with a unit, each in a few words."""
    text = here.text
    found = []
    if row.over:
        found.append(text("map.rules_people", n=count(row.people)))
    if row.wide:
        found.append(text("map.rules_radius", share=f"{row.inside * 100:.0f}"))
    if row.close:
        found.append(text("map.rules_overlap", m=count(row.near_m)))
    return found


def _verdict(here: Here, row) -> str:
    found = _findings(here, row)
    if found:
        return "".join(tag("div", span(one, css="below")) for one in found)
    if row.kind != _CLINIC:
        return span(here.text("map.rules_reference"), css="muted")
    return span(here.text("map.rules_ok"), css="above")


def _units(here: Here, units: pd.DataFrame) -> str:
    text = here.text
    head = [
        text("column.unit"),
        text("map.rules_wrong"),
        text("map.served"),
        text("map.rules_inside"),
        text("map.rules_ninth"),
        text("map.rules_farthest"),
        text("map.rules_near"),
        text("map.rules_near_m"),
    ]
    rows = [
        [
            anchor(here.view.link("map", mode="load", at=row.code), esc(row.name)),
            _verdict(here, row),
            count(row.people),
            _share(row.inside),
            count(row.ninth_m),
            count(row.farthest_m),
            given(row.near_name) or MISSING,
            count(row.near_m),
        ]
        for row in units.itertuples()
    ]
    return table([esc(one) for one in head], rows, css="tall", marks=["w", "u", "n", "n", "n", "n", "w", "n"])


def units_frame(here: Here, data: MapData, units: pd.DataFrame) -> pd.DataFrame:
    """The table of units to take away."""
    text = here.text
    return pd.DataFrame(
        {
            text("column.code"): units["code"],
            text("column.unit"): units["name"],
            text("map.rules_wrong"): [
                text("list.then").join(_findings(here, row)) for row in units.itertuples()
            ],
            text("map.served"): units["people"].astype("Int64"),
            text("map.unit_beyond", km=data.km): units["beyond"].astype("Int64"),
            text("map.rules_ninth"): units["ninth_m"].round(),
            text("map.rules_farthest"): units["farthest_m"].round(),
            text("map.rules_near"): units["near_name"],
            text("map.rules_near_m"): units["near_m"].round(),
        }
    )


def judged_villages(data: MapData) -> pd.DataFrame:
    """name, people, beyond, share, clinics (open at the end of the month of the map), asked of every village and
    community with a boundary; what is wrong first. Empty without any.

    asked  bool: one clinic is asked of it, as of administrative villages that are not the seat of their town
    """
    ground = data.lines[data.lines["layer"] == "villages"]
    columns = ["name", "people", "beyond", "share", "clinics", "asked"]
    if ground.empty:
        return pd.DataFrame(columns=columns)
    clinics = data.served[data.served["kind"] == _CLINIC]
    points = data.points
    people = points["people"].astype("Float64").astype(float).to_numpy()
    metres = points["metres"].astype("Float64").astype(float).to_numpy()
    far = np.where(np.isnan(metres), np.nan, people * (metres > limit_of(data.about.rule_m)))
    rows = []
    for row in ground.itertuples():
        shape = shapely.from_geojson(row.shape)
        shapely.prepare(shape)
        there = shapely.contains_xy(shape, points["lon"], points["lat"])
        known = there & ~np.isnan(far)
        beyond = float(far[known].sum()) if known.any() else float("nan")
        living = float(people[there].sum())
        count_ = int(shapely.contains_xy(shape, clinics["lon"], clinics["lat"]).sum())
        asked = row.level == VILLAGE and not (pd.notna(row.seat) and row.seat)
        rows.append((row.name, living, beyond, beyond / living if living else float("nan"), count_, asked))
    found = pd.DataFrame(rows, columns=columns)
    wrong = (found["asked"] & (found["clinics"] != 1)).astype(int) + (found["beyond"] > 0)
    return found.assign(wrong=wrong).sort_values(["wrong", "beyond", "people"], ascending=False)


def _villages(here: Here, data: MapData, villages: pd.DataFrame) -> str:
    text = here.text
    head = [
        text("map.rules_village"),
        text("map.rules_wrong"),
        text("map.rules_clinics"),
        text("map.people_word"),
        text("map.rules_beyond", km=data.km),
        text("map.rules_share"),
    ]
    rows = []
    for row in villages.itertuples():
        words = []
        if row.asked and row.clinics == 0:
            words.append(text("map.rules_none"))
        elif row.asked and row.clinics > 1:
            words.append(text("map.rules_several", n=row.clinics))
        if row.beyond > 0:
            words.append(text("map.rules_far", share=f"{row.share * 100:.0f}", km=data.km))
        verdict = "".join(tag("div", span(one, css="below")) for one in words)
        unasked = "" if row.asked else tag("div", span(text("map.rules_unasked"), css="muted"))
        rows.append(
            [
                given(row.name) or MISSING,
                (verdict or span(text("map.rules_ok"), css="above")) + unasked,
                str(row.clinics),
                count(row.people),
                count(row.beyond),
                _share(row.share),
            ]
        )
    return table([esc(one) for one in head], rows, css="tall", marks=["w", "u", "n", "n", "n", "n"])


def _share(value: float) -> str:
    return MISSING if is_missing(value) else f"{value * 100:.1f}%"
