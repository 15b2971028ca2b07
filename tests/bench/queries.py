"""Twelve indicators as one would write them by hand for DuckDB, at their best: what the engine is measured against.

Written for this district, not for every case: no unit was ever merged here, and constants stand where the
engine reads dated parameters. Each indicator ends in counts (unit, month, n) of a card's part, the same that
the engine keeps in ``published.tally``; ``bench`` checks that they are equal.
"""

from __future__ import annotations

import duckdb

# Cards that the queries answer, a few of each shape: as of a month, within a year, flows.
CARDS = (
    "hr_filing_rate",
    "hr_dynamic_update_rate",
    "fd_contract_rate",
    "fd_paid_amount",
    "el_mgmt_rate",
    "htn_standard_rate",
    "htn_control_rate",
    "ncd_followup_count",
    "op_visits",
    "op_cost_per_visit",
    "op_utilisation_trust",
    "antibiotic_rate",
)

_FOREVER = 99_999

_MACROS = """
CREATE TEMP MACRO month_of(d) AS year(d) * 12 + month(d) - 1;
CREATE TEMP MACRO y0_of(m) AS m - m % 12;
"""

_SHARED = """
CREATE TEMP TABLE calendar AS SELECT unnest(range({first}, {last} + 1))::INT AS m;
CREATE TEMP TABLE years AS
    SELECT m AS y0, make_date(m // 12, 1, 1) AS first_on, make_date(m // 12, 12, 31) AS last_on
    FROM calendar WHERE m % 12 = 0;

CREATE TEMP TABLE record AS
    SELECT person, best.unit, best.left_on, first_on, died_on FROM (
        SELECT person,
            arg_max({{'unit': unit,
                     'left_on': CASE WHEN cancel_reason IN ('died', 'moved') THEN cancelled_on END}},
                    (cancelled_on IS NULL, created_on, row_id)) AS best,
            min(created_on) AS first_on, min(died_on) AS died_on
        FROM records.health_record WHERE known_to IS NULL GROUP BY person)
    WHERE best.unit IS NOT NULL;

CREATE TEMP TABLE stay AS
    WITH managed AS (
        SELECT person, unit, start_on AS first_on, coalesce(end_on, DATE '9999-12-31') AS last_on
        FROM records.residence WHERE known_to IS NULL AND unit IS NOT NULL
        UNION ALL
        SELECT p.person, coalesce(r.unit, p.unit), coalesce(p.arrived_on, CASE
                WHEN r.first_on < p.born_on + INTERVAL '1 year' THEN p.born_on
                ELSE greatest(least(r.first_on, p.entered_on), p.born_on) END)::DATE,
            coalesce(r.left_on, DATE '9999-12-31')
        FROM records.person p LEFT JOIN record r USING (person)
        WHERE p.known_to IS NULL AND p.born_on IS NOT NULL AND coalesce(r.unit, p.unit) IS NOT NULL
          AND p.person NOT IN (SELECT person FROM records.residence WHERE known_to IS NULL)),
    dated AS (
        SELECT m.person, m.unit, m.first_on, p.born_month, p.registered, p.arrived_on,
            least(m.last_on, p.died_on, r.died_on) AS last_on,
            lead(m.first_on) OVER (PARTITION BY m.person ORDER BY m.first_on, m.last_on, m.unit) AS next_on
        FROM managed m JOIN records.person p ON p.person = m.person AND p.known_to IS NULL
        LEFT JOIN record r ON r.person = m.person
        WHERE m.first_on <= least(m.last_on, p.died_on, r.died_on))
    SELECT person, unit, first_on, born_month, registered, arrived_on, month_of(first_on)::INT AS s,
        least(CASE WHEN last_on = DATE '9999-12-31' THEN {forever} ELSE month_of(last_on) END,
              coalesce(month_of(next_on) - 1, {forever}))::INT AS e
    FROM dated
    WHERE s <= e;

CREATE TEMP TABLE resident AS
    SELECT person, unit, born_month, e,
        CASE WHEN NOT registered AND arrived_on IS NOT NULL
             THEN greatest(s, month_of(arrived_on) + 6) ELSE s END AS s
    FROM stay WHERE s <= e AND (registered OR arrived_on IS NULL OR greatest(s, month_of(arrived_on) + 6) <= e);

CREATE TEMP TABLE resident_year AS
    SELECT person, unit, born_month, y0, greatest(s, y0) AS s,
        coalesce(lead(s) OVER (PARTITION BY person, y0 ORDER BY s) - 1, y0 + 11) AS e
    FROM resident JOIN years ON s <= y0 + 11 AND e >= y0;

CREATE TEMP MACRO united(spans) AS TABLE
    SELECT person, min(s) AS s, max(e) AS e FROM (
        SELECT *, sum(opens) OVER (PARTITION BY person ORDER BY s, e, opens DESC ROWS UNBOUNDED PRECEDING) AS island
        FROM (SELECT *, CASE WHEN s <= 1 + max(e) OVER (
                  PARTITION BY person ORDER BY s, e ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                  THEN 0 ELSE 1 END AS opens FROM query_table(spans)))
    GROUP BY person, island;

CREATE TEMP TABLE record_span AS
    SELECT person, electronic, month_of(created_on) AS s,
        CASE WHEN cancelled_on IS NULL THEN {forever}
             WHEN cancel_reason IN ('died', 'moved') THEN month_of(cancelled_on)
             ELSE month_of(cancelled_on) - 1 END AS e
    FROM records.health_record WHERE known_to IS NULL AND s <= e;
CREATE TEMP TABLE recorded AS FROM united('record_span');
CREATE TEMP VIEW usable_span AS FROM record_span WHERE electronic IS NOT FALSE;
CREATE TEMP VIEW record_year_span AS
    SELECT person, month_of(created_on) AS s,
        CASE WHEN cancelled_on IS NULL THEN {forever}
             WHEN cancel_reason IN ('died', 'moved') THEN y0_of(month_of(cancelled_on)) + 11
             ELSE month_of(cancelled_on) - 1 END AS e
    FROM records.health_record WHERE known_to IS NULL AND s <= e;
CREATE TEMP TABLE recorded_in_year AS FROM united('record_year_span');
"""

