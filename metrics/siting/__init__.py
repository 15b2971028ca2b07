"""Where the next clinics should be: problems, exact or bounded solutions, and what a proposal would change.

``problem.py`` says who lives where and which sites reach whom. ``covering.py``, ``capacity.py`` and ``median.py`` state
the three questions, ``solving.py`` answers them, ``scenario.py`` evaluates any proposal, computed or made by hand.
"""
