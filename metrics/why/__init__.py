"""Why a figure changed: the difference of two figures of one card and unit, taken apart into causes that add up to it exactly.

Each cause has a number of the numerator and of the denominator, and the causes' numbers add up to the difference by themselves. What
each does to the value is its Shapley share (``metrics.statistics.splitting``), in fractions: nothing is left over.

services     the same people: more of them count, or fewer
denominator  who is owed: who was born or came, who died or left; the approved population
units        people who are listed at another unit now, or were before: they moved, or their unit was merged; of events and
             things what stood at a merged unit before (``merging``)
late         what was entered, or first known, after the month's report day
rewritten    people of whom a row that was reported has been changed or withdrawn since (a month then and now)
definition   another share or kind of the approved population is divided by
parameters   a dated parameter of the rule was changed: the later figure is counted as if it had not been, and the earlier one as if it had
             been as long before it (``anew``). One cause each; every choice of old and new values is counted, of up to three, beyond
             which several are one cause. Numbers are fractions then: every cause has the mean of what it does by all these values

``asking.py`` is the question; ``months.py`` takes two months apart, ``reported.py`` a month and what was reported of it; ``reading.py`` reads whose rows
make up a figure, in whatever state of knowledge; ``parameters.py`` tells which were changed and which are told
apart, ``dated.py`` by which values the months of either figure count; ``sharing.py`` shares the difference out.
"""
