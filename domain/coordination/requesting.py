"""Asking for a place: the request, its ranking and its hold in one append; and searching again later in the
same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.case import CaseBound, CaseOpened
from domain.coordination.holding import hold_candidate
from domain.matching import rankers
from domain.matching.certificate import certify
from domain.matching.places import Places
from domain.matching.ranking import RankRequest
from domain.network import MinorAloneSignposted, NetworkState
from domain.placement.events import LeftWaiting, PlacementRequested, SearchConsented
from domain.refusals import Refusal
from domain.vocabulary import (
    CaseId,
    Channel,
    Feature,
    Household,
    IntakeMode,
    LevelFunction,
    PlacementId,
    RiskBand,
    Setting,
    Urgency,
    ZoneId,
)
from domain.world import Context, Decided, Decision, Draft, World


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestPlacement:
    """A place is asked for a household; `case_id` None opens a new case. `consented_at` None: her consent
    comes later.
    """

    case_id: CaseId | None
    channel: Channel
    urgency: Urgency
    intake_mode: IntakeMode
    level: LevelFunction
    household: Household
    features_required: tuple[Feature, ...]
    zones_to_avoid: tuple[ZoneId, ...]
    risk: RiskBand
    setting: Setting | None
    safe_until: datetime | None
    removal_considered: bool | None
    send_on: bool
    consented_at: datetime | None
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchAgain:
    """Rank anew for a request that has no hold, in its old place in the order."""

    placement_id: PlacementId


def request_placement(command: RequestPlacement, world: World, context: Context, places: Places) -> Decided:
    """Record the request, rank every place, and hold the best; without one the request waits.

    A household without an adult is not searched: the event counts it, the caller names the minors' path.
    Refuses: NETWORK_NOT_BORN, HOUSEHOLD_EMPTY, OCCURRED_IN_THE_FUTURE, CHANNEL_MAY_NOT_REQUEST, CASE_UNKNOWN,
    CASE_HAS_OPEN_PLACEMENT.
    """
    refusal = _cannot_request(command, world.network(), world, context)
    if refusal is not None:
        return refusal
    if command.household.adults == 0:
        return Decision(events={context.network_id: (MinorAloneSignposted(channel=command.channel),)})
    placement_id, draft = PlacementId(context.new_id()), Draft()
    case_id = command.case_id or CaseId(context.new_id())
    requested = _requested(command, case_id)
    draft.add(placement_id, requested)
    if command.consented_at is not None:
        draft.add(placement_id, SearchConsented(occurred_at=command.consented_at))
    draft.add(case_id, *(() if command.case_id else (CaseOpened(),)), CaseBound(placement_id=placement_id))
    _search(RankRequest(placement_id=placement_id, requested=requested), world, context, places, draft)
    return draft.decision()


def search_again(command: SearchAgain, world: World, context: Context, places: Places) -> Decided:
    """Refuses: PLACEMENT_UNKNOWN, PLACEMENT_ENDED, ALREADY_ADMITTED, SEARCH_STOPPED_FOR_A_PERSON,
    HOLD_STANDS.
    """
    state = world.placement(command.placement_id)
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    if state.admitted:
        return Refusal.ALREADY_ADMITTED
    if state.stopped:
        return Refusal.SEARCH_STOPPED_FOR_A_PERSON
    if state.hold is not None:
        return Refusal.HOLD_STANDS
    draft = Draft()
    request = RankRequest(
        placement_id=command.placement_id, requested=state.request, not_to_ask=state.not_to_ask
    )
    _search(request, world, context, places, draft, waiting=state.waiting)
    return draft.decision()


def _search(
    request: RankRequest,
    world: World,
    context: Context,
    places: Places,
    draft: Draft,
    *,
    waiting: bool = False,
) -> None:
    ranking = rankers.rank(request, places, context.policy, context.now)
    draft.add(request.placement_id, certify(ranking))
    if ranking.best:
        urgency = request.requested.urgency
        hold_candidate(request.placement_id, urgency, ranking.best[0], world, context, draft)
    elif not waiting:
        draft.add(request.placement_id, LeftWaiting())


def _cannot_request(
    command: RequestPlacement, network: NetworkState, world: World, context: Context
) -> Refusal | None:
    if network.born is None:
        return Refusal.NETWORK_NOT_BORN
    if command.household.people == 0:
        return Refusal.HOUSEHOLD_EMPTY
    if command.occurred_at > context.now or (command.consented_at or context.now) > context.now:
        return Refusal.OCCURRED_IN_THE_FUTURE
    if command.channel not in network.channels:
        return Refusal.CHANNEL_MAY_NOT_REQUEST
    if command.case_id is None:
        return None
    case = world.case(command.case_id)
    if not case.opened:
        return Refusal.CASE_UNKNOWN
    return Refusal.CASE_HAS_OPEN_PLACEMENT if case.open_placement is not None else None


def _requested(command: RequestPlacement, case_id: CaseId) -> PlacementRequested:
    return PlacementRequested(
        case_id=case_id,
        channel=command.channel,
        urgency=command.urgency,
        intake_mode=command.intake_mode,
        level=command.level,
        household=command.household,
        features_required=command.features_required,
        zones_to_avoid=command.zones_to_avoid,
        risk=command.risk,
        setting=command.setting,
        safe_until=command.safe_until,
        removal_considered=command.removal_considered,
        send_on=command.send_on,
        occurred_at=command.occurred_at,
    )
