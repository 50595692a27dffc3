"""`approdo policy`: what is in force and was, what a file would do, and that only adopting writes."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from api.commands.policy import changes, values_of
from domain.network import AdoptPolicy, PolicyAdopted, decide
from domain.placement.events import CandidatesRanked
from domain.policy import START_POLICY, Policy
from domain.vocabulary import Household
from domain.world import on_stream
from ledger.evidence.otherwise import Comparison, Impact
from ledger.store import codec
from ledger.store.dump import dump_at, line_of, read_dump
from ledger.store.port import StoredRow
from tests.api.commands.program import EXERCISE, NETWORK, Ended, approdo
from tests.ledger.evidence.night import Night, played
from tests.support.postgres import Database
from tests.vectors import stranger

WOMAN = Household(adults=1, children=())
HEAVY = replace(START_POLICY.weights, spare_feature=1000)
OTHER = replace(START_POLICY, version="agreed-2", fresh_hours=3, weights=HEAVY)
TEXT = """
[policy]
version = "agreed-2"
fresh_hours = 3

[policy.weights]
spare_feature = 1000
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "agreed-2.toml"
    path.write_text(TEXT)
    return path


@pytest.fixture(scope="module")
def rows() -> list[StoredRow]:
    return asyncio.run(_rows())


async def _rows() -> list[StoredRow]:
    """A night under the start values, and one more request under others."""
    night = await played()
    adopt = AdoptPolicy(policy=OTHER, valid_from=night.now.date())
    await night.run(
        lambda world, context: on_stream(night.network_id, decide(adopt, world.network(), context.now))
    )
    await night.ask(WOMAN)
    return await night.rows()


@pytest.fixture
def log(rows: list[StoredRow], tmp_path: Path) -> Path:
    path = tmp_path / "log.jsonl"
    with dump_at(path) as write:
        for row in rows:
            write(row)
    return path


def policy(folder: Path, *arguments: str | Path) -> Ended:
    """`approdo policy`, and that it asked for no database."""
    ended = approdo({"APPRODO_DATA_DIR": str(folder / "no-database")}, "policy", *arguments)
    assert not (folder / "no-database").exists()
    return ended


# --- show ---------------------------------------------------------------------------------------------------


def test_every_version_is_shown_with_its_time_in_the_networks_zone(log: Path, tmp_path: Path) -> None:
    shown = policy(tmp_path, "show", "--from", log).out
    first, *_, last = re.findall(r"(\S+), since (\S+ \S+) \(position \d+\), valid from (\S+)", shown)
    assert first[0] == last[0] == "agreed-2"
    assert first[1].endswith("+01:00")
    assert "start-1, since 2026-11-20 22:00:00+01:00 (position " in shown
    assert f"weights.spare_feature: {START_POLICY.weights.spare_feature} -> 1000" in shown
    assert f"fresh_hours: {START_POLICY.fresh_hours} -> 3" in shown
    for name, value in values_of(OTHER).items():
        assert name == "version" or re.search(rf"^  {re.escape(name)} +{value}$", shown, re.MULTILINE)


def test_programs_read_the_same(log: Path, tmp_path: Path) -> None:
    shown = json.loads(policy(tmp_path, "show", "--from", log, "--json").out)
    assert [each["policy"]["version"] for each in shown["adopted"]] == ["start-1", "agreed-2"]
    assert shown["in_force"] == shown["adopted"][1]
    assert shown["in_force"]["policy"]["weights"]["spare_feature"] == 1000
    assert shown["in_force"]["recorded_at"].endswith("Z")


