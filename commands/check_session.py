"""A session for ``run --check``: made here, in the database, for an account that nobody can sign in to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from commands.environment import Stop
from commands.logged import open_log, operator
from commands.session import As
from data.access import accounts, sessions
from data.access.accounts import CHECKER
from data.installation import Installation
from metrics import account_book
from signin.proxies import among
from signin.settings import OPEN_MODE, PROXY_MODE, Settings

_SHOWN = "run --check"
_ROLE = "leader"  # sees every figure, and no person
_HERE = "127.0.0.1"


@contextmanager
def signed_in(installation: Installation) -> Iterator[As]:
    """How the check asks the server, for the block: as nobody where nobody signs in, else with a session
    that ends with the block. Its account is made, enabled and disabled again in the log's sight; no password and no
    identity server opens it. Raises Stop where a proxy has to vouch and this machine is none.
    """
    settings = Settings.of(installation.config, demo=installation.is_demo)
    if settings.mode == OPEN_MODE:
        yield As()
        return
    headers = {}
    if settings.mode == PROXY_MODE:
        if not among(_HERE, settings.proxies):
            raise Stop(
                f'sign_in = "proxy" 且 {_HERE} 不在 proxy_addresses 中，无法自检。'
                f"The check cannot ask past the proxy: {_HERE} is not among proxy_addresses."
            )
        headers[settings.header] = CHECKER
    with open_log(installation) as log:
        with log.writing() as connection:
            one = account_book.take_up_checker(operator(), connection, _SHOWN, _ROLE)
        try:
            with log.writing() as connection:
                token = sessions.open_session(connection, one, _HERE)
            yield As(headers | {"Cookie": f"{settings.cookie}={token}"}, _name(settings))
        finally:
            with log.writing() as connection:
                one = accounts.by_name(connection, CHECKER)
                account_book.change(operator(), connection, one, disabled=True)


def _name(settings: Settings) -> str:
    """A name that the server answers to; "": that of its address."""
    return "" if _HERE in settings.hosts or not settings.hosts else min(settings.hosts)
