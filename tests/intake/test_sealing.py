"""Names are sealed: nothing of them lies in the clear, a changed or moved blob is noticed, keys can be changed at any time."""

from __future__ import annotations

import shutil
import stat
from dataclasses import replace

import duckdb
import pytest
from sqlalchemy import create_engine, delete, insert, inspect, make_url, select, text, update
from sqlalchemy.exc import DBAPIError

from data import identity, migrations, originals, resealing, sealing_old
from data.identity import Identifiers, name, told
from data.intake.rejects import returned_file
from data.intake.undoing import undo
from data.intake.waiting import open_questions, unmapped_codes
from data.keys import KeyFile, KeyFileError
from data.sealing import Sealer, SealError, key_of_file
from data.store import StoreError, open_store
from tests.intake.helpers import IDS

# Names, numbers, telephones and places that occur nowhere else.
PLANTED = (
    "欧阳秘甲",
    "司徒秘乙",
    "990101195001010010",
    "990101196002020020",
    "13912345678",
    "秘县秘镇秘村七组",
)
PERSONS = f"""
    EMPI, 姓名, 身份证号码, 性别, 出生日期, 常住类型, 本人电话, 现住址
    E1, 欧阳秘甲, {IDS["张三"]}, 男, 1950-01-01, 户籍, 13912345678, 秘县秘镇秘村七组
    E2, 司徒秘乙, {IDS["李四"]}, 女, 1960-02-02, 户籍, ,
    E3, , , 女, 1961-02-02, 户籍, ,
    E4, 秘丁, , 女, 不知道, 户籍, 13912345678, 秘县秘镇秘村七组
"""


@pytest.fixture
def peopled(district):
    """A district of three persons, two of them named, and a refused row whose file is kept."""
    district.load(district.file("个人基本信息_20250301.csv", PERSONS))
    return district


def everybody(district) -> dict[int, Identifiers]:
    persons = [person for (person,) in district.now("person", "person")]
    found = told(district.store, persons)
    assert found.unread == ""
    return found.persons


def rows_of(district, *columns):
    with district.store.identity() as connection:
        return connection.execute(select(*columns).order_by(name.c.subject, name.c.content)).fetchall()


def bytes_of(installation) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in installation.folder.rglob("*") if path.is_file()}


def found_in(installation) -> set[str]:
    """Which planted texts are anywhere: in the raw bytes of a file, in a cell of a table of any file or schema."""
    found = set()
    for content in bytes_of(installation).values():
        found |= {
            one
            for one in PLANTED
            for code in ("utf-8", "gb18030", "utf-16-le")
            if one.encode(code) in content
        }
    for cell in _cells(installation):
        found |= {one for one in PLANTED if one in cell}
    return found


def _cells(installation):
    if installation.database:
        engine = create_engine(make_url(installation.database).set(drivername="postgresql+psycopg2"))
        with engine.connect() as connection:
            for schema in inspect(connection).get_schema_names():
                for table in inspect(connection).get_table_names(schema=schema):
                    yield from map(_said, connection.exec_driver_sql(f'SELECT * FROM {schema}."{table}"'))
        engine.dispose()
        return
    for path in (installation.folder / "store").glob("*.duckdb"):
        copied = (
            installation.folder.parent / f"copied-{path.name}"
        )  # the store itself has it open in its own way
        shutil.copyfile(path, copied)
        with duckdb.connect(str(copied), read_only=True) as connection:
            for schema, table in connection.execute(
                "SELECT schema_name, table_name FROM duckdb_tables()"
            ).fetchall():
                yield from map(_said, connection.execute(f'SELECT * FROM {schema}."{table}"').fetchall())


def _said(row) -> str:
    return " ".join(
        bytes(cell).decode("utf-8", "ignore") if isinstance(cell, bytes | memoryview) else str(cell)
        for cell in row
    )


