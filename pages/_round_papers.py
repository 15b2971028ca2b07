"""What can be taken away of an appraisal: the circular on it, scores and ranks, a subject's lines, doctors to be warned."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from exports import papers
from metrics.appraisal import rounds
from metrics.sentences import sentences
from pages._carry import Line, Made
from pages._page import Here
from pages._paper_lines import WORD, table
from pages._ranking import ranking_frame
from pages._rounds import Round
from pages._takeaway import csv_file


def round_lines(
    here: Here, found: Round, rows: pd.DataFrame, warned: Callable[[], pd.DataFrame]
) -> list[Line]:
    """The lines of a round as a whole; ``rows``: who is shown, ``warned``: doctors found unqualified too often."""
    text = here.text
    ranked = table(
        f"appraisal round {found.number} {here.view.values['unit']}",
        csv_file(
            here,
            f"{text('appraisal.title')}_{found.number}",
            lambda: ranking_frame(here, found, rows),
            persons=len(rows) if found.of_doctors else None,
        ),
    )
    lines = [
        _circular(here, found),
        Line(
            text("carry.ranking"),
            text("carry.ranking_about"),
            () if rows.empty else (ranked,),
            text("carry.no_ranking") if rows.empty else "",
        ),
    ]
    return [*lines, _doctors(here, found, warned())] if found.of_doctors else lines


def subject_lines(here: Here, found: Round, code: str, frame: Callable[[], pd.DataFrame]) -> list[Line]:
    """The lines of one subject of a round."""
    text = here.text
    scores = table(
        f"appraisal lines of round {found.number} {code}",
        csv_file(
            here,
            f"{text('appraisal.title')}_{found.number}_{code.replace('/', '_')}",
            frame,
            persons=1 if found.of_doctors else None,
        ),
    )
    return [_circular(here, found), Line(text("carry.lines"), text("carry.lines_about"), (scores,))]


def _circular(here: Here, found: Round) -> Line:
    """A circular is written on a published round of institutions, whoever is looked at: it is the bureau's."""
    text, number = here.text, found.number
    why_not = ""
    if found.of_doctors:
        why_not = text("carry.circular_doctors")
    elif found.is_draft:
        why_not = text("carry.circular_draft")
    elif found.row["state"] != rounds.PUBLISHED:
        why_not = text("carry.circular_withdrawn")
    made = Made(WORD, f"circular of round {number}", lambda desk, _: papers.circular_paper(desk, number))
    return Line(text("carry.circular"), text("carry.circular_about"), () if why_not else (made,), why_not)


def _doctors(here: Here, found: Round, warned: pd.DataFrame) -> Line:
    text = here.text

    def frame() -> pd.DataFrame:
        return pd.DataFrame(
            {
                text("appraisal.subject"): [here.name_of(int(unit)) for unit in warned["unit"]],
                text("appraisal.staff_no"): warned["staff_no"].tolist(),
                text("appraisal.times"): warned["times"].tolist(),
                text("appraisal.stage"): [
                    sentences(here.language)(f"appraisal.doctor.{row.stage}", times=row.times)
                    for row in warned.itertuples()
                ],
            }
        )

    file = table(
        f"warned doctors of round {found.number}",
        csv_file(
            here,
            f"{text('appraisal.tab_doctors')}_{found.number}",
            frame,
            persons=len(warned),
        ),
    )
    return Line(
        text("carry.doctors"),
        text("carry.doctors_about"),
        () if warned.empty else (file,),
        text("carry.no_doctors") if warned.empty else "",
    )
