"""Guests from outside who stood beside a stay stay in the bed when the stay ends: no view calls it free."""

from __future__ import annotations

from domain.codes import DischargeOutcome
from domain.coordination.reality import RecordOutsideOccupancy
from domain.coordination.staying import DischargeHousehold
from domain.unit import EndOutsideOccupancy
from projections.bed_board import bed_board
from projections.house_view import PlaceState, unit_view
from tests.support.night import ASKED, GUESTS, ROOM, a_house_with_a_room, a_stay, bed
from tests.support.spec import NOW, Scene, given


def _left_beside(*, exclusive: bool) -> Scene:
    """A stay with guests from outside in its bed; then the stay has ended."""
    guests = RecordOutsideOccupancy(unit_id=ROOM, occupancy_id=GUESTS, places=(bed(),), occurred_at=NOW)
    leaving = DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.OTHER, occurred_at=NOW)
    return given(a_house_with_a_room(exclusive=exclusive), a_stay()).when(guests).done().when(leaving).done()


def test_the_house_sees_who_is_there_and_can_say_that_they_have_left() -> None:
    scene = _left_beside(exclusive=False)
    place = unit_view(ROOM, scene.unit(ROOM), 1, with_holders=True).places[0]
    assert (place.state, place.holder) == (PlaceState.OCCUPIED, GUESTS)
    assert unit_view(ROOM, scene.unit(ROOM), 1, with_holders=False).places[0].holder is None
    gone = scene.when(EndOutsideOccupancy(occupancy_id=GUESTS, occurred_at=NOW), on=ROOM).done()
    assert unit_view(ROOM, gone.unit(ROOM), 1, with_holders=True).places[0].state is PlaceState.FREE


def test_the_board_counts_no_exclusive_unit_with_guests_in_it() -> None:
    assert any(line.units for line in bed_board(_left_beside(exclusive=False).places, NOW).items)
    assert not any(line.units for line in bed_board(_left_beside(exclusive=True).places, NOW).items)
