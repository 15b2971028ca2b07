"""A copy of an installation: everything of one moment, checked byte by byte before it is put in force again.

``manifest``   what a copy is of, and the digest of each of its files
``files``      the files of an installation, copied while it is worked with
``dump``       the PostgreSQL database, by its own tools
"""
