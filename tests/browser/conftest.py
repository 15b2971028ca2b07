"""A browser over a running server. Every request that would leave the machine is stopped and recorded."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from data.installation import HOME_VARIABLE, Installation

ROOT = Path(__file__).resolve().parents[2]
_WAIT = 60_000  # milliseconds for a page, on a slow machine

# Streamlit looks for its server under the page's own path first: these two are no mistake of ours.
_EXPECTED = ("/_stcore/host-config", "/_stcore/health")


@pytest.fixture(scope="session")
def server(demo: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a demo district of its own: visitors write in it, other tests only read theirs."""
    folder = tmp_path_factory.mktemp("visited") / "demo"
    shutil.copytree(demo.folder, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
        cwd=ROOT,
        env=os.environ | {HOME_VARIABLE: str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str, process: subprocess.Popen) -> None:
    for _ in range(120):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"no answer from {address}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        own = shutil.which("chromium") or shutil.which("chromium-browser")
        arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        opened = playwright.chromium.launch(executable_path=own, args=arguments)
        yield opened
        opened.close()


@dataclass
class Visitor:
    """A page of the browser, and what went wrong on it."""

    page: Page
    address: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, view: str = "", title: str | None = None) -> Page:
        """Open a view and wait until it is drawn."""
        self.page.goto(f"{self.address}/{view}")
        self.settle()
        if title is not None:
            self.page.get_by_role("heading", name=title, level=1).wait_for(timeout=_WAIT)
        return self.page

    def settle(self) -> None:
        """Wait until the server has answered and nothing is stale: before each click on what was just drawn.

        A page is drawn from the top: what stands further down may still be that of the run before, enabled, though it
        is not any more, and a click on it does nothing.
        """
        self.page.locator("h1, [data-testid=stException]").first.wait_for(timeout=_WAIT)
        assert not self.page.get_by_test_id("stException").count(), self.page.inner_text("body")
        self.page.wait_for_function(
            "() => !document.querySelector('[data-testid=stStatusWidget]')"
            " && document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'",
            timeout=_WAIT,
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """What a visitor saw when a walk failed stands in the report."""
    report = yield
    made = getattr(item, "funcargs", {}).get("visitor")
    if report.when == "call" and report.failed and made is not None and not made.page.is_closed():
        report.sections.append((f"page {made.page.url}", made.page.inner_text("body")))
    return report


@pytest.fixture
def visitor(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Visitor]:
    """A visitor; indirect parameters choose the screen. At the end nothing may have gone wrong."""
    look = {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN"} | getattr(request, "param", {})
    context = browser.new_context(**look)
    context.set_default_timeout(_WAIT)
    made = Visitor(context.new_page(), server)

    def guard(route, asked) -> None:
        if asked.url.startswith((server, "data:", "blob:")):
            route.continue_()
        else:
            made.outside.append(asked.url)
            route.abort()

    context.route("**/*", guard)
    made.page.on("pageerror", lambda error: made.errors.append(str(error)))
    made.page.on(
        "console",
        lambda message: (
            made.errors.append(f"{message.text} {message.location}")
            if message.type == "error" and not any(part in str(message.location) for part in _EXPECTED)
            else None
        ),
    )
    yield made
    context.close()
    assert not made.outside, f"requests left the machine: {made.outside}"
    assert not made.errors, f"the browser complained: {made.errors}"
