"""The register: what people write in the product, with versions and history."""

from __future__ import annotations

from data.register.book import (
    EditedMeanwhileError,
    Register,
    TextTooLongError,
    add,
    add_many,
    change,
    exists,
    history_of,
    key_of,
    next_number,
    note,
    open_register,
)
from data.small_database import DatabaseBusyError as RegisterBusyError

__all__ = [
    "EditedMeanwhileError",
    "Register",
    "RegisterBusyError",
    "TextTooLongError",
    "add",
    "add_many",
    "change",
    "exists",
    "history_of",
    "key_of",
    "next_number",
    "note",
    "open_register",
]
