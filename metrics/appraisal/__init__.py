"""Appraisal: scoring sheets, scores that explain themselves, rounds that freeze, what would win points back."""
