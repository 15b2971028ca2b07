"""``manage.py user import``: many accounts at once, shown before they are made, all or none."""

from __future__ import annotations

import csv

import pytest

import manage
from commands import user as user_command
from commands.environment import Stop
from data.access import accounts, open_access, passwords, searching
from data.access.searching import Wanted
from data.installation import HOME_VARIABLE, make_installation

GOOD = """登录名,姓名,角色,机构编码,业务
Zhang,张局长,局领导,,
李 科长,李科长,officer,,"S11，S12"
wang,王主任,中心主任,01、02,
"""


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "_N", 2**4)


@pytest.fixture
def log(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    monkeypatch.setenv(HOME_VARIABLE, str(folder))
    opened = open_access(make_installation(folder, kind="own"))
    yield opened
    opened.close()


def say(path, text, *more, encoding="utf-8") -> int:
    file = path / "accounts.csv"
    file.write_text(text, encoding)
    return user_command.main(manage.parser().parse_args(["user", "import", str(file), *more]))


def made(log) -> dict[str, accounts.Account]:
    with log.reading() as connection:
        return {one.name: one for one in accounts.everyone(connection)}


def test_a_file_is_shown_before_anything_is_made(log, tmp_path, capsys):
    assert say(tmp_path, GOOD) == 0
    told = capsys.readouterr().out
    assert "3 accounts could be made" in told and "张局长" in told
    assert made(log) == {}
    with log.reading() as connection:
        assert list(searching.each(connection, Wanted())) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_accounts_are_made_with_passwords_in_a_file_of_ones_own(log, tmp_path, capsys, encoding):
    kept = tmp_path / "passwords.csv"
    assert say(tmp_path, GOOD, "--write", "--passwords", str(kept), encoding=encoding) == 0
    found = made(log)
    assert {name: (one.role, one.units, one.systems) for name, one in found.items()} == {
        "zhang": ("leader", (), ()),
        "李 科长": ("officer", (), ("S11", "S12")),
        "wang": ("director", ("01", "02"), ()),
    }
    assert all(one.must_change for one in found.values())
    assert kept.stat().st_mode & 0o777 == 0o600
    rows = list(csv.reader(kept.read_text("utf-8-sig").splitlines()))[1:]
    with log.reading() as connection:
        for name, _shown, password in rows:
            assert accounts.password_fits(connection, name, password) is not None
        logged = [row["about"]["account"] for row in searching.each(connection, Wanted(what="account"))]
    assert logged == ["zhang", "李 科长", "wang"]
    assert not any(password in capsys.readouterr().out for *_, password in rows)


def test_every_line_that_cannot_be_is_told_and_nothing_stands(log, tmp_path):
    wrong = (
        GOOD + "zhang,又一个,leader,,\nroot,,leader,,\n,,leader,,\nx,,king,,\ny,,doctor,,\nz,,officer,,S99\n"
    )
    with pytest.raises(Stop) as caught:
        say(tmp_path, wrong, "--write", "--passwords", str(tmp_path / "p.csv"))
    told = str(caught.value)
    assert [number for number in range(2, 11) if f"line {number} " in told] == [5, 6, 7, 8, 9, 10]
    assert made(log) == {}
    assert not (tmp_path / "p.csv").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Empty"),
        ("姓名\n张\n", "columns are missing: name, role"),
        ('name,role\n"x\x00', "line 2|NUL|no name"),
    ],
)
def test_a_file_that_is_none(log, tmp_path, text, said):
    with pytest.raises(Stop, match=said):
        say(tmp_path, text)


def test_passwords_overwrite_no_file(log, tmp_path):
    (tmp_path / "p.csv").write_text("mine")
    with pytest.raises(Stop):
        say(tmp_path, GOOD, "--write", "--passwords", str(tmp_path / "p.csv"))
    assert (tmp_path / "p.csv").read_text() == "mine"
    assert made(log) == {}
    with pytest.raises(Stop, match="--passwords"):
        say(tmp_path, GOOD, "--write")


def test_where_others_vouch_there_are_no_passwords(log, tmp_path):
    (tmp_path / "home" / "config.toml").write_text(
        'sign_in = "proxy"\nproxy_header = "X-Remote-User"\nproxy_addresses = ["10.1.2.3"]\n', "utf-8"
    )
    assert say(tmp_path, GOOD, "--write") == 0
    assert [one.has_password for one in made(log).values()] == [False] * 3
