"""Money for public-health services: what is due, what is paid in advance, what the appraisal settles."""
