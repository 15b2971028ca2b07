"""Checking by phone or at home whether what a figure counts was done: a drawn sample, its answers, the true rate.

``planning.py`` how many and where; ``frame.py``, ``risk.py`` who is counted and how likely it is wrong; ``drawing.py`` the draw;
``book.py`` answers in the register; ``people.py`` who they are; ``results.py`` the true rate; ``points.py``, ``money.py``
what it would do to both; ``reading.py`` a filled-in sheet.
"""