_ELDERS = """
CREATE TEMP TABLE elder AS
    SELECT person, unit, s, e FROM resident_year WHERE born_month + 65 * 12 <= y0 + 11;
CREATE TEMP TABLE complete_check AS
    SELECT person, min(month) AS s, y0_of(month) + 11 AS e FROM records.checkup
    WHERE known_to IS NULL AND complete GROUP BY person, y0_of(month);
"""

_CONTRACTS = """
CREATE TEMP TABLE contract_span AS
    SELECT person, month_of(start_on) AS s,
        least(month_of(end_on + 1) - 1, coalesce(month_of(stopped_on) - 1, {forever})) AS e
    FROM records.contract WHERE known_to IS NULL AND s <= e;
CREATE TEMP TABLE contracted AS FROM united('contract_span');
"""

_PATIENTS = """
CREATE TEMP VIEW enrol_span AS
    SELECT person, month_of(start_on) AS s, coalesce(month_of(end_on), {forever}) AS e
    FROM records.enrolment WHERE known_to IS NULL AND programme = 'htn' AND s <= e;
CREATE TEMP TABLE enrolled AS FROM united('enrol_span');
CREATE TEMP TABLE patient AS
    SELECT person, unit, greatest(enrolled.s, stay.s) AS s, least(enrolled.e, stay.e) AS e
    FROM enrolled JOIN stay USING (person)
    WHERE greatest(enrolled.s, stay.s) <= least(enrolled.e, stay.e);
CREATE TEMP TABLE patient_year AS
    SELECT person, unit, y0, greatest(s, y0) AS s,
        coalesce(lead(s) OVER (PARTITION BY person, y0 ORDER BY s) - 1, y0 + 11) AS e
    FROM patient JOIN years ON s <= y0 + 11 AND e >= y0;

CREATE TEMP TABLE met AS
    WITH contact AS (
        SELECT person, y0_of(month) AS y0, list_sort(list(DISTINCT day)) AS days FROM records.followup
        WHERE known_to IS NULL AND programme = 'htn' AND mode IN ('clinic', 'station', 'community', 'home')
        GROUP BY ALL),
    checked AS (
        SELECT person, y0_of(month) AS y0, min(month) AS s FROM records.checkup
        WHERE known_to IS NULL GROUP BY ALL),
    since AS (
        SELECT person, y0, years.first_on, last_on, min(greatest(e.start_on, stay.first_on)) AS since_on
        FROM records.enrolment e JOIN stay USING (person) JOIN years
            ON greatest(month_of(start_on), s) <= y0 + 11
            AND least(coalesce(month_of(end_on), {forever}), e) >= greatest(month_of(start_on), s, y0)
        WHERE e.known_to IS NULL AND programme = 'htn' GROUP BY ALL),
    owed AS (
        SELECT person, y0, CASE WHEN since_on <= first_on THEN 4
            ELSE ceil(4 * (last_on - since_on + 1) / 365.0)::INT END AS n
        FROM since)
    SELECT person, y0, greatest(month_of(days[greatest(n, 1)]), checked.s) AS s, y0 + 11 AS e
    FROM owed JOIN contact USING (person, y0) JOIN checked USING (person, y0) WHERE len(days) >= greatest(n, 1);

CREATE TEMP TABLE at_goal AS
    SELECT person, y0, s, e FROM (
        SELECT f.person, y0_of(f.month) AS y0, f.month AS s, day, sbp, dbp,
            coalesce(lead(f.month) OVER (PARTITION BY f.person, y0_of(f.month)
                ORDER BY day, coalesce(f.entered_on, day), f.row_id) - 1, y0_of(f.month) + 11) AS e
        FROM records.followup f WHERE f.known_to IS NULL AND programme = 'htn')
    JOIN records.person p USING (person)
    WHERE p.known_to IS NULL AND s <= e AND sbp BETWEEN 60 AND 300 AND dbp BETWEEN 30 AND 200 AND sbp > dbp
      AND dbp < 90 AND sbp < CASE WHEN p.born_on + INTERVAL '65 years' <= day THEN 150 ELSE 140 END;
"""

