"""S06: health education. The model of how the work of units is counted plainly."""

from __future__ import annotations

from tests.plain.district import District
from tests.plain.shapes import Distinct
from tests.plain.works import OfUnits, any_holding, counted, owed, shared, surveyed, whole

_EDUCATION = ("lecture", "consultation", "theme_day", "board", "window", "handout", "video")


def _kind(*kinds: str):
    return lambda row: row["kind"] in kinds


def _people(row: dict) -> int:
    return row["people"] or 0


def _quantity(row: dict) -> int | None:
    return whole(row["quantity"])


def _prescriptions(district: District, month: int):
    for row in district.rows("activity"):
        if row["kind"] == "he_prescription" and row["month"] in district.year_so_far(month) and row["topic"]:
            yield row["unit"], row["topic"]


CARDS = {
    "he_awareness_rate": surveyed("awareness"),
    "he_behaviour_rate": surveyed("behaviour"),
    "he_literacy_level": surveyed("literacy"),
    "he_course_quarterly": owed("he_course_quarterly", "activity", _kind("lecture"), people="people"),
    "he_lectures": counted("activity", _kind("lecture")),
    "he_lectures_onsite": counted(
        "activity", lambda row: row["kind"] == "lecture" and row["mode"] == "onsite"
    ),
    "he_lectures_online": counted(
        "activity", lambda row: row["kind"] == "lecture" and row["mode"] == "online"
    ),
    "he_people_reached": counted("activity", _kind("lecture", "consultation", "theme_day"), _people),
    "he_boards": owed("he_boards", "activity", _kind("board")),
    "he_windows": owed("he_windows", "activity", _kind("window")),
    "he_materials": counted("activity", _kind("handout"), _quantity),
    "he_prescriptions": Distinct(_prescriptions, basis="ytd", reads=("activity",)),
    "he_plan": owed("he_plan", "document", _kind("he_plan")),
    "he_summary": owed("he_summary", "document", _kind("he_summary")),
    "he_photo_evidence": shared("activity", lambda row: row["evidence"], _kind(*_EDUCATION)),
    "he_theme_days": counted("activity", _kind("theme_day")),
    "he_short_videos": counted("activity", _kind("video")),
    "he_video_reach": counted("activity", _kind("video"), _people),
    "he_healthy_families": counted("activity", _kind("healthy_family"), _quantity),
    "he_evaluation_survey": owed("he_evaluation_survey", "activity", _kind("he_evaluation")),
    "he_community_diagnosis": OfUnits(
        ("centre",), any_holding("document", _kind("community_diagnosis")), reads=("document",)
    ),
    "he_screening_program": counted("screening", lambda row: row["kind"] not in ("sealant", "fluoride")),
    "he_tobacco": counted("activity", lambda row: row["topic"] == "tobacco"),
}
