"""The supervision loop: visits, findings, measures, re-checks, what follows, and by when."""
