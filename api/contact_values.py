"""What may be kept at a desk: a telephone number, or what a zone means. Form alone: no value of the vault has
room for an address of a house.

An EXERCISE can reach nobody: its numbers begin with `+39 000`, as no Italian number does, and a REAL log
takes none of those. Called by the network file and the doors.
"""

from __future__ import annotations

import re

from domain.vocabulary import LogKind

LONGEST_MEANING = 400
NOBODY = "+39 000"
_TELEPHONE = re.compile(r"\+?[0-9](?: ?[0-9]){2,19}")


def is_telephone(text: str) -> bool:
    """Whether it is a telephone number and nothing else: digits, single spaces, a leading plus."""
    return _TELEPHONE.fullmatch(text) is not None


def fits_log(number: str, kind: LogKind) -> bool:
    """Whether a number may be kept in a log of this kind: an exercise's rings nowhere, a real one's does."""
    return number.startswith(NOBODY) is (kind is LogKind.EXERCISE)


def is_meaning(text: str) -> bool:
    """Whether it is one line of text that says something."""
    return bool(text.strip()) and len(text) <= LONGEST_MEANING and text.isprintable()
