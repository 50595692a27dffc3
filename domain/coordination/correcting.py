"""An entry of a placement's record is declared wrong. The entry stays: a correction is a new event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.codes import CorrectionReason
from domain.placement.events import EntryCorrected
from domain.refusals import Refusal
from domain.vocabulary import PlacementId
from domain.world import Context, Decided, World, on_stream


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectEntry:
    """`version` counts the placement's events from 1; `true_occurred_at` goes with a wrong time."""

    placement_id: PlacementId
    version: int
    reason: CorrectionReason
    true_occurred_at: datetime | None


def correct_entry(command: CorrectEntry, world: World, context: Context) -> Decided:
    """Also of a placement that has ended; an entry corrected before may be corrected otherwise.

    Refuses: PLACEMENT_UNKNOWN, ENTRY_UNKNOWN, CODE_MALFORMED (a true time goes with WRONG_TIME, and with that
    alone), OCCURRED_IN_THE_FUTURE.
    """
    state = world.placement(command.placement_id)
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    if not 1 <= command.version <= world.version(command.placement_id):
        return Refusal.ENTRY_UNKNOWN
    if (command.true_occurred_at is None) is (command.reason is CorrectionReason.WRONG_TIME):
        return Refusal.CODE_MALFORMED
    if command.true_occurred_at is not None and command.true_occurred_at > context.now:
        return Refusal.OCCURRED_IN_THE_FUTURE
    corrected = EntryCorrected(
        version=command.version, reason=command.reason, true_occurred_at=command.true_occurred_at
    )
    known = state.corrections.get(command.version) == corrected
    return on_stream(command.placement_id, () if known else (corrected,))
