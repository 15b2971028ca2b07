"""``run --check``: what it reads off a page, what it compares, and that a broken page fails it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import insert

from commands.check import Tile, compare, tiles
from commands.environment import PYTHON_VARIABLE, ROOT, Stop
from data.installation import Installation
from data.store import Store, create_missing
from metrics import published
from metrics.card import Unit
from metrics.cards import CARDS

SHARE = next(card for card in CARDS.values() if card.unit is Unit.PERCENT)


def tile_html(value: str, indicator: str = SHARE.key) -> str:
    link = f"indicator?lang=zh&amp;month=2025-12&amp;unit=0&amp;ind={indicator}"
    return (
        f'<div class="tiles"><a class="tile" href="{link}"><span class="name">名称 12</span>'
        f'<div class="main">{value}<svg><text>99</text></svg></div></a></div>'
    )


def test_tiles_are_read_with_their_figure():
    html = tile_html('<div class="value">87.3<small>%</small></div>') + tile_html(
        '<div class="value word">未报送</div>'
    )
    assert tiles(html) == [
        Tile(SHARE.key, "0", "2025-12", "87.3%"),
        Tile(SHARE.key, "0", "2025-12", "未报送"),
    ]


@pytest.fixture
def one_figure(store: Store) -> Store:
    """A bureau of 873.4 per mille in December 2025, and other figures that must not be taken for it."""
    figure = dict(
        unit=1, month=2025 * 12 + 11, basis=str(SHARE.bases[0]), stratum="", status="ok", origin="records"
    )
    with store.change("published") as draft:
        create_missing(draft.published, published.metadata)
        draft.published.execute(
            insert(published.unit),
            [
                dict(unit=1, code="0", name="局", kind="bureau"),
                dict(unit=2, code="01", name="站", kind="centre"),
            ],
        )
        draft.published.execute(
            insert(published.figure),
            [
                dict(figure, indicator=SHARE.key, value=0.8734),
                dict(figure, indicator=SHARE.key, value=0.1, unit=2),
                dict(figure, indicator=SHARE.key, value=0.2, month=2025 * 12 + 10),
                dict(figure, indicator=SHARE.key, value=0.3, stratum="sex=1"),
                dict(figure, indicator=SHARE.key, value=0.4, basis="other"),
            ],
        )
    return store


@pytest.mark.parametrize("text", ["87.3%", "87.34 %", "87%"])
def test_a_tile_that_agrees_passes(one_figure: Store, text: str):
    tiles = [Tile(SHARE.key, "0", "2025-12", "未报送"), Tile(SHARE.key, "0", "2025-12", text)]
    with one_figure.published() as connection:
        assert compare(tiles, connection) is None


@pytest.mark.parametrize("text", ["87.4%", "0.9%", "10.0%", "8,734%"])
def test_a_tile_that_differs_fails(one_figure: Store, text: str):
    with (
        one_figure.published() as connection,
        pytest.raises(Stop, match=r"the indicator table holds 0\.8734"),
    ):
        compare([Tile(SHARE.key, "0", "2025-12", text)], connection)


def test_a_page_without_a_number_fails(one_figure: Store):
    with one_figure.published() as connection, pytest.raises(Stop, match="no figure at all"):
        compare([Tile(SHARE.key, "0", "2025-12", "未报送")], connection)


# -- the whole command, on a copy of the project ----------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project that a test may break."""
    copy = tmp_path / "项 目"
    shutil.copytree(
        ROOT,
        copy,
        # What Python has compiled is kept: each copy is run once, and would compile everything anew.
        ignore=shutil.ignore_patterns(".git", ".venv*", "var", "wheels", "tests", ".*_cache"),
    )
    return copy


def run_check(project: Path, installation: Installation) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "run", "--check"],
        cwd=project,
        env=dict(os.environ, **{PYTHON_VARIABLE: sys.executable, "JICENG_HOME": str(installation.folder)}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_sound_overview_is_ok(project: Path, demo: Installation):
    done = run_check(project, demo)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("ok http://127.0.0.1:")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("raise RuntimeError('broken on purpose')", "broken on purpose"),
        pytest.param("this is no python", "exception", marks=pytest.mark.long),
        ("import streamlit as st; st.write('nothing')", "no figure at all"),
    ],
)
def test_a_broken_overview_fails(project: Path, demo: Installation, broken: str, said: str):
    (project / "pages" / "overview.py").write_text(broken + "\n", "utf-8")
    done = run_check(project, demo)
    assert done.returncode == 1
    assert said in done.stderr


def test_a_wrong_number_fails(project: Path, demo: Installation):
    page = project / "pages" / "overview.py"
    source = page.read_text("utf-8")
    assert source.count("\nshown = ") == 1
    wrong = source.replace("\nshown = ", '\nstanding["value"] = standing["value"] * 1.5 + 1\nshown = ')
    page.write_text(wrong, "utf-8")
    done = run_check(project, demo)
    assert done.returncode == 1
    assert "the indicator table holds" in done.stderr
