"""The second guard follows from the events alone, whatever the streams they stand in."""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.case import CaseBound, CaseOpened, CaseUnbound
from domain.catalogue import EVENT_TYPES
from domain.claims import Claim, ClaimKind, claim_change
from domain.codes import PlacementOutcome, ReleaseCause
from domain.event import Event
from domain.unit import (
    InventoryOpened,
    OccupiedOutsideEngine,
    OpeningOccupancy,
    UnitHeld,
    UnitOccupied,
    UnitReleased,
    UnitVacated,
    VacatedOutsideEngine,
)
from tests.support.night import ASKED, CASE, GUESTS, MORE_GUESTS, RIVAL, ROOM, bed
from tests.support.spec import NOW

TAKES = {
    UnitHeld: UnitHeld(placement_id=ASKED, places=(bed(1), bed(2))),
    OccupiedOutsideEngine: OccupiedOutsideEngine(
        occupancy_id=GUESTS, places=(bed(1),), contested=(bed(2),), occurred_at=NOW
    ),
    InventoryOpened: InventoryOpened(
        occupancies=(
            OpeningOccupancy(occupancy_id=GUESTS, places=(bed(1),)),
            OpeningOccupancy(occupancy_id=MORE_GUESTS, places=(bed(2),)),
        ),
        observed_at=NOW,
    ),
    CaseBound: CaseBound(placement_id=ASKED),
}
FREES = {
    UnitReleased: UnitReleased(placement_id=ASKED, places=(bed(1),), cause=ReleaseCause.EXPIRED_FOR_ANOTHER),
    UnitVacated: UnitVacated(placement_id=ASKED, places=(bed(1),)),
    VacatedOutsideEngine: VacatedOutsideEngine(occupancy_id=GUESTS, places=(bed(1),), occurred_at=NOW),
    CaseUnbound: CaseUnbound(placement_id=ASKED, outcome=PlacementOutcome.DISCHARGED),
}


def place(number: int, holder: UUID) -> Claim:
    return Claim(kind=ClaimKind.PLACE, key=bed(number), holder=holder)


def case(holder: UUID) -> Claim:
    return Claim(kind=ClaimKind.CASE, key=CASE, holder=holder)


@pytest.mark.parametrize(
    ("event", "taken"),
    [
        (TAKES[UnitHeld], (place(1, ASKED), place(2, ASKED))),
        (TAKES[OccupiedOutsideEngine], (place(1, GUESTS),)),
        (TAKES[InventoryOpened], (place(1, GUESTS), place(2, MORE_GUESTS))),
        (TAKES[CaseBound], (case(ASKED),)),
    ],
)
def test_what_takes_a_place_or_a_case(event: Event, taken: tuple[Claim, ...]) -> None:
    change = claim_change([(CASE if isinstance(event, CaseBound) else ROOM, event)])
    assert change.takes == taken
    assert change.frees == ()


@pytest.mark.parametrize(
    ("event", "freed"),
    [
        (FREES[UnitReleased], place(1, ASKED)),
        (FREES[UnitVacated], place(1, ASKED)),
        (FREES[VacatedOutsideEngine], place(1, GUESTS)),
        (FREES[CaseUnbound], case(ASKED)),
    ],
)
def test_what_frees_a_place_or_a_case(event: Event, freed: Claim) -> None:
    change = claim_change([(CASE if isinstance(event, CaseUnbound) else ROOM, event)])
    assert change.frees == (freed,)
    assert change.takes == ()


def test_from_hold_to_stay_the_claim_is_one_and_the_same() -> None:
    change = claim_change([(ROOM, UnitOccupied(placement_id=ASKED, places=(bed(1),)))])
    assert change.frees == change.takes == ()


def test_a_place_goes_from_one_to_another_in_one_change() -> None:
    change = claim_change(
        [(ROOM, FREES[UnitReleased]), (ROOM, UnitHeld(placement_id=RIVAL, places=(bed(1),)))]
    )
    assert change.frees == (place(1, ASKED),)
    assert change.takes == (place(1, RIVAL),)


def test_no_other_event_touches_a_claim() -> None:
    concerned = {*TAKES, *FREES}
    others = [kind for kind in EVENT_TYPES.values() if kind not in concerned]
    assert len(others) + len(concerned) == len(EVENT_TYPES)
    for kind in others:
        change = claim_change([(ROOM, object.__new__(kind))])
        assert change.frees == change.takes == ()


def test_opening_a_case_claims_nothing() -> None:
    assert claim_change([(CASE, CaseOpened())]).takes == ()