def make_plain(district) -> None:
    """Names and kept files as the release before kept them."""
    sealer = district.store.keys.sealer()
    old = sealing_old.ASIDE if district.installation.database else sealing_old.PLAIN
    with district.store.change("identity") as draft:
        rows = draft.identity.execute(select(name)).fetchall()
        if district.installation.database:  # as migration 0005 leaves it
            draft.identity.execute(delete(name))
        else:
            name.drop(draft.identity)
        old.create(draft.identity)
        for row in rows:
            said = Identifiers()
            if row.sealed is not None:
                said = identity.opened(sealer, row.sealed, row.key, row.content, row.subject, row.sealed_with)
            place = {"key": row.key, "content": row.content, "subject": row.subject, "in_force": row.in_force}
            draft.identity.execute(insert(old).values(**place, **said._asdict()))
    folder = district.installation.folder / originals.FOLDER
    for path in list(folder.iterdir()):
        sealer.open_file(path, folder / path.stem, path.name.partition(".")[0].encode())
        path.unlink()
    district.installation.identity_key.path.unlink()


def test_a_key_is_made_with_the_installation(tmp_path, district):
    path = district.installation.identity_key.path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(KeyFile(path).read()) == 1
    assert not KeyFile(path).open_to_others()


@pytest.mark.parametrize("engine_name", ["duckdb"])
def test_the_key_may_lie_elsewhere(installation, tmp_path, monkeypatch):
    named = replace(installation, config=replace(installation.config, identity_key="/etc/jiceng/k"))
    assert str(named.identity_key.path) == "/etc/jiceng/k"
    monkeypatch.setenv("JICENG_IDENTITY_KEY", str(tmp_path / "away.key"))
    assert named.identity_key.path == tmp_path / "away.key"


def test_sources_are_told_again_as_they_were(peopled):
    said = sorted(everybody(peopled).values(), key=lambda one: one.name)
    assert said == [
        ("司徒秘乙", IDS["李四"], None, None),
        ("欧阳秘甲", IDS["张三"], "13912345678", "秘县秘镇秘村七组"),
    ]


def test_nothing_lies_in_the_clear(peopled):
    district = peopled
    batch = district.load(
        district.file("个人基本信息_20250401.csv", PERSONS.replace("不知道", "1970-01-01"))
    ).batch
    open_questions(district.store)
    assert found_in(district.installation) == set()
    undo(district.store, district.installation, batch, by="tester")
    assert found_in(district.installation) == set()


@pytest.mark.parametrize("engine_name", ["duckdb"])
def test_numbers_that_stand_where_none_belong_are_not_kept(peopled):
    """In a shifted row a resident's number stands under another heading; it is neither kept nor shown."""
    district, mine = peopled, IDS["张三"]
    head = "随访标识, EMPIID, 随访日期, 随访机构, 收缩压(mmHg), 舒张压(mmHg), 随访医生"
    rows = f"V1, E1, 2025-01-10, {mine}, 150, 95, 13912345678\nV2, E1, 2025-01-11, {mine}, 150, 95, {mine}"
    district.load(district.file("高血压随访_20250301.csv", f"{head}\n{rows}"))
    district.load(
        district.file(
            "健康档案_20250301.csv",
            "档案编号, EMPI, 管辖机构, 建档日期\n51010400100100001, E1, S1, 2020-01-01",
        )
    )
    assert found_in(district.installation) == set()
    assert not any("51010400100100001" in cell for cell in _cells(district.installation))
    (code,) = unmapped_codes(district.store)[:1]
    assert (code.code[0], code.rows) == ("#", 2)  # the two still meet
    assert len(district.now("health_record", "code")) == 1


def test_the_search_would_find_them(peopled):
    make_plain(peopled)
    assert found_in(peopled.installation) >= set(PLANTED)


