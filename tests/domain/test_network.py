"""A network: born once, its words well formed, one policy in force under an unmistakable name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.network import (
    AddDistrict,
    AddMember,
    AdoptPolicy,
    BearNetwork,
    DefineLevel,
    DistrictAdded,
    LevelDefined,
    MemberJoined,
    MemberLeft,
    MinorAloneSignposted,
    NetworkBorn,
    PolicyAdopted,
    RemoveMember,
    RequestAuthoritySet,
    SetRequestAuthority,
)
from domain.policy import START_POLICY, Policy, Weights
from domain.refusals import Refusal
from domain.vocabulary import Channel, DistrictId, LevelFunction, LogKind, MemberId, MemberKind, StayLimit
from tests.support.night import DISTRICT, MEMBER, a_network
from tests.support.spec import NETWORK, NOW, given

BIRTH = BearNetwork(kind=LogKind.REAL, code="four-ambiti", time_zone="Europe/Rome")
SINCE = date(2026, 1, 1)
ELSEWHERE = DistrictId(UUID(int=0x99))


def a_district(**changes: object) -> AddDistrict:
    plain = AddDistrict(
        district_id=ELSEWHERE, code="two", municipalities=("012070", "012075"), valid_from=SINCE
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_network_is_born_once_and_asking_again_is_silent() -> None:
    given().when(BIRTH).then_alone(
        NetworkBorn(kind=LogKind.REAL, code="four-ambiti", time_zone="Europe/Rome")
    )


def test_a_born_log_never_becomes_of_the_other_kind() -> None:
    born = given().when(BIRTH).done()
    born.when(replace(BIRTH, kind=LogKind.EXERCISE)).then(Refusal.NETWORK_ALREADY_BORN)


@pytest.mark.parametrize("code", ["", "Four", "a b", "-a", "a--b", "a" * 41, "casa\n"])
def test_a_code_is_lower_case_letters_digits_and_single_hyphens(code: str) -> None:
    given().when(replace(BIRTH, code=code)).then(Refusal.CODE_MALFORMED)


@pytest.mark.parametrize("zone", ["", "Via Roma 1", "Europe/Rome\n", "../etc/passwd", "a" * 41])
def test_a_time_zone_has_the_form_of_a_name(zone: str) -> None:
    given().when(replace(BIRTH, time_zone=zone)).then(Refusal.CODE_MALFORMED)


@pytest.mark.parametrize(
    "command",
    [
        a_district(),
        AddMember(member_id=MEMBER, kind=MemberKind.CAV, code="cav", valid_from=SINCE),
        RemoveMember(member_id=MEMBER, valid_to=SINCE),
        SetRequestAuthority(channels=(Channel.CAV,)),
        AdoptPolicy(policy=START_POLICY, valid_from=SINCE),
    ],
)
def test_nothing_is_said_of_a_network_before_its_birth(command: object) -> None:
    given().when(command).then(Refusal.NETWORK_NOT_BORN)


def test_a_district_joins_with_its_municipalities() -> None:
    given(a_network()).when(a_district()).then_alone(
        DistrictAdded(
            district_id=ELSEWHERE, code="two", municipalities=("012070", "012075"), valid_from=SINCE
        )
    )


@pytest.mark.parametrize(
    "changes",
    [{"code": "Two"}, {"municipalities": ("Somma",)}, {"municipalities": ("12070",)}],
)
def test_a_district_is_named_by_codes_alone(changes: dict[str, object]) -> None:
    given(a_network()).when(a_district(**changes)).then(Refusal.CODE_MALFORMED)


@pytest.mark.parametrize("changes", [{"code": "one"}, {"district_id": DISTRICT}])
def test_a_districts_code_and_id_are_its_own(changes: dict[str, object]) -> None:
    given(a_network()).when(a_district(**changes)).then(Refusal.CODE_ALREADY_USED)


@pytest.mark.parametrize("municipalities", [("012026",), ("012070", "012070")])
def test_a_municipality_belongs_to_one_district(municipalities: tuple[str, ...]) -> None:
    command = a_district(municipalities=municipalities)
    given(a_network()).when(command).then(Refusal.MUNICIPALITY_ALREADY_ASSIGNED)


def test_a_member_joins_leaves_and_may_join_again() -> None:
    member = MemberId(UUID(int=0x98))
    joining = AddMember(member_id=member, kind=MemberKind.CAV, code="cav", valid_from=SINCE)
    joined = MemberJoined(member_id=member, kind=MemberKind.CAV, code="cav", valid_from=SINCE)
    scene = given(a_network()).when(joining).then_alone(joined)
    scene = scene.when(RemoveMember(member_id=member, valid_to=SINCE)).then_alone(
        MemberLeft(member_id=member, valid_to=SINCE), again=Refusal.MEMBER_UNKNOWN
    )
    scene.when(joining).then_alone(joined)


def test_a_members_code_is_well_formed_and_its_own() -> None:
    scene = given(a_network())
    member = AddMember(member_id=MemberId(UUID(int=0x98)), kind=MemberKind.CAV, code="body", valid_from=SINCE)
    scene.when(member).then(Refusal.CODE_ALREADY_USED)
    scene.when(replace(member, code="b o d y")).then(Refusal.CODE_MALFORMED)


def test_a_level_is_defined_and_defined_anew() -> None:
    eight = DefineLevel(code="l0", function=LevelFunction.EMERGENCY_RECEPTION, stay_limit=StayLimit(days=5))
    scene = (
        given(a_network())
        .when(eight)
        .then_alone(
            LevelDefined(code="l0", function=LevelFunction.EMERGENCY_RECEPTION, stay_limit=StayLimit(days=5))
        )
    )
    found = scene.network().level("l0")
    assert found is not None
    assert found.stay_limit.days == 5
    scene.when(replace(eight, code="L0")).then(Refusal.CODE_MALFORMED)


@pytest.mark.parametrize(("days", "months"), [(0, 0), (8, 1), (-8, 0), (0, -1)])
def test_a_stay_lasts_days_or_months_and_not_both(days: int, months: int) -> None:
    command = DefineLevel(
        code="l9", function=LevelFunction.SECOND_LEVEL, stay_limit=StayLimit(days=days, months=months)
    )
    given(a_network()).when(command).then(Refusal.STAY_LIMIT_MALFORMED)


def test_who_may_request_is_one_list_that_replaces_the_earlier() -> None:
    command = SetRequestAuthority(channels=(Channel.HELPLINE_1522,))
    scene = given(a_network()).when(command).then_alone(RequestAuthoritySet(channels=command.channels))
    assert scene.network().channels == (Channel.HELPLINE_1522,)


def test_a_new_policy_comes_into_force_and_the_old_stays_known_by_its_version() -> None:
    second = replace(START_POLICY, version="second-2", offer_minutes_u1=15)
    scene = (
        given(a_network())
        .when(AdoptPolicy(policy=second, valid_from=SINCE))
        .then_alone(PolicyAdopted(policy=second, valid_from=SINCE))
    )
    assert scene.network().policy == second
    assert scene.network().policy_of("start-1") == START_POLICY
    back = AdoptPolicy(policy=START_POLICY, valid_from=SINCE)
    assert scene.when(back).done().network().policy == START_POLICY


def test_one_version_never_names_two_policies() -> None:
    other = replace(START_POLICY, offer_minutes_u1=15)
    given(a_network()).when(AdoptPolicy(policy=other, valid_from=SINCE)).then(Refusal.CODE_ALREADY_USED)


@pytest.mark.parametrize(
    "policy",
    [
        replace(START_POLICY, version="a version"),
        replace(START_POLICY, version="v2", ranker="rank_0"),
        replace(START_POLICY, version="v2", offer_minutes_u1=0),
        replace(START_POLICY, version="v2", offer_minutes_u3=1441),
        replace(START_POLICY, version="v2", offer_hour_u4=24),
        replace(START_POLICY, version="v2", conversation_minutes=-30),
        replace(START_POLICY, version="v2", fresh_hours=25),
        replace(
            START_POLICY,
            version="v2",
            weights=Weights(spare_place=-1, ageing_availability=0, stale_availability=0, spare_feature=0),
        ),
    ],
)
def test_a_policy_under_which_nothing_could_be_decided_is_refused(policy: Policy) -> None:
    given(a_network()).when(AdoptPolicy(policy=policy, valid_from=SINCE)).then(Refusal.POLICY_MALFORMED)


def test_a_policy_is_adopted_when_its_day_has_come_somewhere_and_not_before() -> None:
    second = replace(START_POLICY, version="second-2")
    tomorrow = NOW.date() + timedelta(days=1)
    scene = given(a_network())
    scene.when(AdoptPolicy(policy=second, valid_from=tomorrow)).then(Refusal.OCCURRED_IN_THE_FUTURE)
    scene.when(AdoptPolicy(policy=second, valid_from=tomorrow), at=NOW + timedelta(hours=21)).done()


def test_minors_alone_are_counted_each_time() -> None:
    signposted = MinorAloneSignposted(channel=Channel.CAV)
    scene = given(a_network(), [(NETWORK, signposted), (NETWORK, signposted)])
    assert scene.network().minors_signposted == 2
