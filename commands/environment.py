"""The Python environment in ``.venv``: made, filled with the pinned requirements, and known to be whole.

Standard library only. A stamp is written after an installation has ended well; it holds the digest of the
requirements and the Python that they were installed for. Whatever does not bear the right stamp (never
made, interrupted, other requirements, another Python) is made anew.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import subprocess
import sys
import time
import venv
from pathlib import Path

from data.lock import LockedError, exclusive

ROOT = Path(__file__).resolve().parent.parent
PYTHON_VARIABLE = "JICENG_PYTHON"
REQUIREMENTS = "requirements.txt"
TEST_REQUIREMENTS = "requirements-test.txt"

# Settings of the caller's that would send packages elsewhere, or take modules from elsewhere.
_MISLEADING = ("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME", "PYTHONPATH")


class Stop(Exception):  # noqa: N818 - it ends a command, with a sentence that says what to do; often no error
    """Ends a command with a message, in both languages, and exit code 1."""


def inside() -> bool:
    """True when this Python is the environment: ours, or the one that JICENG_PYTHON names."""
    named = os.environ.get(PYTHON_VARIABLE)
    return bool(named) and _same(named, sys.executable)


def prepare(*, tests: bool = False) -> str:
    """The path of a Python that has the requirements (and those of tests), installing what lacks.

    JICENG_PYTHON, when set, is used as it is and nothing is installed. Raises Stop with an instruction.
    """
    if named := os.environ.get(PYTHON_VARIABLE):
        return _resolve(named)
    environment = Environment(ROOT)
    environment.ensure(REQUIREMENTS)
    if tests:
        environment.ensure(TEST_REQUIREMENTS)
    return str(environment.python)


class Environment:
    """The folder ``.venv`` of a project folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.wheels = root / "wheels"

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def stamp(self, requirements: str) -> str:
        """What the stamp of an installation must say to count as whole and current."""
        digest = hashlib.sha256((self.root / requirements).read_bytes()).hexdigest()
        version = ".".join(map(str, sys.version_info[:2]))
        return f"{digest} {platform.python_implementation()} {version} {platform.machine()}"

    def is_ready(self, requirements: str) -> bool:
        try:
            stamp = self._stamp_file(requirements).read_text("ascii")
        except OSError:
            return False
        # A link to a Python that was since removed does not exist.
        return stamp == self.stamp(requirements) and self.python.exists()

    def ensure(self, requirements: str) -> None:
        """Install ``requirements`` unless that was done; waits for another process that does it."""
        if self.is_ready(requirements):
            return
        told = False
        while True:
            try:
                with exclusive(self.root / ".venv.lock"):
                    if not self.is_ready(requirements):
                        self._install(requirements)
                return
            except LockedError:
                if not told:
                    _say("另一个进程正在安装，等待其完成", "another process is installing: waiting for it")
                told = True
                time.sleep(1)
            except PermissionError as error:
                raise Stop(
                    f"无法写入 {error.filename}。请停止正在运行的看板，或将程序复制到您有写权限的文件夹后再运行。\n"
                    f"Cannot write {error.filename}. Stop a running dashboard, or copy the program to a folder "
                    "that you may write to, and run it there."
                ) from error

    def _install(self, requirements: str) -> None:
        if requirements == REQUIREMENTS:
            self._make()
        self._pip(requirements)
        part = self.folder / "stamp.part"
        part.write_text(self.stamp(requirements), "ascii")
        part.replace(self._stamp_file(requirements))

    def _stamp_file(self, requirements: str) -> Path:
        return self.folder / f"{requirements}.installed"

    def _make(self) -> None:
        """An empty environment, with pip inside or borrowed (see ``_pip_command``)."""
        _say(f"建立 Python 环境 {self.folder}", "making the Python environment")
        # Stamps go first: an environment half cleared must not look whole.
        for stamp in self.folder.glob("*.installed"):
            stamp.unlink()
        with_pip = importlib.util.find_spec("ensurepip") is not None
        try:
            try:
                _build(self.folder, with_pip=with_pip)
            except subprocess.CalledProcessError:  # ensurepip is there but its wheels are not
                _build(self.folder, with_pip=False)
        except OSError as error:
            if isinstance(error, PermissionError):
                raise
            raise Stop(f"无法建立 {self.folder}。Cannot make {self.folder}: {error}") from error

    def _pip_command(self) -> list[str]:
        """How to run pip for the environment: its own, a wheel of it in ``wheels``, or this Python's."""
        own = [str(self.python), "-m", "pip"]
        if _succeeds([*own, "--version"]):
            return own
        for wheel in sorted(self.wheels.glob("pip-*.whl"), reverse=True):
            return [str(self.python), str(wheel / "pip")]  # pip runs from inside its own wheel
        borrowed = [sys.executable, "-m", "pip", "--python", str(self.python)]
        if _succeeds([*borrowed, "--version"]):
            return borrowed
        version = ".".join(map(str, sys.version_info[:2]))
        raise Stop(
            "这个 Python 没有 pip，无法安装所需的软件包。请运行下面的命令后重试（Debian、Ubuntu、麒麟、统信）：\n"
            "This Python has no pip to install packages with. Say this, then try again (Debian and its kin; "
            "elsewhere install Python with pip):\n\n"
            f"    {'' if _is_root() else 'sudo '}apt-get install -y python{version}-venv"
        )

    def _pip(self, requirements: str) -> None:
        command = [
            *self._pip_command(),
            "install",
            *("--require-hashes", "--only-binary=:all:", "--no-input", "--disable-pip-version-check"),
            *("--progress-bar=off", "-r", str(self.root / requirements)),
        ]
        offline = any(self.wheels.glob("*.whl"))
        if offline:
            command += ["--no-index", "--find-links", str(self.wheels)]
        source = f"{self.wheels}" if offline else "internet"
        _say(f"安装软件包（{source}），需要几分钟", f"installing packages ({source}), a few minutes")
        log = self.folder / "install.log"
        with log.open("w", encoding="utf-8") as file:
            code = _run_showing_progress(command, file)
        if code:
            raise Stop(_why(log, offline=offline))


