"""Asking for a place: the request, its ranking and its hold in one append; and searching again later in the
same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.case import CaseBound, CaseOpened
from domain.coordination.holding import hold_candidate
from domain.coordination.naming import (
    assessed_in_the_future,
    malformed_assessment,
    safe_with_perpetrator,
    undrawn_zone,
    unknown_house_or_case,
)
from domain.coordination.offering import first_outside, send_by_itself, sends_on
from domain.horizon import is_too_far
from domain.matching import rankers
from domain.matching.certificate import certify
from domain.matching.places import Places
from domain.matching.ranking import Ranking, RankRequest, request_of
from domain.network import MinorAloneSignposted, NetworkState
from domain.placement.events import LeftWaiting, PlacementRequested, SearchConsented
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.vocabulary import (
    AssessorRole,
    CaseId,
    Channel,
    Criterion,
    DistrictId,
    Feature,
    Household,
    IntakeMode,
    LevelFunction,
    OldestBoy,
    PlacementId,
    RiskAssessment,
    RiskBand,
    Setting,
    ShelterId,
    Urgency,
    ZoneId,
)
from domain.world import NOTHING, Context, Decided, Decision, Draft, World


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
    urgency_set_by: AssessorRole | None = None
    oldest_boy: OldestBoy = OldestBoy.NOT_SAID
    criteria_met: tuple[Criterion, ...] = ()
    assessed: RiskAssessment | None = None
    apart_from: tuple[CaseId, ...] = ()
    houses_barred: tuple[ShelterId, ...] = ()
    continuity_with: DistrictId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchAgain:
    """Rank anew for a request that has no hold, in its old place in the order."""

    placement_id: PlacementId


def request_placement(command: RequestPlacement, world: World, context: Context, places: Places) -> Decided:
    """Record the request, rank every place, and hold the best; without one the request waits.

    A household without an adult is not searched: the event counts it, the caller names the minors' path.
    Refuses: NETWORK_NOT_BORN, POLICY_NOT_ADOPTED, what `unknown_name` refuses, HOUSEHOLD_EMPTY,
    CONTINUITY_ONLY_PLANNED, NOT_SAFE_WITH_PERPETRATOR, OCCURRED_IN_THE_FUTURE, TOO_FAR_AHEAD,
    CHANNEL_MAY_NOT_REQUEST, CASE_HAS_OPEN_PLACEMENT.
    """
    known = world.network()
    if (refusal := _cannot_ask(command, known, world, context)) is not None:
        return refusal
    if command.household.adults == 0:
        return Decision(events={context.network_id: (MinorAloneSignposted(channel=command.channel),)})
    if command.channel not in known.channels:
        return Refusal.CHANNEL_MAY_NOT_REQUEST
    if command.case_id is not None and world.case(command.case_id).open_placement is not None:
        return Refusal.CASE_HAS_OPEN_PLACEMENT
    placement_id, draft = PlacementId(context.new_id()), Draft()
    case_id = command.case_id or CaseId(context.new_id())
    requested = requested_by(command, case_id)
    draft.add(placement_id, requested)
    if command.consented_at is not None:
        draft.add(placement_id, SearchConsented(occurred_at=command.consented_at))
    draft.add(case_id, *(() if command.case_id else (CaseOpened(),)), CaseBound(placement_id=placement_id))
    request = RankRequest(placement_id=placement_id, requested=requested)
    ranking = rankers.rank(request, places, context.policy, context.now)
    draft.add(placement_id, certify(ranking))
    if not _hold_best(request, ranking, world, context, draft):
        draft.add(placement_id, LeftWaiting())
    return draft.decision()


def search_again(command: SearchAgain, world: World, context: Context, places: Places) -> Decided:
    """Rank anew and hold the best; for a request that chose so the best of those never asked in vain, and the
    offer is sent with it. Where all were asked the best is held, and a person sends. When it waits already
    and no judgement of a unit has changed: nothing.

    Refuses: PLACEMENT_UNKNOWN, PLACEMENT_ENDED, ALREADY_ADMITTED, SEARCH_STOPPED_FOR_A_PERSON, HOLD_STANDS.
    """
    return search_from(world.placement(command.placement_id), command.placement_id, world, context, places)


def search_from(
    state: PlacementState, placement_id: PlacementId, world: World, context: Context, places: Places
) -> Decided:
    """Search for a placement that stands as `state` says."""
    refusal = _cannot_search(state)
    if refusal is not None:
        return refusal
    request = request_of(placement_id, state)
    ranking = rankers.rank(request, places, context.policy, context.now)
    certificate = certify(ranking)
    known = state.ranking.digest if state.ranking is not None else None
    if state.waiting and not ranking.best and certificate.digest == known:
        return NOTHING
    draft = Draft()
    draft.add(placement_id, certificate)
    unasked = first_outside(ranking.best, state.asked_before) if sends_on(state) else None
    if unasked is not None:
        hold_candidate(placement_id, request.requested.urgency, unasked, world, context, draft)
        send_by_itself(placement_id, state, draft, context)
    elif not _hold_best(request, ranking, world, context, draft) and not state.waiting:
        draft.add(placement_id, LeftWaiting())
    return draft.decision()


def _hold_best(request: RankRequest, ranking: Ranking, world: World, context: Context, draft: Draft) -> bool:
    if not ranking.best:
        return False
    urgency = request.requested.urgency
    hold_candidate(request.placement_id, urgency, ranking.best[0], world, context, draft)
    return True


def _cannot_ask(
    command: RequestPlacement, known: NetworkState, world: World, context: Context
) -> Refusal | None:
    if known.born is None:
        return Refusal.NETWORK_NOT_BORN
    if known.policy is None:
        return Refusal.POLICY_NOT_ADOPTED
    if (refusal := unknown_name(command, known, world)) is not None:
        return refusal
    if command.household.adults < 0 or command.household.people == 0:
        return Refusal.HOUSEHOLD_EMPTY
    if command.continuity_with is not None and command.urgency is not Urgency.U4:
        return Refusal.CONTINUITY_ONLY_PLANNED
    if (refusal := safe_with_perpetrator(command.setting, command.safe_until)) is not None:
        return refusal
    told = (command.occurred_at, command.consented_at or context.now)
    if max(told) > context.now or assessed_in_the_future(command.assessed, context.now, context.zone):
        return Refusal.OCCURRED_IN_THE_FUTURE
    return Refusal.TOO_FAR_AHEAD if is_too_far(command.safe_until, command.occurred_at) else None


def unknown_name(command: RequestPlacement, known: NetworkState, world: World) -> Refusal | None:
    """The first name in a request that stands for nothing: DISTRICT_UNKNOWN, SHELTER_UNKNOWN, CASE_UNKNOWN,
    ZONE_UNKNOWN, CODE_MALFORMED.
    """
    if command.continuity_with is not None and not known.has_district(command.continuity_with):
        return Refusal.DISTRICT_UNKNOWN
    cases = command.apart_from if command.case_id is None else (command.case_id, *command.apart_from)
    if (refusal := unknown_house_or_case(command.houses_barred, cases, world)) is not None:
        return refusal
    if (refusal := undrawn_zone(command.zones_to_avoid, known)) is not None:
        return refusal
    herself = command.case_id is not None and command.case_id in command.apart_from
    return Refusal.CODE_MALFORMED if herself else malformed_assessment(command.risk, command.assessed)


def _cannot_search(state: PlacementState) -> Refusal | None:
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    if state.admitted:
        return Refusal.ALREADY_ADMITTED
    if state.stopped:
        return Refusal.SEARCH_STOPPED_FOR_A_PERSON
    return Refusal.HOLD_STANDS if state.hold is not None else None


def requested_by(command: RequestPlacement, case_id: CaseId) -> PlacementRequested:
    """The event that begins a placement of a case."""
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
        urgency_set_by=command.urgency_set_by,
        oldest_boy=command.oldest_boy,
        criteria_met=command.criteria_met,
        assessed=command.assessed,
        apart_from=command.apart_from,
        houses_barred=command.houses_barred,
        continuity_with=command.continuity_with,
    )