def test_a_log_without_a_policy_says_so(rows: list[StoredRow], tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_bytes(line_of(rows[0]))
    assert policy(tmp_path, "show", "--from", tmp_path / "log.jsonl").out == "no policy was ever adopted\n"


def test_only_values_that_differ_are_a_change() -> None:
    assert changes(START_POLICY, replace(START_POLICY, version="x")) == []
    assert changes(START_POLICY, OTHER) == [
        f"fresh_hours: {START_POLICY.fresh_hours} -> 3",
        f"weights.spare_feature: {START_POLICY.weights.spare_feature} -> 1000",
    ]


# --- check --------------------------------------------------------------------------------------------------


def test_a_policy_file_is_told_value_by_value(file: Path, tmp_path: Path) -> None:
    ended = policy(tmp_path, "check", file)
    assert (ended.status, ended.out.splitlines()[0]) == (0, f"{file} can be adopted as agreed-2:")
    lines = {line.split()[0]: line for line in ended.out.splitlines()[1:]}
    assert set(lines) == set(values_of(START_POLICY)) - {"version"}
    given = {name for name, line in lines.items() if "the start value" not in line}
    assert given == {"fresh_hours", "weights.spare_feature"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[policy]\nspeed = 1\nfresh_hours = 99\n",
            ["policy.speed: is not a key of a policy file", "policy.version: is missing"],
        ),
        ("[policy]\nversion = 'x'\nfresh_hours = 99\n", ["policy.stale_hours: must not be less"]),
        ("policy = ", ["The file is not TOML"]),
    ],
)
def test_everything_wrong_with_a_file_is_told(text: str, said: list[str], tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(text)
    for command in (("check",), ("impact",), ("adopt", "--yes")):
        ended = policy(tmp_path, command[0], tmp_path / "bad.toml", *command[1:])
        assert (ended.status, ended.out) == (1, "")
        assert ended.err.count("\n") == len(said)
        assert all(each in ended.err for each in said)


def test_the_networks_own_policy_can_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "network.toml"
    path.write_text(NETWORK.read_text() + TEXT)
    assert "districts: is not a key of a policy file" in policy(tmp_path, "check", path).err


# --- impact -------------------------------------------------------------------------------------------------


async def _choices() -> list[StoredRow]:
    """Nine women, one after the other, more than there are places: while there is a choice, it hangs on the
    weights.
    """
    night = Night()
    await night.begin()
    for _ in range(9):
        await night.ask(WOMAN)
    return await night.rows()


def compared(rows: list[StoredRow], policy: Policy, first: int = 1) -> Impact:
    comparison = Comparison(policy, first)
    comparison.take(rows)
    return comparison.result()


def test_the_policy_that_was_in_force_changes_nothing() -> None:
    found = compared(asyncio.run(_choices()), START_POLICY)
    line = found.lines["all"]
    assert (line.decisions, line.requests, found.passed_over) == (9, 9, 0)
    assert (line.another_first, line.given_a_place, line.left_without) == (0, 0, 0)
    assert found.lines["U1"] == line
    assert found.lines["U2"].decisions == 0


def test_another_weight_gives_another_first_candidate() -> None:
    rows = asyncio.run(_choices())
    weights = replace(START_POLICY.weights, spare_feature=0, spare_place=0)
    found = compared(rows, replace(START_POLICY, version="agreed-2", weights=weights)).lines["all"]
    heavy = compared(rows, OTHER).lines["all"]
    assert found.another_first + heavy.another_first > 0
    assert (found.left_without, found.given_a_place) == (0, 0)


def test_a_request_that_would_have_found_or_lost_its_place_is_counted() -> None:
    """The log says of one decision that nothing was found, and of another that something was."""
    rows = asyncio.run(_choices())
    ranked = [row for row in rows if row.topic == CandidatesRanked.TOPIC]
    events = [codec.decode(row.topic, row.state) for row in ranked]
    found, none = events[0], [each for each in events if isinstance(each, CandidatesRanked) and not each.best]
    assert isinstance(found, CandidatesRanked) and found.best
    emptied = replace(found, best=())
    changed = [_with(row, emptied) if row is ranked[0] else row for row in rows]
    line = compared(changed, START_POLICY).lines["all"]
    assert (line.given_a_place, line.left_without, line.another_first) == (1, 0, 0)
    lost = next((row, each) for row, each in zip(ranked, events, strict=True) if each in none)
    filled = replace(none[0], best=found.best)
    changed = [_with(row, filled) if row is lost[0] else row for row in rows]
    line = compared(changed, START_POLICY).lines["all"]
    assert (line.given_a_place, line.left_without, line.another_first) == (0, 1, 0)


def _with(row: StoredRow, event: CandidatesRanked) -> StoredRow:
    return replace(row, state=codec.encode(event, bytes(16)))


def test_a_decision_that_cannot_be_ranked_again_is_passed_over_and_told(rows: list[StoredRow]) -> None:
    row = next(row for row in rows if row.topic == CandidatesRanked.TOPIC)
    cut = [replace(each, state=each.state[:-9]) if each is row else each for each in rows]
    whole, found = compared(rows, OTHER), compared(cut, OTHER)
    assert found.lines["all"].decisions == whole.lines["all"].decisions - 1
    event = codec.decode(row.topic, row.state)
    assert isinstance(event, CandidatesRanked)
    far = replace(event, position=10**9)
    assert compared([_with(each, far) if each is row else each for each in rows], OTHER).passed_over == 1


def test_the_impact_is_told_by_urgency(log: Path, file: Path, tmp_path: Path) -> None:
    ended = policy(tmp_path, "impact", file, "--from", log)
    assert ended.status == 0
    head, names, *table = ended.out.splitlines()
    assert head.startswith("under agreed-2, decisions at positions 1 to ")
    assert " ".join(names.split()) == "decisions requests another first given a place left without"
    assert [line.split()[0] for line in table[:5]] == ["U1", "U2", "U3", "U4", "all"]
    assert re.search(r"\d+ rows, 5 decisions, \d+ rows/s", ended.err)
    shown = json.loads(policy(tmp_path, "impact", file, "--from", log, "--json").out)
    assert shown["lines"]["all"]["decisions"] == 5
    assert [str(each) for each in shown["lines"]["U1"].values()] == table[0].split()[1:]


def test_only_the_last_decisions_or_days_may_be_looked_at(
    log: Path, file: Path, rows: list[StoredRow], tmp_path: Path
) -> None:
    def decisions(*arguments: str) -> int:
        ended = policy(tmp_path, "impact", file, "--from", log, "--json", *arguments)
        return int(json.loads(ended.out)["lines"]["all"]["decisions"])

    assert decisions("--last", "2") == 2
    assert decisions("--last", "99") == decisions("--days", "99") == decisions() == 5
    assert decisions("--days", "999999999", "--last", "999999999") == 5
    assert decisions("--days", "1", "--last", "3") == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("impact",), "the following arguments are required: FILE"),
        (("impact", "x", "--last", "0"), "a whole number, 1 or more"),
        (("impact", "x", "--days", "-1"), "a whole number, 1 or more"),
        (("impact", "x", "--last", "many"), "a whole number, 1 or more"),
        (("check",), "the following arguments are required: FILE"),
        (("show", "x"), "unrecognized arguments: x"),
        (("adopt",), "the following arguments are required: FILE"),
        ((), "the following arguments are required: COMMAND"),
    ],
)
def test_a_mistake_is_told_in_one_line(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    ended = policy(tmp_path, *arguments)
    assert (ended.status, said in ended.err) == (2, True), ended.err


@pytest.mark.parametrize("command", ["check", "impact", "adopt"])
def test_a_file_that_is_not_there_is_told(command: str, tmp_path: Path) -> None:
    ended = policy(tmp_path, command, tmp_path / "none.toml")
    assert (ended.status, "cannot be read: No such file or directory" in ended.complaint) == (1, True)


def test_a_dump_that_is_broken_is_told(file: Path, tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text("no\n")
    for command in (("show",), ("impact", str(file))):
        ended = policy(tmp_path, *command, "--from", tmp_path / "log.jsonl")
        assert (ended.status, "(line 1 is not JSON)" in ended.complaint) == (1, True)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("show", "Changes nothing."),
        ("check", "Changes nothing."),
        ("impact", "Changes nothing:"),
        ("adopt", "Writes one event:"),
    ],
)
def test_help_says_what_a_command_changes(command: str, said: str) -> None:
    assert said in " ".join(approdo({}, "policy", command, "--help").out.split())