def test_the_kept_original_comes_back(peopled):
    kept = list((peopled.installation.folder / originals.FOLDER).iterdir())
    assert [path.suffix for path in kept] == [".sealed"]
    with peopled.store.records() as connection:
        file = connection.exec_driver_sql("SELECT max(file) FROM records.source_file").scalar()
    back = returned_file(peopled.store, peopled.installation, file)
    assert back.name == "个人基本信息_20250301_退回.xlsx"
    assert list((peopled.installation.folder / originals.FOLDER).iterdir()) == kept  # no plain copy stays


def test_a_changed_blob_is_noticed(peopled):
    with peopled.store.change("identity") as draft:
        for row in draft.identity.execute(select(name).where(name.c.sealed.is_not(None))).fetchall():
            blob = bytes(row.sealed)
            draft.identity.execute(
                update(name)
                .where(name.c.content == row.content)
                .values(sealed=blob[:20] + bytes([blob[20] ^ 1]) + blob[21:])
            )
    found = told(peopled.store, [person for (person,) in peopled.now("person", "person")])
    assert (found.persons, found.unread) == ({}, "seal")
    assert resealing.check(peopled.store, peopled.installation) == (2, {"seal": 2})
    with pytest.raises(SealError):
        resealing.rotate(peopled.store, peopled.installation)
    assert len(peopled.installation.identity_key.read()) == 2  # the old key stays


@pytest.mark.parametrize("engine_name", ["duckdb"])
@pytest.mark.parametrize("moved", ["blob", "row"])
def test_blobs_cannot_change_places(peopled, moved):
    """Neither may a blob stand in another's row, nor a row be said to be about another."""
    (one, a), (other, b) = (
        row for row in rows_of(peopled, name.c.subject, name.c.sealed) if row.sealed is not None
    )
    with peopled.store.change("identity") as draft:
        for subject, values in (
            (one, {"blob": {"sealed": b}, "row": {"subject": 91}}),
            (other, {"blob": {"sealed": a}, "row": {"subject": one}}),
        ):
            draft.identity.execute(update(name).where(name.c.subject == subject).values(**values[moved]))
    found = told(peopled.store, [one, other, 91])
    assert (found.persons, found.unread) == ({}, "seal")


def test_without_the_key_nothing_but_names_is_missing(peopled):
    district, keys = peopled, peopled.installation.identity_key
    batch = district.load(
        district.file("机构登记表_20250401.csv", "机构编码, 机构名称, 机构类别\nX1, 新站, station")
    ).batch
    keys.path.rename(keys.path.with_suffix(".away"))
    persons = [person for (person,) in district.now("person", "person")]
    assert told(district.store, persons) == identity.Told(unread="key")
    assert all(n is None for one in open_questions(district.store) for n in one.persons.values())
    undo(district.store, district.installation, batch, by="tester")  # needs no names
    before = district.versions("person")
    with pytest.raises(KeyFileError, match=r"identity_key(?s:.)*is missing"):
        district.load(district.file("个人基本信息_20250501.csv", PERSONS.replace("1950", "1951")))
    assert district.versions("person") == before
    with district.store.records() as connection:
        file = connection.exec_driver_sql("SELECT max(file) FROM records.problem").scalar()
    assert returned_file(district.store, district.installation, file).content  # the findings alone
    keys.path.with_suffix(".away").rename(keys.path)
    assert len(everybody(district)) == 2


@pytest.mark.parametrize("engine_name", ["duckdb"])
@pytest.mark.parametrize("text", ["", "1 abc 2026-01-01", "nonsense", "1 " + "a" * 62 + " d", "\x00\xff"])
def test_a_damaged_key_file_says_so(peopled, text):
    peopled.installation.identity_key.path.write_text(text, "latin-1")
    assert told(peopled.store, [1, 2]).unread == "key"
    with pytest.raises(KeyFileError, match="damaged"):
        resealing.rotate(peopled.store, peopled.installation)


