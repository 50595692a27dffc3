"""Stages with one thing broken, each the control of the nights: a machine that plays on them must find it."""

# ruff: noqa: ARG002, ARG004 - what is dispatched by name, or overridden, takes what its like takes

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.claims import Claim
from domain.matching import rank_1
from domain.matching.places import Places
from domain.matching.ranking import Ranking, RankRequest
from domain.placement.standing import Offer
from domain.policy import Policy
from domain.refusals import Refusal
from domain.unit import UnitReleased
from domain.vocabulary import PlaceId
from domain.world import Decided, Decision
from ledger.store.loaded import Loaded, PlacesView
from ledger.store.port import Append, NewEvent, Outcome
from ledger.store.transact import Attempt, Transactor
from tests.simulation.interleaved import InterleavedStore


class Lenient(InterleavedStore):
    """A store that judges nothing: neither versions and guards nor claims."""

    async def append(self, append: Append) -> Outcome:
        return await super().append(replace(append, guards=()))

    def _stale(self, append: Append) -> bool:
        return False

    def _claimed(self, append: Append) -> bool:
        return False

    def _apply(self, frees: Sequence[Claim], takes: Sequence[Claim]) -> None:
        for claim in frees:
            self._claims[claim.kind].pop(claim.key, None)
        for claim in takes:
            self._claims[claim.kind][claim.key] = claim.holder

    def _write(self, event: NewEvent, instant: datetime) -> None:
        version = len(self._streams.get(event.stream, ())) + 1
        super()._write(replace(event, version=version), instant)


class Unguarded(InterleavedStore):
    """A store that drops the guards: streams read and not written may have moved."""

    async def append(self, append: Append) -> Outcome:
        return await super().append(replace(append, guards=()))


class Forgetful(InterleavedStore):
    """A store that forgets which commands it has recorded."""

    async def append(self, append: Append) -> Outcome:
        self._commands.clear()
        return await super().append(append)


class Careless(Transactor):
    """An engine that forgets to give back the places of a hold that ends."""

    async def attempt(
        self,
        decide: Callable[[Loaded], Decided],
        *,
        view: PlacesView | None = None,
        reads: Sequence[UUID] = (),
    ) -> Attempt:
        attempt = await super().attempt(decide, view=view, reads=reads)
        return replace(attempt, decided=_without_releases(attempt.decided))


def _without_releases(decided: Decided) -> Decided:
    if isinstance(decided, Refusal):
        return decided
    kept = {
        stream: tuple(event for event in events if not isinstance(event, UnitReleased))
        for stream, events in decided.events.items()
    }
    return Decision(events={stream: events for stream, events in kept.items() if events})


class Generous:
    """A ranker that keeps no place for who waits and comes before."""

    @staticmethod
    def promised(
        request: RankRequest, places: Places, policy: Policy, decided_at: datetime
    ) -> frozenset[PlaceId]:
        return frozenset()

    @staticmethod
    def still_fits(
        request: RankRequest, held: Offer, places: Places, policy: Policy, decided_at: datetime
    ) -> bool:
        return rank_1.still_fits(request, held, places, policy, decided_at)

    @staticmethod
    def rank(request: RankRequest, places: Places, policy: Policy, decided_at: datetime) -> Ranking:
        nobody_waits = copy(places)
        nobody_waits.waiting = {}
        return rank_1.rank(request, nobody_waits, policy, decided_at)
