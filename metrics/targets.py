"""Targets: indicator × year × kind of unit × source, from the shipped file; one is in force."""

from __future__ import annotations

from metrics.standards import FOLDER, StandardsError, read_csv

PATH = FOLDER / "targets.csv"


def targets(known: set[str]) -> list[dict]:
    """Rows of ``published.target``. ``known``: keys of the cards; another key is an error.

    Exactly one source is in force for an indicator, year and kind of unit.
    """
    rows, in_force = [], {}
    for line, row in enumerate(read_csv(PATH), 2):
        if row["indicator"] not in known:
            raise StandardsError(f"{PATH.name}, line {line}: there is no indicator {row['indicator']!r}")
        try:
            first, last, value = int(row["from_year"]), int(row["to_year"]), float(row["value"])
        except ValueError as error:
            raise StandardsError(
                f"{PATH.name}, line {line}: {error}; years and values are plain numbers"
            ) from error
        for year in range(first, last + 1):
            target = {
                "indicator": row["indicator"],
                "year": year,
                "unit_kind": row["unit_kind"] or None,
                "unit": None,
                "value": value,
                "source": row["source"],
                "in_force": row["in_force"] == "1",
            }
            rows.append(target)
            if target["in_force"]:
                place = (row["indicator"], year, target["unit_kind"])
                if place in in_force:
                    raise StandardsError(
                        f"{PATH.name}, line {line}: {place} has a second target in force (first on line {in_force[place]})"
                    )
                in_force[place] = line
    return rows
