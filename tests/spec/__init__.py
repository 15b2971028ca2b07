"""Spec tests: figures counted by hand (see ``harness``)."""
