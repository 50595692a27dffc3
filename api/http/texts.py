"""A problem's words in both languages, and which one a reader wants: Italian unless English is preferred.

Texts name what happened and what to do. None has room for a value that a client sent.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

_QUALITY = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")


class Language(enum.StrEnum):
    """The languages of the doors."""

    IT = "it"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """What happened and what to do, in one language."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Text:
    """One problem: its status, its words, and the field of the request that it is about, if one."""

    status: int
    it: Words
    en: Words
    pointer: str | None = None

    def words(self, language: Language) -> Words:
        return self.it if language is Language.IT else self.en


def preferred(accept_language: str | None) -> Language:
    """From an `Accept-Language` header; whatever cannot be understood means Italian."""
    if not accept_language or len(accept_language) > 200:
        return Language.IT
    weights = {Language.IT: 0.0, Language.EN: 0.0}
    for part in accept_language.split(","):
        tag, _, parameter = part.strip().partition(";")
        primary = tag.split("-", 1)[0].lower()
        if primary in weights:
            language = Language(primary)
            weights[language] = max(weights[language], _weight(parameter))
    return Language.EN if weights[Language.EN] > weights[Language.IT] else Language.IT


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    return float(value) if _QUALITY.fullmatch(value) is not None else 0.0
