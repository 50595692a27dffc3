"""How a house and its rooms look: its own terms, its last word and whether it was right, its agreements."""

from __future__ import annotations

from datetime import date, timedelta

import orjson

from domain.codes import PauseReason
from domain.shelter import AgreementEnded, RegisterStatusChanged, SecurityStateSet
from domain.unit import AvailabilityCorrected, AvailabilityPublished, TermsDeclared
from domain.vocabulary import AgeBand, Criterion, RegisterStatus, RiskBand, SecurityState
from ledger.store.codec import plain
from projections.house_view import PlaceState, shelter_view, unit_view
from tests.support.night import DISTRICT, HOUSE, ROOM, ZONES, a_house_with_a_room, bed
from tests.support.spec import NOW, given


def test_a_room_shows_what_its_house_declared_last() -> None:
    scene = given(a_house_with_a_room())
    assert unit_view(ROOM, scene.unit(ROOM), 1, with_holders=True).terms is None
    declared = TermsDeclared(
        children_most=2,
        boys_up_to=AgeBand.AGE_11_13,
        risk_up_to=RiskBand.HIGH,
        criteria=(Criterion.INTERVIEW_FIRST,),
    )
    terms = unit_view(
        ROOM, given(a_house_with_a_room(), [(ROOM, declared)]).unit(ROOM), 1, with_holders=True
    ).terms
    assert terms is not None
    assert (terms.children_most, terms.boys_up_to) == (2, AgeBand.AGE_11_13)
    assert (terms.risk_up_to, terms.criteria) == (RiskBand.HIGH, (Criterion.INTERVIEW_FIRST,))


def test_a_word_found_wrong_is_shown_until_the_house_speaks_again() -> None:
    corrected = AvailabilityCorrected(open_places=(bed(2),), observed_at=NOW)
    shown = unit_view(
        ROOM, given(a_house_with_a_room(), [(ROOM, corrected)]).unit(ROOM), 1, with_holders=True
    )
    assert shown.wrongly_published
    assert [place.state for place in shown.places] == [PlaceState.NOT_OFFERED, PlaceState.FREE]
    anew = AvailabilityPublished(open_places=(bed(1),), observed_at=NOW + timedelta(hours=1))
    told = given(a_house_with_a_room(), [(ROOM, corrected), (ROOM, anew)])
    assert not unit_view(ROOM, told.unit(ROOM), 1, with_holders=True).wrongly_published


def test_a_house_shows_its_agreements_with_their_last_day_and_its_standing_now() -> None:
    told = given(
        a_house_with_a_room(),
        [
            (HOUSE, AgreementEnded(district_id=DISTRICT, valid_to=date(2026, 12, 31))),
            (HOUSE, RegisterStatusChanged(register_status=RegisterStatus.TRANSITIONAL)),
        ],
    )
    shown = shelter_view(HOUSE, told.shelter(HOUSE), 1)
    (agreement,) = shown.agreements
    assert (agreement.district_id, agreement.valid_to) == (DISTRICT, date(2026, 12, 31))
    assert shown.register_status is RegisterStatus.TRANSITIONAL


def test_a_house_in_danger_looks_as_one_that_pauses_and_no_view_tells_a_zone() -> None:
    danger = SecurityStateSet(state=SecurityState.COMPROMISED)
    told = given(a_house_with_a_room(), [(HOUSE, danger)])
    house = shelter_view(HOUSE, told.shelter(HOUSE), 1)
    assert (house.admits, house.paused) == (False, PauseReason.OTHER)
    room = unit_view(ROOM, told.unit(ROOM), 1, with_holders=True)
    shown = orjson.dumps([house, room], plain).decode()
    assert "COMPROMISED" not in shown
    assert not any(str(zone) in shown for zone in ZONES)