def _build(folder: Path, *, with_pip: bool) -> None:
    venv.EnvBuilder(clear=True, with_pip=with_pip, symlinks=os.name != "nt").create(folder)


def _run_showing_progress(command: list[str], log) -> int:
    """Run pip, its words into the log, the number of packages so far on a terminal."""
    environment = {key: value for key, value in os.environ.items() if key not in _MISLEADING}
    environment["PYTHONUNBUFFERED"] = "1"
    environment["PYTHONIOENCODING"] = "utf-8"
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        encoding="utf-8",
        errors="replace",
    )
    packages = 0
    try:
        for line in process.stdout:
            log.write(line)
            if line.startswith("Collecting ") and sys.stdout.isatty():
                packages += 1
                print(f"\r  {packages:3} {line.split()[1][:60]:60}", end="", flush=True)
        if packages:
            print()
        return process.wait()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()


def _why(log: Path, *, offline: bool) -> str:
    """Why pip failed, from its log, and the one thing to do."""
    text = log.read_text("utf-8")
    version = ".".join(map(str, sys.version_info[:2]))
    if "DO NOT MATCH THE HASHES" in text:
        return (
            "下载到的软件包与锁定的校验值不符，未安装。请换一个软件源（环境变量 PIP_INDEX_URL）后重试。\n"
            "A package does not match its pinned hash; nothing was installed. Try another mirror (PIP_INDEX_URL)."
            f"\n\n    {log}"
        )
    if "No space left" in text:
        return "磁盘空间不足，请清理后重试。The disk is full: free some space and try again."
    download = (
        f"    python{version} -m pip download --require-hashes --only-binary=:all: -r requirements.txt "
        "-r requirements-test.txt -d wheels"
    )
    if offline:
        return (
            f"wheels 文件夹不完整，或不是为 Python {version} 准备的。请在能上网的同类计算机上运行下面的命令，"
            "再把 wheels 文件夹复制到这里：\n"
            f"The folder wheels is not whole, or not for Python {version}. On a computer of this kind that has "
            f"internet say this in the program's folder, then copy the folder wheels here:\n\n{download}"
        )
    if any(sign in text for sign in ("connection", "Connection", "timed out", "ProxyError", "SSLError")):
        return (
            "无法连接互联网。请在能上网的同类计算机上（程序文件夹中）运行下面的命令，把 wheels 文件夹复制到这里，再运行：\n"
            "No internet. On a computer of this kind that has it say this in the program's folder, copy the folder "
            f"wheels here, and run again:\n\n{download}"
        )
    if "No matching distribution" in text:
        return (
            f"这台计算机（{platform.machine()}，Python {version}）没有现成的软件包。请用 Python 3.11、3.12 或 3.13。\n"
            f"There are no ready packages for this computer ({platform.machine()}, Python {version}). Use Python "
            f"3.11, 3.12 or 3.13.\n\n    {log}"
        )
    tail = "\n".join(f"    {line}" for line in text.splitlines()[-5:])
    return f"安装失败，详见 {log}。Installation failed; the log ends with:\n\n{tail}"


def _resolve(named: str) -> str:
    """The full path of the interpreter that a name or path stands for."""
    try:
        done = subprocess.run(
            [named, "-c", "import sys; print(sys.executable)"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise Stop(
            f"环境变量 {PYTHON_VARIABLE}={named} 不是可用的 Python，请改正或删除。\n"
            f"{PYTHON_VARIABLE}={named} is not a Python that runs: correct it, or unset it."
        ) from error
    return done.stdout.strip()


def _succeeds(command: list[str]) -> bool:
    environment = {key: value for key, value in os.environ.items() if key not in _MISLEADING}
    try:
        return subprocess.run(command, capture_output=True, env=environment, check=False).returncode == 0
    except OSError:
        return False


def _same(one: str, other: str) -> bool:
    """The same path; links are not followed, for an environment's Python is a link to its maker's."""
    return os.path.normcase(Path(one).absolute()) == os.path.normcase(Path(other).absolute())


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _say(zh: str, en: str) -> None:
    print(f"· {zh} · {en}")
