"""Small source files, and what the records say after importing them."""

from __future__ import annotations

import csv
from pathlib import Path

from sqlalchemy import select

from data.intake.importing import import_files
from data.intake.report import ImportReport
from data.records import RECORDS

# Valid numbers of nobody: the area 990101 does not exist.
IDS = {
    "张三": "990101195001010010",
    "李四": "990101196002020020",
    "王五": "990101197003030030",
}

UNITS = """
    机构编码, 机构名称, 机构类别, 上级机构编码, 撤并日期, 并入机构编码
    B0, 卫生健康局, bureau, , ,
    C1, 第一中心, centre, B0, ,
    S1, 一站, station, C1, ,
    S2, 二站, station, C1, ,
"""
PERSONS = """
    EMPI, 姓名, 身份证号码, 性别, 出生日期, 常住类型
    E1, 张三, , 男, 1950-01-01, 户籍
    E2, 李四, , 女, 1960-02-02, 非户籍
"""
FOLLOWUPS = """
    随访标识, EMPIID, 随访日期, 随访机构, 收缩压(mmHg), 舒张压(mmHg)
    V1, E1, 2025-01-10, S1, 150, 95
    V2, E1, 2025-02-10, S1, 138, 88
    V3, E2, 2025-02-11, S2, 128, 78
"""


def write(path: Path, table: str, encoding: str = "utf-8") -> Path:
    """A csv from a table in the text of a test: one row a line, cells parted by commas."""
    rows = [[cell.strip() for cell in line.split(",")] for line in table.strip().splitlines()]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


class District:
    """A store, an installation and a folder of files, with short words for what tests do."""

    def __init__(self, store, installation, folder: Path) -> None:
        self.store, self.installation, self.folder = store, installation, folder

    def file(self, name: str, table: str, encoding: str = "utf-8") -> Path:
        return write(self.folder / name, table, encoding)

    def load(self, *paths: Path, **options) -> ImportReport:
        report = import_files(self.store, self.installation, paths, by="tester", **options)
        assert all(part.adds_up for part in report.files)
        return report

    def masters(self) -> None:
        """Units and persons, so that rows about them need not wait."""
        self.load(
            self.file("机构登记表_20240101.csv", UNITS), self.file("个人基本信息_20240101.csv", PERSONS)
        )

    def now(self, table_name: str, *columns: str) -> list[tuple]:
        """The rows in force, sorted."""
        table = RECORDS[table_name]
        query = select(*[table.c[name] for name in columns]).where(table.c.known_to.is_(None))
        with self.store.records() as connection:
            return sorted((tuple(row) for row in connection.execute(query)), key=repr)

    def versions(self, table_name: str) -> int:
        with self.store.records() as connection:
            return len(connection.execute(select(RECORDS[table_name].c.row_id)).fetchall())

    def query(self, query) -> list[tuple]:
        with self.store.records() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def people(self) -> list[tuple]:
        """Everything in force about followups and persons, without the numbers that depend on the order of files."""
        persons, units = RECORDS["person"], RECORDS["unit"]
        out = []
        for name, columns in {
            "followup": ("day", "sbp", "dbp", "programme"),
            "person": ("sex", "born_on", "registered"),
        }.items():
            table = RECORDS[name]
            mine = persons.alias("mine")
            query = (
                select(*[table.c[c] for c in columns], units.c.code, mine.c.born_on)
                .select_from(
                    table.outerjoin(
                        units, (units.c.unit == table.c.unit) & units.c.known_to.is_(None)
                    ).outerjoin(mine, (mine.c.person == table.c.person) & mine.c.known_to.is_(None))
                )
                .where(table.c.known_to.is_(None))
            )
            out += [(name, *row) for row in self.query(query)]
        return sorted(out, key=repr)


def account(report: ImportReport, place: int = 0) -> tuple[int, int, int, int, int]:
    """new, replaced, unchanged, waiting, rejected of a file."""
    part = report.files[place]
    a = part.account
    return a.new, a.replaced, a.unchanged, a.waiting, part.rejected
