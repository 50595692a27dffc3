"""The past by `approdo replay`: about an instant, since one, and otherwise; and that nothing is written."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from api.commands.arguments import WrongArgument
from api.commands.one_more_said import unit_said
from api.commands.replaying import AboutWhatHadNotCome, replayed
from api.commands.replaying_shown import as_json, as_text
from domain.matching.places import Places
from domain.vocabulary import AgeBand, Feature, Household, IntakeMode
from ledger.store import codec
from ledger.store.dump import dump_at
from ledger.store.port import StoredRow
from tests.api.commands.program import EXERCISE, NETWORK, Ended, approdo
from tests.ledger.evidence.night import Night, played
from tests.support.postgres import Database

LARGE = Household(adults=1, children=(AgeBand.AGE_6_10,) * 7)
ROOM = "level=reception beds=8"


@pytest.fixture(scope="module")
def night() -> Night:
    return asyncio.run(played())


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dump of two families that no house has room for."""

    async def rows() -> list[StoredRow]:
        night = Night()
        await night.begin()
        await night.ask(LARGE)
        await night.ask(LARGE)
        return await night.rows()

    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    with dump_at(path) as write:
        for row in asyncio.run(rows()):
            write(row)
    return path


def decisions(folder: Path, log: Path, *arguments: str | Path) -> Ended:
    """`approdo replay --decisions` over a dump, and that it asked for no database."""
    ended = approdo(
        {"APPRODO_DATA_DIR": str(folder / "none")}, "replay", "--decisions", "--from", log, *arguments
    )
    assert not (folder / "none").exists()
    return ended


# --- as of, and about ---------------------------------------------------------------------------------------


def test_ages_queue_policy_and_ranking_are_told_as_then(night: Night) -> None:
    rows = asyncio.run(night.rows())
    placement = next(row.stream for row in rows if row.topic.startswith("placement.requested"))
    ranked = [row for row in rows if row.stream == placement and ".candidates-ranked." in row.topic]
    found = asyncio.run(replayed(night.store, ranked[0].position, placement))
    text, shown = as_text(found, night.engine.index.places.network.zone), json.loads(as_json(found))
    assert "policy in force: start-1, ranker rank_1" in text
    assert f"ranking that stood: recorded at position {ranked[0].position}," in text
    assert shown["ranking"]["summary"]["position"] < ranked[0].position
    assert {each["unit_id"] for each in shown["unit_ages"]} == {
        str(unit.id) for house in night.ids.shelters.values() for unit in house.units.values()
    }
    never = [each["unit_id"] for each in shown["unit_ages"] if each["age"] == "never"]
    assert all(f"unit {each}" in text for each in never)
    later = json.loads(as_json(asyncio.run(replayed(night.store, 10**9, placement))))
    assert later["ranking"]["recorded_position"] == ranked[-1].position > ranked[0].position
    assert "awaits " in as_text(
        asyncio.run(replayed(night.store, ranked[-1].position + 2, None)),
        night.engine.index.places.network.zone,
    )


