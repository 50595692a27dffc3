"""A network file: what is wrong in it is named by its path, all of it, and nothing is written."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import pytest

from api.network_file.municipalities import municipalities
from api.network_file.reading import BadNetworkFile, parse_network_file, read_network_file
from domain.policy import START_POLICY

SMALL = Path(__file__).with_name("small.toml")


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(BadNetworkFile) as told:
        parse_network_file(text if isinstance(text, bytes) else text.encode())
    return list(told.value.problems)


def changed(old: str, new: str, count: int = -1) -> str:
    text = SMALL.read_text()
    assert old in text
    return text.replace(old, new, count)


def test_a_small_network_is_read() -> None:
    file = read_network_file(SMALL)
    assert [shelter.code for shelter in file.shelters] == ["house-a", "house-b"]
    assert [unit.beds for unit in file.shelters[0].units] == [4, 3]
    assert file.policy.policy() == START_POLICY


def test_every_value_of_the_policy_can_be_set() -> None:
    policy = """
[policy]
version = "agreed-2"
ranker = "rank_1"
offer_minutes_u1 = 11
offer_minutes_u2 = 12
offer_minutes_u3 = 13
offer_hour_u4 = 14
conversation_minutes = 15
fresh_hours = 16
stale_hours = 17
no_place_minutes = 18
silent_offers = 19
safe_until_lead_minutes = 20
arrival_grace_minutes = 21

