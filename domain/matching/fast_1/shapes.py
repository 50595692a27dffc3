"""Houses by what is free in which of their units: those that are alike share a shape, and what is found out
for one of them holds for all.

Kept by `index`, read by `together`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

Free = tuple[int, int, int]
"""All places of an exclusive unit (0: a shared one), free beds, free cots."""
Shape = tuple[tuple[int, Free], ...]
"""Each unit of a house, by how many were registered between the first and it, with what is free in it."""
Chosen = tuple[bool, int, tuple[int, ...]]
"""Whether something is to be confirmed, the places to spare, and which."""

CLOSE = 8
"""Units of a house that lie within so many registrations are looked at all at once."""
_MANY = 1 << 16


class Shapes:
    """Of each house, by its number."""

    def __init__(self) -> None:
        self.of: list[int] = []
        """The number of its shape."""
        self.known: list[Shape] = []
        """By their numbers."""
        self.span: list[tuple[int, int]] = []
        """Its first unit, and its units as bits from there on; of a wide one, those near."""
        self.chosen: defaultdict[tuple[int, int], dict[int, Chosen | None]] = defaultdict(dict)
        """What `together` has found out about units of such shapes, by people and infants."""
        self._numbers: dict[Shape, int] = {}

    def enrol(self, house: int, position: int) -> None:
        """A house has one more unit."""
        if house == len(self.of):
            self.of.append(0)
            self.span.append((position, 0))
        first, span = self.span[house]
        if position - first < CLOSE:
            self.span[house] = first, span | 1 << position - first

    def settle(self, house: int, members: Sequence[int], free: Sequence[Free]) -> None:
        """Reflect what is free in its units now."""
        shape = tuple([(each - members[0], free[each]) for each in members])
        number = self.of[house] = self._numbers.setdefault(shape, len(self.known))
        if number == len(self.known):
            self.known.append(shape)

    @property
    def too_many(self) -> bool:
        """Whether most of those known can be no house's any longer."""
        return len(self.known) > max(_MANY, 4 * len(self.of))

    def forget(self) -> None:
        """Every shape; each house is to be settled anew."""
        self.known.clear()
        self._numbers.clear()
        self.chosen.clear()
