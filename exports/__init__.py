"""Exports: indicator frames in, bytes out; and the one function through which everything leaves."""