@pytest.mark.parametrize(
    "engine_name", ["duckdb"]
)  # PostgreSQL's driver writes values into the statement itself
def test_an_error_of_a_database_tells_no_values(peopled):
    """What a statement was given must not reach the server's log with its error."""
    with pytest.raises(DBAPIError) as told_, peopled.store.change("identity") as draft:
        draft.identity.execute(
            text("SELECT CAST(:said AS varchar) FROM identity.nowhere"), {"said": PLANTED[0]}
        )
    assert "nowhere" in str(told_.value)
    assert PLANTED[0] not in str(told_.value)


# -- rotation


def test_another_key(peopled):
    before = everybody(peopled)
    blobs = {bytes(row.sealed) for row in rows_of(peopled, name.c.sealed) if row.sealed}
    steps = []
    number, rows = resealing.rotate(peopled.store, peopled.installation, lambda *step: steps.append(step))
    assert (number, rows, steps[-1][1:]) == (2, 2, (2, 2))
    assert list(peopled.installation.identity_key.read()) == [2]
    fresh = open_store(peopled.installation)  # one that never saw the old key
    try:
        assert told(fresh, before).persons == before
    finally:
        fresh.close()
    assert not blobs & {bytes(row.sealed) for row in rows_of(peopled, name.c.sealed) if row.sealed}
    kept = next((peopled.installation.folder / originals.FOLDER).iterdir())
    assert key_of_file(kept) == 2
    assert resealing.check(peopled.store, peopled.installation) == (2, {})


class _Killed(BaseException):
    pass


def _killed(*_given, **_more):
    raise _Killed


@pytest.mark.parametrize("at", ["first row", "second row", "originals", "drop"])
def test_a_killed_rotation_leaves_every_row_readable_and_goes_on(peopled, monkeypatch, at):
    monkeypatch.setattr(resealing, "_ROWS", 1)
    monkeypatch.setattr(resealing, "_CHANGE", 1)  # each row is a change of its own
    before, steps = everybody(peopled), []

    def step(*_given):
        steps.append(1)
        if len(steps) == {"first row": 1, "second row": 2}.get(at):
            raise _Killed

    with monkeypatch.context() as broken, pytest.raises(_Killed):
        if at == "originals":
            broken.setattr(originals, "reseal", _killed)
        if at == "drop":
            broken.setattr(KeyFile, "drop_older", _killed)
        resealing.rotate(peopled.store, peopled.installation, step)
    fresh = open_store(peopled.installation)
    try:
        assert told(fresh, before).persons == before
        assert sorted(peopled.installation.identity_key.read()) == [1, 2]
        assert resealing.rotate(fresh, peopled.installation)[0] == 2  # no third key
        assert told(fresh, before).persons == before
    finally:
        fresh.close()
    assert list(peopled.installation.identity_key.read()) == [2]


@pytest.mark.parametrize("engine_name", ["duckdb"])
def test_a_key_that_is_needed_and_gone_stops_a_rotation(peopled):
    keys = peopled.installation.identity_key
    keys.add()
    keys.drop_older()  # a mistake: rows still need the first
    with pytest.raises(KeyFileError, match="lacks key 1"):
        resealing.rotate(peopled.store, peopled.installation)
    assert resealing.check(peopled.store, peopled.installation) == (2, {"key": 2})
    fresh = open_store(peopled.installation)
    assert told(fresh, [1, 2]).unread == "key"
    fresh.close()


@pytest.mark.parametrize("engine_name", ["duckdb"])
def test_an_import_under_way_stops_a_rotation_and_nothing_is_lost(peopled):
    before = everybody(peopled)
    with peopled.store.change("identity"), pytest.raises(StoreError):
        resealing.rotate(peopled.store, peopled.installation)
    assert everybody(peopled) == before
    assert resealing.rotate(peopled.store, peopled.installation)[0] == 2


# -- the release before


