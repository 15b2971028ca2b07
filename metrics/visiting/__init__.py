"""Whom to visit this week so that most gaps close with fewest visits: one unit, one week."""
