"""Where a year-to-date figure is heading: its range at the year's end, and who can still be reached."""
