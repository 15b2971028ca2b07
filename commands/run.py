"""``run``: everything up to a dashboard that answers; ``run --check``: the same, tried once."""

from __future__ import annotations

import argparse

from commands import server
from commands.check import check
from commands.first_account import make_first_account
from commands.installation import bring_up_to_date, make_demo
from data.installation import Installation, exists, home, open_installation


def main(arguments: argparse.Namespace) -> int:
    installation = _installation(arguments)
    port = server.choose_port(arguments.port, installation.config.port)
    if arguments.check:
        # An exception that the page shows is to name its reason here, though not to visitors.
        with server.running(port, STREAMLIT_CLIENT_SHOW_ERROR_DETAILS="full") as address:
            check(installation, address)
        print(f"ok {address}")
        return 0
    make_first_account(installation, server.address(port))
    server.when_ready(port, lambda: _tell(server.address(port)))
    server.serve(port)
    return 0


def _installation(arguments: argparse.Namespace) -> Installation:
    """The installation in force, brought up to date; the demo where there is none."""
    if exists() and not open_installation().is_demo:
        return bring_up_to_date(open_installation())
    return make_demo(home(), residents=arguments.residents, seed=arguments.seed, until=arguments.until)


def _tell(address: str) -> None:
    print(f"\n  基层 Jiceng  {address}\n\n  停止：Ctrl+C · Ctrl+C stops it", flush=True)
