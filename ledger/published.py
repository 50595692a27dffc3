"""What was told of the figures, and what was noticed of unusual asking: kept as it was, never changed.

Not part of the log and not a read model: a release could be counted again, but what was told is a fact of its
own. The contract, and the adapter in memory; `ledger.postgres.published` keeps the same on PostgreSQL. Called
by `api.http.releasing` and `api.http.watching`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptRelease:
    """One release of a scope (the network, or a house of its own figures). `before` ends its last month;
    `late_told` is how many late cases its document tells; `document` is the bytes that were told.
    """

    scope: UUID
    first_month: date
    last_month: date
    before: datetime
    told_at: datetime
    told: bool
    late_told: int
    document: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptNotice:
    """That somebody asked or read unusually much: `count` within the hours of the rules."""

    notice_id: UUID
    noticed_at: datetime
    kind: str
    actor: UUID
    count: int


class Published(Protocol):
    """Errors of every method: `StoreUnreachable`, `StoreRefused`."""

    async def releases(self, scope: UUID) -> tuple[KeptRelease, ...]:
        """In the order of their months."""

    async def release(self, kept: KeptRelease) -> None:
        """Keep it, unless a release of that scope and last month is there already: the first one stays."""

    async def notices(self, most: int) -> tuple[KeptNotice, ...]:
        """The latest first."""

    async def notice(self, kept: KeptNotice) -> None:
        """Keep it; again: nothing."""


class MemoryPublished:
    """`Published` in memory: for tests and trials."""

    def __init__(self) -> None:
        self._releases: dict[tuple[UUID, date], KeptRelease] = {}
        self._notices: dict[UUID, KeptNotice] = {}

    async def releases(self, scope: UUID) -> tuple[KeptRelease, ...]:
        own = (each for each in self._releases.values() if each.scope == scope)
        return tuple(sorted(own, key=lambda each: each.last_month))

    async def release(self, kept: KeptRelease) -> None:
        self._releases.setdefault((kept.scope, kept.last_month), kept)

    async def notices(self, most: int) -> tuple[KeptNotice, ...]:
        ordered = sorted(
            self._notices.values(), key=lambda each: (each.noticed_at, each.notice_id), reverse=True
        )
        return tuple(ordered[:most])

    async def notice(self, kept: KeptNotice) -> None:
        self._notices.setdefault(kept.notice_id, kept)
