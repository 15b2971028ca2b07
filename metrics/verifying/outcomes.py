"""What can come of asking somebody, and what each says of the record. Declared here and nowhere else.

Only an answer tells: confirmed is a true record, denied a false one. Everything else is not known: who was not reached, whose
number is wrong, who refuses, has moved away or died. A wrong number is a fault of the register, not proof that nothing was done;
whoever died or moved away before the day of the service is entered as denied, as the page says.
"""

from __future__ import annotations

from collections.abc import Iterable

from metrics.statistics import sampling

CONFIRMED, DENIED, NOT_REACHED = "confirmed", "denied", "not_reached"
WRONG_NUMBER, REFUSED, GONE = "wrong_number", "refused", "gone"

#: outcome -> what it is to the estimate (``metrics.statistics.sampling``), in the order in which they are offered.
OUTCOMES: dict[str, str] = {
    CONFIRMED: sampling.CONFIRMED,
    DENIED: sampling.DENIED,
    NOT_REACHED: sampling.NOT_REACHED,
    WRONG_NUMBER: sampling.WRONG_NUMBER,
    REFUSED: sampling.NOT_REACHED,
    GONE: sampling.NOT_REACHED,
}
ANSWERS = (CONFIRMED, DENIED)


def as_told(outcomes: Iterable[str | None]) -> list[str]:
    """Outcomes as the estimate takes them; who was not asked yet is not known."""
    return [sampling.NOT_REACHED if one is None else OUTCOMES[one] for one in outcomes]
