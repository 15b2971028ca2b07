"""Taking in files from the page, for an installation of one's own, and telling how far that is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from data.cleaning import file_name
from data.intake.reading import SUFFIXES
from metrics import ledger
from metrics.units import count
from pages import _job
from pages._commands import commands
from pages._errors import told
from pages._open import ask_records
from pages._page import Here
from pages._store import installation, store
from pages._text import Text
from pages._who import principal

_EVERY_S = 1.0  # how often the page asks how far the work is
_LOOK = {
    _job.UPDATED: st.success,
    _job.NOTHING_YET: st.info,
    _job.NOT_IMPORTED: st.error,
    _job.NOT_BUILT: st.warning,
}


def upload(here: Here) -> None:
    """A place to drop files and a button that imports them and computes; the demo takes none."""
    text = here.text
    if here.is_demo:
        st.caption(text("data.demo_import"))
        commands(here, "python3 manage.py init")
        return
    job = _job.last(installation())
    if job is not None and not job.ended:
        watch(text)
        return
    ended(here)
    # A new key empties the box once its files are taken.
    key = f"upload_{job.began_at if job else 0}"
    types = sorted(suffix.lstrip(".") for suffix in SUFFIXES)
    files = st.file_uploader(text("data.upload"), types, accept_multiple_files=True, key=key)
    if files and st.button(text("data.upload_button"), type="primary"):
        principal().require("import")
        folder = _laid_down(files)
        _job.start(store(), installation(), folder, len(files), principal())
        st.rerun()


def catch_up(here: Here) -> None:
    """Where records are newer than figures: that they are, and what brings the figures up to date."""
    text = here.text
    st.warning(text("data.behind"))
    if here.is_demo:
        commands(here, "python3 manage.py build")
    elif st.button(text("data.compute"), type="primary"):
        principal().require("import")
        _job.start(store(), installation(), None, 0, principal())
        st.rerun()


def ended(here: Here) -> None:
    """How the last work ended, where this server has done any."""
    job = _job.last(installation())
    if job is None or not job.ended:
        return
    left = left_over(here.text, _newest()) if job.files and job.ended == _job.UPDATED else ""
    look = st.warning if left else _LOOK[job.ended]
    look(_ending(job, here.text) + left + (here.text("data.left_see") if left else ""))
    if job.ended == _job.NOT_BUILT:
        commands(here, "python3 manage.py build")


def _newest() -> pd.DataFrame:
    """The newest batch; empty for whoever brings no files in."""
    return ask_records(ledger.batches, most=1) if principal().may("import") else pd.DataFrame()


def left_over(text: Text, files: pd.DataFrame) -> str:
    """How many rows of some files count in no figure, because they wait or were refused; "" where none is left over."""
    waiting, refused = (int(files[name].sum()) if len(files) else 0 for name in ("waiting", "rejected"))
    return (
        text("data.left_over", waiting=count(waiting), refused=count(refused)) if waiting or refused else ""
    )


def under_way() -> bool:
    """Whether files are being taken in, or figures computed, by this server."""
    job = _job.last(installation())
    return job is not None and not job.ended


def _laid_down(files: Sequence) -> Path:
    """The files in a folder of their own; two may have one name."""
    folder = _job.staging(installation())
    for number, file in enumerate(files):
        (folder / str(number)).mkdir()
        (folder / str(number) / file_name(file.name)).write_bytes(file.getbuffer())
    return folder


@st.fragment(run_every=_EVERY_S)
def watch(text: Text) -> None:
    """How far the work is; at its end the whole page is drawn anew."""
    job = _job.last(installation())
    if job is None or job.ended:
        st.rerun()
    what = job.step or text("data.computing")
    st.progress(min(1.0, job.share), text("data.working", what=what))
    st.caption(text("data.may_leave"))


def _ending(job: _job.Job, text: Text) -> str:
    why = "" if job.error is None else told(job.error, text)
    key = job.ended if job.files or job.ended != _job.UPDATED else "computed"
    return text(f"data.ended.{key}", n=job.files, at=f"{job.began_at:%Y-%m-%d %H:%M}", why=why)
