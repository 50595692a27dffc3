"""How somebody stands to a placement: from who did what on it, its offers, its case, and the instant."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain import case
from domain.case import CaseAccessRestricted, CaseEvent, EscortEntrusted, GlassBroken
from domain.codes import GlassReason, PlacementOutcome
from domain.permissions import (
    NO_RELATION,
    Deed,
    Principal,
    Relation,
    Role,
    relation_of_offer,
    relations_to,
    relations_to_house,
)
from domain.placement.events import PlacementEnded
from domain.placement.state import PlacementState, evolve
from domain.vocabulary import BreakingId, MemberId, PlacementId, ShelterId
from tests.support.night import (
    ASKED,
    HOUSE,
    OFFER,
    OTHER_HOUSE,
    a_house_with_a_room,
    a_stay,
    given_back,
    holding,
    requested,
    said_yes,
    sent,
)
from tests.support.spec import NOW, History, given

ME, COLLEAGUE, STRANGER = (UUID(int=number) for number in (1, 2, 3))
BODY, OTHER_BODY = MemberId(UUID(int=11)), MemberId(UUID(int=12))
HER = PlacementId(ASKED)
SOON = NOW + timedelta(hours=1)


def _state(*histories: History) -> PlacementState:
    return given(a_house_with_a_room(), *histories).placement(ASKED)


def _relations(
    role: Role,
    state: PlacementState,
    *deeds: Deed,
    told: tuple[CaseEvent, ...] = (),
    houses: tuple[ShelterId, ...] = (),
    body: MemberId | None = BODY,
) -> frozenset[Relation]:
    known = case.initial
    for event in told:
        known = case.evolve(known, event)
    principal = Principal(role=role, houses=frozenset(houses), member=body)
    return relations_to(principal, ME, placement_id=HER, placement=state, case=known, deeds=deeds, now=NOW)


def _deed(
    actor: UUID,
    body: UUID | None = None,
    *,
    role: Role = Role.SOCIAL_SERVICE,
    asked: bool = False,
    uninvited: bool = False,
) -> Deed:
    return Deed(actor=actor, body=body, role=role, asked=asked, uninvited=uninvited)


def _ended(state: PlacementState) -> PlacementState:
    return evolve(state, PlacementEnded(outcome=PlacementOutcome.UNREACHABLE))


def test_whoever_has_nothing_to_do_with_it_has_no_relation() -> None:
    assert _relations(Role.LEAD_BODY, _state(requested()), _deed(STRANGER, OTHER_BODY)) == NO_RELATION


def test_the_coordination_is_on_call_while_it_is_open() -> None:
    state = _state(requested())
    assert _relations(Role.COORDINATOR, state) == {Relation.ON_CALL}
    assert _relations(Role.COORDINATOR, _ended(state)) == NO_RELATION
    assert _relations(Role.POLICE, state) == NO_RELATION


@pytest.mark.parametrize("deed", [_deed(ME), _deed(ME, OTHER_BODY), _deed(COLLEAGUE, BODY)])
def test_who_acted_on_it_or_whose_body_did_is_engaged_also_afterwards(deed: Deed) -> None:
    assert _relations(Role.COORDINATOR, _ended(_state(requested())), deed) == {Relation.ENGAGED}


def test_a_body_that_is_none_is_nobodys() -> None:
    assert _relations(Role.SOCIAL_SERVICE, _state(requested()), _deed(STRANGER), body=None) == NO_RELATION


def test_who_asked_and_whose_body_asked_are_told_apart() -> None:
    state = _state(requested())
    mine = _relations(Role.SOCIAL_SERVICE, state, _deed(ME, OTHER_BODY, asked=True))
    ours = _relations(Role.SOCIAL_SERVICE, state, _deed(COLLEAGUE, BODY, asked=True))
    assert mine == {Relation.REQUESTED, Relation.ENGAGED, Relation.AWAITING}
    assert ours == {Relation.REQUESTING_BODY, Relation.ENGAGED, Relation.AWAITING}
    over = _relations(Role.SOCIAL_SERVICE, _ended(state), _deed(ME, OTHER_BODY, asked=True))
    assert over == {Relation.REQUESTED, Relation.ENGAGED}, "whoever asks for her next, she is not theirs"


@pytest.mark.parametrize(
    ("history", "relation"),
    [
        ((requested(), holding()), Relation.NONE),
        ((requested(), holding(), sent()), Relation.OFFERED),
        ((requested(), holding(), sent(), said_yes()), Relation.ACCEPTED),
        ((requested(), holding(), sent(), given_back()), Relation.FORMERLY_OFFERED),
        ((a_stay(),), Relation.ACCEPTED),
    ],
)
def test_a_house_stands_as_its_offer_stands(history: tuple[History, ...], relation: Relation) -> None:
    state = _state(*history)
    assert _relations(Role.SHELTER_OPERATOR, state, houses=(HOUSE,)) == {relation}
    assert _relations(Role.SHELTER_OPERATOR, state, houses=(OTHER_HOUSE,)) == NO_RELATION


def test_a_house_has_her_by_more_than_its_own_word_once_the_coordination_has_acted() -> None:
    state = _state(requested(), holding(), sent(), said_yes())
    request = _deed(STRANGER, asked=True)
    yes = _deed(COLLEAGUE, role=Role.SHELTER_OPERATOR)
    own_word = _deed(COLLEAGUE, role=Role.SHELTER_OPERATOR, uninvited=True)
    acts = _deed(STRANGER, role=Role.COORDINATOR)

    def entrusted(*deeds: Deed) -> bool:
        found = _relations(Role.SHELTER_OPERATOR, state, *deeds, houses=(HOUSE,))
        return Relation.ENTRUSTED in found

    assert entrusted(request, yes)
    assert not entrusted(request, acts, own_word)
    assert not entrusted(request, acts, own_word, yes)
    assert entrusted(request, own_word, acts)
    assert entrusted(request, _deed(STRANGER, role=Role.COORDINATOR, uninvited=True))
    assert not entrusted()


def test_once_they_have_left_it_is_a_stay_that_was() -> None:
    left = _ended(_state(a_stay()))
    (offer,) = left.offers.values()
    assert relation_of_offer(offer, left) is Relation.STAYED


def test_an_offer_that_was_not_sent_is_not_known() -> None:
    state = _state(requested(), holding())
    assert relation_of_offer(state.offers[OFFER], state) is None


def test_a_conflict_of_interest_stands_beside_whatever_else_there_is() -> None:
    told = (CaseAccessRestricted(actor=ME),)
    assert _relations(Role.COORDINATOR, _state(requested()), told=told) == {
        Relation.RESTRICTED,
        Relation.ON_CALL,
    }
    elsewhere = (CaseAccessRestricted(actor=STRANGER),)
    assert _relations(Role.COORDINATOR, _state(requested()), told=elsewhere) == {Relation.ON_CALL}


@pytest.mark.parametrize(
    ("actor", "until", "broken"), [(ME, SOON, True), (ME, NOW, False), (STRANGER, SOON, False)]
)
def test_glass_is_broken_for_one_person_and_closes_by_itself(
    actor: UUID, until: datetime, broken: bool
) -> None:
    told = GlassBroken(
        breaking_id=BreakingId(UUID(int=5)),
        actor=actor,
        reason=next(iter(GlassReason)),
        until=until,
        review_by=SOON,
    )
    found = _relations(Role.LEAD_BODY, _state(requested()), told=(told,))
    assert (Relation.GLASS in found) is broken


@pytest.mark.parametrize(("placement", "until", "brings"), [(HER, SOON, True), (HER, NOW, False)])
def test_an_escort_is_of_one_journey_and_for_a_while(
    placement: PlacementId, until: datetime, brings: bool
) -> None:
    told = EscortEntrusted(actor=ME, placement_id=placement, until=until)
    found = _relations(Role.POLICE, _state(requested()), told=(told,))
    assert (Relation.ESCORTING in found) is brings
    assert _relations(Role.POLICE, _ended(_state(requested())), told=(told,)) == NO_RELATION
    other = EscortEntrusted(actor=ME, placement_id=PlacementId(UUID(int=9)), until=SOON)
    assert _relations(Role.POLICE, _state(requested()), told=(other,)) == NO_RELATION


def test_a_house_is_its_operators_own() -> None:
    own = Principal(role=Role.SHELTER_OPERATOR, houses=frozenset({HOUSE}))
    assert relations_to_house(own, HOUSE) == {Relation.OWN_HOUSE}
    assert relations_to_house(own, OTHER_HOUSE) == relations_to_house(own, None) == NO_RELATION
