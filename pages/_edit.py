"""Edits of the register from a page: one transaction each, and a clear word when somebody else was faster."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from PIL import Image, ImageOps
from sqlalchemy import Connection

from data.register import EditedMeanwhileError, RegisterBusyError, TextTooLongError
from data.register import evidence as files
from exports.download import Download
from exports.words import who
from metrics.appraisal.rounds import RoundError
from metrics.logbook import NotLoggedError
from metrics.principal import NotAllowedError
from metrics.proof import is_removable, require_addable, require_removable
from metrics.supervision.states import SupervisionError
from metrics.verifying.errors import VerifyError
from pages._errors import half
from pages._log import logged_register
from pages._page import Here
from pages._store import installation, register
from pages._takeaway import file_button
from pages._text import typed
from pages._who import principal

_DONE = "edit_done"
_SMALL = 120  # pixels: how wide a photo is shown
#: Endings of files that may be chosen; what a file is, its content says.
ENDINGS = sorted({ending.removeprefix(".") for known in files.ENDINGS.values() for ending in known})


def seen(form: str, field: str, version: int) -> int:
    """The version of a row that a form was filled in from: it stays while the form is shown.

    ``field`` is the key of one of its widgets: Streamlit forgets it when the form is left.
    """
    key = f"seen_{form}"
    if field not in st.session_state or key not in st.session_state:
        st.session_state[key] = version
    return st.session_state[key]


def edit(
    here: Here,
    act: Callable[[Connection], Any],
    done: str = "",
    form: str = "",
    then: Callable[[Any], Sequence[str]] | None = None,
) -> None:
    """Do one edit and draw the page anew; what hinders it is told here and nothing is kept.

    ``form``: the form (of ``seen``) to which a newer version is shown, so that pressing again is done knowingly.
    ``then`` is called with what the edit gave, and gives what is to be told beside its success.
    """
    text = here.text
    try:
        with st.spinner(text("edit.saving")), logged_register().writing() as connection:
            given = act(connection)
    except EditedMeanwhileError as error:
        st.error(text("edit.meanwhile", by=typed(who(error.by, text)), at=f"{error.at:%Y-%m-%d %H:%M}"))
        if form:
            st.session_state[f"seen_{form}"] = error.row["version"]
            st.info(text("edit.again"))
        return
    except (RoundError, SupervisionError, VerifyError) as error:
        st.error(error[here.language])
        return
    except (RegisterBusyError, NotLoggedError, TextTooLongError) as error:
        st.error(half(str(error), here.language))
        return
    except NotAllowedError:
        st.error(text("error.not_allowed"))
        return
    except LookupError:
        st.error(text("edit.gone"))
        return
    wrong = then(given) if then else ()
    # The page is drawn anew with the rows as they are now: every form begins from these.
    for key in [key for key in st.session_state if str(key).startswith("seen_")]:
        del st.session_state[key]
    st.session_state[_DONE] = (done or text("edit.saved"), wrong)
    st.rerun()


def told() -> None:
    """What the last edit did, once."""
    done, wrong = st.session_state.pop(_DONE, (None, None))
    # There in any case: were what follows to move, an open popover would close on its errors.
    with st.container():
        if done:
            st.success(done)
        for words in wrong or ():
            st.error(words)


def uploader(here: Here, key: str):
    """A field for evidence: photos and papers."""
    most = installation().config.evidence_mb
    return st.file_uploader(
        here.text("edit.evidence"),
        type=ENDINGS,
        accept_multiple_files=True,
        key=key,
        help=here.text("edit.evidence_help", mb=most),
        max_upload_size=most,
    )


def keep_files(here: Here, of: str, key: str, chosen: Sequence) -> list[str]:
    """Keep files as evidence of a row; gives what is to be told of those that are not kept."""
    wrong = []
    for file in chosen or ():
        try:
            with register().reading() as connection:
                require_addable(principal(), connection, of, key)
            files.keep(
                logged_register(), installation(), of, key, file.name, file.getvalue(), principal().name
            )
        except (files.EvidenceError, NotLoggedError) as error:
            wrong.append(typed(half(str(error), here.language)))  # it names the file
    return wrong


def evidence_list(here: Here, of: str, key: str, kept: Sequence[dict], pictures: bool = True) -> None:
    """The evidence of a row: a button each to take it and to take it away, photos shown small."""
    with register().reading() as connection:
        removable = {row["evidence"] for row in kept if is_removable(principal(), connection, row)}
    for row in kept:
        with st.container(horizontal=True, vertical_alignment="center"):
            if pictures and row["media"].startswith("image/"):
                try:
                    small = _thumbnail(row["sha256"], files.content(installation(), row))
                except files.EvidenceError as error:
                    st.error(typed(half(str(error), here.language)))
                else:
                    if small is not None:
                        st.image(small, width=_SMALL)
            st.caption(
                here.text(
                    "edit.evidence_row",
                    name=typed(row["name"]),
                    by=typed(who(row["added_by"], here.text)),
                    at=f"{row['added_at']:%Y-%m-%d}",
                )
            )
            file_button(
                here.text("edit.take"),
                f"evidence {of} {key} {row['evidence']}",
                Download(
                    row["name"],
                    row["media"],
                    lambda row=row: files.content(installation(), row),
                    named_here=False,
                ),
            )
            if row["evidence"] in removable:
                with st.popover(here.text("edit.remove")):
                    _removing(here, int(row["evidence"]))


def _removing(here: Here, number: int) -> None:
    """Why a piece of evidence goes, and the button that takes it away."""
    with st.form(f"remove_evidence_{number}", border=False):
        reason = st.text_input(here.text("edit.remove_reason"), key=f"remove_evidence_{number}_why")
        pressed = st.form_submit_button(here.text("edit.remove_yes"))
    if not pressed:
        return
    try:
        with register().reading() as connection:
            require_removable(principal(), connection, number)
        files.remove(logged_register(), installation(), number, principal().name, reason)
    except LookupError:
        st.error(here.text("edit.gone"))
    except (files.EvidenceError, NotLoggedError, TextTooLongError) as error:
        st.error(typed(half(str(error), here.language)))
    else:
        st.session_state[_DONE] = (here.text("edit.removed"), ())
        st.rerun()


@st.cache_data(max_entries=200, show_spinner=False)
def _thumbnail(digest: str, _content: bytes) -> bytes | None:
    """A photo made small; None of a file that only begins like one, or is absurdly large."""
    try:
        with Image.open(io.BytesIO(_content)) as photo:
            photo.draft("RGB", (2 * _SMALL, 2 * _SMALL))
            upright = ImageOps.exif_transpose(photo).convert("RGB")
            upright.thumbnail((2 * _SMALL, 4 * _SMALL))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    stream = io.BytesIO()
    upright.save(stream, "PNG")
    return stream.getvalue()
