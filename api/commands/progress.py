"""How far a long command has come, in lines on standard error: rows, decisions, and how fast."""

from __future__ import annotations

import sys
from time import monotonic

EVERY_SECONDS = 2.0


class Progress:
    """Tells at most every two seconds, and once at the end."""

    def __init__(self, every_seconds: float = EVERY_SECONDS) -> None:
        self._every_seconds = every_seconds
        self._began = self._told = monotonic()

    def tell(self, rows: int, decisions: int | None = None) -> None:
        if monotonic() - self._told >= self._every_seconds:
            self.end(rows, decisions)

    def end(self, rows: int, decisions: int | None = None) -> None:
        """The last line, whatever was told before."""
        self._told = monotonic()
        parts = [f"{rows} rows"]
        if decisions is not None:
            parts.append(f"{decisions} decisions")
        parts.append(f"{rows / max(self._told - self._began, 1e-6):.0f} rows/s")
        print(", ".join(parts), file=sys.stderr)
