"""An entry of the log as a sentence that whoever checks on others understands: what was done, of what, how many, why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from exports.words import Text, text
from metrics.cards import CARDS
from metrics.units import count

_KB = 1024
_FEW = 4  # kinds of files that a sentence names
#: In which order details are told; what is not here follows as it is kept.
_ORDER = (
    *("did", "of", "list", "number", "round", "card", "unit", "unit_code", "month", "n", "page"),
    *("account", "before", "after", "own", "how", "why", "reason", "sessions"),
    *("file", "bytes", "batch", "files", "rows", "new", "replaced", "rejected", "layouts"),
    *("person", "full", "added", "removed", "lines", "system", "code"),
)
_OF_ACCOUNTS = ("shown", "role", "units", "systems", "disabled")
#: What is counted, of the kinds of entries that do not count deeds.
_COUNTED = {"persons": "people", "export": "rows", "log": "rows"}
#: Kept for whoever asks the database; told by something else.
_UNTOLD = ("history", "basis", "demo", "form", "must_change", "sha256")


@dataclass(frozen=True)
class Names:
    """What numbers and codes are called. Empty: they are told as they are."""

    units: Mapping[int, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    layouts: Mapping[str, str] = field(default_factory=dict)


def kind(what: str, language: str) -> str:
    """What was done, in a word: ``audit.KINDS``."""
    return text(language)(f"log.kind.{what}")


def role(code: str, language: str) -> str:
    """The role in which it was done; "" before sign-in."""
    return text(language)(f"log.role.{code}") if code else ""


def at_home(at: datetime) -> datetime:
    """A time of the log as this machine's clock shows it."""
    return at.replace(tzinfo=UTC).astimezone().replace(tzinfo=None)


def sentence(what: str, about: Mapping[str, Any], names: Names, language: str) -> str:
    """What an entry is about."""
    said = text(language)
    told = {name: about[name] for name in _ORDER if name in about}
    told |= {name: value for name, value in about.items() if name not in told and name not in _UNTOLD}
    if "file" in told:
        told.pop("what", None)  # the file's name says it
    if "unit" in told and told["unit"] is None:
        del told["unit"]
    if "of" in told and "did" in told:  # what was done, to what: one phrase
        of = said(f"log.of.{told.pop('of')}")
        told["did"] = said("log.did_of", did=_did(said, told["did"]), of=of)
    parts = [_part(said, what, name, value, names, language) for name, value in told.items()]
    return said("log.between").join(part for part in parts if part)


def _part(said: Text, what: str, name: str, value: Any, names: Names, language: str) -> str:
    """One detail; "" of what is empty."""
    if value in ("", [], {}) or value is None:
        return ""
    plain: dict[str, Callable[[], str]] = {
        "did": lambda: _did(said, value),
        "list": lambda: _known(said, f"log.list.{value}", value),
        "card": lambda: CARDS[value].name[language] if value in CARDS else str(value),
        "unit": lambda: names.units.get(value, said("log.unit", n=value)),
        "unit_code": lambda: names.codes.get(value, value),
        "month": lambda: str(value),
        "n": lambda: said(f"log.{_COUNTED.get(what, 'pieces')}", n=count(value)),
        "page": lambda: said("log.page", n=value),
        "number": lambda: said("log.number", n=value),
        "round": lambda: said("log.round", n=value),
        "how": lambda: _known(said, f"log.how.{value}", value),
        "why": lambda: _known(said, f"log.why.{value}", value),
        "reason": lambda: said("log.pair", name=said("log.key.reason"), value=_reason(said, value)),
        "own": lambda: said("log.own"),
        "sessions": lambda: said("log.sessions", n=value),
        "bytes": lambda: said("log.kb", n=count(max(1, round(value / _KB)))),
        "batch": lambda: said("log.batch", n=value),
        "files": lambda: said("log.files", n=count(value)),
        "layouts": lambda: _some(said, [names.layouts.get(one, one) for one in value]),
        "rows": lambda: said("log.rows", n=count(value)),
        "new": lambda: said("log.new", n=count(value)),
        "replaced": lambda: said("log.replaced", n=count(value)),
        "rejected": lambda: said("log.rejected", n=count(value)),
        "added": lambda: said("log.added", n=count(value)),
        "removed": lambda: said("log.removed", n=count(value)),
        "lines": lambda: said("log.between").join(map(str, value)),
        "units_in": lambda: _moved(said, name, value, names),
        "units_out": lambda: _moved(said, name, value, names),
        "before": lambda: said("log.before", values=_values(said, value, names)),
        "after": lambda: said("log.after", values=_values(said, value, names)),
    }
    if name in plain:
        return plain[name]()
    label = f"log.key.{name}"
    return said("log.pair", name=said(label) if _has(said, label) else name, value=_value(said, value))


def _moved(said: Text, name: str, codes: list[str], names: Names) -> str:
    """Every unit by name: who checks on others has to know which."""
    words = said("log.comma").join(names.codes.get(code, code) for code in codes)
    return said("log.pair", name=said(f"log.key.{name}"), value=words)


def _values(said: Text, values: Mapping[str, Any], names: Names) -> str:
    """Fields of an account."""
    told = []
    for name in _OF_ACCOUNTS:
        value = values.get(name)
        if value is None or (len(values) == len(_OF_ACCOUNTS) and not value):
            continue  # of a new account: what it has
        if name == "role":
            value = said(f"log.role.{value}")
        if name == "units":
            value = [names.codes.get(code, code) for code in value]
        told.append(said("log.pair", name=said(f"log.key.{name}"), value=_value(said, value)))
    return said("log.comma").join(told)


def _value(said: Text, value: Any) -> str:
    if isinstance(value, bool):
        return said("log.yes" if value else "log.no")
    if isinstance(value, (list, tuple)):
        return said("log.comma").join(map(str, value)) or said("log.nothing")
    return str(value) or said("log.nothing")


def _some(said: Text, words: list[str]) -> str:
    """All of a few; of many the first, and how many they are."""
    told = said("log.comma").join(words[:_FEW])
    return told if len(words) <= _FEW else said("log.and_more", words=told, n=len(words))


def _reason(said: Text, value: str) -> str:
    """A reason as it was chosen and written: ``call: ...``."""
    code, between, words = value.partition(": ")
    return _known(said, f"log.reason.{code}", code) + between + words


def _did(said: Text, code: str) -> str:
    return _known(said, f"log.did.{code}", code)


def _known(said: Text, key: str, code: str) -> str:
    """The word of a code; of one that has none the code."""
    return said(key) if _has(said, key) else str(code)


def _has(said: Text, key: str) -> bool:
    try:
        said(key)
    except KeyError:
        return False
    return True
