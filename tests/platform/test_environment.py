"""The Python environment: made once, known to be whole, made anew when it is not. No network is used."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from commands import environment as module
from commands.environment import (
    PYTHON_VARIABLE,
    REQUIREMENTS,
    TEST_REQUIREMENTS,
    Environment,
    Stop,
    inside,
    prepare,
)
from data.lock import exclusive


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project folder whose only requirement is a wheel of our own, under a path that is hard on tools."""
    folder = tmp_path / "路 径 with spaces"
    (folder / "wheels").mkdir(parents=True)
    digest = make_wheel(folder / "wheels", "tinything", "1.0")
    (folder / REQUIREMENTS).write_text(f"tinything==1.0 --hash=sha256:{digest}\n", "utf-8")
    (folder / TEST_REQUIREMENTS).write_text("", "utf-8")
    return folder


def make_wheel(folder: Path, name: str, version: str) -> str:
    """A wheel with one module; returns its sha256."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": "answer = 42\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},{len(text)}\n"
        for path, text in files.items()
    )
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in (files | {f"{info}/RECORD": record + f"{info}/RECORD,,\n"}).items():
            archive.writestr(path, text)
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


class Counted(Environment):
    """An environment that only notes what it would do."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.done: list[str] = []

    def _make(self) -> None:
        self.done.append("make")
        for stamp in self.folder.glob("*.installed"):
            stamp.unlink()
        self.python.parent.mkdir(parents=True, exist_ok=True)
        self.python.touch()

    def _pip(self, requirements: str) -> None:
        self.done.append(requirements)


def test_the_second_start_installs_nothing(root: Path):
    Counted(root).ensure(REQUIREMENTS)
    second = Counted(root)
    second.ensure(REQUIREMENTS)
    assert second.done == []


def test_other_requirements_make_it_anew(root: Path):
    Counted(root).ensure(REQUIREMENTS)
    (root / REQUIREMENTS).write_text("", "utf-8")
    second = Counted(root)
    second.ensure(REQUIREMENTS)
    assert second.done == ["make", REQUIREMENTS]


def test_another_python_makes_it_anew(root: Path, monkeypatch: pytest.MonkeyPatch):
    Counted(root).ensure(REQUIREMENTS)
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    second = Counted(root)
    second.ensure(REQUIREMENTS)
    assert second.done == ["make", REQUIREMENTS]


def test_a_python_that_was_removed_makes_it_anew(root: Path):
    first = Counted(root)
    first.ensure(REQUIREMENTS)
    first.python.unlink()
    first.python.symlink_to(root / "gone")
    second = Counted(root)
    second.ensure(REQUIREMENTS)
    assert second.done == ["make", REQUIREMENTS]


def test_an_interrupted_installation_is_done_again(root: Path):
    class Interrupted(Counted):
        def _pip(self, requirements: str) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Interrupted(root).ensure(REQUIREMENTS)
    assert not Counted(root).is_ready(REQUIREMENTS)
    second = Counted(root)
    second.ensure(REQUIREMENTS)
    assert second.done == ["make", REQUIREMENTS]


def test_what_tests_need_is_added_to_it(root: Path):
    environment = Counted(root)
    environment.ensure(REQUIREMENTS)
    environment.ensure(TEST_REQUIREMENTS)
    assert environment.done == ["make", REQUIREMENTS, TEST_REQUIREMENTS]
    assert environment.is_ready(REQUIREMENTS)


def test_two_at_once_install_once(root: Path, capsys: pytest.CaptureFixture[str]):
    environment = Counted(root)
    with exclusive(root / ".venv.lock"):
        waiting = threading.Thread(target=environment.ensure, args=(REQUIREMENTS,))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        Counted(root)._install(REQUIREMENTS)
    waiting.join(10)
    assert environment.done == []
    assert "another process is installing" in capsys.readouterr().out


def test_installed_from_a_folder_of_wheels(root: Path):
    environment = Environment(root)
    environment.ensure(REQUIREMENTS)
    assert environment.is_ready(REQUIREMENTS)
    assert answer(environment) == "42"


def test_installed_without_ensurepip(root: Path, monkeypatch: pytest.MonkeyPatch):
    """Debian's Python without python3-venv: pip is borrowed from the Python that runs us."""
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name == "ensurepip" else find(name, *rest)
    )
    lacks_pip = subprocess.run(
        [sys.executable, "-m", "pip", "--version"], capture_output=True, check=False
    ).returncode
    environment = Environment(root)
    if lacks_pip:
        with pytest.raises(Stop, match="apt-get install -y python"):
            environment.ensure(REQUIREMENTS)
    else:
        environment.ensure(REQUIREMENTS)
        assert answer(environment) == "42"


def test_no_pip_anywhere_gives_one_instruction(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_succeeds", lambda _command: False)
    with pytest.raises(Stop, match=r"apt-get install -y python3\.\d+-venv"):
        Environment(root)._pip_command()


def test_a_folder_of_wheels_that_lacks_one_gives_one_instruction(root: Path):
    (root / REQUIREMENTS).write_text(f"otherthing==1.0 --hash=sha256:{'0' * 64}\n", "utf-8")
    with pytest.raises(Stop, match="pip download --require-hashes"):
        Environment(root).ensure(REQUIREMENTS)
    assert not Environment(root).is_ready(REQUIREMENTS)


def test_a_changed_package_is_refused(root: Path):
    make_wheel(root / "wheels", "tinything", "1.0")
    with zipfile.ZipFile(root / "wheels" / "tinything-1.0-py3-none-any.whl", "a") as archive:
        archive.writestr("evil.py", "")
    with pytest.raises(Stop, match="does not match its pinned hash"):
        Environment(root).ensure(REQUIREMENTS)


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("NewConnectionError('...: Temporary failure in name resolution')", "No internet"),
        ("ERROR: No matching distribution found for duckdb==1.5.6", "no ready packages for this computer"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("something else\nERROR: odd", "ERROR: odd"),
    ],
)
def test_a_failed_installation_says_why(tmp_path: Path, log: str, said: str):
    (tmp_path / "install.log").write_text(log, "utf-8")
    assert said in module._why(tmp_path / "install.log", offline=False)


def test_a_named_python_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(PYTHON_VARIABLE, sys.executable)
    assert prepare() == sys.executable
    assert inside()


def test_a_named_python_that_does_not_run_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(PYTHON_VARIABLE, "no-such-python")
    assert not inside()
    with pytest.raises(Stop, match="no-such-python is not a Python that runs"):
        prepare()


def test_every_requirement_is_pinned_with_a_hash():
    for name in (REQUIREMENTS, TEST_REQUIREMENTS):
        text = (module.ROOT / name).read_text("utf-8").replace("\\\n", "")
        lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        assert lines
        assert all("==" in line and "--hash=sha256:" in line for line in lines)


def answer(environment: Environment) -> str:
    done = subprocess.run(
        [environment.python, "-c", "import tinything; print(tinything.answer)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
