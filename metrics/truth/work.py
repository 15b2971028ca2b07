"""What the signals of truth look at: some 12 to 24 months of contacts in one district, and who, where and when around them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Work:
    """Frames of one district; nobody is named in them.

    contacts  row_id int64, person int64, unit int64 (who performed), doctor str ("" unknown), kind str (htn, dm, smi, checkup,
              ...), day datetime64, entered_on datetime64 (NaT unknown), mode str (clinic, home, phone, ... or ""), sbp and dbp
              float (mmHg), fpg float (mmol/L), complete bool or None (the form says that it is complete)
    persons   person int64, birth datetime64, sex "1", "2" or "", died_on datetime64 (NaT), phone int64 (equal numbers are one
              telephone; -1 none), unit int64 (responsible), family int64 (equal numbers are one household; -1 unknown; without
              the column nobody's is known), lon, lat float degrees of the village or grid they live in (NaN unknown; without
              the columns nobody's is known)
    stays     person int64, unit int64, from_on, to_on datetime64: in hospital
    units     unit int64, parent int64 (-1), kind str, lon, lat float degrees (NaN unknown)
    until     the last day that is looked at; None: that of the contacts
    measured  kinds of contact that have readings, where the work is a part of the district; None: told from the contacts
    """

    contacts: pd.DataFrame
    persons: pd.DataFrame
    stays: pd.DataFrame
    units: pd.DataFrame
    until: pd.Timestamp | None = None
    measured: frozenset[str] | None = None
