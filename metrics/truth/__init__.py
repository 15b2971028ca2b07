"""Whether records tell what happened: signals that need only the records. Each is a reason to check, never guilt."""

from metrics.truth.rules import Rules, rules_in
from metrics.truth.signals import signals
from metrics.truth.together import combined
from metrics.truth.work import Work

__all__ = ["Rules", "Work", "combined", "rules_in", "signals"]
