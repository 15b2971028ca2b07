"""Which unit has a row about which person: whose rows somebody of the unit may see.

A person's list entry rests on what every unit did for the person, so rows are seen by person, not by the unit that
wrote them. Kept beside the rows and made at each build, for asking twenty tables at each query would take minutes.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_TABLES = text("""
SELECT t.table_name FROM information_schema.tables t
WHERE t.table_schema = 'records' AND t.table_type = 'BASE TABLE' AND 2 = (
    SELECT count(*) FROM information_schema.columns c
    WHERE c.table_schema = 'records' AND c.table_name = t.table_name AND c.column_name IN ('unit', 'person'))
ORDER BY t.table_name""")
# What makes rows that were there someone else's, or another unit's.
_MOVED = text("""
SELECT EXISTS (SELECT 1 FROM records.event WHERE event > :until AND kind <> 'import')
    OR EXISTS (SELECT 1 FROM identity.link WHERE known_from > :until OR known_to > :until)
    OR EXISTS (SELECT 1 FROM records.unit WHERE known_to > :until)""")


def make_acquainted(connection: Connection) -> None:
    """Bring it up to the last event. Rows that are out of force count as well: they were this unit's to see."""
    until = connection.execute(text("SELECT max(event) FROM store.acquainted_until")).scalar()
    now = connection.execute(text("SELECT max(event) FROM records.event")).scalar() or 0
    if until is not None and connection.execute(_MOVED, {"until": until}).scalar_one():
        until = None
    if until is None:
        connection.execute(text("DELETE FROM store.acquainted"))
    for name in connection.execute(_TABLES).scalars().all():
        connection.execute(
            text(
                f'INSERT INTO store.acquainted SELECT DISTINCT unit, person FROM records."{name}"'
                " WHERE unit IS NOT NULL AND known_from > :until ON CONFLICT DO NOTHING"
            ),
            {"until": -1 if until is None else until},
        )
    # A unit that was merged into another one hands its people over, and that one may have been merged too.
    handed_over = text("""
INSERT INTO store.acquainted
SELECT DISTINCT u.successor, a.person FROM store.acquainted a JOIN records.unit u ON u.unit = a.unit
WHERE u.known_to IS NULL AND u.successor IS NOT NULL
ON CONFLICT DO NOTHING""")
    while connection.execute(handed_over).rowcount:
        pass
    connection.execute(text("DELETE FROM store.acquainted_until"))
    connection.execute(text("INSERT INTO store.acquainted_until VALUES (:now)"), {"now": now})
