"""Ladders of refusals: the contact book and the rota."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.codes import DeskKind
from domain.coordination.contacts import AdoptRota, NameZones
from domain.desk import CloseDesk, DeskClosed, KeepDeskValues, OpenDesk, OpenDeskValues
from domain.kept import OpeningPurpose, ValueKind
from domain.network import RotaAdopted
from domain.refusals import Refusal
from domain.vocabulary import DeskId, MemberId, ShelterId, ZoneId
from tests.domain.refusals.ladder import Ladder, rung
from tests.domain.refusals.worlds import HELD, NEW_YEAR, NOBODY, NOT_BORN, SET_UP
from tests.support.desks import (
    COMMITMENT,
    COORDINATION,
    FRESH_DESK,
    HOUSE_DESK,
    ZONE_DESK,
    a_desk,
    every_hour,
    kept,
)
from tests.support.night import HOUSE, MEMBER, ZONES
from tests.support.spec import NETWORK, NOW, given

R = Refusal
BOOK = given(
    HELD.history,
    a_desk(COORDINATION, DeskKind.COORDINATION, member_id=MEMBER),
    a_desk(HOUSE_DESK, DeskKind.HOUSE, shelter_id=HOUSE),
    a_desk(ZONE_DESK, DeskKind.ZONE, zone_id=ZONES[0]),
)
KEPT = given(BOOK.history, kept(HOUSE_DESK), kept(ZONE_DESK, ValueKind.ZONE_MEANING))
UNASKED = given(SET_UP.history, a_desk(HOUSE_DESK, DeskKind.HOUSE, shelter_id=HOUSE), kept(HOUSE_DESK))
CLOSED = given(BOOK.history, [(HOUSE_DESK, DeskClosed())])
ADOPTED = given(BOOK.history, [(NETWORK, RotaAdopted(shifts=every_hour(COORDINATION), valid_from=NEW_YEAR))])
ROTA = AdoptRota(shifts=every_hour(COORDINATION), valid_from=NEW_YEAR)
_WITHOUT_END = (replace(every_hour(COORDINATION)[0], ends=1441),)
_UNTIL_ELEVEN = (replace(every_hour(COORDINATION)[0], ends=1380),)

LADDERS = {
    "open a desk": Ladder(
        OpenDesk(kind=DeskKind.SERVICE, code="pronto-sociale", member_id=MEMBER),
        BOOK,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.MEMBER_UNKNOWN, member_id=MemberId(NOBODY)),
            rung(R.SHELTER_UNKNOWN, shelter_id=ShelterId(NOBODY)),
            rung(R.ZONE_UNKNOWN, zone_id=ZoneId(NOBODY)),
            rung(R.NEIGHBOUR_UNKNOWN, kind=DeskKind.NEIGHBOUR, member_id=MEMBER),
            rung(R.CODE_MALFORMED, code="Pronto Sociale"),
            rung(R.DESK_MALFORMED, member_id=None),
            rung(R.CODE_ALREADY_USED, code="house"),
        ),
        FRESH_DESK,
    ),
    "keep a number": Ladder(
        KeepDeskValues(values=((ValueKind.ON_CALL_NUMBER, COMMITMENT),)),
        BOOK,
        (
            rung(R.DESK_UNKNOWN, SET_UP),
            rung(R.CODE_MALFORMED, values=((ValueKind.ON_CALL_NUMBER, "0000000001"),)),
            rung(R.VALUE_NOT_OF_DESK, values=((ValueKind.ZONE_MEANING, COMMITMENT),)),
            rung(R.DESK_CLOSED, CLOSED),
        ),
        HOUSE_DESK,
    ),
    "open a number": Ladder(
        OpenDeskValues(purpose=OpeningPurpose.CALL_HOUSE),
        KEPT,
        (
            rung(R.DESK_UNKNOWN, SET_UP),
            rung(R.VALUE_NOT_OF_DESK, purpose=OpeningPurpose.CALL_SERVICE),
            rung(R.DESK_CLOSED, CLOSED),
            rung(R.VALUE_NOT_KEPT, BOOK),
            rung(R.HOUSE_NOT_ASKED, UNASKED),
        ),
        HOUSE_DESK,
    ),
    "name zones": Ladder(
        NameZones(zones=ZONES[:1]),
        KEPT,
        (rung(R.ZONE_UNKNOWN, zones=(ZoneId(NOBODY),)), rung(R.VALUE_NOT_KEPT, zones=ZONES[:2])),
    ),
    "close a desk": Ladder(
        CloseDesk(),
        BOOK,
        (rung(R.DESK_UNKNOWN, SET_UP), rung(R.DESK_ON_ROTA, ADOPTED)),
        COORDINATION,
    ),
    "adopt a rota": Ladder(
        ROTA,
        BOOK,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.DESK_UNKNOWN, shifts=every_hour(DeskId(NOBODY))),
            rung(R.ROTA_MALFORMED, shifts=_WITHOUT_END),
            rung(R.HOUR_UNCOVERED, shifts=_UNTIL_ELEVEN),
            rung(R.OCCURRED_IN_THE_FUTURE, valid_from=(NOW + timedelta(days=2)).date()),
            rung(
                R.DESK_CLOSED,
                CLOSED,
                shifts=(*every_hour(COORDINATION), *every_hour(HOUSE_DESK)),
            ),
        ),
        NETWORK,
    ),
}
