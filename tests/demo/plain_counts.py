"""Figures of the reference centre counted from its files alone: csv, dictionaries, loops, and nothing of ours.

Slow and obvious on purpose. Every function takes the rows of files as dictionaries by header.
"""

from __future__ import annotations

import csv
import math
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

CENTRE = "云岭街道社区卫生服务中心"
COUNTY = "云岭县公共卫生服务门诊"
TYPE_1 = "1型糖尿病"  # managed, and in no figure of diabetes type 2
FACE_TO_FACE = {"门诊就诊", "站点就诊", "社区随访", "上门随访"}


def rows(folder: Path, title: str, owner: str = CENTRE) -> Iterator[dict[str, str]]:
    """The rows of every file of an owner whose name goes on with the title."""
    for path in sorted(folder.glob(f"{owner}_{title}_*.csv")) + sorted(folder.glob(f"{owner}_{title}2*.csv")):
        with path.open(encoding="gb18030", newline="") as file:
            yield from csv.DictReader(file)


def day(text: str) -> date | None:
    """A date as these files write it; None where it is empty or damaged."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


class Centre:
    """The masters of the centre, read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.born: dict[str, date] = {}
        self.died: dict[str, date] = {}
        self.arrived: dict[str, date] = {}
        for row in rows(folder, "个人基本信息"):
            who = row["个人主索引"]
            if born := day(row["出生日期"]):
                self.born[who] = born
            if died := day(row["死亡日期"]):
                self.died[who] = died
            if row["户籍类型"] == "非户籍" and (arrived := day(row["迁入日期"])):
                self.arrived[who] = arrived
        self.record: dict[str, tuple[date, date]] = {}
        self.electronic: set[str] = set()
        for row in rows(folder, "健康档案全量"):
            who = row["个人主索引"]
            self.record[who] = (day(row["建档日期"]), day(row["注销日期"]) or date.max)
            if row["是否电子档案"] == "是":
                self.electronic.add(who)

    def resident(self, who: str, on: date) -> bool:
        """Alive, with a record in force, and six months here if floating."""
        if who not in self.record or who not in self.born:
            return False
        begin, end = self.record[who]
        if (begin - self.born[who]).days < 365:  # known since birth
            begin = self.born[who]
        came = self.arrived.get(who, date.min)
        settled = (on.year * 12 + on.month) - (came.year * 12 + came.month) >= 6
        return begin <= on < end and self.died.get(who, date.max) > on and settled

    def resident_in(self, who: str, year: int, month: int) -> bool:
        """Resident on the month's last day, or dead or gone within the month."""
        last = date(year, month, monthrange(year, month)[1])
        return self.resident(who, date(year, month, 1)) or self.resident(who, last)

    def population(self, band: str, year: int) -> int:
        for row in rows(self.folder, "人口统计表"):
            if (row["机构编码"], row["年度"], row["人群"], row["人口类型"]) == (
                "990128001",
                str(year),
                band,
                "常住人口",
            ):
                return int(row["人数"])
        raise LookupError((band, year))


