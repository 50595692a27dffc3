"""A person decides to go on after a search had stopped: the decision and the new search, in one append."""

from __future__ import annotations

from domain.coordination.requesting import SearchAgain, search_from
from domain.matching.places import Places
from domain.placement.commands import ResumeSearch
from domain.placement.decide import decide
from domain.placement.state import evolve
from domain.refusals import Refusal
from domain.world import Context, Decided, Decision, World, on_stream


def resume_and_search(command: SearchAgain, world: World, context: Context, places: Places) -> Decided:
    """As `search_again`, once the stop is lifted; where nothing had stopped, the same. A hold that stands
    (the no was to an earlier offer) stays, and its offer can be sent again.

    Refuses: PLACEMENT_UNKNOWN, PLACEMENT_ENDED, ALREADY_ADMITTED.
    """
    placement_id, state = command.placement_id, world.placement(command.placement_id)
    resumed = decide(ResumeSearch(), state, context.now, context.policy, context.zone)
    if isinstance(resumed, Refusal):
        return resumed
    for event in resumed:
        state = evolve(state, event)
    decided = search_from(state, placement_id, world, context, places)
    if decided is Refusal.HOLD_STANDS and resumed:
        return on_stream(placement_id, resumed)
    if isinstance(decided, Refusal) or not resumed:
        return decided
    found = decided.events.get(placement_id, ())
    return Decision(events={**decided.events, placement_id: (*resumed, *found)})
