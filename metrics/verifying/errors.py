"""What of a check cannot be done, in both languages."""

from __future__ import annotations

from data.words import LANGUAGES
from metrics.sentences import sentences


class VerifyError(Exception):
    """What cannot be done and what to do instead: ``error[language]``."""

    def __init__(self, reason: str, **values: object) -> None:
        self.reason = reason
        self._told = {
            language: sentences(language)(f"verify.error.{reason}", **values) for language in LANGUAGES
        }
        super().__init__("\n".join(self._told.values()))

    def __getitem__(self, language: str) -> str:
        return self._told[language]
