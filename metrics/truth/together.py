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
#: that keep no readings look like these: they lend weight to others and are no reason by themselves.
SUPPORTING = ("pace", "impossible", "bulk", "bulk_long", "ahead", "interval", "empty")
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
_PARTS = ("_late", "_pile", "_recent", "_away")
_GLUCOSE = "_glucose"
# Discrete tests that see nothing have 1, whose tangent would outweigh everything: what does not speak against a group says nothing (the
# truncated Cauchy mean; Fang, Chang, Park, Tseng, Statistica Sinica 33, 2023). Below 1e-15 nothing is told apart.
_LEAST, _MOST = 1e-15, 0.5


def family_of(kind: str) -> str:
    """The first signal of the family; glucose by itself. A signal that is in none is its own."""
    base = kind
    for part in _PARTS:
        base = base.removesuffix(part)
    end = _GLUCOSE if base.endswith(_GLUCOSE) else ""
    base = base.removesuffix(_GLUCOSE)
    return next((family[0] for family in FAMILIES if base in family), base) + end


def combined(signals: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """unit, doctor, p, q, kinds: those to be checked are q <= rules.q; ``kinds``: the signals that say so, the clearest first.

    The p of a group's signals are measured by the district's own middle (``usual``). A family is the Cauchy mean of its signals, which
    holds however they depend on each other (Liu, Xie, Journal of the American Statistical Association 115, 2020). Families are put
    together twice, and the two once more: by Cauchy's mean, which sees one clear family, and by ``many``, which sees several
    that are none of them clear. Where doctors of a unit stand out who did less than half of its work, they are the reason and the
    unit as a whole is not listed.
    """
    signals = signals.astype({"p": float, "number": float})  # of no contacts they are columns of nothing
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
    rows["q"] = rows["q"].where(~_explained(rows, signals, rules), 1.0)
    clear = known[known["p"] <= rules.support_p].sort_values("p", kind="stable")
    kinds = clear.groupby(["unit", "doctor"])["kind"].agg(tuple).rename("kinds")
    rows = rows.merge(kinds, on=["unit", "doctor"], how="left")
    rows["kinds"] = [one if isinstance(one, tuple) else () for one in rows["kinds"]]
    return rows[["unit", "doctor", "p", "q", "kinds"]].sort_values("q", kind="stable", ignore_index=True)


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


def _explained(rows: pd.DataFrame, signals: pd.DataFrame, rules: Rules) -> pd.Series:
    """Units whose listed doctors did less than half of the work: not the unit is the reason."""
    work = signals[signals["kind"] == "pace"].set_index(["unit", "doctor"])["number"]
    mine = work.reindex(pd.MultiIndex.from_frame(rows[["unit", "doctor"]])).fillna(0).to_numpy()
    listed = pd.Series(mine).where((rows["doctor"] != "") & (rows["q"] <= rules.q), 0.0)
    part = listed.groupby(rows["unit"]).transform("sum")
    return (rows["doctor"] == "") & (part > 0) & (part < mine / 2)
