"""The register: what people write in the product, with versions and history."""

from __future__ import annotations

from data.register.book import EditedMeanwhileError, Register, add, change, note, open_register

__all__ = ["EditedMeanwhileError", "Register", "add", "change", "note", "open_register"]
