"""A person records that units may be asked again within a request after a no."""

from __future__ import annotations

from dataclasses import dataclass

from domain.codes import AskAgainReason
from domain.placement.events import MayBeAskedAgain
from domain.refusals import Refusal
from domain.vocabulary import PlacementId, UnitId
from domain.world import Context, Decided, World, on_stream


@dataclass(frozen=True, kw_only=True, slots=True)
class AllowAskingAgain:
    placement_id: PlacementId
    units: tuple[UnitId, ...]
    reason: AskAgainReason


def allow_asking_again(command: AllowAskingAgain, world: World, context: Context) -> Decided:
    """Units that nobody ruled out in this request are left out; with none left there is nothing to record.

    Refuses: PLACEMENT_UNKNOWN, PLACEMENT_ENDED, ALREADY_ADMITTED.
    """
    state = world.placement(command.placement_id)
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    if state.admitted:
        return Refusal.ALREADY_ADMITTED
    units = tuple(unit for unit in dict.fromkeys(command.units) if unit in state.not_to_ask)
    return on_stream(
        command.placement_id, (MayBeAskedAgain(units=units, reason=command.reason),) if units else ()
    )
