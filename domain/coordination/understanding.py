"""Opening the true code of a no: a house's, or hers. It is kept under the case's key, and its placement names
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from domain.case import CaseValuesOpened
from domain.case.keeping import CODES, OPENED_FOR, may_open
from domain.kept import OpeningPurpose
from domain.refusals import Refusal
from domain.vocabulary import OfferId, PlacementId
from domain.world import Context, Decided, World, on_stream


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenTrueCodes:
    """Somebody, `actor`, is about to see why it was a no."""

    placement_id: PlacementId
    offer_id: OfferId
    purpose: OpeningPurpose
    actor: UUID


def open_true_codes(command: OpenTrueCodes, world: World, context: Context) -> Decided:
    """Refuses: PLACEMENT_UNKNOWN, OFFER_UNKNOWN, VALUE_NOT_FOR_PURPOSE, KEY_DESTROYED, VALUE_NOT_KEPT,
    OPENED_TOO_OFTEN.
    """
    state = world.placement(command.placement_id)
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    offer = state.offers.get(command.offer_id)
    if offer is None:
        return Refusal.OFFER_UNKNOWN
    if CODES.isdisjoint(OPENED_FOR.get(command.purpose, frozenset())):
        return Refusal.VALUE_NOT_FOR_PURPOSE
    case_id = state.request.case_id
    commitments = tuple(commitment for _, commitment in offer.codes)
    refused = may_open(commitments, command.actor, world.case(case_id), context.now)
    if refused is Refusal.KEY_DESTROYED:
        return refused
    if not commitments:
        return Refusal.VALUE_NOT_KEPT
    opened = CaseValuesOpened(commitments=commitments, purpose=command.purpose)
    return refused or on_stream(case_id, (opened,))
