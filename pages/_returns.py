"""Files to take away from the data page: refused rows with their reasons, and empty templates."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from data.intake.rejects import returned_file
from data.intake.templates import template
from exports.download import Download
from pages._open import layouts
from pages._page import Here
from pages._store import installation, store
from pages._takeaway import file_button
from pages._who import principal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MEDIA = {"xlsx": XLSX, "csv": "text/csv"}
_OURS = "plain"  # the family of layouts that we offer templates of


def returns(here: Here, files: pd.DataFrame) -> None:
    """The original of a file with the reasons beside its rows: made when asked for, it may be large."""
    text = here.text
    refused = files[(files["rejected"] > 0) | (files["waiting"] > 0)]
    if refused.empty:
        return
    names = dict(zip(refused["file"].astype(int), refused["name"], strict=True))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            text("data.returned"), list(names), format_func=names.__getitem__, key="returned", width=460
        )
        if st.button(text("data.prepare")):
            principal().require("import")
            made = returned_file(store(), installation(), chosen, here.language)
            media = _MEDIA[made.name.rpartition(".")[2]]
            file_button(
                text("data.take", name=made.name),
                f"returned file {chosen}",
                Download(
                    made.name,
                    media,
                    lambda: made.content,
                    {"file_number": int(chosen), "rows": made.rows},
                    named_here=False,
                ),
                right="import",
            )


def templates(here: Here) -> None:
    """An empty form of each of our own layouts."""
    text = here.text
    ours = {name: layout for name, layout in layouts().items() if layout.system == _OURS}
    with st.expander(text("data.templates")), st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            text("data.layout"),
            sorted(ours),
            format_func=lambda name: ours[name].words[here.language],
            key="template",
            width=320,
        )
        layout = ours[chosen]
        file_button(
            text("data.take_template"),
            f"template {chosen}",
            Download(f"{layout.words[here.language]}.xlsx", XLSX, lambda: template(layout, here.language)),
            right="import",
        )
