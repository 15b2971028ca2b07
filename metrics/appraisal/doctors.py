"""Village doctors found unqualified too often: whom to warn, whose dismissal is due."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from data.register.tables import appraisal_round
from metrics.appraisal.ground import PUBLISHED
from metrics.appraisal.material import Subject
from metrics.appraisal.results import results
from metrics.principal import Principal
from metrics.standards import value_in

WARNING, DISMISSAL = "warning", "dismissal"
#: Periods whose appraisals count one by one, as the cards of village doctors count them too; a year sums them up.
_COUNTED = ("quarter", "half")


def warned_doctors(principal: Principal, connection: Connection, month: int) -> pd.DataFrame:
    """Village doctors found unqualified too often in published quarters, or half-years, of the last months up to ``month``.

    unit, staff_no, times, stage (warning, dismissal), months (of these quarters); after appeals. A quarter counts once,
    by however many sheets. The parameters
    ``dismissal_months``, ``dismissal_count`` and ``warning_count`` say over how long and how often.
    """
    r = appraisal_round.c
    window = select(r.round, r.month).where(
        r.subject == "doctor",
        r.period.in_(_COUNTED),
        r.state == PUBLISHED,
        r.month <= month,
        r.month > month - value_in("dismissal_months", month),
    )
    failed: dict[Subject, dict[int, None]] = {}
    for one, ends in connection.execute(window.order_by(r.month)).all():
        table = results(principal, connection, one, to_reckon=True)
        for row in table[table["final_grade"] == "unqualified"].itertuples():
            failed.setdefault((int(row.unit), row.staff_no), {})[int(ends)] = None
    warn, dismiss = value_in("warning_count", month), value_in("dismissal_count", month)
    found = [
        (unit, staff_no, len(months), DISMISSAL if len(months) >= dismiss else WARNING, tuple(months))
        for (unit, staff_no), months in failed.items()
        if len(months) >= min(warn, dismiss)
    ]
    frame = pd.DataFrame(found, columns=["unit", "staff_no", "times", "stage", "months"])
    return frame.sort_values(["times", "unit", "staff_no"], ascending=[False, True, True], ignore_index=True)
