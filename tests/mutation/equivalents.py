"""Mistakes that change no figure, and why: an owner (a card or a fact) and a name, as patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@cache
def unexamined() -> frozenset[str]:
    """Mistakes that go unnoticed and that nobody has looked at yet: weak random rows, or no mistakes at all.

    The list came with the cards of 30 systems at once, a few with those of reach and of data quality (random rows hold few days of entry).
    It may only become shorter.
    """
    path = Path(__file__).with_name("unexamined.txt")
    return frozenset(path.read_text(encoding="utf-8").splitlines())


@dataclass(frozen=True)
class Equivalent:
    owner: str
    name: str
    reason: str
    elsewhere: bool = False  # the same words stand elsewhere in the rule too, and there the mistake shows

    def covers(self, owner: str, name: str) -> bool:
        return re.fullmatch(self.owner, owner) is not None and re.search(self.name, name) is not None


_SPANS = "a span that ends before it begins is counted nowhere, whether it is dropped or not"
_ONE_UNIT = "a person is managed by one unit at a time: spans at two units never meet"
_TWICE = "the condition is asked for twice: the sum or the other condition leaves the same rows out"
_LIMIT = "a reading near the upper limit of what is plausible is far from the goal"
_UNUSED = "the column belongs to another card of the same select"
_BY_MONTH = "a row without the date has no month, and counts in none"
_YEARS = "spans of two years never meet"

_ON_THE_LIMIT = "nobody lives, and no unit lies, just on a limit: the tables of the spec do"
_ALWAYS = "a grid is always there: only its latest state is known"

EQUIVALENTS = [
    Equivalent(
        "reach_.*|fl_within_radius|clinic_(nearest_people|radius_share|overlap|area_nearest)",
        r"(metres|anon_1\.n|close \* 1000) (<=|<|>=) [^ ]+( \* 900)? -> |^\+(2000|1000|900|5000|80) [+-]1 in ",
        _ON_THE_LIMIT,
    ),
    Equivalent("fd_grids_.*", r"^(begins|ends) (earlier|later)$", _ALWAYS),
    Equivalent(
        ".*",
        r"^\+0 [+-]1 in sample\.positive, 0$",
        "of a sample over a sample no row without a number is counted, so none is taken for 0",
    ),
    # spans that hold no month
    Equivalent(
        ".*",
        r"^without where \(CAST\(EXTRACT\(year FROM (health_record.created|enrolment.start|contract.start)",
        _SPANS,
    ),
    Equivalent(
        "recorded.*|hr_dynamic_update_rate|enrolled|patient_year|contract_span",
        r"^\+1 \+1 in \(CAST\(EXTRACT\(year FROM (health_record.created|enrolment.start|contract.start)_on",
        f"in the condition that drops empty spans: {_SPANS}",
        elsewhere=True,
    ),
    Equivalent(
        "el_mgmt_rate",
        r"(greatest|least)\(.*recorded_in_year.*\) -> (least|greatest)",
        f"in the condition: {_SPANS}",
        elsewhere=True,
    ),
    Equivalent(
        "im_floating_children", r"stay\.born_month \+ 84", f"in the condition: {_SPANS}", elsewhere=True
    ),
    Equivalent("met_standard", "^without where greatest", _SPANS),
    Equivalent("fd_package_count", r"without stay\.[se]", _SPANS),
    Equivalent(".*_rate|.*_managed", r"without \S+\.y0 = managed_year\.y0", _YEARS),
    Equivalent(
        "last_followup", r"^\+11 \+1 in anon_1\.y0", f"cut at the year's end by the year managed: {_YEARS}"
    ),
    # one unit at a time
    Equivalent(
        "fd_every_family_doctor|el_registered|ncd_multimorbid_mgmt", r"without \S+\.unit = ", _ONE_UNIT
    ),
    # said twice
    Equivalent(
        "hr_disease_archive_fill|im_consent_rate|im_observation_30min|im_info_upload", "IS NOT NULL", _TWICE
    ),
    Equivalent("hr_new_count", "health_record.person IS NOT NULL", "every record has a person"),
    Equivalent(
        "fd_paid_amount|fd_fee_insurance|fd_fee_fund",
        "(contract.fee.* > 0|contract.fee.* -> ge)$",
        "nothing is added to a sum",
    ),
    Equivalent("contract_span", r"contract\.fee, 0", "free of charge either way"),
    Equivalent("online_services", r"n = 1|\+0 -1", "what is not online adds nothing"),
    Equivalent("rx_amount_per_visit", "prescription.amount IS NOT NULL", "nothing is added to a sum"),
    Equivalent(
        "htn_mgmt_rate|dm_mgmt_rate",
        "(tagged.tag|enrolled.programme)",
        "in the numerator, of patients who are enrolled anyway",
    ),
    Equivalent("el_chronic_handover", "^without where person_tag.tag IN", "other tags are no programme's"),
    Equivalent("inpatients|ip_cost_per_case", "discharged_on IS NOT NULL", _BY_MONTH),
    Equivalent("ncd_timely_followup", "next_on IS NOT NULL", _BY_MONTH),
    Equivalent("stay", "unit\\) IS NOT NULL|residence.unit IS NOT NULL", "what is not mapped has no course"),
    Equivalent("resident", "arrived_on IS NOT NULL$", "six months after an unknown day change nothing"),
    # limits and columns that decide nothing
    Equivalent("htn_control_rate", r"(60 AND 300|30 AND 200|-> earlier)$", _LIMIT),
    Equivalent("dm_control_rate", r"(1 AND 50|-> earlier)$", _LIMIT),
    Equivalent("im_newborn_hepb", r"^min\(dose\.given_at\)", _UNUSED),
    Equivalent("im_hepb_first_timely", r"^min\(dose\.month\)", _UNUSED),
    Equivalent("im_five_full_rate", r"^\+0 -1 in CASE", "only 1 is asked for"),
    Equivalent("fd_team_leader", r"^\+0 |begins|ends", "the list of teams has no history"),
    Equivalent("record_in_force", r"THEN 0 ELSE 1", "the order is the same"),
    # four contacts
    Equivalent("contacts", r"k <= 4", "the fifth contact is in no column: the condition saves rows"),
    Equivalent("contacts", r"^min\(", "a contact's number is one row's"),
    Equivalent(
        "patient_year", r"(first_on >= anon_1\.owed_from -> gt|THEN 4 ELSE)", "more than four owed are four"
    ),
    Equivalent(
        "on_schedule",
        r"y0, patient_year\.y0, patient_year\.y0\)",
        "the year's first month thrice; nothing is owed in it",
    ),
    Equivalent("on_schedule", r"99999 - 1", "later than any month"),
    # children only
    Equivalent(
        "dose_owed",
        r"min\(year\.y0\)|- 180",
        "adults owe nothing within the months of the figures: the condition saves rows",
    ),
]


def is_equivalent(owner: str, name: str, *, elsewhere: bool = False) -> bool:
    """Whether a mistake is listed; ``elsewhere``: as one that shows in another place of the rule."""
    return any(e.covers(owner, name) for e in EQUIVALENTS if e.elsewhere == elsewhere)
