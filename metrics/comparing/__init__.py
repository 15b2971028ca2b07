"""Units side by side: what of a difference is more than chance, and whether there is a rank.

Everything here is computed from figures as they are shown to whoever asks (``small_numbers.shown_to``), never from the store: what
is hidden is NaN already, and nothing that comes out can tell more than what went in. ``docs/statistics.md`` says the methods.
"""
