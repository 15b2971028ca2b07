"""Charts and maps: indicator frames in, figures and decks out. Nothing here knows Streamlit."""