def chronic(centre: Centre, name: str, programme: str, year: int) -> dict[str, float]:
    """Managed in the year, met the year's requirement, at goal and regular at the last follow-up."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    managed = {}
    for row in rows(centre.folder, f"{name}档案"):
        start = day(row["建档日期"])
        end = day(row["终止日期"]) or date.max
        if start <= last and end >= first and row.get("病例种类") != TYPE_1:
            managed[row["EMPIID"] if "EMPIID" in row else row["empiid"]] = start
    contacts, latest = Counter(), {}
    for row in rows(centre.folder, f"{name}随访"):
        who, on = row.get("EMPIID") or row.get("empiId"), day(row["随访日期"])
        if on is None or on.year != year:
            continue
        if row["随访方式"] in FACE_TO_FACE:
            contacts[who] += 1
        if who not in latest or on >= latest[who][0]:
            latest[who] = (on, row)
    checked = {
        row["EMPIID"]
        for owner in (CENTRE, COUNTY)
        for row in rows(centre.folder, "健康体检", owner)
        if (on := day(row["年检日期"])) and on.year == year
    }
    met = 0
    for who, start in managed.items():
        begin = max(first, start)
        need = 4 if begin == first else math.ceil(4 * ((last - begin).days + 1) / 365)
        met += contacts[who] >= need and who in checked
    goal = sum(1 for who in managed if who in latest and at_goal(centre, programme, who, *latest[who]))
    regular = sum(1 for who in managed if who in latest and latest[who][1]["服药依从性"] == "规律")
    return {
        "managed": len(managed),
        "met": met,
        "control": goal / len(managed),
        "adherence": regular / len(managed),
    }


def at_goal(centre: Centre, programme: str, who: str, on: date, row: dict[str, str]) -> bool:
    try:
        if programme == "dm":
            return 0 < float(row["空腹血糖"]) < 7.0
        high, low = int(row["收缩压(mmHg)"]), int(row["舒张压(mmHg)"])
    except ValueError:
        return False
    if not (60 <= high <= 300 and 30 <= low <= 200 and low < high) or who not in centre.born:
        return False
    return high < (150 if age(centre.born[who], on) >= 65 else 140) and low < 90


def tags(centre: Centre) -> dict[str, list[tuple[str, date, date]]]:
    out = defaultdict(list)
    for row in rows(centre.folder, "人群标签表"):
        out[row["标签"]].append((row["个人主索引"], day(row["开始日期"]), day(row["结束日期"]) or date.max))
    return out


def visits(folder: Path, centre: Centre, year: int, chronic_since: dict[str, date]) -> dict[str, float]:
    """Outpatient figures of a year."""
    n = old = sick = online = tcm = known = fee = others = 0
    for row in rows(folder, "诊疗记录表"):
        on = day(row["就诊日期"])
        if on is None or on.year != year:
            continue
        if row["就诊类型"] != "门诊":
            others += 1
            continue
        n += 1
        who = row["个人主索引"]
        old += who in centre.born and age(centre.born[who], on) >= 65
        known_since = chronic_since.get(who, date.max)
        sick += (known_since.year, known_since.month) <= (on.year, on.month) or row["主要诊断编码"][:3] in (
            "I10",
            "I11",
            "I12",
            "I13",
            "I15",
            "E10",
            "E11",
            "E12",
            "E13",
            "E14",
        )
        online += row["就诊渠道"] == "线上"
        tcm += row["科室"] == "中医科"
        if row["总费用(元)"] and "x" not in row["总费用(元)"]:
            known += 1
            fee += round(float(row["总费用(元)"]) * 100)
    return {
        "op_visits": n,
        "op_elderly_share": old / n,
        "ncd_opc_share": sick / n,
        "online": online,
        "tcm_visits": tcm,
        "cost": fee / known / 100,
        "others": others,
    }


def prescriptions(folder: Path, year: int) -> dict[str, float]:
    n = antibiotic = reviewed = qualified = 0
    for row in rows(folder, "处方记录表"):
        if (on := day(row["处方日期"])) and on.year == year:
            n += 1
            antibiotic += row["是否抗菌药物"] == "是"
            reviewed += row["是否点评"] == "是"
            qualified += row["点评是否合格"] == "是"
    return {"antibiotic_rate": antibiotic / n, "rx_qualified_rate": qualified / reviewed}


def in_year(folder: Path, title: str, column: str, year: int, owner: str = CENTRE) -> list[dict[str, str]]:
    return [row for row in rows(folder, title, owner) if (on := day(row[column])) and on.year == year]


def figures(folder: Path, year: int) -> dict[str, float]:
    """Every published figure of the centre that its files carry."""
    centre = Centre(folder)
    turn = date(year, 12, 31)
    tag = tags(centre)
    out: dict[str, float] = {"population": centre.population("全人群", year)}

    def carriers(name: str, on: date = turn) -> set[str]:
        return {who for who, start, end in tag[name] if start <= on < end and centre.resident(who, on)}

    htn = chronic(centre, "高血压", "htn", year)
    dm = chronic(centre, "糖尿病", "dm", year)
    out |= {
        "htn_managed": htn["met"],
        "htn_control_rate": htn["control"],
        "htn_adherence_rate": htn["adherence"],
        "dm_managed": dm["met"],
        "dm_control_rate": dm["control"],
        "_htn": htn["managed"],
        "_dm": dm["managed"],
    }
    for programme, name in (("htn", "高血压"), ("dm", "糖尿病")):
        out[f"{programme}_prevalence"] = len(carriers(f"{name}确诊")) / out["population"]
    enrolled = {
        row.get("EMPIID") or row.get("empiid")
        for name in ("高血压", "糖尿病")
        for row in rows(folder, f"{name}档案")
        if day(row["建档日期"]) <= turn < (day(row["终止日期"]) or date.max)
    }
    diagnosed: dict[str, date] = {}
    for who, start, _ in tag["高血压确诊"] + tag["糖尿病确诊"]:
        diagnosed[who] = min(start, diagnosed.get(who, date.max))
    seen = visits(folder, centre, year, diagnosed)
    out |= {k: v for k, v in seen.items() if k not in ("online", "others")}
    out |= prescriptions(folder, year)
    services = in_year(folder, "服务记录", "服务日期", year)
    out["online_services"] = seen["online"] + sum(1 for r in services if r["服务方式"] == "线上")
    followups = [
        r
        for t in ("高血压随访", "糖尿病随访", "其他管理对象随访表")
        for r in in_year(folder, t, "随访日期", year)
    ]
    out["fd_home_visits"] = sum(1 for r in services if r["服务方式"] == "上门")
    out["fd_home_visits"] += sum(1 for r in followups if r["随访方式"].startswith("上门"))
    out["fd_home_nursing"] = len({r["个人主索引"] for r in services if r["服务类型"] == "上门护理"})
    out["fd_drug_delivery"] = len({r["个人主索引"] for r in services if r["服务类型"] == "送药上门"})
    own = [
        (t, len(in_year(folder, t, c, year)))
        for t, c in (
            ("高血压随访", "随访日期"),
            ("糖尿病随访", "随访日期"),
            ("其他管理对象随访表", "随访日期"),
            ("健康体检", "年检日期"),
            ("预防接种记录表", "接种日期"),
        )
    ]
    out["service_persontimes"] = (
        seen["op_visits"]
        + seen["others"]
        + sum(1 for r in services if r["服务类型"] != "档案更新")
        + sum(n for _, n in own)
    )
    checks = in_year(folder, "健康体检", "年检日期", year) + in_year(
        folder, "健康体检", "年检日期", year, COUNTY
    )
    items = (
        "症状",
        "体温(℃)",
        "呼吸(次/分)",
        "脉率(次/分)",
        "收缩压R(mmHg)",
        "舒张压R(mmHg)",
        "身高(cm)",
        "体重(kg)",
        "腰围(cm)",
    )
    managed = {
        r["EMPIID"]
        for r in checks
        if all(r[i] for i in items) and (born := centre.born.get(r["EMPIID"])) and year - born.year >= 65
    }
    out["el_mgmt_rate"] = len(managed) / centre.population("65岁及以上", year)
    doses = in_year(folder, "预防接种记录表", "接种日期", year) + in_year(
        folder, "预防接种记录表", "接种日期", year, COUNTY
    )
    flu = {
        r["个人主索引"]
        for r in doses
        if r["疫苗"] == "流感疫苗"
        and day(r["接种日期"]).month >= 7
        and (born := centre.born.get(r["个人主索引"]))
        and age(born, day(r["接种日期"])) >= 60
    }
    out["im_flu60_rate"] = len(flu) / centre.population("60岁及以上", year)
    boosted = {
        r["个人主索引"]
        for owner in (CENTRE, COUNTY)
        for r in rows(folder, "预防接种记录表", owner)
        if r["疫苗"] == "新冠疫苗" and int(r["剂次"]) >= 4
    }
    out["im_covid_booster2"] = sum(centre.resident(w, turn) for w in boosted) / centre.population(
        "18岁及以上", year
    )
    out |= contracts(centre, year, tag, enrolled)
    everywhere = services + in_year(folder, "服务记录", "服务日期", year, COUNTY)
    served = {r["个人主索引"] for r in everywhere if r["服务类型"] != "档案更新"}
    served |= {r["EMPIID"] for r in checks} | {
        r["个人主索引"] for r in in_year(folder, "诊疗记录表", "就诊日期", year)
    }
    for title, column in (
        ("高血压随访", "EMPIID"),
        ("糖尿病随访", "empiId"),
        ("其他管理对象随访表", "个人主索引"),
    ):
        served |= {r[column] for r in in_year(folder, title, "随访日期", year)}
    usable = {
        w for w in centre.electronic if centre.record[w][0] <= turn < centre.record[w][1] and w in centre.born
    }
    out["hr_dynamic_update_rate"] = len(usable & served) / len(usable)
    for key, name in (
        ("ncd_care_plan", "一人一策"),
        ("el_highrisk_listed", "高危干预老年人"),
        ("el_dynamic_mgmt", "银龄管家"),
    ):
        out[key] = len(carriers(name))
    for key, name in (("ncd_care_plan_improved", "一人一策改善"), ("el_sarcopenia_improved", "肌少症改善")):
        out[key] = len({w for w, start, _ in tag[name] if start.year == year})
    return out


def contracts(centre: Centre, year: int, tag: dict, enrolled: set[str]) -> dict[str, float]:
    """Coverage of residents and of key populations, packages, items delivered."""
    turn = date(year, 12, 31)
    holders, packages = set(), set()
    for row in rows(centre.folder, "家庭医生签约"):
        start, end = day(row["开始日期"]), day(row["到期日期"])
        stopped = day(row["解约日期"]) or date.max
        if end and start <= turn <= end and stopped > turn and centre.resident(row["个人主索引"], turn):
            holders.add(row["个人主索引"])
            packages.add(row["服务包"])

    def key_on(on: date) -> set[str]:
        tagged = {
            w
            for name in ("孕产妇", "残疾人", "城乡低保", "计生特殊家庭", "肺结核", "严重精神障碍")
            for w, start, end in tag[name]
            if start <= on < end
        }
        return {
            w
            for w in centre.record
            if w in centre.born
            and centre.resident(w, on)
            and (age(centre.born[w], on) >= 65 or age(centre.born[w], on) < 7 or w in tagged or w in enrolled)
        }

    key = key_on(turn)
    special = {w for name in ("残疾人", "失能老年人", "独居老人") for w, *_ in tag[name]}
    due = done = special_due = special_done = 0
    for row in rows(centre.folder, "签约服务项目表"):
        if day(row["应完成日期"]).year == year:
            made = (day(row["实际完成日期"]) or date.max) <= turn
            due, done = due + 1, done + made
            if row["个人主索引"] in special:
                special_due, special_done = special_due + 1, special_done + made
    return {
        "fd_contract_rate": len(holders) / centre.population("全人群", year),
        "fd_key_contract_rate": len(holders & key) / len(key),
        "fd_package_count": len(packages),
        "fd_fulfilment_rate": done / due,
        "fd_special_fulfilment_rate": special_done / special_due,
    }
