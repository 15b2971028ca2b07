"""Which layout each centre's system uses for each kind of rows, and what the file is called."""

from __future__ import annotations

from dataclasses import dataclass

# The work of units: registers that a centre keeps itself, and those that the bureau keeps for all.
OF_CENTRES = ("activity", "document", "sample", "incident", "staff", "training", "reported_count")
OF_BUREAU = (
    "facility", "check_item", "money", "drug_line", "lab_order", "appraisal", "appraisal_item", "inspection",
    "finding",
)  # fmt: skip
WORK = OF_CENTRES + OF_BUREAU

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
        "grid",
        "pregnancy",
        "maternal_visit",
        "child_visit",
        "screening",
        "tb_course",
        "health_event",
        "other_enrolment",
        "other_followup",
        *WORK,
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
    "other_enrolment": "enrolment", "other_followup": "followup", "grid": "place",
}  # fmt: skip
TITLES = {
    "unit": "机构登记表", "place": "网格地址", "grid": "网格登记表", "population": "人口统计表", "person": "个人基本信息",
    "health_record": "健康档案全量", "residence": "居住管理登记表", "person_tag": "人群标签表",
    "team": "家庭医生团队表", "htn_enrolment": "高血压档案", "dm_enrolment": "糖尿病档案",
    "elder_enrolment": "老年人健康档案", "htn_followup": "高血压随访", "dm_followup": "糖尿病随访",
    "checkup": "健康体检", "dose": "预防接种记录表", "vaccination_card": "预防接种证", "contract": "家庭医生签约",
    "contract_item": "签约服务项目表", "service": "服务记录", "encounter": "诊疗记录表",
    "prescription": "处方记录表", "referral": "转诊记录表", "delivery_note": "数据报送登记表",
    "activity": "工作活动登记表", "document": "文件资料登记表", "sample": "调查与抽查登记表",
    "incident": "事件与投诉登记表", "staff": "人员登记表", "training": "人员培训登记表",
    "facility": "机构配置登记表", "check_item": "检查项目登记表", "money": "经费收支登记表",
    "drug_line": "药品购销明细表", "lab_order": "检验检查申请表", "appraisal": "考核结果登记表",
    "reported_count": "上报数登记表", "appraisal_item": "考核分项登记表", "inspection": "督导检查登记表", "finding": "问题整改登记表",
    "pregnancy": "孕产妇登记表", "maternal_visit": "孕产妇随访表",
    "child_visit": "儿童健康检查表", "screening": "筛查记录表", "tb_course": "肺结核患者管理表",
    "health_event": "健康事件登记表", "other_enrolment": "其他管理对象登记表",
    "other_followup": "其他管理对象随访表",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """How a kind is exported by a centre."""

    layout: str
    programme: str  # "" or what the plain layout needs in its own column


def kind_for(kind: str, town: int) -> Kind:
    """The layout of a kind in a town's system."""
    programme = kind.split("_")[0] if kind in _PLAIN_NAMES and not kind.startswith(("other_", "grid")) else ""
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
