"""One spec or more for every card, a file for each system."""