# --- the ledger ---------------------------------------------------------------------------------------------


@pytest.fixture
def variables(database: Database) -> dict[str, str]:
    given = {"APPRODO_DATABASE_URL": database.dsn("app")}
    assert approdo(given, "init", NETWORK, *EXERCISE).status == 0
    return given


def adopted(variables: dict[str, str]) -> list[str]:
    shown = json.loads(approdo(variables, "policy", "show", "--json").out)
    return [each["policy"]["version"] for each in shown["adopted"]]


def test_a_policy_is_adopted_once_it_is_confirmed(
    variables: dict[str, str], file: Path, tmp_path: Path
) -> None:
    asked = approdo(variables, "policy", "adopt", file)
    assert (asked.status, "add --yes to adopt it" in asked.complaint) == (1, True)
    assert f"weights.spare_feature: {START_POLICY.weights.spare_feature} -> 1000" in asked.out
    assert adopted(variables) == ["start-1"]
    done = approdo(variables, "policy", "adopt", file, "--yes")
    assert re.search(r"agreed-2 is in force since 2026-11-20 22:00:00\+01:00 \(position \d+\)", done.out)
    assert adopted(variables) == ["start-1", "agreed-2"]
    again = approdo(variables, "policy", "adopt", file, "--yes")
    assert (again.status, again.out) == (0, "agreed-2 is in force already; nothing changed\n")
    assert adopted(variables) == ["start-1", "agreed-2"]


