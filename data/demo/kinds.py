"""Which layout each centre's system uses for each kind of rows, and what the file is called."""

from __future__ import annotations

from dataclasses import dataclass

# Kinds that only the plain layouts know.
_PLAIN_ONLY = frozenset(
    [
        "residence",
        "population",
        "person_tag",
        "team",
        "dose",
        "encounter",
        "prescription",
        "referral",
        "contract_item",
        "delivery_note",
        "unit",
    ]
)
# Towns whose system exports a kind in the plain layout although another exists.
_PLAIN_TOWNS = {
    "person": {0, 2, 6},
    "health_record": {0, 2, 6},
    "htn_enrolment": {7},
    "dm_enrolment": {7},
    "elder_enrolment": {7},
    "htn_followup": {7},
    "dm_followup": {7},
    "checkup": {2, 6},
    "contract": {0, 2, 4, 6},
    "service": {0, 2, 4, 6, 7},
    "vaccination_card": {0, 2, 4, 6, 7},
}
_PLAIN_NAMES = {
    "htn_enrolment": "enrolment", "dm_enrolment": "enrolment", "elder_enrolment": "enrolment",
    "htn_followup": "followup", "dm_followup": "followup",
}  # fmt: skip
TITLES = {
    "unit": "机构登记表", "place": "网格地址", "population": "人口统计表", "person": "个人基本信息",
    "health_record": "健康档案全量", "residence": "居住管理登记表", "person_tag": "人群标签表",
    "team": "家庭医生团队表", "htn_enrolment": "高血压档案", "dm_enrolment": "糖尿病档案",
    "elder_enrolment": "老年人健康档案", "htn_followup": "高血压随访", "dm_followup": "糖尿病随访",
    "checkup": "健康体检", "dose": "预防接种记录表", "vaccination_card": "预防接种证", "contract": "家庭医生签约",
    "contract_item": "签约服务项目表", "service": "服务记录", "encounter": "诊疗记录表",
    "prescription": "处方记录表", "referral": "转诊记录表", "delivery_note": "数据报送登记表",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """How a kind is exported by a centre."""

    layout: str
    programme: str  # "" or what the plain layout needs in its own column


def kind_for(kind: str, town: int) -> Kind:
    """The layout of a kind in a town's system."""
    programme = kind.split("_")[0] if kind in _PLAIN_NAMES else ""
    if kind in _PLAIN_ONLY or town in _PLAIN_TOWNS.get(kind, ()):
        return Kind(f"plain.{_PLAIN_NAMES.get(kind, kind)}", programme)
    return Kind(f"chis.{kind}", "")


def identified_by(kind: str, layout: str, by_id_number: bool) -> frozenset[str]:
    """Which columns say whom a row is about (targets of the layout)."""
    if kind == "person":
        return frozenset(
            {"person.source", "person.id_number", "person.name", "person.phone", "person.address"}
        )
    if kind in ("encounter", "prescription") and by_id_number:
        return frozenset({"person.source", "person.id_number", "person.name"})
    if layout.startswith("chis.") and kind.endswith("_enrolment"):
        return frozenset({"person.source", "person.record_code"})
    return frozenset({"person.source"})
