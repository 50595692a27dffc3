"""A house names a body and an Ambito that the network knows, a unit a house and a level."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from domain.refusals import Refusal
from domain.vocabulary import DistrictId, MemberId, ShelterId
from tests.domain.test_shelter import REGISTER as REGISTER_HOUSE
from tests.domain.test_unit import REGISTER as REGISTER_UNIT
from tests.support.night import HOUSE, ROOM, a_house, a_network
from tests.support.spec import given

STRANGER = UUID(int=0x99)


def test_no_house_before_the_network() -> None:
    given().when(REGISTER_HOUSE, on=HOUSE).then(Refusal.NETWORK_NOT_BORN)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        (
            {"district_id": DistrictId(STRANGER), "member_id": MemberId(STRANGER)},
            Refusal.DISTRICT_UNKNOWN,
        ),
        ({"member_id": MemberId(STRANGER), "code": "NO"}, Refusal.MEMBER_UNKNOWN),
        ({"code": "NO"}, Refusal.CODE_MALFORMED),
    ],
)
def test_a_house_belongs_to_a_known_body_and_ambito(changes: dict[str, object], refusal: Refusal) -> None:
    command = replace(REGISTER_HOUSE, **changes)  # type: ignore[arg-type]
    given(a_network()).when(command, on=HOUSE).then(refusal)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"shelter_id": ShelterId(STRANGER), "level": "l9"}, Refusal.SHELTER_UNKNOWN),
        ({"level": "l9", "code": "NO"}, Refusal.LEVEL_UNKNOWN),
        ({"code": "NO"}, Refusal.CODE_MALFORMED),
    ],
)
def test_a_unit_stands_in_a_known_house_at_a_known_level(
    changes: dict[str, object], refusal: Refusal
) -> None:
    command = replace(REGISTER_UNIT, **changes)  # type: ignore[arg-type]
    given(a_network(), a_house()).when(command, on=ROOM).then(refusal)


def test_a_known_house_gets_its_unit() -> None:
    scene = given(a_network(), a_house()).when(REGISTER_UNIT, on=ROOM)
    assert scene.done(again=Refusal.CODE_ALREADY_USED).places.by_shelter == {HOUSE: [ROOM]}
