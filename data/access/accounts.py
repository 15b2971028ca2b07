"""Accounts: who may come in, as what, for which units."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase, ascii_uppercase

from sqlalchemy import Connection, func, insert, select, update

from data.access import passwords
from data.access.audit import now
from data.access.tables import account
from data.cleaning import cleaned
from data.register import EditedMeanwhileError

#: What one may be. What each may see and do is decided where principals are made, not here.
ROLES = (
    "leader",  # of the bureau: every figure, no persons
    "officer",  # of a programme of the bureau: some systems
    "director",  # of a centre with its stations and clinics
    "doctor",  # of a station or a clinic
    "clerk",  # imports data
    "auditor",  # reads the log
    "administrator",  # accounts and settings; no persons
)
OF_UNITS = ("director", "doctor")  # roles that are nothing without units of their own
_BETWEEN = "、"
_LONGEST = 60  # letters of a name
_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)
_BESIDE_LETTERS = frozenset("._@-+ ")
#: Names that the log has for what no account did: whoever had one could be taken for the product or for a command.
RESERVED = frozenset(
    [
        "system",
        "local",
        "root",
        "jiceng",
        "manage",
        "manage.py",
        "command",
        "demo",
        "anonymous",
        "nobody",
        "系统",
        "本机",
        "命令行",
        "匿名",
    ]
)
CHECKER = "jiceng-check"  # of ``run --check``: made and used by the command alone


class AccountError(Exception):
    """What cannot be written: ``rule`` says why (name, letters, shown, reserved, role, units, taken, last, own, password),
    ``more`` which of its faults."""

    def __init__(self, rule: str, more: tuple[str, ...] = ()) -> None:
        super().__init__(rule)
        self.rule, self.more = rule, more


@dataclass(frozen=True)
class Account:
    """One account, without its password."""

    number: int
    name: str
    shown: str
    role: str
    units: tuple[str, ...]  # codes
    systems: tuple[str, ...]  # empty: all
    must_change: bool
    disabled: bool
    has_password: bool
    changed_at: datetime | None
    version: int
    bound: str | None = None  # to whom of an identity server; see ``bind``


def folded(name: str) -> str:
    """A name as it is kept: how it is written at sign-in does not matter."""
    return " ".join(name.split()).casefold()


def is_told_apart(name: str) -> bool:
    """Whether a name is kept as it is written but for ASCII capitals and blanks: more than that, and two names that
    others tell apart (Strauß and strauss, the sign for kelvin and k) would be one here."""
    written = " ".join(name.split()).translate(_SMALL)
    return written == folded(name) and unicodedata.is_normalized("NFKC", written)


def vouched(name: str) -> str | None:
    """The name of the account that somebody else means by a name; None where it could be another one's, so that nobody
    is let in by it. Blanks are not put in order here: who vouches may tell names apart by them."""
    return folded(name) if is_told_apart(name) and name.translate(_SMALL) == folded(name) else None


def is_reserved(name: str) -> bool:
    """Whether a name is none that a person may have."""
    return folded(name) in RESERVED or folded(name) == CHECKER


def everyone(connection: Connection) -> list[Account]:
    """All accounts by name."""
    return [_account(row) for row in connection.execute(select(account).order_by(account.c.name)).mappings()]


def by_name(connection: Connection, name: str) -> Account | None:
    """The account of a name as typed."""
    row = connection.execute(select(account).where(account.c.name == folded(name))).mappings().first()
    return None if row is None else _account(row)


def by_number(connection: Connection, number: int) -> Account | None:
    row = connection.execute(select(account).where(account.c.account == number)).mappings().first()
    return None if row is None else _account(row)


def add(
    connection: Connection,
    name: str,
    shown: str,
    role: str,
    by: str,
    *,
    units: Collection[str] = (),
    systems: Collection[str] = (),
    password: str | None = None,
    least: int = 0,
    must_change: bool = True,
    hashed: str | None = None,
) -> Account:
    """A new account. AccountError when the name is empty, too long, reserved or taken or has odd letters, the role is
    none, a role of units has none, or the password is too weak (``least``: its least length).

    ``hashed``: of the password, where it was made beforehand: many of them take long, and others wait meanwhile."""
    key = folded(name)
    _check_name(key)
    if not is_told_apart(name):
        raise AccountError("letters")
    if connection.execute(select(account.c.account).where(account.c.name == key)).first() is not None:
        raise AccountError("taken")
    _check(role, units)
    if password is not None and (found := passwords.faults(password, key, least)):
        raise AccountError("password", tuple(found))
    row = {
        "account": _next_number(connection),
        "name": key,
        "shown": _shown(shown) or name.strip(),
        "role": role,
        "units": _BETWEEN.join(sorted(set(units))),
        "systems": _BETWEEN.join(sorted(set(systems))),
        "password": None if password is None else hashed or passwords.hashed(password),
        "must_change": must_change and password is not None,
        "disabled": False,
        "changed_at": None if password is None else now(),
        "version": 1,
        "bound": None,
        "edited_at": now(),
        "edited_by": by,
    }
    connection.execute(insert(account).values(row))
    return _account(row)


def change(
    connection: Connection,
    one: Account,
    by: str,
    *,
    shown: str,
    role: str,
    units: Collection[str],
    systems: Collection[str],
    disabled: bool,
) -> None:
    """Write what an account is. AccountError as ``add``, and ``last`` when no administrator would be left;
    EditedMeanwhileError when somebody else has changed it since it was read."""
    if one.name == CHECKER and not disabled:
        raise AccountError("reserved")
    _check(role, units)
    if one.role == "administrator" and (role != one.role or disabled):
        _keep_one_administrator(connection, one)
    values = {
        "shown": _shown(shown) or one.name,
        "role": role,
        "units": _BETWEEN.join(sorted(set(units))),
        "systems": _BETWEEN.join(sorted(set(systems))),
        "disabled": disabled,
    }
    _write(connection, one, by, values)


def set_password(
    connection: Connection, one: Account, password: str, by: str, *, least: int, must_change: bool
) -> None:
    """AccountError when it is too weak, or (rule ``same``) the one that is in force, or the account is the check's."""
    if one.name == CHECKER:
        raise AccountError("reserved")
    if found := passwords.faults(password, one.name, least):
        raise AccountError("password", tuple(found))
    kept = connection.execute(select(account.c.password).where(account.c.account == one.number)).scalar_one()
    if kept is not None and passwords.fits(password, kept):
        raise AccountError("password", ("same",))
    values = {"password": passwords.hashed(password), "must_change": must_change, "changed_at": now()}
    _write(connection, one, by, values)


