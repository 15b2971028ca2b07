"""Engine and plain count on the fixed district after every parameter has changed once. Run as a process, prints JSON.

The second values lie in the folder that JICENG_HOME names (see ``tests.spec.dated``).
"""

from __future__ import annotations

import json
import sys


def told(figures: dict[tuple, tuple]) -> dict[str, tuple]:
    """Places as texts, so that they can be JSON."""
    return {"|".join(map(str, place)): numbers for place, numbers in figures.items()}


def main() -> None:
    from tests.property.districts import tables
    from tests.property.engine import counted, filled
    from tests.property.test_plain_count import FIXED, differing, plain

    rows = tables(FIXED)
    with filled(rows) as connection:
        engine = counted(connection, FIXED)
    wrong = differing(engine, plain(rows, FIXED))
    json.dump({"engine": told(engine), "wrong": told(wrong)}, sys.stdout)


if __name__ == "__main__":
    main()
