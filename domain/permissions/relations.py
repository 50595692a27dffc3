"""How somebody stands to what they ask about: the closed list of relations, and which of them hold now.

Judged from what the log tells: who asked for a placement and who acted on it (the metadata of its events),
how the placement and its case stand, at an instant. Pure; the doors read what it needs.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.case import CaseState
from domain.permissions.roles import Principal, Role
from domain.placement.state import Offer, OfferState, PlacementState
from domain.vocabulary import PlacementId, ShelterId


class Relation(enum.StrEnum):
    """How somebody stands to a placement or a house.

    REQUESTED: they asked for it themselves; REQUESTING_BODY: somebody of their body did; AWAITING: either,
    and it is open. ENGAGED: they or their body acted on it. ON_CALL: they coordinate, and it is open.
    OFFERED: an offer to one of their houses stands; ACCEPTED: that house said yes, or has her; ENTRUSTED: so
    it is, and not by the house's word alone; STAYED: she was there and has left; FORMERLY_OFFERED: the offer
    has ended otherwise. ESCORTING: they bring her, and it is open. GLASS: they broke the glass, which has not
    closed again. RESTRICTED: a conflict of interest: for them the case is not there. OWN_HOUSE: the house is
    theirs. NONE: none of these.
    """

    REQUESTED = "REQUESTED"
    REQUESTING_BODY = "REQUESTING_BODY"
    AWAITING = "AWAITING"
    ENGAGED = "ENGAGED"
    ON_CALL = "ON_CALL"
    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    ENTRUSTED = "ENTRUSTED"
    STAYED = "STAYED"
    FORMERLY_OFFERED = "FORMERLY_OFFERED"
    ESCORTING = "ESCORTING"
    GLASS = "GLASS"
    RESTRICTED = "RESTRICTED"
    OWN_HOUSE = "OWN_HOUSE"
    NONE = "NONE"


NO_RELATION = frozenset({Relation.NONE})
_ASKED_FOR = frozenset({Relation.REQUESTED, Relation.REQUESTING_BODY})


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """That somebody did something on a placement, for a body or for none. `asked`: it was the request;
    `uninvited`: it gave her a place that no
    standing offer had asked for: a place held, or a direct admission.
    """

    actor: UUID
    body: UUID | None
    role: Role
    asked: bool
    uninvited: bool


def relations_to(
    principal: Principal,
    actor: UUID,
    *,
    placement_id: PlacementId,
    placement: PlacementState,
    case: CaseState,
    deeds: Iterable[Deed],
    now: datetime,
) -> frozenset[Relation]:
    """Every relation of this person to a placement, at an instant. `case` is the case it belongs to, `deeds`
    what people did on it, in their order.
    """
    deeds = tuple(deeds)
    found = {
        *_by_their_deeds(principal, actor, deeds),
        *_by_their_houses(principal, placement),
        *_by_the_case(actor, placement_id, case, now),
    }
    if placement.outcome is not None:
        found.discard(Relation.ESCORTING)
    elif not _ASKED_FOR.isdisjoint(found):
        found.add(Relation.AWAITING)
    if Relation.ACCEPTED in found and _stands_by_it(deeds):
        found.add(Relation.ENTRUSTED)
    if principal.role is Role.COORDINATOR and placement.request is not None and placement.outcome is None:
        found.add(Relation.ON_CALL)
    return frozenset(found) or NO_RELATION


def relations_to_house(principal: Principal, house: ShelterId | None) -> frozenset[Relation]:
    return frozenset({Relation.OWN_HOUSE}) if house in principal.houses else NO_RELATION


def relation_of_offer(offer: Offer, placement: PlacementState) -> Relation | None:
    """How the house that an offer was made to stands to the placement; None while it does not know of it: a
    hold whose offer was not sent.
    """
    held = placement.hold == offer.offer_id
    if offer.state is OfferState.ACCEPTED:
        return Relation.ACCEPTED if held and placement.outcome is None else Relation.STAYED
    if not offer.sent:
        return None
    return Relation.OFFERED if held and offer.state is OfferState.SENT else Relation.FORMERLY_OFFERED


def is_restricted(actor: UUID, case: CaseState) -> bool:
    return actor in case.restricted


def _by_their_deeds(principal: Principal, actor: UUID, deeds: Iterable[Deed]) -> Iterator[Relation]:
    for deed in deeds:
        themselves = deed.actor == actor
        their_body = deed.body is not None and deed.body == principal.member
        if themselves or their_body:
            yield Relation.ENGAGED
        if deed.asked and themselves:
            yield Relation.REQUESTED
        if deed.asked and their_body:
            yield Relation.REQUESTING_BODY


def _stands_by_it(deeds: Iterable[Deed]) -> bool:
    """Whether she has her place by more than a house's own word: a place that a house took for her itself
    counts once the coordination has acted since. Where no deed is known it does not.
    """
    stands = False
    for deed in deeds:
        if deed.uninvited and deed.role is Role.SHELTER_OPERATOR:
            stands = False
        elif deed.asked or deed.role is Role.COORDINATOR:
            stands = True
    return stands


def _by_their_houses(principal: Principal, placement: PlacementState) -> Iterator[Relation]:
    for offer in placement.offers.values():
        if offer.shelter_id in principal.houses:
            relation = relation_of_offer(offer, placement)
            if relation is not None:
                yield relation


def _by_the_case(
    actor: UUID, placement_id: PlacementId, case: CaseState, now: datetime
) -> Iterator[Relation]:
    if is_restricted(actor, case):
        yield Relation.RESTRICTED
    if any(broken.actor == actor and now < broken.until for broken in case.breakings.values()):
        yield Relation.GLASS
    if any(
        escort.actor == actor and escort.placement_id == placement_id and now < escort.until
        for escort in case.escorts
    ):
        yield Relation.ESCORTING
