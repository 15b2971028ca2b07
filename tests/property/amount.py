"""How many examples a property gets: few by default, more under the profile ``long``."""

from __future__ import annotations

from hypothesis import Phase, settings

_USUAL = 20  # examples of the default profile


def examples(few: int) -> settings:
    """``few`` examples by default. Shrinking is left to the long profile: here each example takes seconds."""
    usual = settings().max_examples <= _USUAL
    phases = (Phase.explicit, Phase.generate) if usual else tuple(Phase)
    return settings(max_examples=few * max(1, settings().max_examples // _USUAL), phases=phases)
