"""What is hidden leaves no trace in comparisons: other numbers behind the mask, and everything that is shown stays the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from metrics import figures, spreading
from metrics.cards import CARDS
from metrics.comparing import case_mix as mixing
from metrics.comparing.plot import plot_of
from metrics.principal import EVERYTHING, LOCAL
from metrics.small_numbers import BITS, HIDDEN
from tests.pages import sample
from tests.roles import as_role

LEADER = as_role("领导", "leader", EVERYTHING, EVERYTHING)
KEYS = (
    "htn_control_rate",
    "hr_filing_rate",
    "el_fall_rate",
    "htn_followups_per_patient",
    "hr_count_total",
    "op_cost_per_visit",
)
CENTRE = sample.CENTRES[1]
# Which numbers of which unit are hidden: all of them, and those of single kinds.
MASKED = {15: 15, 16: BITS["numerator"], 17: BITS["numerator"] | BITS["value"]}
STRATA = ("age:0-6", "age:80+", "population:registered", "population:floating")


def masked(read, seed: int, strata: bool):
    """A reader of tables that hides ``MASKED`` and, by ``seed`` (0: none), replaces what is behind the mask."""

    def reading(connection, statement):
        frame = read(connection, statement)
        if "hidden" not in frame.columns:
            return frame
        frame = with_strata(frame) if strata else frame
        random = np.random.default_rng(seed)
        bits = frame["unit"].map(MASKED).fillna(0).astype(int)
        if "deviation" in frame.columns:  # of a figure of which any number is hidden
            other = frame["deviation"] * random.uniform(0.1, 3, len(frame)) + 1
            kept = frame["deviation"].where((bits == 0) | (seed == 0), other)
            return frame.assign(hidden=np.where(bits > 0, BITS["value"], 0), deviation=kept)
        changed = {"hidden": bits}
        for name, bit in BITS.items():
            other = frame[name].astype(float) * random.uniform(0.1, 3, len(frame)) + 1
            changed[name] = other.where((bits & bit > 0) & (seed > 0), frame[name].astype(float))
        return frame.assign(**changed)

    return reading


def with_strata(frame: pd.DataFrame) -> pd.DataFrame:
    """Every unit's people in two strata of each dimension, the old and the floating worse off, in differing parts."""
    whole = frame[frame["stratum"] == ""]
    parts = [whole]
    for place, stratum in enumerate(STRATA):
        first = place % 2 == 0
        part = 0.2 + whole["unit"] % 5 * 0.15
        listed = whole["listed"] * (part if first else 1 - part)
        top = listed * (0.9 if first else 0.3 if stratum == "age:80+" else 0.8)
        parts.append(
            whole.assign(
                stratum=stratum, listed=listed, numerator=top, denominator=listed, value=top / listed
            )
        )
    return pd.concat(parts, ignore_index=True)


def told(store, seed: int, who=LEADER) -> dict[str, pd.DataFrame]:
    """Everything that comparisons tell somebody."""
    read = {module: module.read_frame for module in (figures, mixing, spreading)}
    with pytest.MonkeyPatch.context() as patch, store.published() as connection:
        patch.setattr(figures, "read_frame", masked(read[figures], seed, strata=False))
        patch.setattr(mixing, "read_frame", masked(read[mixing], seed, strata=True))
        patch.setattr(spreading, "read_frame", masked(read[spreading], seed, strata=False))
        out = {}
        for key in KEYS:
            card, basis = CARDS[key], str(CARDS[key].bases[0])
            asked = {"unit": CENTRE, "card": card, "month": sample.LAST, "basis": basis}
            out[key] = figures.comparison(who, connection, **asked)
            out[f"{key} mix"] = mixing.case_mix(who, connection, **asked)
            if plot := plot_of(out[key], card, sample.LAST):
                lines = (plot.size, *plot.inner, *plot.outer, np.full(len(plot.size), plot.centre))
                out[f"{key} plot"] = pd.DataFrame(np.array(lines))
        for unit in (16, 18):
            of = {key: CARDS[key] for key in KEYS}
            out[f"standing {unit}"] = figures.standing(who, connection, unit, sample.LAST, of)
        return out


@pytest.fixture(scope="module")
def plain(sample_store):
    return told(sample_store, 0)


def test_hidden_ones_get_nothing(plain):
    nothing = ["low", "high", "place", "place_low", "place_high"]
    for key in KEYS:
        frame = plain[key].set_index("unit")
        assert {15, 17} <= set(frame.index[frame["status"] == HIDDEN])
        gone = frame.loc[list(MASKED)]
        assert gone[nothing].isna().all(axis=None)
        assert set(gone["to_target"]) | set(gone["to_peers"]) == {"none"}
        assert not (gone["unranked"] == "").any()
        assert not set(MASKED) & set(plain[f"{key} mix"]["unit"])
        if f"{key} plot" in plain:
            assert frame.loc[[18, 19], "low"].notna().all()
    assert plain["standing 16"]["place"].isna().all()


def test_what_is_behind_the_mask_changes_nothing(sample_store, plain):
    assert len(plain["htn_control_rate mix"])  # case mix matters here, or the test would say nothing of it
    for seed in (1, 2):
        other = told(sample_store, seed)
        for name, frame in plain.items():
            pd.testing.assert_frame_equal(frame, other[name], obj=name)


def test_the_attack_would_be_seen(sample_store):
    """Whoever sees the people sees the changed numbers: so the masks above are what holds."""
    before, after = (told(sample_store, seed, LOCAL) for seed in (0, 1))
    assert not before["htn_control_rate"].equals(after["htn_control_rate"])
    assert not before["htn_control_rate mix"].equals(after["htn_control_rate mix"])
