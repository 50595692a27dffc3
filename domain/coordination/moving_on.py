"""From one house to the next while a hold stands: after silence, or because another candidate is chosen.

The hold that stands is given back in the same append in which the next is taken, so that no moment is without
a place. The certificate comes first: it was worked out while the old hold stood.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from domain.codes import ChoiceReason, ReleaseCause
from domain.coordination.holding import hold_candidate, release_hold, standing_hold
from domain.coordination.offering import first_outside, send_by_itself
from domain.matching import rankers
from domain.matching.certificate import certify
from domain.matching.places import Places
from domain.matching.ranking import request_of
from domain.placement.decide import may_offer
from domain.placement.events import CandidatesRanked, DecisionTaken, OfferUnanswered
from domain.placement.standing import Offer, OfferState
from domain.placement.state import PlacementState, evolve
from domain.refusals import Refusal
from domain.vocabulary import OfferId, PlacementId, UnitId, is_code
from domain.world import NOTHING, Context, Decided, Draft, World


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveOn:
    """A coordinator goes on to the next house, as nobody has answered in time."""

    placement_id: PlacementId
    offer_id: OfferId


@dataclass(frozen=True, kw_only=True, slots=True)
class SendOn:
    """The engine goes on to the next house and offers to it by itself, as the request had chosen."""

    placement_id: PlacementId
    offer_id: OfferId


@dataclass(frozen=True, kw_only=True, slots=True)
class ChooseAnother:
    """A coordinator takes another candidate, named by its units, than the one held. `shown_position` and
    `page` say what she had before her.
    """

    placement_id: PlacementId
    units: tuple[UnitId, ...]
    reason: ChoiceReason | None
    shown_position: int | None = None
    page: str | None = None


def move_on(command: MoveOn, world: World, context: Context, places: Places) -> Decided:
    """Hold the first candidate outside the units that nobody answered for; where there is no other, nothing:
    the hold stands. A house asked earlier may have its turn again.

    Refuses: PLACEMENT_UNKNOWN, OFFER_UNKNOWN, PLACEMENT_ENDED, ALREADY_ADMITTED, SEARCH_STOPPED_FOR_A_PERSON,
    OFFER_NO_LONGER_HELD, OFFER_ALREADY_ACCEPTED, HOLD_NOT_OVERDUE.
    """
    state = world.placement(command.placement_id)
    overdue = _overdue(command.offer_id, state, context)
    if isinstance(overdue, Refusal):
        return overdue
    silent = {unit.unit_id for unit in overdue.units}
    draft = _replaced(command.placement_id, state, silent, world, context, places)
    return NOTHING if draft is None else draft.decision()


def send_on(command: SendOn, world: World, context: Context, places: Places) -> Decided:
    """As `move_on`, and the offer is sent at once, to the first candidate that was never asked in vain; where
    there is none, nothing: a person decides.

    Refuses: as `move_on`, then CONSENT_NOT_RECORDED, and OFFER_NOT_SENT where the request did not choose it
    or nobody had offered the place that stands.
    """
    state = world.placement(command.placement_id)
    overdue = _overdue(command.offer_id, state, context)
    if isinstance(overdue, Refusal):
        return overdue
    if not state.consent:
        return Refusal.CONSENT_NOT_RECORDED
    assert state.request is not None
    if not (state.request.send_on and overdue.sent):
        return Refusal.OFFER_NOT_SENT
    in_vain = _marked(state).asked_before
    draft = _replaced(command.placement_id, state, in_vain, world, context, places)
    if draft is None:
        return NOTHING
    send_by_itself(command.placement_id, state, draft, context)
    return draft.decision()


def choose_another(command: ChooseAnother, world: World, context: Context, places: Places) -> Decided:
    """Rank now and hold the named candidate instead of the one held.

    Refuses: PLACEMENT_UNKNOWN, CODE_MALFORMED, then what sending an offer refuses, OFFER_ALREADY_ACCEPTED,
    REASON_NEEDED, CANDIDATE_NOT_ELIGIBLE where it is not among the best.
    """
    state = world.placement(command.placement_id)
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    if command.page is not None and not is_code(command.page):
        return Refusal.CODE_MALFORMED
    held = may_offer(state)
    if isinstance(held, Refusal):
        return held
    if tuple(unit.unit_id for unit in held.units) == command.units:
        return NOTHING
    if held.state is OfferState.ACCEPTED:
        return Refusal.OFFER_ALREADY_ACCEPTED
    if command.reason is None:
        return Refusal.REASON_NEEDED
    certificate = _certificate(command.placement_id, state, context, places)
    named = [tuple(unit.unit_id for unit in candidate.units) for candidate in certificate.best]
    if command.units not in named:
        return Refusal.CANDIDATE_NOT_ELIGIBLE
    choice = named.index(command.units)
    draft = Draft()
    draft.add(command.placement_id, certificate)
    release_hold(command.placement_id, state, ReleaseCause.ANOTHER_CHOSEN, world, draft)
    chosen = certificate.best[choice]
    offer_id = hold_candidate(command.placement_id, state.request.urgency, chosen, world, context, draft)
    draft.add(
        command.placement_id,
        DecisionTaken(
            offer_id=offer_id,
            digest=certificate.digest,
            choice=choice + 1,
            reason=command.reason,
            automatic=False,
            shown_position=command.shown_position,
            page=command.page,
            availability_age_minutes=chosen.availability_age_minutes,
        ),
    )
    return draft.decision()


def has_next(placement_id: PlacementId, state: PlacementState, context: Context, places: Places) -> bool:
    """Whether sending on would find another house now; for the loop, who asks only then."""
    if state.held is None:
        return False
    marked = _marked(state)
    certificate = _certificate(placement_id, marked, context, places)
    return first_outside(certificate.best, marked.asked_before) is not None


def _overdue(offer_id: OfferId, state: PlacementState, context: Context) -> Offer | Refusal:
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    if offer_id not in state.offers:
        return Refusal.OFFER_UNKNOWN
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    if state.admitted:
        return Refusal.ALREADY_ADMITTED
    if state.stopped:
        return Refusal.SEARCH_STOPPED_FOR_A_PERSON
    offer = state.offers[offer_id]
    if state.hold != offer_id:
        return Refusal.OFFER_NO_LONGER_HELD
    if offer.state is OfferState.ACCEPTED:
        return Refusal.OFFER_ALREADY_ACCEPTED
    return offer if offer.overdue(context.now) else Refusal.HOLD_NOT_OVERDUE


def _replaced(
    placement_id: PlacementId,
    state: PlacementState,
    in_vain: Collection[UnitId],
    world: World,
    context: Context,
    places: Places,
) -> Draft | None:
    """The overdue hold given back for the first candidate outside `in_vain`, marked unanswered first; None
    without one.
    """
    assert state.request is not None
    urgency, draft, overdue = state.request.urgency, Draft(), standing_hold(state)
    if not overdue.unanswered:
        draft.add(placement_id, _unanswered(overdue))
    state = _marked(state)
    certificate = _certificate(placement_id, state, context, places)
    following = first_outside(certificate.best, in_vain)
    if following is None:
        return None
    draft.add(placement_id, certificate)
    release_hold(placement_id, state, ReleaseCause.UNANSWERED, world, draft)
    hold_candidate(placement_id, urgency, following, world, context, draft)
    return draft


def _marked(state: PlacementState) -> PlacementState:
    """The placement once the hold that stands is marked as unanswered."""
    held = standing_hold(state)
    return state if held.unanswered else evolve(state, _unanswered(held))


def _unanswered(overdue: Offer) -> OfferUnanswered:
    return OfferUnanswered(offer_id=overdue.offer_id, deadline=overdue.due_at)


def _certificate(
    placement_id: PlacementId, state: PlacementState, context: Context, places: Places
) -> CandidatesRanked:
    request = request_of(placement_id, state)
    return certify(rankers.rank(request, places, context.policy, context.now))