def test_a_journey_told_about_an_instant_ends_there(night: Night) -> None:
    rows = asyncio.run(night.rows())
    placement = next(row.stream for row in rows if row.topic.startswith("placement.requested"))
    middle = rows[len(rows) // 2].recorded_at
    found = asyncio.run(replayed(night.store, rows[-1].position, placement, about=middle))
    assert found.timeline
    assert all(told.happened_at <= middle for told in found.timeline)
    assert found.was.told_about is not None and found.was.told_about.about == middle
    assert "told about " in as_text(found, night.engine.index.places.network.zone)
    whole = asyncio.run(replayed(night.store, rows[-1].position, placement))
    assert len(whole.timeline) > len(found.timeline)


def test_nothing_is_believed_about_what_had_not_come(night: Night) -> None:
    rows = asyncio.run(night.rows())
    with pytest.raises(AboutWhatHadNotCome):
        asyncio.run(replayed(night.store, 5, None, about=rows[-1].recorded_at))


# --- otherwise ----------------------------------------------------------------------------------------------


def test_one_more_unit_is_told_decision_by_decision(log: Path, tmp_path: Path) -> None:
    ended = decisions(tmp_path, log, "--one-more", ROOM)
    assert ended.status == 0, ended.err
    assert ended.out.count("a place instead of waiting: none -> the one more") == 1
    assert "Each decision is judged by itself" in ended.out
    assert "The one more unit is empty again at every decision" in ended.out
    shown = json.loads(decisions(tmp_path, log, "--one-more", ROOM, "--json").out)
    assert (shown["impact"]["changed_count"], shown["impact"]["one_more_first"]) == (1, 1)
    assert shown["one_more"]["beds"] == 8
    assert len(shown["said"]) == 2


def test_another_policy_is_told_with_the_totals_of_its_impact(log: Path, tmp_path: Path) -> None:
    file = tmp_path / "agreed-2.toml"
    file.write_text('[policy]\nversion = "agreed-2"\n')
    ended = decisions(tmp_path, log, "--policy", file)
    assert ended.status == 0, ended.err
    assert ended.out.startswith("under agreed-2, decisions up to position ")
    impact = approdo({}, "policy", "impact", file, "--from", log)
    assert impact.out.splitlines()[1:] == ended.out.splitlines()[2:-1]


def test_only_the_decisions_up_to_there_are_looked_at(log: Path, tmp_path: Path) -> None:
    shown = json.loads(decisions(tmp_path, log, "--one-more", ROOM, "--position", "1", "--json").out)
    assert shown["impact"]["lines"]["all"]["decisions"] == 0


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("beds=3", "write it like level=reception beds=3"),
        ("level=reception", "write it like level=reception beds=3"),
        ("level=reception beds=3 doors=2", "write it like level=reception beds=3"),
        ("level=attic beds=3", "'attic' is not one level of this network: first-level, reception"),
        ("level=reception beds=many", "'many' is not a number of places"),
        ("level=reception beds=0", "one unit has from 1 to 100 places"),
        ("level=reception beds=3 features=POOL", "POOL: these are known: GROUND_FLOOR"),
        ("level=reception beds=3 modes=SOMETIMES", "SOMETIMES: these are known: EMERGENCY"),
        ("level=reception beds=3 from=tomorrow", "'tomorrow' is not an instant"),
    ],
)
def test_a_unit_that_cannot_be_read_is_refused_in_a_line(
    said: str, complaint: str, log: Path, tmp_path: Path
) -> None:
    ended = decisions(tmp_path, log, "--one-more", said)
    assert (ended.status, complaint in ended.complaint, ended.out) == (2, True, ""), ended.err


def test_a_unit_is_read_word_by_word(night: Night) -> None:
    places = Places()
    for row in asyncio.run(night.rows()):
        places.apply(row.stream, row.version, row.position, codec.decode(row.topic, row.state))
    words = "level=EMERGENCY_RECEPTION beds=2 cots=1 exclusive features=STEP_FREE,GROUND_FLOOR"
    unit = unit_said(f"{words} modes=EMERGENCY from=2026-11-20T22:00", places.network)
    assert (unit.level, unit.beds, unit.cots, unit.exclusive) == ("reception", 2, 1, True)
    assert unit.features == (Feature.GROUND_FLOOR, Feature.STEP_FREE)
    assert unit.intake_modes == (IntakeMode.EMERGENCY,)
    assert unit.free_from is not None and unit.free_from.isoformat() == "2026-11-20T21:00:00+00:00"
    with pytest.raises(WrongArgument):
        unit_said("", places.network)


# --- the ledger ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--about", "x", "--decisions"), "--about goes with what is shown"),
        (("--since", "x", "--about", "x"), "--since goes with --as-of, --position and --json alone"),
        (("--since", "x", "--decisions"), "--since goes with --as-of, --position and --json alone"),
        (("--policy", "x"), "--policy and --one-more go with --decisions"),
        (("--decisions", "--one-more", ROOM, "--fast"), "--fast compares with what was recorded"),
    ],
)
def test_what_does_not_go_together_is_told(arguments: tuple[str, ...], said: str) -> None:
    ended = approdo({}, "replay", *arguments)
    assert (ended.status, said in ended.err) == (2, True), ended.err


def test_the_past_of_a_ledger_is_told_and_nothing_is_written(database: Database, tmp_path: Path) -> None:
    given = {"APPRODO_DATABASE_URL": database.dsn("app")}
    assert approdo(given, "init", NETWORK, *EXERCISE).status == 0
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    approdo(given, "replay", "--dump", before)
    since = approdo(given, "replay", "--since", "2026-11-20T21:00", "--json")
    assert since.status == 0, since.err
    assert [each["policy"] for each in json.loads(since.out)["changes"]["policies"]] == ["start-1"]
    about = approdo(given, "replay", "--about", "2026-11-20T21:59")
    assert (about.status, "told about 2026-11-20 21:59:00+01:00" in about.out) == (0, True), about.err
    late = approdo(given, "replay", "--as-of", "2026-11-20T22:00", "--about", "2026-11-20T22:01")
    assert (late.status, "is about that one or an earlier one" in late.complaint) == (1, True)
    later = approdo(given, "replay", "--since", "2026-11-20T23:00")
    assert (later.status, "the first is not after the second" in later.complaint) == (1, True)
    assert approdo(given, "replay", "--decisions", "--one-more", ROOM).status == 0
    approdo(given, "replay", "--dump", after)
    assert before.read_bytes() == after.read_bytes()
