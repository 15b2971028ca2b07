"""Engine and plain count on the fixed district after every parameter has changed once. Run as a process, prints JSON.

The second values lie in the folder that JICENG_HOME names (see ``tests.spec.dated``).
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace

from tests.property.test_plain_count import FIXED

#: Smaller than the fixed district of the plain count: it is counted three times.
PLAN = replace(FIXED, districts=3)


def told(figures: dict[tuple, tuple]) -> dict[str, tuple]:
    """Places as texts, so that they can be JSON."""
    return {"|".join(map(str, place)): numbers for place, numbers in figures.items()}


def main() -> None:
    from tests.property.districts import tables
    from tests.property.engine import counted, filled
    from tests.property.test_plain_count import differing, plain

    rows = tables(PLAN)
    with filled(rows) as connection:
        engine = counted(connection, PLAN)
    wrong = differing(engine, plain(rows, PLAN))
    json.dump({"engine": told(engine), "wrong": told(wrong)}, sys.stdout)


if __name__ == "__main__":
    main()
