"""How fast the build and the pages are: ``python3 manage.py bench``. What it prints is explained in ``docs/speed.md``."""