_SERVED = """
CREATE TEMP TABLE seen AS
    SELECT person, min(month) AS s, y0_of(month) + 11 AS e FROM records.encounter
    WHERE known_to IS NULL GROUP BY person, y0_of(month);
CREATE TEMP TABLE served AS
    SELECT person, min(s) AS s, e FROM (
        FROM seen
        UNION ALL SELECT person, month, y0_of(month) + 11 FROM records.checkup WHERE known_to IS NULL
        UNION ALL SELECT person, month, y0_of(month) + 11 FROM records.followup WHERE known_to IS NULL
        UNION ALL SELECT person, month, y0_of(month) + 11 FROM records.referral WHERE known_to IS NULL
        UNION ALL SELECT person, month, y0_of(month) + 11 FROM records.service
            WHERE known_to IS NULL AND kind <> 'update')
    GROUP BY person, e;
CREATE TEMP TABLE usable AS
    SELECT person, unit, greatest(u.s, stay.s) AS s, least(u.e, stay.e) AS e
    FROM united('usable_span') u JOIN stay USING (person)
    WHERE greatest(u.s, stay.s) <= least(u.e, stay.e);
"""


def _spans(source: str) -> str:
    """Counts of spans by unit and month."""
    return f"""
        SELECT unit, m, sum(n)::BIGINT FROM (
            SELECT unit, s, e, count(*) AS n FROM (
                SELECT unit, greatest(s, {{first}}) AS s, least(e, {{last}}) AS e FROM ({source}))
            WHERE s <= e GROUP BY ALL)
        JOIN calendar ON m BETWEEN s AND e GROUP BY unit, m"""


def _within(inner: str, outer: str, on: str = "person") -> str:
    """The part of inner spans within outer ones, at the outer's unit."""
    return f"""SELECT o.unit, greatest(i.s, o.s) AS s, least(i.e, o.e) AS e
        FROM {outer} o JOIN {inner} i USING ({on}) WHERE greatest(i.s, o.s) <= least(i.e, o.e)"""


def _events(table: str, what: str, where: str = "true", month: str = "month") -> str:
    return f"""SELECT unit, {month} AS m, {what} FROM records.{table}
        WHERE known_to IS NULL AND unit IS NOT NULL AND {month} BETWEEN {{first}} AND {{last}} AND {where}
        GROUP BY ALL"""


