"""What an administrator does with accounts: add, change, reset the password, disable, sign out everywhere, unlock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st
from sqlalchemy import Connection

from data.access.accounts import OF_UNITS, ROLES, Account, AccountError
from data.register import EditedMeanwhileError
from data.small_database import DatabaseBusyError
from exports.words import who
from metrics import account_book
from metrics.account_book import Listed
from pages._accounts import local_time
from pages._edit import seen
from pages._errors import half
from pages._log import log
from pages._page import Here
from pages._text import typed
from pages._who import principal
from signin import serving

_DONE, _SECRET, _TURN = "account_done", "account_secret", "account_turn"


def told(here: Here) -> None:
    """What the last deed did, once; a password that was made stays until it is written down."""
    if done := st.session_state.pop(_DONE, None):
        st.success(done)
    if secret := st.session_state.get(_SECRET):
        name, password = secret
        with st.container(border=True):
            st.markdown(here.text("accounts.secret", name=typed(name)))
            st.code(password, language=None)
            if st.button(here.text("accounts.secret_noted"), key="secret_noted"):
                del st.session_state[_SECRET]
                st.rerun()


def forget_secret() -> None:
    """Another account, or none, is looked at: what was shown once is gone."""
    st.session_state.pop(_SECRET, None)


def add_form(here: Here) -> None:
    """A new account, with a password made here."""
    text, turn = here.text, st.session_state.get(_TURN, 0)
    form = f"add_{turn}"
    local = serving.settings().passwords
    with st.form(form, border=True):
        columns = st.columns(2)
        name = columns[0].text_input(
            text("accounts.name"), max_chars=60, help=text("accounts.name_help"), key=f"{form}_name"
        )
        shown = columns[1].text_input(text("accounts.shown"), max_chars=60, key=f"{form}_shown")
        values = _fields(here, form)
        st.caption(text("accounts.password_made" if local else "accounts.password_elsewhere"))
        pressed = st.form_submit_button(text("accounts.add"), type="primary")
    if not pressed:
        return
    if values["role"] is None:
        st.error(text("accounts.error_role"))
        return

    least = serving.settings().least
    password = account_book.fresh_password(least) if local else None

    def act(connection: Connection) -> Account:
        return account_book.add(
            principal(),
            connection,
            name,
            shown,
            values["role"],
            units=values["units"],
            systems=values["systems"],
            password=password,
            least=least,
        )

    def then(made: Account) -> None:
        st.session_state[_TURN] = turn + 1
        if password is not None:
            st.session_state[_SECRET] = (made.name, password)

    _do(here, act, text("accounts.added", name=typed(name)), then=then)


def change_form(here: Here, one: Listed) -> None:
    """Name, role, units, systems."""
    text, of = here.text, one.account
    form = f"change_{of.number}"
    with st.form(form, border=True):
        version = seen(form, f"{form}_shown", of.version)
        shown = st.text_input(text("accounts.shown"), of.shown, max_chars=60, key=f"{form}_shown")
        own = of.name == principal().name
        values = _fields(here, form, of, fixed=own)
        if own:
            st.caption(text("accounts.error_own"))
        pressed = st.form_submit_button(text("accounts.save"), type="primary")
    if pressed:
        read = replace(of, version=version)
        _do(
            here,
            lambda c: account_book.change(
                principal(),
                c,
                read,
                shown=shown,
                role=values["role"],
                units=tuple(sorted(values["units"])),
                systems=tuple(sorted(values["systems"])),
            ),
            text("accounts.saved", name=typed(of.name)),
            form,
        )


def deeds(here: Here, one: Listed) -> None:
    """Buttons for what is done to an account at once; those that hurt ask once more."""
    text, of = here.text, one.account
    number = of.number
    own = of.name == principal().name
    with st.container(horizontal=True):
        if serving.settings().passwords:
            with st.popover(text("accounts.reset")):
                st.markdown(text("accounts.reset_own" if own else "accounts.reset_about"))
                if not own and st.button(text("accounts.reset_yes"), type="primary", key=f"reset_{number}"):
                    least = serving.settings().least

                    def keep(password: str) -> None:
                        st.session_state[_SECRET] = (of.name, password)

                    _do(
                        here,
                        lambda c: account_book.invent_password(principal(), c, of, least),
                        text("accounts.reset_done", name=typed(of.name)),
                        then=keep,
                    )
        with st.popover(text("accounts.out")):
            st.markdown(text("accounts.out_about", n=one.sessions))
            if st.button(text("accounts.out_yes"), key=f"out_{number}"):
                _do(
                    here,
                    lambda c: account_book.end_sessions(principal(), c, of),
                    text("accounts.out_done", name=typed(of.name)),
                )
        if one.locked_until is not None and st.button(
            text("accounts.unlock"), key=f"unlock_{number}", help=text("accounts.unlock_help")
        ):
            _do(
                here,
                lambda c: account_book.unlock(principal(), c, of),
                text("accounts.unlocked", name=typed(of.name)),
            )
        if of.disabled:
            if st.button(text("accounts.enable"), key=f"enable_{number}"):
                _do(
                    here,
                    lambda c: account_book.change(principal(), c, of, disabled=False),
                    text("accounts.enabled", name=typed(of.name)),
                )
        else:
            with st.popover(text("accounts.disable")):
                st.markdown(text("accounts.disable_own" if own else "accounts.disable_about"))
                if st.button(text("accounts.disable_yes"), key=f"disable_{number}"):
                    _do(
                        here,
                        lambda c: account_book.change(principal(), c, of, disabled=True),
                        text("accounts.disabled_now", name=typed(of.name)),
                    )


def _fields(here: Here, form: str, of: Account | None = None, *, fixed: bool = False) -> dict[str, Any]:
    """Role, units and systems; units are asked for in any case, since the form does not change while it is filled in.

    ``fixed``: they are shown, and cannot be changed.
    """
    text = here.text
    names = {str(row.code): row.name for row in here.tree.itertuples()}
    units = [] if of is None else list(of.units)
    systems = account_book.systems()
    role = st.selectbox(
        text("accounts.role"),
        ROLES,
        index=None if of is None else ROLES.index(of.role),
        format_func=lambda code: text(
            "accounts.role_says", role=text(f"role.{code}"), may=text(f"accounts.may.{code}")
        ),
        placeholder=text("accounts.choose_role"),
        key=f"{form}_role",
        disabled=fixed,
    )
    chosen = st.multiselect(
        text("accounts.units"),
        [*names, *(code for code in units if code not in names)],
        default=units,
        format_func=lambda code: f"{names.get(code, code)}（{code}）" if code in names else code,
        help=text(
            "accounts.units_help", roles=text("list.comma").join(text(f"role.{role}") for role in OF_UNITS)
        ),
        placeholder=text("accounts.no_units"),
        key=f"{form}_units",
        disabled=fixed,
    )
    of_systems = st.multiselect(
        text("accounts.systems"),
        systems,
        default=[] if of is None else list(of.systems),
        format_func=lambda code: f"{code} {text(f'system.{code}')}",
        help=text("accounts.systems_help"),
        placeholder=text("accounts.every_system"),
        key=f"{form}_systems",
        disabled=fixed,
    )
    return {"role": role, "units": chosen, "systems": of_systems}


def _do(
    here: Here,
    act: Callable[[Connection], Any],
    done: str,
    form: str = "",
    then: Callable[[Any], None] | None = None,
) -> None:
    """Do one deed, and draw the page anew; what hinders it is told here, and nothing is kept."""
    text = here.text
    try:
        with st.spinner(text("edit.saving")), log().writing() as connection:
            given = act(connection)
    except EditedMeanwhileError as error:
        at = local_time(error.at)
        st.error(text("edit.meanwhile", by=typed(who(error.by, text)), at=at))
        if form:
            st.session_state[f"seen_{form}"] = error.row["version"]
            st.info(text("edit.again"))
        return
    except AccountError as error:
        st.error(text(f"accounts.error_{error.rule}"))
        return
    except DatabaseBusyError as error:
        st.error(half(str(error), here.language))
        return
    if then is not None:
        then(given)
    # The page is drawn anew with the rows as they are now: every form begins from these.
    for key in [key for key in st.session_state if str(key).startswith(("seen_", "change_"))]:
        del st.session_state[key]
    st.session_state[_DONE] = done
    st.rerun()
