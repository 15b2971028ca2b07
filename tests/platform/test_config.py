"""``config.toml``: every key explained, every mistake named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.config import DATABASE_VARIABLE, DEFAULTS, KEYS, ConfigError, read_config


def write(folder: Path, text: str) -> Path:
    (folder / "config.toml").write_text(text, "utf-8")
    return folder


def test_the_defaults_hold_every_key_and_no_other():
    read_config()
    keys = re.findall(r"^(\w+) = ", DEFAULTS.read_text("utf-8"), re.MULTILINE)
    assert sorted(keys) == sorted(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_explained(key: str):
    lines = DEFAULTS.read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{key} = "))
    assert lines[at - 1].startswith("# "), f"say above {key} in config.toml what it does"


def test_a_file_in_the_installation_overrides_single_keys(tmp_path: Path):
    config = read_config(write(tmp_path, 'port = 9000\nbureau_name = "青禾区卫生健康局"\n'))
    assert (config.port, config.bureau_name) == (9000, "青禾区卫生健康局")
    assert config.grid_cell_m == read_config().grid_cell_m


def test_a_byte_order_mark_does_no_harm(tmp_path: Path):
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbfport = 9000\n")
    assert read_config(tmp_path).port == 9000


def test_the_variable_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(DATABASE_VARIABLE, "postgresql://one@host/a")
    assert read_config(write(tmp_path, 'database = "postgresql://two@host/b"')).database.endswith("/a")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1", "no such key: prot; did you mean port?"),
        ("zzz = 1", "no such key: zzz; known: bureau_name"),
        ('port = "8501"', "port = '8501': must be a whole number from 1 to 65535"),
        ("port = 0", "port = 0: must be a whole number"),
        ("port = true", "port = True: must be a whole number"),
        ("grid_cell_m = 1", "from 100 to"),
        ('languages = ["fr"]', "must be a list of zh, en"),
        ("languages = []", "must be a list of zh, en"),
        ("bureau_name = 1", "must be text in quotes"),
        ('build_memory = "lots"', 'such as "512MB"'),
        ("port = ", "Invalid value"),
    ],
)
def test_a_mistake_names_file_key_and_remedy(tmp_path: Path, text: str, said: str):
    with pytest.raises(ConfigError) as caught:
        read_config(write(tmp_path, text))
    assert said in str(caught.value)
    assert str(tmp_path / "config.toml") in str(caught.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path):
    with pytest.raises(ConfigError) as caught:
        read_config(write(tmp_path, "prot = 1\ngrid_cell_m = 1\n"))
    assert len(str(caught.value).splitlines()) == 2


def test_a_password_is_not_repeated(tmp_path: Path):
    with pytest.raises(ConfigError) as caught:
        read_config(write(tmp_path, 'database = "mysql://user:hidden@host/a"'))
    assert "hidden" not in str(caught.value)
