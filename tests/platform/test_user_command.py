"""``manage.py user``, ``manage.py audit`` and the first account: said, done, logged, and refused in plain words."""

from __future__ import annotations

import io
import sqlite3

import pytest

import manage
from commands import audit as audit_command
from commands import user as user_command
from commands.environment import Stop
from commands.first_account import make_first_account
from commands.installation import init
from data.access import accounts, audit, open_access, passwords, searching, sessions
from data.access.searching import Wanted
from data.installation import HOME_VARIABLE, make_installation, open_installation

GOOD = "Gaoshan-2026"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "_N", 2**4)
    monkeypatch.setattr(passwords, "_NOBODY", passwords.hashed("nobody's"))


@pytest.fixture
def home(tmp_path, monkeypatch):
    made = make_installation(tmp_path / "own", kind="own")
    monkeypatch.setenv(HOME_VARIABLE, str(made.folder))
    return made


@pytest.fixture
def log(home):
    opened = open_access(home)
    yield opened
    opened.close()


def say(*words: str, typed: str = "", monkeypatch=None) -> int:
    """What is said on the command line; ``typed``: standard input."""
    arguments = manage.parser().parse_args([*words])
    if monkeypatch is not None:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return {"user": user_command.main, "audit": audit_command.main}[words[0]](arguments)


def add(monkeypatch, name="li", role="leader", *more) -> int:
    return say(
        "user", "add", name, "--role", role, "--stdin", *more, typed=f"{GOOD}\n", monkeypatch=monkeypatch
    )


def entries(log, what: str = "") -> list[dict]:
    with log.reading() as connection:
        return list(searching.each(connection, Wanted(what=what)))


def account(log, name="li"):
    with log.reading() as connection:
        return accounts.by_name(connection, name)


def test_an_account_with_a_password_from_standard_input(log, monkeypatch, capsys):
    assert add(monkeypatch, "Li", "officer", "--systems", "S11，S12", "--shown", "李科长") == 0
    one = account(log)
    assert (one.role, one.systems, one.shown, one.must_change) == ("officer", ("S11", "S12"), "李科长", True)
    with log.reading() as connection:
        assert accounts.password_fits(connection, "li", GOOD) is not None
    assert GOOD not in capsys.readouterr().out
    assert GOOD not in str(entries(log))


def test_a_password_that_is_made_is_printed_once_and_must_be_changed(log, capsys):
    assert say("user", "add", "li", "--role", "leader", "--generate") == 0
    password = capsys.readouterr().out.split()[-1]
    with log.reading() as connection:
        assert accounts.password_fits(connection, "li", password).must_change
    assert password not in str(entries(log))


def test_a_password_is_asked_for_twice(log, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    given = iter([GOOD, GOOD, GOOD, "Gaoshan-2027"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(given))
    assert say("user", "add", "li", "--role", "leader") == 0
    with pytest.raises(Stop, match="The two differ"):
        say("user", "add", "wang", "--role", "leader")
    assert account(log, "wang") is None


def test_no_password_on_the_command_line():
    """There is no way to say one there: it would stand in the list of processes and in the shell's history."""
    with pytest.raises(SystemExit):
        manage.parser().parse_args(["user", "password", "li", "--password", GOOD])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "li", "--role", "leader", "--generate"), "an account of this name"),
        (("add", "wang", "--role", "king", "--generate"), "must be one of"),
        (("add", "wang", "--role", "director", "--generate"), "needs --units"),
        (("add", "wang", "--role", "officer", "--systems", "S99", "--generate"), "S99"),
        (("add", "wang", "--role", "leader"), "No terminal"),
        (("change", "nobody", "--role", "leader"), "no account nobody"),
        (("change", "li"), "Say what to change"),
        (("password", "nobody", "--generate"), "no account nobody"),
    ],
)
def test_what_cannot_be_is_told(log, monkeypatch, words, told):
    add(monkeypatch)
    with pytest.raises(Stop, match=told):
        say("user", *words, typed="", monkeypatch=monkeypatch)


def test_a_weak_password_is_told(log, monkeypatch):
    with pytest.raises(Stop, match="too short"):
        say("user", "add", "li", "--role", "leader", "--stdin", typed="Short-1\n", monkeypatch=monkeypatch)
    assert account(log) is None


def test_change_disable_enable_and_list(log, monkeypatch, capsys):
    add(monkeypatch)
    say("user", "change", "li", "--role", "clerk", "--shown", "李数据")
    say("user", "disable", "li")
    assert account(log).disabled
    capsys.readouterr()
    say("user", "list")
    told = capsys.readouterr().out
    assert "李数据" in told and "clerk" in told and "disabled" in told
    say("user", "enable", "li")
    say("user", "unlock", "li")
    assert [row["about"]["did"] for row in entries(log, "account")] == [
        *("add", "change", "disable", "enable", "unlock"),
    ]
    assert {row["role"] for row in entries(log)} == {"local"}


def test_unbound_from_the_identity_server(log, monkeypatch, capsys):
    add(monkeypatch)
    with pytest.raises(Stop, match="bound to nobody"):
        say("user", "unbind", "li")
    with log.writing() as connection:
        one = accounts.by_name(connection, "li")
        assert accounts.bind(connection, one, "https://id.example", "7")
        sessions.open_session(connection, one, "10.0.0.1")
    capsys.readouterr()
    say("user", "list")
    assert "bound" in capsys.readouterr().out
    say("user", "unbind", "li")
    assert account(log).bound is None
    told = {"did": "unbind", "account": "li", "identity": "https://id.example 7", "sessions": 1}
    assert entries(log, "account")[-1]["about"] == told


