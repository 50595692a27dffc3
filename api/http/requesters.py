"""What those who ask for a place from outside the coordination may say in a request, and what they see of
it.
"""

from __future__ import annotations

from datetime import datetime

from api.http.doors import Doors
from api.http.entering import Entered
from api.http.models.requests import PlacementRequestBody
from api.http.reaching import Reached
from domain.network import NetworkState
from domain.permissions import Action, Denied, Facts, decide
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.vocabulary import Channel, PlacementId, ShelterId
from projections.contact_book import answering_at
from projections.labels import request_labels
from projections.requested_view import RequestedView, requested_view

COORDINATIONS = ("case_id", "apart_from", "houses_barred", "zones_to_avoid", "continuity_with", "send_on")
"""Fields that name other cases, houses or zones, or choose how the search goes on: not theirs to give."""
_NO_HOUSES: frozenset[ShelterId] = frozenset()


def must_be_theirs(entered: Entered, body: PlacementRequestBody) -> None:
    """Errors: problem 403 about the field, for a channel or a name that is not theirs."""
    entered.must(Action.REQUEST_PLACEMENT, pointer="/channel", facts=Facts(channel=body.channel))
    for name in COORDINATIONS:
        if getattr(body, name):
            entered.must(Action.NAME_OTHERS, pointer=f"/{name}")


def unlisted(entered: Entered, body: PlacementRequestBody, network: NetworkState) -> Refusal | None:
    """Whether the network does not list the channel. A girl alone is always told the minors' path."""
    listed = frozenset(network.channels if body.household.adults else Channel)
    verdict = decide(entered.role, Action.REQUEST_PLACEMENT, Facts(channel=body.channel, listed=listed))
    return Refusal.CHANNEL_MAY_NOT_REQUEST if isinstance(verdict, Denied) else None


def as_requester_sees(found: Reached, now: datetime) -> RequestedView:
    with_handover = found.allows(Action.SEE_HANDOVER)
    return requested(found.entered.doors, found.placement_id, found.state, now, with_handover=with_handover)


def requested(
    doors: Doors, placement_id: PlacementId, state: PlacementState, at: datetime, *, with_handover: bool
) -> RequestedView:
    """As of an instant: with the desks that answer then, which name no house."""
    labels = request_labels(
        doors.digest_secret, placement_id, (offer.shelter_id for offer in state.offers.values())
    )
    desks = answering_at(doors.engine.index.places, at, _NO_HOUSES)
    return requested_view(placement_id, state, desks, labels, with_handover=with_handover)
