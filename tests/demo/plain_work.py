"""More figures of the reference centre counted from its files alone: mothers, children, patients, staff, work.

Slow and obvious on purpose, like ``plain_counts``. The bureau's registers are spreadsheets; the centre with its
stations are the units whose code begins with the centre's.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineWorkbook

from tests.demo.plain_counts import Centre, age, day, in_year, rows

CODE = "990128001"
BUREAU = "云岭县卫生健康局"


def register(folder: Path, title: str) -> Iterator[dict[str, str]]:
    """Rows of a register of the bureau about the centre and its stations."""
    for path in sorted(folder.glob(f"{BUREAU}_{title}_*")):
        if path.suffix == ".csv":
            lines = list(csv.reader(io.StringIO(path.read_text("gb18030"))))
        else:
            sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
            lines = [[_text(cell) for cell in line] for line in sheet.iter_rows()]
        at = next(i for i, line in enumerate(lines) if "机构编码" in line)
        for line in lines[at + 1 :]:
            row = dict(zip(lines[at], line, strict=False))
            if row["机构编码"].startswith(CODE):
                yield row


def _text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def persons(folder: Path, year: int) -> dict[str, float]:
    """Children, mothers, patients, falls, services."""
    centre = Centre(folder)
    last = date(year, 12, 31)
    out: dict[str, float] = {}
    seen: dict[str, set[date]] = defaultdict(set)
    newborn = set()
    for row in in_year(folder, "儿童健康检查表", "儿童检查日期", year):
        if row["儿童检查类型"] == "健康检查":
            seen[row["个人主索引"]].add(day(row["儿童检查日期"]))
        else:
            newborn.add(row["个人主索引"])
    children = [
        who
        for who in centre.record
        if who in centre.born
        and year - centre.born[who].year < 7
        and any(centre.resident_in(who, year, month) for month in range(1, 13))
    ]
    population = centre.population("0-6岁", year)
    out["ch_mgmt_rate"] = sum(1 for who in children if who in newborn or seen[who]) / population
    out["ch_system_rate"] = (
        sum(_on_schedule(centre, who, year, len(seen[who])) for who in children) / population
    )
    screened = in_year(folder, "筛查记录表", "筛查日期", year)
    eyes = [r for r in screened if r["筛查项目"] == "视力筛查"]
    out["ch_vision_screened"] = len({r["个人主索引"] for r in eyes})
    out["ch_myopia"] = len({r["个人主索引"] for r in eyes if r["筛查结果"] == "阳性"})
    out["ch_sealant"] = sum(int(r["封闭牙数"]) for r in screened if r["封闭牙数"])
    out["ch_fluoride"] = sum(1 for r in screened if r["筛查项目"] == "涂氟")
    mouths = [r for r in screened if r["筛查项目"] == "龋齿检查"]
    out["ch_caries"] = sum(1 for r in mouths if r["筛查结果"] == "阳性") / len(mouths)
    born = [r for r in rows(folder, "孕产妇登记表") if (on := day(r["分娩日期"])) and on.year == year]
    early = [r for r in born if r["建册孕周"] and int(r["建册孕周"]) < 13 and r["首次产检日期"]]
    visits = defaultdict(list)
    for row in rows(folder, "孕产妇随访表"):
        if row["孕产随访类型"] == "产后访视":
            visits[row["孕册编号"]].append(day(row["孕产随访日期"]))
    visited = [
        r for r in born if any(0 <= (on - day(r["产后出院日期"])).days <= 28 for on in visits[r["孕册编号"]])
    ]
    out["mt_early_booking_rate"] = len(early) / len(born)
    out["mt_postpartum_visit_rate"] = len(visited) / len(born)
    contacts = defaultdict(set)
    for row in in_year(folder, "其他管理对象随访表", "随访日期", year):
        if row["管理类别"] == "严重精神障碍" and row["随访方式"] in ("门诊", "站点", "上门", "社区"):
            contacts[row["个人主索引"]].add(day(row["随访日期"]).month)
    patients = {}
    for row in rows(folder, "其他管理对象登记表"):
        begun, ended = day(row["建档日期"]) <= last, (day(row["终止日期"]) or date.max) > date(year, 1, 1)
        if row["管理类别"] == "严重精神障碍" and begun and ended:
            patients[row["个人主索引"]] = row
    out["mh_faceface_rate"] = sum(1 for who in patients if contacts[who]) / len(patients)
    events = Counter(r["健康事件类型"] for r in in_year(folder, "健康事件登记表", "事件日期", year))
    out["falls"] = events["跌倒"]
    out["mh_incident_count"] = events["肇事肇祸"]
    services = in_year(folder, "服务记录", "服务日期", year)
    out["tcm_package_persons"] = len({r["个人主索引"] for r in services if r["服务类型"] == "中医特色治疗包"})
    referred = in_year(folder, "转诊记录表", "转诊日期", year)
    out["rf_up"] = sum(1 for r in referred if r["转诊方向"] == "上转")
    out["rf_down"] = sum(1 for r in referred if r["转诊方向"] == "下转")
    out["rf_time"] = sum(int(r["转诊用时(分钟)"]) for r in referred) / len(referred) / 60
    known = [r["是否中药饮片"] for r in in_year(folder, "处方记录表", "处方日期", year) if r["是否中药饮片"]]
    out["tcm_decoction_rate"] = known.count("是") / len(known)
    return out


def _on_schedule(centre: Centre, who: str, year: int, checks: int) -> bool:
    """As many checks as the age asks for: 4 a year under one, 2 at one and two, 1 from three on, by months here."""
    twelfths = 0
    for month in range(1, 13):
        if not centre.resident_in(who, year, month):
            continue
        born = centre.born[who]
        years = (year * 12 + month - born.year * 12 - born.month) // 12
        twelfths += 4 if years < 1 else 2 if years < 3 else 1
    return checks >= twelfths // 12


def work(folder: Path, year: int) -> dict[str, float]:
    """Staff, training, meetings, surveys, incidents, appraisal, laboratory."""
    last = date(year, 12, 31)
    out: dict[str, float] = {}
    staff = list(rows(folder, "人员登记表"))
    here = [r for r in staff if day(r["到岗日期"]) <= last <= (day(r["离岗日期"]) or date.max)]
    titled = [r for r in here if r["职称"] in ("中级", "高级")]
    doctors = [r for r in here if r["岗位"] == "全科医生"]
    out["mid_senior_title_count"] = len(titled)
    out["mid_senior_title_rate"] = len(titled) / len(here)
    out["gp_under35_rate"] = sum(1 for r in doctors if age(day(r["出生日期"]), last) < 35) / len(doctors)
    out["phdoc_count"] = sum(1 for r in here if r["岗位"] == "公卫人员")
    hired = Counter(r["岗位"] for r in staff if day(r["到岗日期"]).year == year)
    for key, role in (("gp", "全科医生"), ("nurse", "护士"), ("phdoc", "公卫人员")):
        out[f"staff_recruited_{key}"] = hired[role]
    trained = in_year(folder, "人员培训登记表", "培训结束日期", year)
    long = [r for r in trained if r["培训类型"].startswith("外出") and float(r["培训月数"] or 0) >= 3]
    exams = [r["是否考核合格"] for r in trained if r["培训类型"] == "培训考核"]
    out["staff_sent_training"] = len(long)
    out["training_exam_pass_rate"] = exams.count("是") / len(exams)
    held = in_year(folder, "工作活动登记表", "活动日期", year)
    lectures = [r for r in held if r["活动类型"] == "健康讲座"]
    out["he_lectures_onsite"] = sum(1 for r in lectures if r["活动形式"] == "现场" and r["机构编码"] == CODE)
    out["he_lectures_online"] = sum(1 for r in lectures if r["活动形式"] == "线上")
    reaching = [r for r in held if r["活动类型"] in ("健康讲座", "公众咨询（义诊）", "卫生宣传日")]
    out["he_people_reached"] = sum(int(r["参加人数"] or 0) for r in reaching)
    out["internal_training_sessions"] = sum(1 for r in held if r["活动类型"] == "内部培训")
    surveys = in_year(folder, "调查与抽查登记表", "调查日期", year)
    for key, kind in (("sat_patient", "患者满意度"), ("sat_tcm", "中医治疗包满意度")):
        asked = [r for r in surveys if r["调查类型"] == kind]
        out[key] = sum(int(r["合格数"]) for r in asked) / sum(int(r["调查数"]) for r in asked)
    told = in_year(folder, "事件与投诉登记表", "发现或受理日期", year)
    kinds = Counter(r["报告类型"] for r in told)
    out["sat_thanks_letters"] = kinds["表扬信"]
    out["sat_banners"] = kinds["锦旗"]
    out["sat_suggestions"] = kinds["意见建议"]
    outbreaks = [r for r in told if r["报告类型"] == "聚集性疫情"]
    out["outbreaks"] = len(outbreaks)
    out["outbreaks_in_time"] = sum(
        1 for r in outbreaks if (_moment(r["办结时间"]) - _moment(r["报告时间"])).total_seconds() <= 86_400
    )
    findings = [r for r in register(folder, "问题整改登记表") if day(r["问题通知日期"]).year == year]
    out["sup_findings_rectified"] = sum(
        1 for r in findings if r["整改完成日期"] and r["问题类型"].startswith("督导")
    )
    scores = [
        float(r["考核得分"]) / float(r["考核满分"]) * 100
        for r in register(folder, "考核结果登记表")
        if r["考核类型"] == "机构考核" and r["考核期末月"].startswith(str(year)) and r["机构编码"] == CODE
    ]
    out["ap_total_score"] = sum(scores) / len(scores)
    minutes = [
        int(r["报告用时(分钟)"])
        for r in register(folder, "检验检查申请表")
        if day(r["检验日期"]).year == year
    ]
    out["lab_turnaround"] = sum(minutes) / len(minutes)
    return out


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
