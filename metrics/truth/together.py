"""What the signals of a unit or doctor say together: one p, one q, and which of them say so."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtri
from scipy.stats import binom

from metrics.statistics.multiplicity import q_values
from metrics.truth.rules import Rules
from metrics.truth.usual import by_district, together

#: Honest campaign days (teams that write one name), piles of paper, forms laid out before the day, appointments on fixed days and systems
#: that keep no readings look like these, and so does who measures again whatever is near the goal: they lend weight to others and are no
#: reason by themselves.
SUPPORTING = ("pace", "impossible", "bulk", "bulk_long", "ahead", "interval", "empty", "under", "just_under")
#: Signals that look at one thing in several ways, or in some of the records: together they count as one.
FAMILIES = (
    ("repeats", "near", "near_before"),
    ("narrow",),
    ("crowded", "templates"),
    ("person",),
    ("steps", "season"),
    ("pressures",),
    ("down", "neighbours", "home", "alike_typed"),
    ("spells", "spells_typed"),
    ("own_narrow", "own_still", "own_pressures"),
    ("under", "just_under"),
    ("pace", "impossible"),
    ("bulk", "bulk_long"),
    ("ahead",),
    ("interval",),
    ("dead", "hospital", "far", "travel"),
    ("empty",),
    ("telephones", "doubles"),
)
#: Families that one honest habit nobody knows of may move together: patients or devices that hardly vary, a grid of readings, a system that
#: repeats the last one; how the rows of a list come about. Each other family has a cause of its own; glucose has that of the pressures.
ONE_CAUSE = (("repeats", "narrow", "crowded"), ("down", "spells"))
#: No habit explains these: seen when dead, in hospital, or in two places.
NO_HABIT = ("dead",)
#: Nor does any make so many visits of a person have a pressure of before (``rules.copied_pct``). Of glucose some systems do.
COPIED = ("repeats", "repeats_late", "repeats_recent", "repeats_away")
_PARTS = ("_late", "_pile", "_recent", "_away")
_GLUCOSE = "_glucose"
# Discrete tests that see nothing have 1, whose tangent would outweigh everything: what does not speak against a group says nothing (the
# truncated Cauchy mean; Fang, Chang, Park, Tseng, Statistica Sinica 33, 2023). Below 1e-15 nothing is told apart.
_LEAST, _MOST = 1e-15, 0.5
COLUMNS = ("unit", "doctor", "p", "q", "together", "listed", "hinted", "kinds")


def family_of(kind: str) -> str:
    """The first signal of the family; glucose by itself. A signal that is in none is its own."""
    base = kind
    for part in _PARTS:
        base = base.removesuffix(part)
    end = _GLUCOSE if base.endswith(_GLUCOSE) else ""
    base = base.removesuffix(_GLUCOSE)
    return next((family[0] for family in FAMILIES if base in family), base) + end


def cause_of(family: str) -> str:
    """The first family of the cause. A family that is in none is its own."""
    base = family.removesuffix(_GLUCOSE)
    return next((cause[0] for cause in ONE_CAUSE if base in cause), base)


def combined(signals: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """unit, doctor, p, q, together, listed, hinted, kinds (the signals that say so, the clearest first).

    q         more than chance: at most ``rules.q``
    listed    that, and several causes bear each other out (``together`` at least ``rules.together_least``), or one that no habit explains
    hinted    that alone: one trace, which a habit that nobody knows of would leave, too

    The p of a group's signals are measured by the district's own middle (``usual``). A family is the Cauchy mean of its signals, which
    holds however they depend on each other (Liu, Xie, Journal of the American Statistical Association 115, 2020). Families are put
    together twice, and the two once more: by Cauchy's mean, which sees one clear family, and by ``many``, which sees several
    that are none of them clear. Where doctors of a unit stand out who did less than half of its work, they are the reason and the
    unit as a whole is not.
    """
    signals = signals.astype(
        {"p": float, "number": float, "observed": float}
    )  # of no contacts they are columns of nothing
    known = signals.assign(p=by_district(signals, _LEAST, rules))
    known = known[known["p"].notna()].copy()
    least = np.where(known["kind"].isin(SUPPORTING), rules.support_p, _LEAST)
    known["p"] = known["p"].clip(lower=least, upper=_MOST)
    known["family"] = known["kind"].map({kind: family_of(kind) for kind in known["kind"].unique()})
    families = _cauchy(known, ["unit", "doctor", "family"])
    rows = _cauchy(families, ["unit", "doctor"])
    rows["many"] = many(families, rows)
    both = np.stack([rows["p"], together(rows.assign(p=rows["many"]), _LEAST, rules)])
    rows["p"] = _from_tangent(_tangent(np.clip(both, _LEAST, _MOST)).mean(0))
    rows["q"] = q_values(rows["p"].to_numpy())
    rows["together"] = borne_out(known, rows, rules)
    clear = rows["q"] <= rules.q
    rows["listed"] = clear & (rows["together"] >= rules.together_least)
    rows["listed"] &= ~_explained(rows, signals, rows["listed"])
    rows["hinted"] = clear & ~rows["listed"]
    rows["hinted"] &= ~_explained(rows, signals, clear)
    rows["q"] = rows["q"].where(rows["listed"] | rows["hinted"] | ~clear, 1.0)
    clear = known[known["p"] <= rules.support_p].sort_values("p", kind="stable")
    kinds = clear.groupby(["unit", "doctor"])["kind"].agg(tuple).rename("kinds")
    rows = rows.merge(kinds, on=["unit", "doctor"], how="left")
    rows["kinds"] = [one if isinstance(one, tuple) else () for one in rows["kinds"]]
    return rows[list(COLUMNS)].sort_values("q", kind="stable", ignore_index=True)


def borne_out(known: pd.DataFrame, rows: pd.DataFrame, rules: Rules) -> np.ndarray:
    """[rows]: root of the sum of squared standard scores of the causes that speak against each (unit, doctor), one at most ``rules.cause_most``.

    Chance is not what accuses the honest of a county that nobody knows, but habits are, and a habit is one cause however clear it is. So no
    cause is enough by itself, but for those that no habit explains. ``known``: signals with ``p`` and ``family``.
    """
    known = known[~known["kind"].isin(SUPPORTING)]
    plain = known["kind"].map({kind: kind in COPIED for kind in known["kind"].unique()}).astype(bool)
    plain &= known["observed"] * 100 >= rules.copied_pct
    family = known["family"].where(~plain, NO_HABIT[0])
    causes = known.assign(cause=family.map({one: cause_of(one) for one in family.unique()}))
    causes = _cauchy(causes, ["unit", "doctor", "cause"])
    most = np.where(causes["cause"].isin(NO_HABIT), np.inf, rules.cause_most)
    square = np.clip(-ndtri(causes["p"].to_numpy()), 0, most) ** 2
    total = causes.assign(square=square).groupby(["unit", "doctor"])["square"].sum()
    return np.sqrt(total.reindex(pd.MultiIndex.from_frame(rows[["unit", "doctor"]])).fillna(0).to_numpy())


def _tangent(p: np.ndarray) -> np.ndarray:
    return np.tan((0.5 - p) * np.pi)


def _from_tangent(tangent: np.ndarray) -> np.ndarray:
    return np.clip(0.5 - np.arctan(tangent) / np.pi, _LEAST, _MOST)


def _cauchy(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Cauchy's mean of ``p`` of each group of rows."""
    each = rows.assign(p=_tangent(rows["p"].to_numpy())).groupby(by, as_index=False)["p"].mean()
    return each.assign(p=_from_tangent(each["p"].to_numpy()))


