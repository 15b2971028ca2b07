"""From source files to rows of the records: recognise, read, parse, check, merge, and take back.

`importing.import_files` is the door; `undoing`, `mapping` and `persons` change what is in force afterwards.
"""
