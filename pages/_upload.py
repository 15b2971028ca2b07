"""Taking in files from the page, for an installation of one's own."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from data.intake.importing import import_files
from data.intake.reading import SUFFIXES
from data.store import StoreError
from metrics.build import build
from pages._open import installation, principal, store
from pages._page import Here

_DONE = "imported"


def upload(here: Here) -> None:
    """A place to drop files and a button that imports them and computes; the demo takes none."""
    text = here.text
    if here.is_demo:
        st.caption(text("data.demo_import"))
        return
    if _DONE in st.session_state:
        st.success(text("data.done", n=st.session_state.pop(_DONE)))
    types = sorted(suffix.lstrip(".") for suffix in SUFFIXES)
    files = st.file_uploader(text("data.upload"), types, accept_multiple_files=True, key="upload")
    if not (files and st.button(text("data.upload_button"), type="primary")):
        return
    try:
        _take_in(here, files)
    except StoreError as error:  # another import is running, or the disk is full: nothing has changed
        st.error(text("data.failed", why=error))
        return
    st.session_state[_DONE] = len(files)
    st.rerun()


def _take_in(here: Here, files: Sequence) -> None:
    """Import the files as one batch, then build; originals that are needed later the intake keeps."""
    text = here.text
    bar = st.progress(0.0)
    with tempfile.TemporaryDirectory(dir=installation().folder) as name:
        for number, file in enumerate(files):
            folder = Path(name) / str(number)  # two files may have one name
            folder.mkdir()
            (folder / Path(file.name).name).write_bytes(file.getbuffer())
        import_files(
            store(),
            installation(),
            [Path(name)],
            by=principal().name,
            progress=lambda step, done, total: bar.progress(
                0.5 * done / max(1, total), text("data.working", what=step)
            ),
        )
    build(
        store(),
        installation(),
        lambda what, share: bar.progress(
            0.5 + 0.5 * share, text("data.working", what=text("data.computing"))
        ),
    )
    bar.empty()
