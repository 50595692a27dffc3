"""A place held against a rule: at night a coordinator acts at once and says why; others are told, and it is
reviewed.

Taking another candidate than the first is no such thing: see `moving_on.choose_another`. Some rules nobody
goes against here. What is taken is taken (reality has its own entries); what a house has said of itself, and
that it was asked already, is undone by who said it; what keeps women safe from one another is entered anew
with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.case.events import RuleOverridden
from domain.case.guarding import REVIEWED_WITHIN
from domain.codes import OverrideReason, ReleaseCause
from domain.coordination.holding import hold_candidate, release_hold
from domain.matching import rankers
from domain.matching.certificate import certify
from domain.matching.places import Places
from domain.matching.ranking import ExclusionCode, RankRequest, request_of
from domain.placement.standing import Offer, OfferState
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.vocabulary import OverrideId, PlacementId, UnitId
from domain.world import NOTHING, Context, Decided, Draft, World

OVERRIDABLE = frozenset(
    {
        ExclusionCode.INTAKE_MODE,
        ExclusionCode.LEVEL,
        ExclusionCode.CHILDREN,
        ExclusionCode.RISK,
        ExclusionCode.FEATURE,
        ExclusionCode.OWED,
    }
)
"""The rules that a person may go against."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OverrideRule:
    """Hold this unit although rules exclude it."""

    placement_id: PlacementId
    unit_id: UnitId
    reason: OverrideReason


def override(command: OverrideRule, world: World, context: Context, places: Places) -> Decided:
    """Rank now, and hold the unit instead of what is held; the ranking and the rules gone against are
    recorded. Of a unit that is held for her already nothing is.

    Refuses: UNIT_UNKNOWN, PLACEMENT_UNKNOWN, PLACEMENT_ENDED, ALREADY_ADMITTED, CONSENT_NOT_RECORDED,
    SEARCH_STOPPED_FOR_A_PERSON, OFFER_ALREADY_ACCEPTED, NOT_AN_OVERRIDE (no rule stands against it),
    RULE_STANDS, PLACE_CLAIMED.
    """
    state = world.placement(command.placement_id)
    if (refusal := _not_now(command, state, places)) is not None:
        return refusal
    if state.held is not None and [held.unit_id for held in state.held.units] == [command.unit_id]:
        return NOTHING
    request = request_of(command.placement_id, state)
    found = rankers.against(request, places, context.policy, context.now, command.unit_id)
    if not found.rules:
        return Refusal.NOT_AN_OVERRIDE
    if not OVERRIDABLE.issuperset({*found.rules} - {ExclusionCode.OCCUPIED}):
        return Refusal.RULE_STANDS
    if ExclusionCode.OCCUPIED in found.rules:
        return Refusal.PLACE_CLAIMED
    draft = Draft()
    draft.add(command.placement_id, certify(rankers.rank(request, places, context.policy, context.now)))
    if state.held is not None:
        release_hold(command.placement_id, state, ReleaseCause.ANOTHER_CHOSEN, world, draft)
    requested = request.requested
    offer_id = hold_candidate(command.placement_id, requested.urgency, found, world, context, draft)
    world.case(requested.case_id)
    overridden = RuleOverridden(
        override_id=OverrideId(context.new_id()),
        placement_id=command.placement_id,
        offer_id=offer_id,
        rules=tuple(found.rules),
        reason=command.reason,
        review_by=context.now + REVIEWED_WITHIN,
    )
    draft.add(requested.case_id, overridden)
    return draft.decision()


def still_does(request: RankRequest, offer: Offer, world: World, context: Context, places: Places) -> bool:
    """Whether places would still do for what she asks: by every rule, but for those that a person went
    against when this very offer was held.
    """
    if rankers.still_fits(request, offer, places, context.policy, context.now):
        return True
    overrides = world.case(request.requested.case_id).overrides.values()
    against = {rule for each in overrides if each.offer_id == offer.offer_id for rule in each.rules}
    return bool(against) and against.issuperset(
        rankers.broken_by(request, offer, places, context.policy, context.now)
    )


def _not_now(command: OverrideRule, state: PlacementState, places: Places) -> Refusal | None:
    if command.unit_id not in places.vacancies:
        return Refusal.UNIT_UNKNOWN
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    if state.admitted:
        return Refusal.ALREADY_ADMITTED
    if not state.consent:
        return Refusal.CONSENT_NOT_RECORDED
    if state.stopped:
        return Refusal.SEARCH_STOPPED_FOR_A_PERSON
    accepted = state.held is not None and state.held.state is OfferState.ACCEPTED
    return Refusal.OFFER_ALREADY_ACCEPTED if accepted else None