def test_names_of_an_older_release_are_sealed_and_gone(peopled):
    district, before = peopled, everybody(peopled)
    tables = {
        table.name: rows_in(district, table) for table in identity.metadata.sorted_tables if table is not name
    }
    make_plain(district)
    with pytest.raises(StoreError, match="keys seal"):
        district.load(district.file("个人基本信息_20250501.csv", PERSONS))
    assert sealing_old.seal_old(district.store, district.installation)
    district.store.close()
    assert everybody(district) == before
    assert found_in(district.installation) == set()
    assert {t.name: rows_in(district, t) for t in identity.metadata.sorted_tables if t is not name} == tables
    assert not sealing_old.seal_old(district.store, district.installation)
    district.load(district.file("个人基本信息_20250501.csv", PERSONS.replace("1950-01-01", "1950-01-02")))


def rows_in(district, table):
    with district.store.identity() as connection:
        return sorted(map(repr, connection.execute(select(table))))


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("people", [0, 3])
def test_the_migration_puts_plain_rows_aside(installation, people):
    engine = create_engine(make_url(installation.database).set(drivername="postgresql+psycopg2"))
    with engine.begin() as connection:
        migrations.upgrade(connection, "0004")
        for n in range(people):
            said = Identifiers(f"欧阳秘{n}", phone="13912345678")._asdict()
            row = {"key": n, "content": n, "subject": n, "in_force": True, **said}
            connection.execute(insert(sealing_old.PLAIN).values(**row))
        connection.execute(text("CREATE TABLE IF NOT EXISTS store.generation (number integer NOT NULL)"))
        connection.execute(text("DELETE FROM store.generation"))
        connection.execute(text("INSERT INTO store.generation VALUES (1)"))
        connection.execute(text("INSERT INTO store.part VALUES ('identity', 1) ON CONFLICT DO NOTHING"))
        migrations.upgrade(connection)
        aside = inspect(connection).has_table("name_plain", schema="identity")
    engine.dispose()
    assert aside == (people > 0)
    installation.identity_key.path.unlink()
    store = open_store(installation)
    try:
        assert sealing_old.seal_old(store, installation) == (people > 0)
        assert {one.name for one in told(store, range(3)).persons.values()} == {
            f"欧阳秘{n}" for n in range(people)
        }
        assert found_in(installation) == set()
    finally:
        store.close()


@pytest.mark.parametrize("engine_name", ["duckdb"])
def test_a_killed_sealing_leaves_the_plain_rows(peopled, monkeypatch):
    before = everybody(peopled)
    make_plain(peopled)
    with monkeypatch.context() as broken, pytest.raises(_Killed):
        broken.setattr(sealing_old, "_insert", _killed)
        sealing_old.seal_old(peopled.store, peopled.installation)
    assert sealing_old.seal_old(peopled.store, peopled.installation)
    assert everybody(peopled) == before


# -- files


def test_files_are_sealed_frame_by_frame(tmp_path, monkeypatch):
    monkeypatch.setattr("data.sealing._FRAME", 10)
    sealer = Sealer({3: b"k" * 32}, 3)
    for size in (0, 1, 10, 11, 35):
        plain, sealed, back = (tmp_path / f"{size}.{end}" for end in ("a", "b", "c"))
        plain.write_bytes(bytes(range(size)))
        sealer.seal_file(plain, sealed, b"name")
        sealer.open_file(sealed, back, b"name")
        assert back.read_bytes() == plain.read_bytes()
        assert key_of_file(sealed) == 3
    whole = sealed.read_bytes()
    frame = 4 + 12 + 10 + 16
    head = len(whole) - 3 * frame - (4 + 12 + 5 + 16)
    one, two = whole[head : head + frame], whole[head + frame : head + 2 * frame]
    for number, broken in enumerate(
        (
            whole[: head + frame],
            whole[:head],
            whole[:-1],
            whole[:head] + two + one + whole[head + 2 * frame :],
            b"",
        )
    ):
        sealed.write_bytes(broken)
        with pytest.raises(SealError):
            sealer.open_file(sealed, tmp_path / f"broken{number}", b"name")
    sealed.write_bytes(whole)
    with pytest.raises(SealError):
        sealer.open_file(sealed, tmp_path / "other", b"another name")
