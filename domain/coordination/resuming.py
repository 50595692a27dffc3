"""A person decides to go on after a search had stopped: the decision and the new search, in one append."""

from __future__ import annotations

from domain.coordination.requesting import SearchAgain, search_again, search_from
from domain.matching.places import Places
from domain.placement.events import SearchResumed
from domain.placement.state import evolve
from domain.refusals import Refusal
from domain.world import Context, Decided, Decision, World


def resume_and_search(command: SearchAgain, world: World, context: Context, places: Places) -> Decided:
    """As `search_again`, once the stop is lifted; where nothing had stopped, the same. A hold that stands
    (the no was to an earlier offer) stays, and its offer can be sent again.

    Refuses: PLACEMENT_UNKNOWN, PLACEMENT_ENDED, ALREADY_ADMITTED.
    """
    state = world.placement(command.placement_id)
    if not state.stopped:
        return search_again(command, world, context, places)
    resumed = evolve(state, SearchResumed())
    decided = search_from(resumed, command.placement_id, world, context, places)
    if decided is Refusal.HOLD_STANDS:
        return Decision(events={command.placement_id: (SearchResumed(),)})
    if isinstance(decided, Refusal):
        return decided
    found = decided.events.get(command.placement_id, ())
    return Decision(events={**decided.events, command.placement_id: (SearchResumed(), *found)})

