"""Who asks or reads so much that a person should look: counted per actor over some hours, never judged here.

Nobody is stopped by it: a request for a place at night is never refused for what this finds. It finds that
many requests of one person never led to an offer, that many placements were read or values opened, or that
much was searched: what somebody does who asks in order to learn where houses are. In memory of one process;
what is found is kept as a notice for the lead body. Pure but for what it remembers; time is given to it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.disclosure import Disclosure
from domain.vocabulary import PlacementId

MOST_ACTORS = 10_000


class ProbingKind(enum.StrEnum):
    """What there was much of."""

    FRUITLESS_REQUESTS = "FRUITLESS_REQUESTS"
    PLACEMENTS_READ = "PLACEMENTS_READ"
    VALUES_OPENED = "VALUES_OPENED"
    SEARCHES = "SEARCHES"


@dataclass(frozen=True, kw_only=True, slots=True)
class Probing:
    """One finding. It is told once, and again only when there is half as much more."""

    kind: ProbingKind
    actor: UUID
    count: int


class Watch:
    """What each actor did in the last hours of the rules."""

    def __init__(self, rules: Disclosure) -> None:
        self._rules = rules
        self._seen: dict[tuple[UUID, ProbingKind], dict[UUID, datetime]] = {}
        """The things of each, with when they were first done, in that order."""
        self._told: dict[tuple[UUID, ProbingKind], tuple[datetime, int]] = {}
        self._most = {
            ProbingKind.FRUITLESS_REQUESTS: rules.fruitless_requests,
            ProbingKind.PLACEMENTS_READ: rules.placements_read,
            ProbingKind.VALUES_OPENED: rules.values_opened,
            ProbingKind.SEARCHES: rules.searches,
        }

    def asked(self, actor: UUID, placement_id: PlacementId, now: datetime) -> None:
        """A request by `actor`."""
        self._noted(actor, ProbingKind.FRUITLESS_REQUESTS, placement_id, now)

    def recent_requests(self, actor: UUID) -> tuple[PlacementId, ...]:
        """Those of the last hours, where there are enough to be judged at all."""
        recent = self._seen.get((actor, ProbingKind.FRUITLESS_REQUESTS), {})
        enough = len(recent) >= self._rules.fruitless_requests
        return tuple(map(PlacementId, recent)) if enough else ()

    def judged(self, actor: UUID, offered: frozenset[PlacementId], now: datetime) -> Probing | None:
        """What the requests of the last hours come to: those count that are old enough to have led to an
        offer and have not. Twice as many are much also while it is too early to say.
        """
        kind = ProbingKind.FRUITLESS_REQUESTS
        recent = self._seen.get((actor, kind), {})
        patience = timedelta(minutes=self._rules.fruitless_after_minutes)
        without = [at for each, at in recent.items() if PlacementId(each) not in offered]
        settled = sum(now - at >= patience for at in without)
        return self._found(actor, kind, max(settled, len(without) // 2), now)

    def did(self, actor: UUID, kind: ProbingKind, thing: UUID, now: datetime) -> Probing | None:
        """A look at `thing`: the same thing again within the hours counts once."""
        recent = self._noted(actor, kind, thing, now)
        return self._found(actor, kind, len(recent), now)

    def _noted(self, actor: UUID, kind: ProbingKind, thing: UUID, now: datetime) -> dict[UUID, datetime]:
        if len(self._seen) > MOST_ACTORS:
            self._seen.clear()
        recent = self._seen.setdefault((actor, kind), {})
        oldest = now - timedelta(hours=self._rules.watch_hours)
        while recent and (
            recent[first := next(iter(recent))] < oldest or len(recent) >= 4 * self._most[kind]
        ):
            del recent[first]
        recent.setdefault(thing, now)
        return recent

    def _found(self, actor: UUID, kind: ProbingKind, count: int, now: datetime) -> Probing | None:
        if count < self._most[kind]:
            return None
        told_at, told = self._told.get((actor, kind), (now, 0))
        if now - told_at > timedelta(hours=self._rules.watch_hours):
            told = 0
        if count < told + max(told // 2, 1):
            return None
        self._told[actor, kind] = now, count
        return Probing(kind=kind, actor=actor, count=count)
