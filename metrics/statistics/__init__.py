"""Statistics, pure: arrays in, arrays or small dataclasses out. No database, no card, no page, no word in two languages.

One statistic a module; `docs/statistics.md` says in plain words what each does and where it comes from. Throughout:

- a share is 0..1, a rate is a count divided by what it is counted over, months are positions in an array;
- what is not known is NaN and stays NaN: nothing here makes a number of nothing;
- ``sign`` says what is better: 1 more, -1 less, 0 neither;
- a confidence is between 0 and 1 (0.95) and always an argument.
"""
