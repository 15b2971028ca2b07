"""``keys``: what it says, what it leaves in the log, and its exit codes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from commands import keys
from commands.errors import explanation
from commands.logged import open_log
from data import identity
from data.access import searching
from data.identity import Identifiers
from data.installation import HOME_VARIABLE, make_installation
from data.keys import KeyFileError
from data.store import create_missing, open_store
from tests.names import write_names


@pytest.fixture
def named(tmp_path, monkeypatch):
    """An installation with the names of two people."""
    made = make_installation(tmp_path / "installation", kind="own")
    store = open_store(made)
    with store.change("identity") as draft:
        create_missing(draft.identity, identity.metadata)
        write_names(store, draft.identity, np.array([1, 2]), [Identifiers("张三"), Identifiers("李四")])
    store.close()
    monkeypatch.setenv(HOME_VARIABLE, str(made.folder))
    return made


def say(deed: str) -> int:
    return keys.main(SimpleNamespace(deed=deed))


def test_all_is_well(named, capsys):
    assert say("check") == 0
    assert "2 行均可解密" in capsys.readouterr().out


def test_another_key_is_told_and_logged(named, capsys):
    assert say("rotate") == 0
    assert "Key 2 is in use; 2 rows were sealed anew." in capsys.readouterr().out
    with open_log(named) as log, log.reading() as connection:
        (entry,) = searching.page(connection, searching.Wanted(), 1, 10)
    assert (entry["what"], entry["about"]) == ("keys", {"did": "rotate"})
    assert say("check") == 0


def test_nothing_to_seal(named, capsys):
    assert say("seal") == 0
    assert "All names are sealed already" in capsys.readouterr().out


def test_sealing_is_in_the_log_before_it_is_done(named, monkeypatch):
    (named.folder / "received").mkdir()
    (named.folder / "received" / "ab.csv").write_text("张三", "utf-8")

    def fails(*_):
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(keys, "seal_old", fails)
        with pytest.raises(OSError):
            say("seal")
    with open_log(named) as log, log.reading() as connection:
        (entry,) = searching.page(connection, searching.Wanted(), 1, 10)
    assert entry["about"] == {"did": "seal"}
    assert say("seal") == 0
    assert [path.name for path in (named.folder / "received").iterdir()] == ["ab.csv.sealed"]


def test_a_key_that_others_may_read_is_told(named, capsys):
    named.identity_key.path.chmod(0o644)
    assert say("check") == 1
    assert "600" in capsys.readouterr().out


def test_rows_without_their_key_are_told(named, capsys):
    named.identity_key.add()
    named.identity_key.drop_older()
    assert say("check") == 1
    assert "2 rows need a key that the file lacks" in capsys.readouterr().out


def test_a_lost_key_is_an_answer_and_no_traceback(named):
    named.identity_key.path.unlink()
    with pytest.raises(KeyFileError) as lost:
        say("check")
    assert "JICENG_IDENTITY_KEY" in explanation(lost.value)
