"""``dependencies``: whether what is installed is what was chosen, may be used, and is not known to be bad.

Nothing is asked of anybody: a bureau's network has no internet. What must not be installed stands, with the day on which
it was written down, in ``dependencies.toml``.
"""

from __future__ import annotations

import argparse
import ast
import base64
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import Distribution, distributions, packages_distributions
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from commands.environment import REQUIREMENTS, ROOT, TEST_REQUIREMENTS

_RULES = Path(__file__).with_suffix(".toml")
_INSTALLERS = frozenset(
    ["pip", "setuptools", "wheel"]
)  # what fills an environment, and need not be pinned by it
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)\s*(?:;\s*(.*?))?\s*\\?$")
_HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}\s*\\?$")
_OLDEST_PYTHONS = ("3.11", "3.12", "3.13")  # what manage.py and .ci/run look for


@dataclass(frozen=True)
class Pin:
    """A line of a requirements file; a package may have several, for different machines."""

    name: str
    version: str
    marker: str  # "": everywhere
    hashes: int

    @property
    def is_for_here(self) -> bool:
        return not self.marker or Marker(self.marker).evaluate()


def main(arguments: argparse.Namespace) -> int:
    """Tells every problem; 1 where there is one."""
    rules = tomllib.loads(_RULES.read_text("utf-8"))
    problems: list[str] = []
    pins: list[Pin] = []
    for name in (REQUIREMENTS, TEST_REQUIREMENTS):
        found, wrong = read_pins((ROOT / name).read_text("utf-8"))
        problems += [f"{name}: {one}" for one in wrong]
        pins += found
    installed = {canonicalize_name(one.metadata["Name"]): one for one in distributions()}
    roots = {name: _roots(ROOT / name) for name in ("requirements.in", "requirements-test.in")}
    problems += pinned(installed, pins)
    problems += needed(installed, set().union(*roots.values()))
    problems += used(roots["requirements.in"] | roots["requirements-test.in"], rules["used_by_name"])
    problems += licensed(installed, rules["licences"])
    problems += supported(installed)
    problems += sound(pins, rules["advisories"]["known"])
    problems += [
        one for name in sorted({pin.name for pin in pins} & set(installed)) for one in whole(installed[name])
    ]
    for problem in problems:
        print(problem)
    _tell(len(installed), rules["advisories"])
    return int(bool(problems))


def _tell(packages: int, advisories: Mapping[str, Any]) -> None:
    written, compared = advisories["written_on"], advisories.get("compared_on")
    zh = f"{compared} 与漏洞通报核对" if compared else "未与漏洞通报核对"
    en = (
        f"compared with an advisory service on {compared}"
        if compared
        else "never compared with an advisory service"
    )
    print(
        f"{packages} 个软件包；已知有漏洞的版本清单写于 {written}（{(date.today() - written).days} 天前），{zh}。\n"
        f"{packages} packages; the list of versions known to be bad was written on {written} "
        f"({(date.today() - written).days} days ago), {en}."
    )


# -- what is looked at: each gives problems as lines


def read_pins(text: str) -> tuple[list[Pin], list[str]]:
    """The pins of a requirements file, and what in it is no pin with a hash."""
    pins: list[Pin] = []
    wrong: list[str] = []
    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith("#"):
            continue
        if _HASH.match(line) and pins:
            pins[-1] = replace(pins[-1], hashes=pins[-1].hashes + 1)
        elif match := _PIN.match(line):
            pins.append(Pin(canonicalize_name(match[1]), match[2], match[3] or "", 0))
        else:
            wrong.append(f"不是带校验值的固定版本 · no pin with a hash: {line}")
    wrong += [f"没有校验值 · without a hash: {pin.name}" for pin in pins if not pin.hashes]
    return pins, wrong


def pinned(installed: Mapping[str, Distribution], pins: Iterable[Pin]) -> Iterator[str]:
    """Everything installed is what is pinned, and everything pinned for this machine is installed."""
    here: dict[str, set[Version]] = {}
    for pin in pins:
        if pin.is_for_here:
            here.setdefault(pin.name, set()).add(Version(pin.version))
    for name, one in sorted(installed.items()):
        if name in _INSTALLERS:
            continue
        if name not in here:
            yield f"已安装但未固定版本 · installed, but not pinned: {name} {one.version}"
        elif here[name] != {Version(one.version)}:
            told = ", ".join(map(str, sorted(here[name])))
            yield f"{name}: 已安装 · installed {one.version}, 固定 · pinned {told}"
    for name in sorted(set(here) - set(installed)):
        yield f"未安装 · pinned, but not installed: {name}"


