"""The short code under which a case is written on paper, and which of them wait for somebody to enter what
was written there.

A code is nine letters and digits that nobody mistakes for one another (Crockford's 32: no I, L, O, U), read
off a digest of the case's id, so it need be kept nowhere. The last one checks the others: whoever types one
sign wrongly, or two in the wrong order, is told so and reaches no other case.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

from domain.case import CaseBound, CaseOpened
from domain.event import Event
from domain.vocabulary import CaseId

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
SIGNS = 8
"""Before the one that checks them: forty bits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseCode:
    """A case that was opened for paper, and its code."""

    code: str
    case_id: CaseId


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseCodes:
    """Codes that wait, the latest first; `waiting` says how many there are."""

    position: int
    waiting: int
    items: tuple[CaseCode, ...]


def code_of(case_id: UUID) -> str:
    """As it is printed: `ABC-DEF-GHJ`."""
    number = int.from_bytes(hashlib.sha256(b"case code" + case_id.bytes).digest()[:5])
    values = [number >> 5 * each & 31 for each in reversed(range(SIGNS))]
    signs = "".join(_SIGNS[each] for each in (*values, _check(values)))
    return "-".join((signs[:3], signs[3:6], signs[6:]))


def as_printed(typed: str) -> str | None:
    """What somebody typed, as it is printed; None where it is no code, or one mistyped."""
    signs = typed.upper().translate(_READ_AS)
    if len(signs) != SIGNS + 1 or any(each not in _SIGNS for each in signs):
        return None
    *values, check = (_SIGNS.index(each) for each in signs)
    return "-".join((signs[:3], signs[3:6], signs[6:])) if _check(values) == check else None


class IssuedCases:
    """Cases with nobody in them yet, by their code. Fed by `projections.places_index`."""

    def __init__(self) -> None:
        self._waiting: dict[str, CaseId] = {}

    def apply(self, stream: UUID, event: Event) -> None:
        """Take in the next event of a case. One that a request opens is bound in the same append."""
        match event:
            case CaseOpened():
                self._waiting[code_of(stream)] = CaseId(stream)
            case CaseBound():
                self._waiting.pop(code_of(stream), None)
            case _:
                pass

    @property
    def waiting(self) -> dict[str, CaseId]:
        """In the order in which they were opened."""
        return self._waiting


def _check(values: list[int]) -> int:
    """Over the field of 32 elements, with a weight of its own for each place: no single mistake and no two
    signs exchanged leave it as it was.
    """
    total = 0
    for value in reversed(values):
        total = _times_two(total ^ value)
    return total


def _times_two(value: int) -> int:
    """By x, modulo x^5 + x^2 + 1."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 32 else doubled
