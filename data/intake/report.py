"""What an import did, file by file, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from data.intake.findings import Finding
from data.intake.merging import Account
from data.messages import message


@dataclass
class FileReport:
    """One sheet of one file. `read` equals the sum of what became of its rows."""

    file: int
    name: str
    sheet: str | None = None
    layout: str | None = None
    words: dict[str, str] = field(default_factory=dict)  # of the layout, by language
    encoding: str | None = None
    made_on: date | None = None
    snapshot: bool = False
    sha256: str = ""  # of the whole file
    rules: str | None = None  # digest of the layout and the limits by which it was read
    problem: str | None = None  # rule that the whole file breaks; nothing was read then
    same_as: int | None = None  # read before, byte for byte
    read: int = 0
    rejected: int = 0
    set_aside: int = 0
    flagged: int = 0  # findings on rows that were loaded
    account: Account = field(default_factory=Account)
    unknown: tuple[str, ...] = ()  # headers that the layout does not know
    findings: list[Finding] = field(default_factory=list)  # the first of them; all stand in the book

    @property
    def adds_up(self) -> bool:
        a = self.account
        return self.read == a.new + a.replaced + a.unchanged + a.waiting + self.rejected + self.set_aside

    def line(self, language: str) -> str:
        """One line of text about this file."""
        name = f"{self.name} [{self.sheet}]" if self.sheet else self.name
        if self.problem:
            wrong, what_to_do = message(self.problem, language)
            return f"{name}: {wrong}{' ' if language == 'en' else ''}{what_to_do}"
        a = self.account
        words = self.words.get(language, self.layout)
        unknown = ("、" if language == "zh" else ", ").join(self.unknown)
        if language == "zh":
            return (
                f"{name}（{words}）：读取 {self.read} 行 = 新增 {a.new} + 替换 {a.replaced} + 不变 {a.unchanged} + 待关联 "
                f"{a.waiting} + 退回 {self.rejected} + 非数据行 {self.set_aside}；存疑 {self.flagged} 处，撤下 {a.withdrawn} 行"
                + (f"；未读取的未知列：{unknown}" if unknown else "")
            )
        return (
            f"{name} ({words}): {self.read} rows read = {a.new} new + {a.replaced} replaced + {a.unchanged} unchanged + "
            f"{a.waiting} waiting + {self.rejected} rejected + {self.set_aside} set aside; {self.flagged} flagged, "
            f"{a.withdrawn} withdrawn" + (f"; unknown columns, not read: {unknown}" if unknown else "")
        )


@dataclass
class ImportReport:
    batch: int
    event: int
    files: list[FileReport]

    def text(self, language: str) -> str:
        head = f"第 {self.batch} 批" if language == "zh" else f"Batch {self.batch}"
        return "\n".join([head, *(report.line(language) for report in self.files)])

    def __str__(self) -> str:
        return self.text("zh")
