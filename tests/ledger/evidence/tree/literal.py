"""RFC 6962 section 2.1 word for word, slow and naive: what the tree is held against. It imports nothing of
ours, and knows of a proof only how it is made, not how it is verified.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256


class Literal:
    """D[n] for every n up to the number of leaves given. `over(start, end)` is MTH(D[start:end])."""

    def __init__(self, leaves: list[bytes]) -> None:
        self._leaves = leaves
        self.over = cache(self._mth)

    def root(self, size: int) -> bytes:
        """MTH(D[size])."""
        return self.over(0, size)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """PATH(index, D[size])."""
        return self._path(index, 0, size)

    def consistency(self, old: int, size: int) -> list[bytes]:
        """PROOF(old, D[size])."""
        return self._subproof(old, 0, size, complete=True)

    def _mth(self, start: int, end: int) -> bytes:
        n = end - start
        if n == 0:
            return sha256().digest()
        if n == 1:
            return sha256(b"\0" + self._leaves[start]).digest()
        k = largest_power_below(n)
        return sha256(b"\1" + self.over(start, start + k) + self.over(start + k, end)).digest()

    def _path(self, m: int, start: int, end: int) -> list[bytes]:
        n = end - start
        if n == 1:
            return []
        k = largest_power_below(n)
        if m < k:
            return [*self._path(m, start, start + k), self.over(start + k, end)]
        return [*self._path(m - k, start + k, end), self.over(start, start + k)]

    def _subproof(self, m: int, start: int, end: int, *, complete: bool) -> list[bytes]:
        n = end - start
        if m == n:
            return [] if complete else [self.over(start, end)]
        k = largest_power_below(n)
        if m <= k:
            return [*self._subproof(m, start, start + k, complete=complete), self.over(start + k, end)]
        return [*self._subproof(m - k, start + k, end, complete=False), self.over(start, start + k)]


def largest_power_below(n: int) -> int:
    """k with k < n <= 2k."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k
