"""A policy file: the network file's `[policy]` by itself, with a version, and everything wrong named."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from api.network_file.policy_file import parse_policy_file, read_policy_file
from api.network_file.reading import BadNetworkFile, policy_problems
from api.network_file.schema import PolicyTable, WeightsTable
from domain.policy import START_POLICY, Policy, Weights

PLAIN = '[policy]\nversion = "agreed-2"\n'


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(BadNetworkFile) as told:
        parse_policy_file(text if isinstance(text, bytes) else text.encode())
    return list(told.value.problems)


def test_every_value_of_a_policy_has_a_key() -> None:
    assert set(PolicyTable.model_fields) == {field.name for field in fields(Policy)}
    assert set(WeightsTable.model_fields) == {field.name for field in fields(Weights)}


def test_what_is_left_out_has_its_start_value_and_is_named() -> None:
    read = parse_policy_file((PLAIN + "fresh_hours = 3\n[policy.weights]\nspare_place = 4\n").encode())
    assert (read.policy.version, read.policy.fresh_hours, read.policy.weights.spare_place) == (
        "agreed-2",
        3,
        4,
    )
    assert read.policy.stale_hours == START_POLICY.stale_hours
    assert {"stale_hours", "weights.spare_feature"} < read.left_out
    assert not {"version", "fresh_hours", "weights", "weights.spare_place"} & read.left_out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "policy: is missing: add it."),
        ("[policy]\n", "policy.version: is missing: add it."),
        ('[policy]\nversion = "Two!"\n', "policy.version: must be 1 to 40 lower-case letters"),
        (PLAIN + "speed = 1\n", "policy.speed: is not a key of a policy file"),
        (PLAIN + '[network]\ncode = "x"\n', "network: is not a key of a policy file"),
        (PLAIN + 'ranker = "magic"\n', "policy.ranker: is not a ranker: there are rank_1"),
        (PLAIN + "fresh_hours = 25\n", "policy.stale_hours: must not be less than fresh_hours."),
        (PLAIN + "offer_minutes_u1 = 0\n", "policy.offer_minutes_u1: should be greater than or equal to 1"),
        (
            PLAIN + "offer_minutes_u1 = 1441\n",
            "policy.offer_minutes_u1: should be less than or equal to 1440",
        ),
        (PLAIN + "offer_minutes_u1 = true\n", "policy.offer_minutes_u1: should be a valid integer"),
        (PLAIN + "offer_hour_u4 = 24\n", "policy.offer_hour_u4: should be less than or equal to 23"),
        (PLAIN + "offer_hour_u4 = 1.5\n", "policy.offer_hour_u4: should be a valid integer"),
        (
            PLAIN + "[policy.weights]\nspare_place = -1\n",
            "policy.weights.spare_place: should be greater than",
        ),
        (PLAIN + "[policy.weights]\nbeauty = 1\n", "policy.weights.beauty: is not a key of a policy file"),
        (PLAIN + "weights = 7\n", "policy.weights: "),
        ("policy = 7\n", "policy: "),
        ("[policy", "The file is not TOML"),
        (b"\xff", "The file is not UTF-8 text"),
        (b"a = " + b"9" * 5_000, "a number of thousands of digits"),
        (b"# " + b"x" * 16_000_001, "larger than 16 MB: is it a policy file?"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(text: str | bytes, said: str) -> None:
    found = problems(text)
    assert any(said in problem for problem in found), found


def test_every_problem_is_named_at_once() -> None:
    assert len(problems("[policy]\nspeed = 1\nfresh_hours = 0\nranker = 'magic'\n")) == 4


def test_what_the_domain_cannot_apply_is_never_said_to_be_right() -> None:
    table = PolicyTable.model_construct(offer_hour_u4=99)
    assert list(policy_problems(table)) == ["policy: nothing can be decided under these values together."]


def test_a_file_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(BadNetworkFile, match="cannot be read: No such file or directory"):
        read_policy_file(tmp_path / "none.toml")
    with pytest.raises(BadNetworkFile, match="cannot be read: Is a directory"):
        read_policy_file(tmp_path)
