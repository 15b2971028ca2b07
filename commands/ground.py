"""``ground``: what became of the files of the geometry folder, in words."""

from __future__ import annotations

import argparse

from data.geometry.findings import Finding
from data.geometry.folder import FOLDER
from data.geometry.layout import ground_layout
from data.installation import Installation, open_installation
from data.messages import message
from data.store import open_store
from metrics.coverage.ground_report import GroundReport, Standing, ground_report, standing
from metrics.principal import LOCAL

_MARKS = {"reject": "×", "flag": "·"}


def ground(arguments: argparse.Namespace) -> int:
    """Print every file's account and what was found; 1 where something is not used."""
    installation = open_installation()
    folder = installation.folder / FOLDER
    print(f"地理数据 · geometry: {folder}\n")
    report = ground_report(folder, _standing(installation))
    print("\n".join(_told(report, arguments.language)))
    return 1 if report.refused else 0


def _standing(installation: Installation) -> Standing:
    store = open_store(installation)
    try:
        if store.generation() == 0:
            return Standing()
        with store.records() as connection:
            return standing(LOCAL, connection)
    finally:
        store.close()


def _told(report: GroundReport, language: str) -> list[str]:
    lines = _accounts(report, language)
    for title, findings in (
        ("文件中发现 · found in files", report.files),
        ("机构坐标 · coordinates of institutions", report.units),
    ):
        if findings:
            lines += ["", f"{title} ({len(findings)}):", *(_line(one, language) for one in findings)]
    if not report.files and not report.units:
        lines += ["", "没有发现问题。Nothing is wrong."]
    if report.accounts:
        lines += ["", "地图在下次计算时更新 · the map follows at the next build:  python3 manage.py build"]
    return lines


def _accounts(report: GroundReport, language: str) -> list[str]:
    if not report.accounts:
        return [
            "  还没有文件。没有地理数据，地图也可使用；文件名和制作办法见 docs/geometry.md。\n"
            "  No files yet. The map works without; docs/geometry.md says what files are called and how to make them."
        ]
    layout = ground_layout()
    specs = {**layout.layers, **layout.tables}
    lines = []
    for one in report.accounts:
        words = specs[one.layer].words[language] if one.layer else "—"
        lines.append(
            f"  {one.file}  {words}: {one.features} = {one.used} 采用 · used + {one.remarked} 有提示 · with a remark "
            f"+ {one.refused} 未采用 · refused"
        )
    return lines


def _line(finding: Finding, language: str) -> str:
    """One finding: whether it is used all the same, where it stands, what is wrong, what to do."""
    where = [finding.file] if finding.file != "unit" else []
    if finding.feature is not None:
        where.append(f"#{finding.feature}")
    where += [part for part in (finding.code, finding.name) if part]
    if finding.count > 1:
        where.append(f"×{finding.count}")
    said = "=".join(part for part in (finding.field, finding.value) if part)
    words = (
        " ".join(message(finding.rule, language))
        if language == "en"
        else "；".join(message(finding.rule, language))
    )
    return f"  {_MARKS[finding.severity]} {' '.join(where)}{f' [{said}]' if said else ''}: {words}"
