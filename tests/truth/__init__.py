"""Signals of truth on planted fabrications.

A generator of districts (``tuning.py``; ``withheld*.py``, written by people who have not read ``metrics/truth``) gives

    districts(seed: int, count: int) -> list[tuple[Work, set[tuple[int, str]]]]

the same for the same seed: the frames of ``metrics.truth.Work`` (``metrics/truth/work.py`` says their columns; nothing else of the detector
need be read) and who fabricated: (unit, doctor), or (unit, '') where all of a unit did, in the same way. ``Work.persons.phone``
tells telephones apart by numbers (-1: none). ``evaluation.judge`` adds up what the signals find. Who fabricates has at least 60 invented
contacts, or a fifth of a unit's persons; honest doctors and units differ, and round their readings.
Nobody changes a signal because of what a withheld generator holds; ``python -m tests.truth.evaluation withheld_fresh 50`` judges any
module of this folder.
"""