def test_a_stranger_derives_the_id_of_the_command(
    variables: dict[str, str], file: Path, tmp_path: Path
) -> None:
    assert approdo(variables, "policy", "adopt", file, "--yes").status == 0
    approdo(variables, "replay", "--dump", tmp_path / "log.jsonl")
    row = list(read_dump(tmp_path / "log.jsonl"))[-1]
    described = stranger.read_object(row.metadata)
    version = (row.version - 1).to_bytes(8)
    expected = stranger.command_id(row.stream.bytes, b"adopt-policy", version)
    assert (row.topic, described["command_id"]) == (PolicyAdopted.TOPIC, str(expected))


def test_a_version_that_had_other_values_is_refused(
    variables: dict[str, str], file: Path, tmp_path: Path
) -> None:
    assert approdo(variables, "policy", "adopt", file, "--yes").status == 0
    file.write_text(TEXT.replace("1000", "999"))
    used = approdo(variables, "policy", "adopt", file, "--yes")
    assert (used.status, "give this one a new version. (agreed-2)" in used.complaint) == (1, True)
    assert adopted(variables) == ["start-1", "agreed-2"]


def test_an_earlier_policy_may_come_back_into_force(variables: dict[str, str], file: Path) -> None:
    assert approdo(variables, "policy", "adopt", file, "--yes").status == 0
    start = file.with_name("start.toml")
    start.write_text('[policy]\nversion = "start-1"\n')
    assert approdo(variables, "policy", "adopt", start, "--yes").status == 0
    assert adopted(variables) == ["start-1", "agreed-2", "start-1"]


def test_trying_a_policy_writes_nothing(variables: dict[str, str], file: Path, tmp_path: Path) -> None:
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    approdo(variables, "replay", "--dump", before)
    assert approdo(variables, "policy", "impact", file, "--days", "1").status == 0
    assert approdo(variables, "policy", "check", file).status == 0
    assert approdo(variables, "policy", "show").status == 0
    approdo(variables, "replay", "--dump", after)
    assert before.read_bytes() == after.read_bytes()


def test_a_ledger_without_a_network_has_no_policy(database: Database, file: Path) -> None:
    given = {"APPRODO_DATABASE_URL": database.dsn("app")}
    for arguments in (("show",), ("impact", str(file)), ("adopt", str(file), "--yes")):
        ended = approdo(given, "policy", *arguments)
        assert (ended.status, "has no network yet" in ended.complaint) == (1, True)