[policy.weights]
spare_place = 1
ageing_availability = 2
stale_availability = 3
spare_feature = 4
extra_unit = 5
pending_offer = 6
wrong_availability = 7
other_district = 8
"""
    read = parse_network_file((SMALL.read_text() + policy).encode()).policy.policy()
    version, ranker, *values = astuple(read)
    assert (version, ranker) == ("agreed-2", "rank_1")
    assert values == [*range(11, 18), (*range(1, 9),), *range(18, 22)]


def test_the_25_municipalities_of_the_four_districts_are_known() -> None:
    known = municipalities().values()
    assert len(known) == 25
    counted = {
        district: sum(each.district == district for each in known)
        for district in {each.district for each in known}
    }
    assert counted == {"busto-arsizio": 1, "gallarate": 9, "saronno": 6, "somma-lombardo": 9}
    assert all(each.istat_code.startswith("012") and len(each.istat_code) == 6 for each in known)


ROOM = "shelters[house-a].units[room-1]"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["012026"]', '["012999"]', "districts[busto-arsizio].municipalities: '012999' is not a known"),
        ('["012026"]', '["012070"]', "012070 (Gallarate) belongs to the district gallarate"),
        (
            '["012026"]',
            '["012026", "012026"]',
            "districts[busto-arsizio].municipalities: names something twice",
        ),
        ('["012026"]', "[12026]", "districts[busto-arsizio].municipalities[#1]: should be a valid string"),
        (
            "\nbeds = 3\n",
            "\n",
            "shelters[house-a].units[flat-1].beds: is missing: a unit has at least one bed",
        ),
        ("\nbeds = 3\n", "\nbeds = 0\n", "units[flat-1].beds: must be at least 1"),
        (
            "\nbeds = 3\n",
            "\nbeds = 51\n",
            "units[flat-1].beds: should be less than or equal to 50 (it is 51)",
        ),
        ("\nbeds = 3\n", "\nbeds = true\n", "units[flat-1].beds: should be a valid integer"),
        ("\nbeds = 3\n", '\nbeds = "3"\n', "units[flat-1].beds: should be a valid integer"),
        ('["south", "north"]', '["south"]', "units[room-1].unsuitable_zones: names too few zones"),
        ('["south", "north"]', '["south", "south"]', "unsuitable_zones: names something twice"),
        (
            '["south", "north"]',
            '["south", "west"]',
            "'west' is not in this file: there are north, south, east",
        ),
        ('code = "house-b"', 'code = "house-a"', "shelters[house-a].code: is used twice"),
        ('code = "flat-1"', 'code = "room-1"', "shelters[house-a].units[room-1].code: is used twice"),
        ('code = "lead"', 'code = "first-body"', "members[first-body].code: is used twice"),
        ('code = "first-level"', 'code = "reception"', "levels[reception].code: is used twice"),
        ('code = "lead"', 'code = "Casa Mia"', "members[Casa Mia].code: must be 1 to 40 lower-case letters"),
        (
            'member = "first-body"',
            'member = "other"',
            "shelters[house-a].member: 'other' is not in this file",
        ),
        ('district = "saronno"', 'district = "varese"', "shelters[house-b].district: 'varese' is not in"),
        ('level = "reception"', 'level = "recption"', f"{ROOM}.level: 'recption' is not in this file"),
        ('["STAFFED_AT_NIGHT"]', '["SEA_VIEW"]', f"{ROOM}.features[#1]: should be 'GROUND_FLOOR'"),
        (
            "exclusive = false\n",
            'exclusive = false\nboys_up_to = "ALL"\n',
            f"{ROOM}.boys_up_to: should be 'AGE_0_2'",
        ),
        (
            "exclusive = false\n",
            'exclusive = false\nrisk_up_to = "NOT_ASSESSED"\n',
            f"{ROOM}.risk_up_to: is no band a house can set a limit at",
        ),
        (
            "exclusive = false\n",
            "exclusive = false\nchildren_most = -1\n",
            f"{ROOM}.children_most: should be",
        ),
        (
            "exclusive = false\n",
            'exclusive = false\ncriteria = ["FEE_COMMITTED", "FEE_COMMITTED"]\n',
            f"{ROOM}.criteria: names something twice",
        ),
        (
            'kind = "SHELTER_BODY"',
            'kind = "NEIGHBOUR_NETWORK"',
            "shelters[house-a].member: 'first-body' is a neighbouring network",
        ),
        ("[[districts]]", "[policy]\nsilent_offers = 0\n[[districts]]", "policy.silent_offers: should be"),
        ("[[districts]]", "[policy]\nno_place_minutes = 1441\n[[districts]]", "policy.no_place_minutes: sh"),
        ("cots = 1\n", "cotts = 1\n", f"{ROOM}.cotts: is not a key of a network file"),
        ('code = "small-network"', 'code = "small-network"\ncolour = 1', "network.colour: is not a key"),
        ('time_zone = "Europe/Rome"', 'time_zone = "Europe/Busto"', "network.time_zone: is not a time zone"),
        (
            "valid_from = 2026-01-01",
            'valid_from = "2026-01-01"',
            "network.valid_from: should be a valid date",
        ),
        ("valid_from = 2026-01-01\n", "", "network.valid_from: is missing: add it"),
        ('"CAV", ', '"CAV", "CAV", ', "network.request_channels: names something twice"),
        ("days = 8", "days = 8\nmonths = 1", "levels[reception]: give `days` or `months`"),
        ("days = 8\n", "", "levels[reception]: give `days` or `months`"),
        (
            "fictitious = true",
            'fictitious = "yes"',
            "shelters[house-a].fictitious: should be a valid boolean",
        ),
        ("open_beds = 3", "open_beds = 5", f"{ROOM}.open_beds: the unit has only 4 beds"),
        ("open_beds = 3", "open_cots = 2", f"{ROOM}.open_cots: the unit has only 1 cots"),
        ("[{ beds = 1 }]", "[{ beds = 4 }]", f"{ROOM}: there are more guests than the unit's 4 beds"),
        ("[{ beds = 1 }]", "[{}]", f"{ROOM}: guests who take no place"),
        ("[{ beds = 1 }]", "[{ people = 1 }]", f"{ROOM}.opening_guests[#1].people: is not a key"),
        (
            "\nbeds = 3\n",
            "\nbeds = 3\nopening_guests = [{ beds = 1 }, { beds = 1 }]\n",
            "units[flat-1]: an exclusive unit has one household",
        ),
        (
            "[[districts]]",
            "[policy]\nfresh_hours = 30\n[[districts]]",
            "policy.stale_hours: must not be less",
        ),
        ("[[districts]]", '[policy]\nranker = "magic"\n[[districts]]', "policy.ranker: is not a ranker"),
        ("[[districts]]", "[policy]\nspeed = 1\n[[districts]]", "policy.speed: is not a key"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(old: str, new: str, said: str) -> None:
    found = problems(changed(old, new, 1))
    assert any(said in problem for problem in found), found


def test_a_house_whose_only_unit_is_wrong_is_not_told_that_it_has_none() -> None:
    said = problems(changed("\nbeds = ", "\nbeds = -"))
    assert all("beds: must be at least 1" in problem for problem in said), said


def test_every_problem_is_named_at_once() -> None:
    text = changed('["012026"]', '["012999"]').replace('member = "first-body"', 'member = "other"')
    assert len(problems(text)) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "network: is missing"),
        (b"[network", "is not TOML"),
        (b"a = 1\na = 2", "is not TOML"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"a = '\x00'", "is not TOML"),
        (b"a = " + b"[" * 100_000, "is not TOML"),
        (b"a = " + b"9" * 5_000, "a number of thousands of digits"),
        (b"shelters = 3", "shelters: should be a valid tuple"),
        (b"# " + b"x" * 16_000_001, "larger than 16 MB"),
    ],
)
def test_what_is_no_network_file_is_said_plainly(content: bytes, said: str) -> None:
    assert any(said in problem for problem in problems(content))


def test_a_file_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(BadNetworkFile, match="cannot be read: No such file or directory"):
        read_network_file(tmp_path / "none.toml")
    with pytest.raises(BadNetworkFile, match="cannot be read"):
        read_network_file(tmp_path)
