"""A root in a form that one person can read to another over the telephone. Pure.

Four lines of sixteen hexadecimal digits in groups of four, each with its number and a check: the remainder by
97 of the line's number and digits, read as one hexadecimal number. As 97 is prime and divides neither a
digit's difference nor fifteen times one, a wrong digit, two neighbours exchanged and two lines exchanged are
always found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ledger.evidence.tree.merkle import HASH_BYTES

LINES, DIGITS = 4, 16
_MODULUS = 97
_spelled = re.compile(r"(?:^|\s)([1-4])\)\s+((?:[0-9a-fA-F]{4}\s+){3}[0-9a-fA-F]{4})\s+\[([0-9]{2})\]").search


def spelled(root: bytes) -> tuple[str, ...]:
    """The lines of a root (32 bytes)."""
    assert len(root) == HASH_BYTES
    digits = root.hex()
    parts = [digits[at : at + DIGITS] for at in range(0, len(digits), DIGITS)]
    return tuple(_line(number, part) for number, part in enumerate(parts, start=1))


def check_of(number: int, digits: str) -> int:
    """Of the line with this number."""
    return int(f"{number}{digits}", 16) % _MODULUS


def root_spelled(lines: Iterable[str]) -> bytes | None:
    """The root that four lines among these spell; None where one is missing or its check is wrong."""
    found: dict[int, str] = {}
    for line in lines:
        match = _spelled(line)
        if match is None:
            continue
        number, digits = int(match[1]), "".join(match[2].split())
        if check_of(number, digits) != int(match[3]) or found.get(number, digits) != digits:
            return None
        found[number] = digits
    if len(found) < LINES:
        return None
    return bytes.fromhex("".join(found[number] for number in sorted(found)))


def are_spelled(lines: Iterable[str]) -> bool:
    """Whether any of these is such a line."""
    return any(_spelled(line) for line in lines)


def _line(number: int, digits: str) -> str:
    groups = " ".join(digits[at : at + 4] for at in range(0, DIGITS, 4))
    return f"{number}) {groups} [{check_of(number, digits):02}]"
