"""A shelter: registered once, takes people in or not, and says so in its own stream."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from domain import shelter
from domain.codes import PauseReason
from domain.refusals import Refusal
from domain.shelter import (
    AgreementSigned,
    IntakePaused,
    IntakePolicySet,
    IntakeResumed,
    PauseIntake,
    RegisterShelter,
    ResumeIntake,
    SecurityStateSet,
    SetIntakePolicy,
    SetSecurityState,
    ShelterRegistered,
)
from domain.vocabulary import AddressClass, IntakeMode, RegisterStatus, SecurityState
from tests.support.night import DISTRICT, HOUSE, MEMBER, a_house, a_network
from tests.support.spec import NOW, given

REGISTER = RegisterShelter(
    code="house-33",
    member_id=MEMBER,
    district_id=DISTRICT,
    valid_from=date(2026, 1, 1),
    address_class=AddressClass.SECRET,
    register_status=RegisterStatus.TRANSITIONAL,
    modes=(IntakeMode.EMERGENCY,),
    fictitious=True,
)


def test_a_house_enters_with_its_agreement_and_its_ways_of_taking_people_in() -> None:
    given(a_network()).when(REGISTER, on=HOUSE).then_alone(
        ShelterRegistered(
            code="house-33",
            member_id=MEMBER,
            address_class=AddressClass.SECRET,
            register_status=RegisterStatus.TRANSITIONAL,
            fictitious=True,
        ),
        AgreementSigned(district_id=DISTRICT, valid_from=date(2026, 1, 1)),
        IntakePolicySet(modes=(IntakeMode.EMERGENCY,)),
        again=Refusal.CODE_ALREADY_USED,
    )


def test_a_houses_code_is_well_formed_before_it_is_anybodys() -> None:
    malformed = replace(REGISTER, code="Casa Rifugio")
    assert shelter.decide(malformed, shelter.initial, NOW) is Refusal.CODE_MALFORMED
    registered = given(a_network(), a_house()).shelter(HOUSE)
    assert shelter.decide(malformed, registered, NOW) is Refusal.CODE_MALFORMED


@pytest.mark.parametrize(
    "command",
    [
        SetIntakePolicy(modes=()),
        PauseIntake(reason=PauseReason.STAFF),
        ResumeIntake(),
        SetSecurityState(state=SecurityState.COMPROMISED),
    ],
)
def test_an_unknown_house_is_told_nothing(command: object) -> None:
    given(a_network()).when(command, on=UUID(int=0x99)).then(Refusal.SHELTER_UNKNOWN)


def test_a_house_changes_the_ways_it_takes_people_in() -> None:
    command = SetIntakePolicy(modes=(IntakeMode.MEDIUM_LONG,))
    given(a_house()).when(command, on=HOUSE).then_alone(IntakePolicySet(modes=(IntakeMode.MEDIUM_LONG,)))


def test_a_paused_house_admits_nobody_until_it_resumes() -> None:
    scene = given(a_house())
    assert scene.shelter(HOUSE).admits
    scene = scene.when(PauseIntake(reason=PauseReason.STAFF), on=HOUSE).then_alone(
        IntakePaused(reason=PauseReason.STAFF)
    )
    assert not scene.shelter(HOUSE).admits
    scene = scene.when(PauseIntake(reason=PauseReason.HEALTH), on=HOUSE).then_alone(
        IntakePaused(reason=PauseReason.HEALTH)
    )
    scene = scene.when(ResumeIntake(), on=HOUSE).then_alone(IntakeResumed())
    assert scene.shelter(HOUSE).admits


def test_a_compromised_house_admits_nobody_also_when_a_pause_ends() -> None:
    scene = (
        given(a_house())
        .when(SetSecurityState(state=SecurityState.COMPROMISED), on=HOUSE)
        .then_alone(SecurityStateSet(state=SecurityState.COMPROMISED))
    )
    assert not scene.shelter(HOUSE).admits
    scene.when(ResumeIntake(), on=HOUSE).then_alone()
    assert scene.when(SetSecurityState(state=SecurityState.NORMAL), on=HOUSE).done().shelter(HOUSE).admits


def test_a_house_that_was_never_registered_admits_nobody() -> None:
    assert not shelter.initial.admits