def needed(installed: Mapping[str, Distribution], roots: Iterable[str]) -> Iterator[str]:
    """Everything installed is asked for, by us or by what we asked for."""
    reached: set[str] = set()
    waiting = [(root, frozenset()) for root in roots]
    while waiting:
        name, extras = waiting.pop()
        if name in reached and not extras:
            continue
        reached.add(name)
        for line in (installed[name].requires or []) if name in installed else []:
            asked = Requirement(line)
            wanted = [{"extra": extra} for extra in extras] or [{"extra": ""}]
            if asked.marker is None or any(asked.marker.evaluate(extra) for extra in wanted):
                further = (canonicalize_name(asked.name), frozenset(asked.extras))
                if further[0] not in reached or further[1]:
                    waiting.append(further)
    for name in sorted(set(installed) - reached - _INSTALLERS):
        yield f"无人需要 · nobody needs it: {name}"


def used(roots: Iterable[str], by_name: Mapping[str, str]) -> Iterator[str]:
    """What we ask for is imported somewhere in our code, or named with what it is for."""
    modules = _imported()
    providing = {
        canonicalize_name(name)
        for module, names in packages_distributions().items()
        if module in modules
        for name in names
    }
    for name in sorted(set(roots) - providing - set(by_name)):
        yield f"代码中没有用到 · no line of our code imports it: {name}"


def licensed(installed: Mapping[str, Distribution], rules: Mapping[str, Any]) -> Iterator[str]:
    """Every licence is one that we may use."""
    allowed = set(rules["allowed"])
    for name, one in sorted(installed.items()):
        if name in rules["excepted"] or name in _INSTALLERS:
            continue
        said = licence_of(one)
        ways = [re.split(r"\s+AND\s+", way) for way in re.split(r"\s+OR\s+", said)]
        if not any(all({part, part.strip(" ()")} & allowed for part in way) for way in ways):
            yield f"许可证不在允许之列 · licence not among the allowed: {name}: {said or '—'}"


def licence_of(one: Distribution) -> str:
    """What a package says its licence is: as an expression, by its classifiers, or in words."""
    about = one.metadata
    if expression := about.get("License-Expression"):
        return expression
    told = [
        line.rpartition("::")[2].strip()
        for line in about.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    return " AND ".join(told) or (about.get("License") or "").strip().split("\n")[0]


def supported(installed: Mapping[str, Distribution]) -> Iterator[str]:
    """Every package is for every Python that we are for."""
    for name, one in sorted(installed.items()):
        wants = SpecifierSet(one.metadata.get("Requires-Python") or "")
        if missing := [python for python in _OLDEST_PYTHONS if f"{python}.9" not in wants]:
            yield f"不支持 Python {', '.join(missing)} · is not for this Python: {name} ({wants})"


def sound(pins: Iterable[Pin], known: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """No pinned version is known to be bad, on whatever machine."""
    bad: dict[str, list[Mapping[str, str]]] = {}
    for advisory in known:
        bad.setdefault(canonicalize_name(advisory["package"]), []).append(advisory)
    for pin in pins:
        for one in bad.get(pin.name, []):
            if SpecifierSet(one["bad"]).contains(pin.version, prereleases=True):
                yield f"已知有漏洞 · known to be bad: {pin.name} {pin.version} ({one['bad']}): {one['about']}"


def whole(one: Distribution) -> Iterator[str]:
    """Every file of a package is the one that its wheel brought."""
    for file in one.files or []:
        if file.hash is None or file.hash.mode != "sha256" or file.suffix == ".pyc":
            continue
        try:
            with Path(file.locate()).open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").digest()
        except OSError:
            yield f"文件缺失 · a file is missing: {one.metadata['Name']}: {file}"
            continue
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii") != file.hash.value:
            yield f"文件被改动 · a file was changed: {one.metadata['Name']}: {file}"


def _roots(path: Path) -> set[str]:
    """The packages that we ask for."""
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return {canonicalize_name(Requirement(line).name) for line in lines if line and not line.startswith("-")}


def _imported() -> set[str]:
    """The top-level names that any file of ours imports."""
    names: set[str] = set()
    for path in ROOT.rglob("*.py"):
        if any(part.startswith(".") for part in path.relative_to(ROOT).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names