_COUNTS = {
    ("hr_filing_rate", "numerator"): _spans(_within("recorded", "resident")),
    ("hr_filing_rate", "listed"): _spans("SELECT * FROM resident"),
    ("hr_dynamic_update_rate", "numerator"): _spans(_within("served", "usable")),
    ("hr_dynamic_update_rate", "listed"): _spans("SELECT * FROM usable"),
    ("fd_contract_rate", "numerator"): _spans(_within("contracted", "resident")),
    ("fd_paid_amount", "numerator"): _events(
        "contract", "sum(fee)::BIGINT", "fee > 0", "month_of(signed_on)"
    ),
    ("el_mgmt_rate", "numerator"): _spans(
        """SELECT o.unit, greatest(c.s, r.s, o.s) AS s, least(c.e, r.e, o.e) AS e
           FROM elder o JOIN complete_check c USING (person) JOIN recorded_in_year r USING (person)
           WHERE greatest(c.s, r.s, o.s) <= least(c.e, r.e, o.e)"""
    ),
    ("el_mgmt_rate", "listed"): _spans("SELECT * FROM elder"),
    ("htn_standard_rate", "numerator"): _spans(_within("met", "patient_year", "person, y0")),
    ("htn_standard_rate", "listed"): _spans("SELECT * FROM patient_year"),
    ("htn_control_rate", "numerator"): _spans(_within("at_goal", "patient_year", "person, y0")),
    ("ncd_followup_count", "numerator"): _events("followup", "count(*)", "programme IN ('htn', 'dm')"),
    ("op_visits", "numerator"): _events("encounter", "count(*)", "kind = 'outpatient'"),
    # Numerator and denominator of a flow in one pass.
    ("op_cost_per_visit", "numerator+denominator"): _events(
        "encounter", "sum(fee)::BIGINT, count(fee)", "kind = 'outpatient'"
    ),
    ("op_utilisation_trust", "numerator"): _spans(_within("seen", "resident_year")),
    ("op_utilisation_trust", "listed"): _spans("SELECT * FROM resident_year"),
    ("antibiotic_rate", "numerator+denominator"): _events(
        "prescription", "count(*) FILTER (antibiotic), count(antibiotic)"
    ),
}

# The parts of cards that the queries count.
PARTS = {(card, part) for card, parts in _COUNTS for part in parts.split("+")}

# Every column that the queries read: scanning them once is the floor.
_READ = {
    "person": "person, unit, born_on, born_month, entered_on, arrived_on, registered, died_on",
    "residence": "person, unit, start_on, end_on",
    "health_record": "person, unit, row_id, created_on, cancelled_on, cancel_reason, died_on, electronic",
    "contract": "person, unit, start_on, end_on, stopped_on, signed_on, fee",
    "enrolment": "person, programme, start_on, end_on",
    "followup": "person, unit, programme, row_id, day, entered_on, month, mode, sbp, dbp",
    "checkup": "person, month, complete",
    "encounter": "person, unit, kind, month, fee",
    "prescription": "unit, month, antibiotic",
    "service": "person, month, kind",
    "referral": "person, month",
}


def by_hand(connection: duckdb.DuckDBPyConnection, first: int, last: int) -> dict[tuple[str, str], dict]:
    """(card, part) -> {(unit, month): n} for the months from ``first`` to ``last``."""
    values = {"first": first, "last": last, "forever": _FOREVER}
    connection.execute(_MACROS)
    for script in (_SHARED, _ELDERS, _CONTRACTS, _PATIENTS, _SERVED):
        connection.execute(script.format(**values))
    counts = {}
    for (card, parts), query in _COUNTS.items():
        unit, month, *sums = connection.execute(query.format(**values)).fetchnumpy().values()
        places = list(zip(unit.tolist(), month.tolist(), strict=True))
        for part, n in zip(parts.split("+"), sums, strict=True):
            counts[card, part] = {place: k for place, k in zip(places, n.tolist(), strict=True) if k}
    return counts


def scan(connection: duckdb.DuckDBPyConnection) -> int:
    """Read every needed column once, and no more than that: hash them all into one number."""
    total = 0
    for table, columns in _READ.items():
        rows = f"SELECT bit_xor(hash({columns})) FROM records.{table} WHERE known_to IS NULL"
        total ^= connection.execute(rows).fetchone()[0]
    return total
