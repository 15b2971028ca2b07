"""The check of installed packages finds what it is there to find."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from commands import dependencies
from commands.dependencies import (
    ROOT,
    Pin,
    licensed,
    needed,
    pinned,
    read_pins,
    sound,
    supported,
    used,
    whole,
)

RULES = tomllib.loads((ROOT / "commands" / "dependencies.toml").read_text("utf-8"))
HASH = "--hash=sha256:" + "a" * 64


class Package:
    """What is known of an installed package."""

    def __init__(self, name, version="1.0", requires=(), files=(), **about):
        self.version, self.requires, self.files = version, list(requires), list(files)
        self.metadata = _About(
            {"Name": name, **{key.replace("_", "-"): value for key, value in about.items()}}
        )


class _About(dict):
    def get_all(self, name):
        return self.get(name)


def packages(*given):
    return {one.metadata["Name"]: one for one in given}


def test_pins_are_read_with_their_machines():
    text = f"numpy==2.4 ; python_full_version < '3.12' \\\n    {HASH}\nnumpy==2.5 ; python_full_version >= '3.12' \\\n    {HASH} \\\n    {HASH}\n"
    pins, wrong = read_pins(text)
    assert [(pin.name, pin.version, pin.hashes) for pin in pins] == [("numpy", "2.4", 1), ("numpy", "2.5", 2)]
    assert [pin.is_for_here for pin in pins].count(True) == 1
    assert wrong == []


@pytest.mark.parametrize(
    "line", ["numpy", "numpy>=2", "git+https://x/y", "--index-url https://x", "./x.whl", "numpy==2.0"]
)
def test_what_is_no_pin_with_a_hash_is_told(line):
    assert len(read_pins(line)[1]) == 1


def test_what_is_installed_is_what_is_pinned():
    pins = [Pin("a", "1.0", "", 1), Pin("b", "2.0", "", 1), Pin("c", "1", "sys_platform == 'nowhere'", 1)]
    assert list(pinned(packages(Package("a"), Package("b", "2")), pins)) == []
    told = "\n".join(pinned(packages(Package("a", "1.1"), Package("d"), Package("pip")), pins))
    assert "a: 已安装 · installed 1.1" in told
    assert "not pinned: d" in told
    assert "not installed: b" in told
    assert "pip" not in told and "installed: c" not in told


def test_what_nobody_needs_is_told():
    tree = packages(
        Package("a", requires=["b[fast]>=1", "e ; extra == 'more'"]),
        Package("b", requires=["c ; extra == 'fast'"]),
        Package("c"),
        Package("e"),
    )
    assert list(needed(tree, ["a"])) == ["无人需要 · nobody needs it: e"]


def test_what_we_ask_for_is_imported():
    assert list(used({"pandas", "ruff"}, {"ruff": "lint"})) == []
    assert len(list(used({"pluggy"}, {}))) == 1


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"License_Expression": "MIT"}, 0),
        ({"License_Expression": "Apache-2.0 OR GPL-3.0"}, 0),
        ({"License_Expression": "MIT AND GPL-3.0"}, 1),
        ({"Classifier": ["License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)"]}, 0),
        ({"License": "GNU AGPL"}, 1),
        ({}, 1),
    ],
)
def test_licences(about, told):
    assert len(list(licensed(packages(Package("x", **about)), RULES["licences"]))) == told


def test_an_exception_of_licences_is_by_name_and_with_a_reason():
    given = packages(Package("psycopg2-binary", License="LGPL"))
    assert list(licensed(given, RULES["licences"])) == []
    assert all(len(why) > 20 for why in RULES["licences"]["excepted"].values())


def test_pythons():
    assert list(supported(packages(Package("x", Requires_Python=">=3.11"), Package("y")))) == []
    assert "3.11" in next(supported(packages(Package("x", Requires_Python=">=3.12"))))


def test_bad_versions_are_told_on_every_machine():
    pins = [Pin("pillow", "10.2.0", "sys_platform == 'nowhere'", 1), Pin("pillow", "13.0.0", "", 1)]
    (told,) = sound(pins, RULES["advisories"]["known"])
    assert "pillow 10.2.0" in told and "CVE-" in told


def test_the_list_of_bad_versions_is_dated_and_is_about_what_we_use():
    assert RULES["advisories"]["written_on"] <= date.today()
    pins, _ = read_pins((ROOT / "requirements.txt").read_text("utf-8"))
    assert {one["package"] for one in RULES["advisories"]["known"]} <= {pin.name for pin in pins}


def test_a_changed_file_is_told(tmp_path):
    class File:
        suffix = ".py"
        hash = type(
            "Hash", (), {"mode": "sha256", "value": "LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ"}
        )  # of "hello"

        def locate(self):
            return tmp_path / "x.py"

    package = Package("x", files=[File()])
    assert "missing" in next(whole(package))
    (tmp_path / "x.py").write_bytes(b"hello")
    assert list(whole(package)) == []
    (tmp_path / "x.py").write_bytes(b"hullo")
    assert "changed" in next(whole(package))


def test_requirements_are_pins():
    for name in ("requirements.txt", "requirements-test.txt"):
        pins, wrong = read_pins((ROOT / name).read_text("utf-8"))
        assert pins and wrong == []
    assert dependencies._roots(ROOT / "requirements.in") <= {
        p.name for p in read_pins((ROOT / "requirements.txt").read_text("utf-8"))[0]
    }
