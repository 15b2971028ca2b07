"""Change over time: control charts of monthly figures, marked events, and notices of changes that last."""
