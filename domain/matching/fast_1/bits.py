"""Sets of units as integers: bit i is the i-th unit registered."""

from __future__ import annotations

from collections.abc import Collection, Iterator

_FEW = 32
_MANY = 256


def bits_of(positions: Collection[int]) -> int:
    """The set with these members."""
    return flipped(0, positions)


def flipped(bits: int, positions: Collection[int]) -> int:
    """The set with these members put in where they were out, and out where they were in, each once."""
    if len(positions) < _MANY:
        for position in positions:
            bits ^= 1 << position
        return bits
    marks = bytearray(max(positions) // 8 + 1)
    for position in positions:
        marks[position >> 3] ^= 1 << (position & 7)
    return bits ^ int.from_bytes(marks, "little")


def positions_in(bits: int) -> Iterator[int]:
    """The members in their order."""
    if bits.bit_count() <= _FEW:
        while bits:
            lowest = bits & -bits
            yield lowest.bit_length() - 1
            bits ^= lowest
        return
    text = bin(bits)[:1:-1]
    position = text.find("1")
    while position >= 0:
        yield position
        position = text.find("1", position + 1)
