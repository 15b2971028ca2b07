"""Reading a scoring sheet from its text, and writing the text that a published round keeps.

How a sheet is written is told in ``docs/appraisal.md``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from metrics.appraisal.items import (
    BELOW,
    GRADES,
    KINDS,
    PERIOD,
    SUBJECTS,
    TARGET,
    Grades,
    Item,
    Method,
    Section,
    Sheet,
    SheetError,
    shown,
)
from metrics.card import Basis, Direction, Unit, Words, words
from metrics.cards import CARDS

_SHEET = ("key", "version", "subject", "kinds", "year_from", "zh", "full", "source", "grades", "section")
_SHEET_MAY = ("en", "bonus")
_SECTION = ("key", "zh", "item")
_SECTION_MAY = ("en", "source")
_ITEM = ("key", "method")
_ITEM_MAY = (
    "zh", "en", "weight", "source", "card", "basis", "baseline", "pro_rata", "steps", "per", "off", "cap", "better",
    "unit", "text_zh", "text_en",
)  # fmt: skip
_NEVER: dict[Method, tuple[str, ...]] = {  # fields without a meaning for a method
    Method.PROPORTIONAL: ("steps", "per", "off", "cap"),
    Method.STEPS: ("baseline", "per", "off", "cap", "pro_rata"),
    Method.DEDUCTION: ("steps",),
    Method.YES_NO: ("steps", "per", "off", "cap"),
    Method.MANUAL: ("card", "basis", "baseline", "pro_rata", "steps", "per", "off", "cap", "better", "unit"),
    Method.BONUS: ("cap",),
    Method.VETO: ("weight", "steps", "per", "off", "cap"),
}
_MUST: dict[Method, tuple[str, ...]] = {
    Method.PROPORTIONAL: ("weight", "card", "baseline"),
    Method.STEPS: ("weight", "card", "steps"),
    Method.DEDUCTION: ("weight", "card", "off"),
    Method.YES_NO: ("weight",),
    Method.MANUAL: ("weight",),
    Method.BONUS: ("weight",),
    Method.VETO: (),
}


def parse(text: str, name: str = "", *, frozen: bool = False) -> Sheet:
    """The sheet that a text states; SheetError says what is wrong with it.

    ``frozen``: the text of a published round, which says everything itself; cards are not asked.
    """
    try:
        told = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SheetError(
            f"{name}：不是有效的 TOML 文件（{error}）。请检查该行的引号、等号和方括号。\n"
            f"{name}: not a valid TOML file ({error}). Check the quotes, equals signs and brackets of that line."
        ) from error
    return _Reader(name, frozen).sheet(told)


class _Reader:
    """Reads one file, so that whatever is wrong is told with the file's name and the place in it."""

    def __init__(self, name: str, frozen: bool) -> None:
        self._name, self._frozen = name, frozen
        self._zh, self._en = "表头", "the head of the sheet"

    def wrong(self, zh: str, en: str) -> SheetError:
        return SheetError(f"{self._name}，{self._zh}：{zh}。\n{self._name}, {self._en}: {en}.")

    def sheet(self, told: Mapping[str, Any]) -> Sheet:
        self._fields(told, _SHEET, _SHEET_MAY)
        subject = self._one_of(told, "subject", SUBJECTS)
        kinds = told["kinds"]
        if not isinstance(kinds, list) or not kinds or any(kind not in KINDS for kind in kinds):
            raise self.wrong(
                f'kinds 写作列表，取自 {", ".join(KINDS)}，例如 ["centre"]',
                f'kinds is a list of {", ".join(KINDS)}, such as ["centre"]',
            )
        year = told["year_from"]
        if not isinstance(year, int) or not 2000 <= year < 2100:
            raise self.wrong("year_from 写四位年份，例如 2026", "year_from is a year, such as 2026")
        for name in ("key", "version", "source"):
            self._text(told, name)
        grades = self._grades(told["grades"])
        sections = tuple(self._section(one, kinds, told["source"]) for one in self._list(told, "section"))
        self._zh, self._en = "表头", "the head of the sheet"
        self._unique([section.key for section in sections], "分项", "section")
        self._unique([item.key for section in sections for item in section.items], "条目", "item")
        full = self._points(told, "full")
        added = sum(section.weight for section in sections)
        if full != added:
            raise self.wrong(
                f"full 是 {shown(full)} 分，各条目的 weight 相加为 {shown(added)} 分（加分项、否决项不计）；请改成一致",
                f"full is {shown(full)}, but the weights of the items (without bonus and veto) add up to "
                f"{shown(added)}: make them agree",
            )
        return Sheet(
            key=told["key"],
            version=told["version"],
            subject=subject,
            kinds=tuple(kinds),
            year_from=year,
            words=self._words(told),
            full=full,
            bonus=self._points(told, "bonus") if "bonus" in told else 0,
            source=told["source"],
            grades=grades,
            sections=sections,
        )

    def _grades(self, told: Any) -> Grades:
        if not isinstance(told, dict):
            raise self.wrong("缺少 [grades] 等次表", "it needs a table [grades]")
        self._fields(told, ("excellent", "good", "qualified", "source"), ())
        bounds = [self._number(told, name) for name in GRADES[:-1]]
        if not 100 >= bounds[0] > bounds[1] > bounds[2] > 0:
            raise self.wrong(
                "等次界限应满足 100 ≥ excellent > good > qualified > 0（满分的百分数）",
                "grades are 100 >= excellent > good > qualified > 0, in per cent of the full points",
            )
        self._text(told, "source")
        return Grades(excellent=bounds[0], good=bounds[1], qualified=bounds[2], source=told["source"])

    def _section(self, told: Mapping[str, Any], kinds: list[str], source: str) -> Section:
        self._zh, self._en = f"分项 {told.get('key', '?')}", f"section {told.get('key', '?')}"
        self._fields(told, _SECTION, _SECTION_MAY)
        self._text(told, "key")
        if "source" in told:
            self._text(told, "source")
        name = self._words(told)
        source = told.get("source", source)
        items = tuple(self._item(one, kinds, source) for one in self._list(told, "item"))
        return Section(key=told["key"], words=name, items=items)

    def _item(self, told: Mapping[str, Any], kinds: list[str], source: str) -> Item:
        self._zh, self._en = f"条目 {told.get('key', '?')}", f"item {told.get('key', '?')}"
        self._fields(told, _ITEM, _ITEM_MAY)
        self._text(told, "key")
        method = Method(self._one_of(told, "method", tuple(Method)))
        for name in _NEVER[method]:
            if name in told:
                raise self.wrong(
                    f"方法 {method} 不用 {name}，请删去",
                    f"{name} has no meaning for the method {method}: delete it",
                )
        for name in _MUST[method]:
            if name not in told:
                raise self.wrong(f"方法 {method} 需要 {name}", f"the method {method} needs {name}")
        weight = self._points(told, "weight") if method is not Method.VETO else 0
        if method is not Method.VETO and not weight:
            raise self.wrong("weight 须大于 0", "weight must be more than 0")
        card = self._card(told, kinds)
        better = Direction(self._one_of(told, "better", ("higher", "lower"))) if "better" in told else None
        better = better or (card.direction if card else Direction.HIGHER)
        if better is Direction.NONE:
            raise self.wrong(
                f'指标 {card.key} 没有好坏方向，请写 better = "higher" 或 "lower"',
                f'the card {card.key} has no better side: say better = "higher" or "lower"',
            )
        unit = (
            Unit(self._one_of(told, "unit", tuple(Unit))) if "unit" in told else card.unit if card else None
        )
        if "source" in told:
            self._text(told, "source")
        item = Item(
            key=told["key"],
            words=self._words(told, card.name if card else None),
            weight=weight,
            method=method,
            source=told.get("source", source),
            card=told.get("card"),
            basis=self._basis(told, card),
            baseline=self._baseline(told),
            pro_rata=self._bool(told, "pro_rata"),
            steps=self._steps(told, weight, better),
            per=self._number(told, "per") if "per" in told else Decimal(1),
            off=self._points(told, "off") if "off" in told else 0,
            cap=self._points(told, "cap") if "cap" in told else None,
            better=better,
            unit=unit,
            text=self._text_of(told),
        )
        self._agree(item, card)
        return item

    def _agree(self, item: Item, card) -> None:
        """What fields must say of each other."""
        is_number = isinstance(item.baseline, Decimal)
        if item.card is None and (item.baseline is not None or item.steps or item.off or item.pro_rata):
            raise self.wrong(
                "没有 card，就没有数可比，请写 card",
                "without a card there is no figure to compare: give a card",
            )
        if item.unit is Unit.PERCENT and is_number and abs(item.baseline) > 2:
            raise self.wrong(
                f"比例写作小数，例如 0.95，不写 {item.baseline}",
                f"a share is written as 0.95, not as {item.baseline}",
            )
        if item.unit is Unit.PERCENT and any(abs(value) > 2 for value, _ in item.steps):
            raise self.wrong("steps 中的比例写作小数，例如 0.95", "shares in steps are written as 0.95")
        if (
            item.method is Method.PROPORTIONAL
            and is_number
            and item.baseline <= 0
            and item.better is Direction.HIGHER
        ):
            raise self.wrong("baseline 须大于 0", "baseline must be more than 0")
        if item.method is Method.DEDUCTION:
            if not item.off:
                raise self.wrong("off 须大于 0", "off must be more than 0")
            if item.cap is not None and not 0 < item.cap <= item.weight:
                raise self.wrong(
                    "cap 须大于 0 且不超过 weight", "cap must be more than 0 and no more than weight"
                )
            if card and not card.is_ratio and item.better is Direction.HIGHER and item.baseline is None:
                raise self.wrong(
                    "数量指标要写 baseline（应有多少），少一个扣多少才算得出",
                    "a count needs a baseline (how many there should be) before misses can be counted",
                )
        if item.method in (Method.YES_NO, Method.VETO) and item.card and item.baseline is None:
            raise self.wrong(
                "读指标时要写 baseline（达到多少为是）",
                "an item that reads a card needs a baseline to be met",
            )
        if item.method is Method.BONUS and item.card and item.off and item.baseline is None:
            raise self.wrong(
                "读指标的加分项要写 baseline（超出多少起加分）",
                "a bonus that reads a card needs a baseline to go beyond",
            )
        if item.per <= 0:
            raise self.wrong("per 须大于 0", "per must be more than 0")
        if item.method is Method.BONUS and item.card and bool(item.steps) == bool(item.off):
            raise self.wrong(
                "读指标的加分项写 steps，或者写 off（每超出 per 加多少分），只写一种",
                "a bonus that reads a card has steps, or off (so much for every per beyond): one of the two",
            )

    def _card(self, told: Mapping[str, Any], kinds: list[str]):
        key = told.get("card")
        if key is None:
            return None
        self._text(told, "card")
        if self._frozen:
            return None
        card = CARDS.get(key)
        if card is None:
            raise self.wrong(
                f"没有指标 {key}；指标键见指标目录页或 metrics/cards/",
                f"there is no card {key}: keys are on the catalogue page and in metrics/cards/",
            )
        if card.kinds is not None and not any(BELOW[kind] & set(card.kinds) for kind in kinds):
            raise self.wrong(
                f"指标 {key} 只有 {', '.join(card.kinds)} 才有，与 kinds 不符",
                f"the card {key} is about {', '.join(card.kinds)} only, not about these kinds",
            )
        return card

    def _basis(self, told: Mapping[str, Any], card) -> str | None:
        basis = told.get("basis")
        if self._frozen or basis is None:
            return basis
        if card is None:
            raise self.wrong("没有 card 就没有 basis，请删去", "without a card there is no basis: delete it")
        may = [str(one) for one in card.bases]
        if Basis.MONTH in card.bases and card.derived is None and not card.each_level:
            may.append(PERIOD)
        if basis not in may:
            raise self.wrong(
                f"指标 {card.key} 的 basis 只能是 {', '.join(may)}",
                f"the card {card.key} has the bases {', '.join(may)}",
            )
        return basis

    def _baseline(self, told: Mapping[str, Any]) -> Decimal | str | None:
        if told.get("baseline") == TARGET:
            return TARGET
        return self._number(told, "baseline") if "baseline" in told else None

    def _steps(
        self, told: Mapping[str, Any], weight: int, better: Direction
    ) -> tuple[tuple[Decimal, int], ...]:
        if "steps" not in told:
            return ()
        rows = told["steps"]
        if (
            not isinstance(rows, list)
            or not rows
            or any(not isinstance(row, list) or len(row) != 2 for row in rows)
        ):
            raise self.wrong(
                "steps 写作 [[0.95, 10], [0.90, 8]]：值和分数成对",
                "steps are pairs of value and points: [[0.95, 10], [0.90, 8]]",
            )
        found = tuple(
            (self._number({"steps": value}, "steps"), self._points({"steps": points}, "steps"))
            for value, points in rows
        )
        sign = 1 if better is Direction.HIGHER else -1
        values, points = [sign * value for value, _ in found], [one for _, one in found]
        if values != sorted(set(values), reverse=True) or points != sorted(set(points), reverse=True):
            raise self.wrong(
                "steps 由最好的一档写到最差的一档，值和分数都不能重复",
                "steps go from the best to the worst, without repeats",
            )
        if points[0] > weight:
            raise self.wrong("steps 的分数不能超过 weight", "no step gives more than weight")
        return found

    # -- values ------------------------------------------------------------------------------------

    def _fields(self, told: Mapping[str, Any], must: tuple[str, ...], may: tuple[str, ...]) -> None:
        for name in must:
            if name not in told:
                raise self.wrong(f"缺少 {name}", f"{name} is missing")
        for name in told:
            if name not in (*must, *may):
                raise self.wrong(
                    f"不认识 {name}；可用 {', '.join((*must, *may))}",
                    f"there is no field {name}; there are {', '.join((*must, *may))}",
                )

    def _list(self, told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
        rows = told[name]
        if not isinstance(rows, list) or not rows or any(not isinstance(row, dict) for row in rows):
            raise self.wrong(
                f"{name} 写作 [[…{name}]]，至少一个", f"{name} is written as [[...{name}]], one or more"
            )
        return rows

    def _text(self, told: Mapping[str, Any], name: str) -> str:
        if not isinstance(told.get(name), str) or not told[name].strip():
            raise self.wrong(f"{name} 须是加引号的文字", f"{name} must be a text in quotes")
        return told[name]

    def _words(self, told: Mapping[str, Any], default: Words | None = None) -> Words:
        if "zh" not in told and default is not None:
            return default
        zh = self._text(told, "zh")
        return words(zh, self._text(told, "en") if "en" in told else zh)

    def _text_of(self, told: Mapping[str, Any]) -> Words | None:
        if "text_zh" not in told and "text_en" not in told:
            return None
        zh = self._text(told, "text_zh")
        return words(zh, self._text(told, "text_en") if "text_en" in told else zh)

    def _one_of(self, told: Mapping[str, Any], name: str, among: tuple[str, ...]) -> str:
        if told[name] not in among:
            raise self.wrong(f"{name} 只能是 {', '.join(among)}", f"{name} is one of {', '.join(among)}")
        return told[name]

    def _bool(self, told: Mapping[str, Any], name: str) -> bool:
        value = told.get(name, False)
        if not isinstance(value, bool):
            raise self.wrong(f"{name} 写 true 或 false", f"{name} is true or false")
        return value

    def _number(self, told: Mapping[str, Any], name: str) -> Decimal:
        value = told[name]
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not Decimal(value).is_finite():
            also = f'或 "{TARGET}"' if name == "baseline" else ""
            or_en = f' or "{TARGET}"' if name == "baseline" else ""
            raise self.wrong(f"{name} 写数字{also}，不加引号", f"{name} is a number{or_en}, without quotes")
        return Decimal(value)

    def _points(self, told: Mapping[str, Any], name: str) -> int:
        value = self._number(told, name) * 100
        if value < 0 or value != int(value):
            raise self.wrong(
                f"{name} 是分数：不能为负，最多两位小数",
                f"{name} is points: not negative, two decimals at most",
            )
        return int(value)

    def _unique(self, keys: list[str], zh: str, en: str) -> None:
        if twice := [key for key in keys if keys.count(key) > 1]:
            raise self.wrong(
                f"{zh} {twice[0]} 出现了两次，key 须各不相同", f"the {en} {twice[0]} stands there twice"
            )


# -- the text that a published round keeps ---------------------------------------------------------


def frozen_text(sheet: Sheet) -> str:
    """The sheet as a text that says everything itself: ``parse(text, frozen=True)`` gives it back."""
    out = [
        *_pairs(
            key=sheet.key,
            version=sheet.version,
            subject=sheet.subject,
            kinds=list(sheet.kinds),
            year_from=sheet.year_from,
            zh=sheet.words.zh,
            en=sheet.words.en,
            full=_decimal(sheet.full),
            bonus=_decimal(sheet.bonus),
            source=sheet.source,
        ),
        "",
        "[grades]",
        *_pairs(**{name: getattr(sheet.grades, name) for name in (*GRADES[:-1], "source")}),
    ]
    for section in sheet.sections:
        out += ["", "[[section]]", *_pairs(key=section.key, zh=section.words.zh, en=section.words.en)]
        for item in section.items:
            out += ["", "[[section.item]]", *_pairs(**_item_fields(item))]
    return "\n".join(out) + "\n"


def _item_fields(item: Item) -> dict[str, Any]:
    never = _NEVER[item.method]
    told: dict[str, Any] = {
        "key": item.key,
        "zh": item.words.zh,
        "en": item.words.en,
        "method": str(item.method),
        "weight": _decimal(item.weight),
        "source": item.source,
        "card": item.card,
        "basis": item.basis,
        "baseline": item.baseline,
        "pro_rata": item.pro_rata or None,
        "steps": [[value, _decimal(points)] for value, points in item.steps] or None,
        "per": item.per if item.per != 1 else None,
        "off": _decimal(item.off) if item.off else None,
        "cap": _decimal(item.cap) if item.cap is not None else None,
        "better": str(item.better),
        "unit": str(item.unit) if item.unit else None,
        "text_zh": item.text.zh if item.text else None,
        "text_en": item.text.en if item.text else None,
    }
    return {name: value for name, value in told.items() if value is not None and name not in never}


def _pairs(**values: Any) -> list[str]:
    return [f"{name} = {_toml(value)}" for name, value in values.items()]


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value, ensure_ascii=False)


def _decimal(points: int) -> Decimal:
    return Decimal(points) / 100
