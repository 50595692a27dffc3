"""Readings of the log that take longer than one request may: begun by one, gone on with by the next.

A reading gives None for each page that it has read and what it found in the end. Whoever asks waits so long
and no longer, and is told to ask again; what was read by then is kept, for a few readings and not for ever.
The doors of the past call it; `past_places` keeps states by position in its own way.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable
from time import monotonic
from typing import Any, TypeVar, cast

from api.http.problems import Problem
from api.http.trouble_texts import Trouble

MOST_KEPT = 8
PATIENCE_SECONDS = 4.0

_Found = TypeVar("_Found")
Reading = AsyncIterator[_Found | None]


class Unfinished:
    """One process's. `most` readings are kept; whoever asks waits `patience` seconds, and at least until one
    page is read.
    """

    def __init__(self, *, most: int = MOST_KEPT, patience: float = PATIENCE_SECONDS) -> None:
        self._most, self._patience = most, patience
        self._begun: dict[Hashable, Reading[Any]] = {}
        self._turn = asyncio.Lock()

    async def go_on(self, key: Hashable, begin: Callable[[], Reading[_Found]]) -> _Found:
        """What the reading under this key finds. Errors: problem 503 where it is not read to its end in
        time; the reading's own, after which it begins anew.
        """
        until = monotonic() + self._patience
        try:
            async with asyncio.timeout(self._patience):
                await self._turn.acquire()
        except TimeoutError:
            raise Problem(Trouble.STILL_READING) from None
        try:
            reading = cast("Reading[_Found]", self._begun.pop(key, None) or begin())
            async for found in reading:
                if found is not None:
                    return found
                if monotonic() >= until:
                    self._keep(key, reading)
                    raise Problem(Trouble.STILL_READING)
            raise AssertionError("a reading ends with what it found")
        finally:
            self._turn.release()

    def _keep(self, key: Hashable, reading: Reading[Any]) -> None:
        """The oldest goes where there are too many."""
        self._begun[key] = reading
        if len(self._begun) > self._most:
            del self._begun[next(iter(self._begun))]