def test_the_last_administrator_stays(log, monkeypatch):
    add(monkeypatch, "chief", "administrator")
    for words in (("disable", "chief"), ("change", "chief", "--role", "leader")):
        with pytest.raises(Stop, match="last administrator"):
            say("user", *words)
    assert not account(log, "chief").disabled


def test_sign_out_everywhere(log, monkeypatch, capsys):
    add(monkeypatch)
    with log.writing() as connection:
        sessions.open_session(connection, accounts.by_name(connection, "li"), "10.0.0.1")
    say("user", "sessions", "li")
    assert "li: 1 " in capsys.readouterr().out
    say("user", "sessions", "li", "--end")
    assert "Signed out of 1 sessions" in capsys.readouterr().out


def test_another_password_signs_out(log, monkeypatch):
    add(monkeypatch)
    with log.writing() as connection:
        sessions.open_session(connection, accounts.by_name(connection, "li"), "10.0.0.1")
    say("user", "password", "li", "--stdin", typed="Gaoshan-2027\n", monkeypatch=monkeypatch)
    with log.reading() as connection:
        assert accounts.password_fits(connection, "li", "Gaoshan-2027") is not None
    assert entries(log)[-1]["about"]["sessions"] == 1


# -- the first account -------------------------------------------------------------------------------


def test_init_makes_the_first_administrator_and_prints_its_password_once(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "new"))
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    init(manage.parser().parse_args(["init"]))
    told = capsys.readouterr().out
    lines = dict(
        line.strip().rsplit(maxsplit=1)
        for line in told.splitlines()
        if " · name " in line or " · password " in line
    )
    password = lines["密码 · password"]
    log = open_access(open_installation())
    with log.reading() as connection:
        one = accounts.password_fits(connection, lines["账号 · name"], password)
    assert (one.role, one.must_change) == ("administrator", True)
    make_first_account(open_installation(), "http://127.0.0.1:8501")  # as ``run`` does
    assert capsys.readouterr().out == ""
    log.close()


def test_a_service_does_not_write_the_password_into_its_journal(home, capsys):
    make_first_account(home, "here")
    path = home.folder / "first-password.txt"
    assert str(path) in capsys.readouterr().out
    assert path.stat().st_mode & 0o777 == 0o600
    password = path.read_text("ascii").strip()
    opened = open_access(home)
    make_first_account(home, "here")
    assert path.exists()  # the password is still in force
    with opened.writing() as connection:
        one = accounts.password_fits(connection, "admin", password)
        assert one.must_change
        accounts.set_password(connection, one, GOOD, "admin", least=10, must_change=False)
    make_first_account(home, "here")
    assert not path.exists()
    assert password not in capsys.readouterr().out
    opened.close()


def test_a_demo_that_is_open_makes_no_account(tmp_path, capsys):
    made = make_installation(tmp_path / "demo", kind="demo")
    make_first_account(made, "here")
    assert capsys.readouterr().out == ""


def test_run_on_an_installation_without_accounts_makes_one(home, capsys):
    make_first_account(home, "http://127.0.0.1:8501")
    told = capsys.readouterr().out
    assert "http://127.0.0.1:8501" in told and "admin" in told and "manage.py user add" in told


# -- the log -----------------------------------------------------------------------------------------


@pytest.fixture
def written(log, monkeypatch):
    for name in ("li", "wang", "zhao"):
        add(monkeypatch, name)
    return log


def test_a_log_that_stands(written, capsys):
    assert say("audit", "--verify") == 0
    told = capsys.readouterr().out
    with written.reading() as connection:
        number, link = audit.head(connection)
    assert f"{number}:{link}" in told
    assert say("audit", "--verify", "--head", f"{number}:{link}") == 0


@pytest.mark.parametrize(
    "touch",
    [
        "UPDATE entry SET who = 'somebody' WHERE entry = 2",
        "UPDATE entry SET about = '{}' WHERE entry = 2",
        "UPDATE entry SET at = '2020-01-01 00:00:00.000000' WHERE entry = 2",
    ],
)
def test_a_row_changed_by_hand_is_named(written, home, capsys, touch):
    with sqlite3.connect(home.folder / "access.sqlite") as raw:
        raw.execute("DROP TRIGGER entry_no_update")
        assert raw.execute(touch).rowcount == 1
    raw.close()
    assert say("audit", "--verify") == 1
    assert "entry 2 " in capsys.readouterr().out


def test_an_end_that_was_cut_off_is_seen_with_the_head(written, home, capsys):
    say("audit", "--verify")
    head = capsys.readouterr().out.split()[-1]
    with sqlite3.connect(home.folder / "access.sqlite") as raw:
        raw.execute("DROP TRIGGER entry_no_delete")
        raw.execute("DELETE FROM entry WHERE entry = 3")
    raw.close()
    assert say("audit", "--verify") == 0  # nothing tells it without the head
    assert say("audit", "--verify", "--head", head) == 1
    assert "cut off" in capsys.readouterr().out


def test_a_head_that_is_none_is_told(written):
    with pytest.raises(Stop, match="N:HASH"):
        say("audit", "--verify", "--head", "17")
    with pytest.raises(Stop, match="--verify"):
        say("audit")


def test_the_log_as_a_file_is_an_entry_itself(written, tmp_path):
    target = tmp_path / "log.csv"
    assert say("audit", "--export", str(target), "--since", "2020-01-01") == 0
    lines = target.read_text("utf-8-sig").splitlines()
    assert len([line for line in lines if line[:1].isdigit()]) == 4
    assert "新建" in lines[1] and "zhao" in lines[3]
    assert entries(written)[-1]["about"] == {"did": "export", "file": "log.csv", "since": "2020-01-01"}
    assert say("audit", "--export", str(target), "--since", "2999-01-01") == 0
    assert not [line for line in target.read_text("utf-8-sig").splitlines() if line[:1].isdigit()]
