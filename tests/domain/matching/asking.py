"""Asking both rankers at once: what the normative one says, where its fast twin says the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.event import Event
from domain.matching import fast_1, rank_1
from domain.matching.places import Places
from domain.matching.ranking import ExclusionCode, Ranking, RankRequest
from domain.placement.events import PlacementRequested
from domain.policy import START_POLICY, Policy
from domain.vocabulary import UnitId
from tests.support.night import ASKED, request_event
from tests.support.spec import NOW, History, Scene


def rank_both(
    request: RankRequest, places: Places, policy: Policy = START_POLICY, now: datetime = NOW
) -> Ranking:
    ranking = rank_1.rank(request, places, policy, now)
    assert fast_1.rank(request, places, policy, now) == ranking
    kept = rank_1.promised(request, places, policy, now)
    assert fast_1.promised(request, places, policy, now) == kept
    return ranking


def ranked(scene: Scene, asked: PlacementRequested | None = None, **request: object) -> Ranking:
    """What a woman who asks now is told; `request` are fields of a `RankRequest`."""
    wanted = RankRequest(placement_id=ASKED, requested=asked or request_event())
    return rank_both(replace(wanted, **request), scene.places)  # type: ignore[arg-type]


def asking(**changes: object) -> PlacementRequested:
    """A plain request but for these fields of its event."""
    return replace(request_event(), **changes)  # type: ignore[arg-type]


def excluded(ranking: Ranking) -> dict[ExclusionCode, int]:
    return {code: bitmap for code, bitmap in ranking.excluded if bitmap}


def told(stream: UUID, *events: Event) -> History:
    return [(stream, event) for event in events]


def units_of(ranking: Ranking) -> list[list[UnitId]]:
    """The candidates in their order, each by its units."""
    return [[unit.unit_id for unit in candidate.units] for candidate in ranking.best]
