"""A case: bound to one open placement at a time, from request to end."""

from __future__ import annotations

from domain import case
from domain.case import CaseBound, CaseOpened, CaseUnbound
from domain.codes import DischargeOutcome, PlacementOutcome
from domain.coordination.ending import WithdrawConsent
from domain.coordination.staying import DischargeHousehold
from domain.refusals import Refusal
from domain.vocabulary import CaseId
from tests.support.night import ASKED, CASE, a_house_with_a_room, a_stay, request, requested
from tests.support.spec import NOW, fresh, given


def test_a_case_is_unknown_until_opened() -> None:
    assert not case.initial.opened
    assert case.evolve(case.initial, CaseOpened()).opened


def test_a_case_is_bound_while_its_placement_is_open() -> None:
    bound = case.evolve(case.evolve(case.initial, CaseOpened()), CaseBound(placement_id=ASKED))
    assert bound.open_placement == ASKED
    freed = case.evolve(bound, CaseUnbound(placement_id=ASKED, outcome=PlacementOutcome.DISCHARGED))
    assert (freed.open_placement, freed.placements) == (None, (ASKED,))


def test_the_first_request_opens_the_case() -> None:
    scene = given(a_house_with_a_room()).when(request()).creates()
    assert scene.told(fresh(2)) == (CaseOpened(), CaseBound(placement_id=fresh(1)))  # type: ignore[arg-type]


def test_a_case_with_an_open_placement_cannot_have_another() -> None:
    scene = given(a_house_with_a_room(), requested())
    scene.when(request(case_id=CASE)).then(Refusal.CASE_HAS_OPEN_PLACEMENT)


def test_a_case_that_nobody_opened_is_unknown() -> None:
    scene = given(a_house_with_a_room())
    scene.when(request(case_id=CaseId(ASKED))).then(Refusal.CASE_UNKNOWN)


def test_after_a_withdrawal_the_same_case_may_ask_again() -> None:
    scene = given(a_house_with_a_room(), requested())
    scene = scene.when(WithdrawConsent(placement_id=ASKED, occurred_at=NOW)).done()
    scene.when(request(case_id=CASE)).done(again=Refusal.CASE_HAS_OPEN_PLACEMENT)


def test_after_a_discharge_the_same_case_may_ask_again_and_get_the_same_bed() -> None:
    leaving = DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.OTHER, occurred_at=NOW)
    scene = given(a_house_with_a_room(beds=1), a_stay()).when(leaving).done()
    scene = scene.when(request(case_id=CASE)).done(again=Refusal.CASE_HAS_OPEN_PLACEMENT)
    assert scene.placement(fresh(1)).held is not None
