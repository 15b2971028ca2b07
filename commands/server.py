"""Starting the dashboard, in this process or beside it.

python -m commands.server 8501      serve until stopped
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from commands.environment import ROOT, Stop
from commands.least_privilege import excess
from data.config import read_config
from data.installation import close_to_others, exists, open_installation
from data.leftovers import sweep

HOST = "127.0.0.1"
_TRIED = 100  # ports after the wanted one before giving up
_PATIENCE = 120  # seconds for a server to answer, on a slow disk


def address(port: int) -> str:
    return f"http://{HOST}:{port}"


def choose_port(asked: int | None, wanted: int) -> int:
    """``asked`` (Stop when it is busy), else the first free port from ``wanted`` on."""
    if asked is not None:
        if not is_free(asked):
            raise Stop(
                f"端口 {asked} 已被占用。请换一个端口，例如：\nPort {asked} is busy. Choose another, such as:\n\n"
                f"    python3 manage.py run --port {_next_free(asked + 1)}"
            )
        return asked
    return _next_free(wanted)


def is_free(port: int) -> bool:
    """True when nothing listens on the port of this machine."""
    with socket.socket() as probe:
        if os.name == "posix":  # elsewhere this option would let us share a busy port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _next_free(first: int) -> int:
    for port in range(first, min(first + _TRIED, 65_536)):
        if is_free(port):
            return port
    raise Stop(f"端口 {first} 起没有空闲端口。No free port from {first} on: name one with --port.")


def serve(port: int) -> None:
    """Serve until stopped (Ctrl+C, SIGTERM). Does not return before."""
    from streamlit.web.cli import main

    keep_to_owner()
    os.chdir(ROOT)  # where Streamlit looks for .streamlit/config.toml
    config = read_config()
    if exists():
        installation = open_installation()
        close_to_others(installation.folder)
        sweep(installation.folder)
        config = installation.config
        for line in excess(installation):
            print(f"注意 · mind: {line}", flush=True)
    # The server would believe this machine's own word on a client's address: whose is believed is the door's matter.
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    hosts = [part for host in config.hosts for part in ("--server.allowedHosts", host)]
    listening = ["--server.address", config.address, "--server.port", str(port), *hosts]
    main(["run", str(ROOT / "app.py"), *listening], standalone_mode=False)


def keep_to_owner() -> None:
    """Whatever this process writes from here on, other accounts of the machine may not read (POSIX)."""
    if os.name == "posix":
        os.umask(0o077)


def when_ready(port: int, then: Callable[[], None]) -> None:
    """Call ``then`` from a thread as soon as the server on ``port`` answers."""

    def wait() -> None:
        if _answers(port, lambda: True):
            then()

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def running(port: int, **environment: str) -> Iterator[str]:
    """A server in a process of its own for the block; yields its address. Leaves nothing running.

    ``environment`` is added to the process's. Raises Stop, with the end of its log, when it does not come up.
    """
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "commands.server", str(port)],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            if not _answers(port, lambda: process.poll() is None):
                log.seek(0)
                end = log.read().decode("utf-8", "replace")[-2000:]
                raise Stop(f"看板未能启动。The dashboard did not start:\n\n{end}")
            yield address(port)
        finally:
            _end(process)


def _answers(port: int, is_alive: Callable[[], bool]) -> bool:
    """True as soon as the server says that it is well; False when it died or took too long."""
    # Not through a proxy that the caller may have set: this is our own machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + _PATIENCE
    while is_alive() and time.monotonic() < until:
        try:
            with opener.open(address(port) + "/_stcore/health", timeout=2):
                return True
        except urllib.error.HTTPError:  # it answers, if only that one has to sign in
            return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    keep_to_owner()
    serve(int(sys.argv[1]))