def bind(connection: Connection, one: Account, issuer: str, subject: str) -> bool:
    """Whether an account is that of this person of an identity server. One that is nobody's yet becomes theirs, unless
    they have another one already."""
    person = f"{issuer.rstrip('/')} {subject}"  # an issuer is an address: it holds no blank
    if one.bound is not None:
        return one.bound == person
    if connection.execute(select(account.c.account).where(account.c.bound == person)).first() is not None:
        return False
    # No new version: it is nothing that a form which somebody has open would write over.
    connection.execute(update(account).where(account.c.account == one.number).values(bound=person))
    return True


def unbind(connection: Connection, one: Account) -> None:
    """Whoever signs in by the account's name next has it."""
    connection.execute(update(account).where(account.c.account == one.number).values(bound=None))


def take_up_checker(connection: Connection, by: str, shown: str, role: str) -> Account:
    """The account of the check, in use from here on: made, or made again what it is, whatever somebody made of it."""
    one = by_name(connection, CHECKER)
    values = {
        "shown": shown,
        "role": role,
        "units": "",
        "systems": "",
        "password": None,
        "must_change": False,
        "disabled": False,
        "changed_at": None,
    }
    if one is None:
        number = {"account": _next_number(connection), "name": CHECKER, "version": 1}
        edited = {"edited_at": now(), "edited_by": by}
        connection.execute(insert(account).values(**number, **values, **edited))
    else:
        _write(connection, one, by, values)
    return by_name(connection, CHECKER)


def password_fits(connection: Connection, name: str, password: str) -> Account | None:
    """The account that may come in with a password; None, as slowly, where there is none."""
    row = connection.execute(select(account).where(account.c.name == folded(name))).mappings().first()
    fits = passwords.fits(password, None if row is None else row["password"])
    if row is None or not fits or row["disabled"]:
        return None
    return _account(row)


def _write(connection: Connection, one: Account, by: str, values: dict) -> None:
    edited = {"version": one.version + 1, "edited_at": now(), "edited_by": by}
    is_row = (account.c.account == one.number, account.c.version == one.version)
    if connection.execute(update(account).where(*is_row).values(**values, **edited)).rowcount != 1:
        row = connection.execute(select(account).where(account.c.account == one.number)).mappings().one()
        raise EditedMeanwhileError(row)


def _next_number(connection: Connection) -> int:
    return (connection.execute(select(func.max(account.c.account))).scalar() or 0) + 1


def _check_name(key: str) -> None:
    if not key:
        raise AccountError("name")
    if len(key) > _LONGEST or not all(letter.isalnum() or letter in _BESIDE_LETTERS for letter in key):
        raise AccountError("letters")
    if is_reserved(key):
        raise AccountError("reserved")


def _shown(name: str) -> str:
    """A person's name without what nobody sees, on one line."""
    said = " ".join(cleaned(name).split())
    if len(said) > _LONGEST:
        raise AccountError("shown")
    return said


def _check(role: str, units: Collection[str]) -> None:
    if role not in ROLES:
        raise AccountError("role")
    if role in OF_UNITS and not units:
        raise AccountError("units")


def _keep_one_administrator(connection: Connection, one: Account) -> None:
    others = select(func.count()).where(
        account.c.role == "administrator",
        ~account.c.disabled,
        account.c.account != one.number,
        account.c.name != CHECKER,
    )
    if not connection.execute(others).scalar_one():
        raise AccountError("last")


def _account(row) -> Account:
    return Account(
        number=row["account"],
        name=row["name"],
        shown=row["shown"],
        role=row["role"],
        units=tuple(filter(None, row["units"].split(_BETWEEN))),
        systems=tuple(filter(None, row["systems"].split(_BETWEEN))),
        must_change=row["must_change"],
        disabled=row["disabled"],
        has_password=row["password"] is not None,
        changed_at=row["changed_at"],
        version=row["version"],
        bound=row["bound"],
    )