def many(families: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """[rows]: the p of each (unit, doctor) of ``rows`` by the sum of squared standard scores of those ``families`` that speak against it.

    Half of the families of an honest group do, by chance: the sum is a mixture of chi-squared (chi-bar-squared) with binomial weights
    (Robertson, Wright, Dykstra, Order Restricted Statistical Inference, 1988). That families go together a little, and
    that some hardly ever say anything, is seen in the district's own middle and taken off by ``usual.together``.
    """
    score = np.maximum(-ndtri(families["p"].to_numpy()), 0)
    each = families.assign(square=score**2).groupby(["unit", "doctor"])["square"].agg(["sum", "size"])
    each = each.reindex(pd.MultiIndex.from_frame(rows[["unit", "doctor"]]))
    total, size = each["sum"].to_numpy(), each["size"].to_numpy()
    tail = np.zeros(len(rows))
    for number in range(1, int(size.max(initial=0)) + 1):
        tail += binom.pmf(number, size, 0.5) * chdtrc(number, total)
    return np.where(total > 0, tail, 1.0)


def _explained(rows: pd.DataFrame, signals: pd.DataFrame, named: pd.Series) -> pd.Series:
    """Units whose ``named`` doctors did less than half of the work: not the unit is the reason."""
    work = signals[signals["kind"] == "pace"].set_index(["unit", "doctor"])["number"]
    mine = work.reindex(pd.MultiIndex.from_frame(rows[["unit", "doctor"]])).fillna(0).to_numpy()
    theirs = pd.Series(mine).where((rows["doctor"] != "") & named, 0.0)
    part = theirs.groupby(rows["unit"]).transform("sum")
    return (rows["doctor"] == "") & (part > 0) & (part < mine / 2)
