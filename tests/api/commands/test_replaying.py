"""What `approdo replay` shows of a night: the board, who waits for what, one journey line by line."""

from __future__ import annotations

import asyncio
import json
from zoneinfo import ZoneInfo

import pytest

from api.commands.replaying import Replayed, replayed
from api.commands.replaying_shown import as_json, as_text
from domain.placement.events import HouseholdAdmitted
from domain.placement.state import Phase
from ledger.store import codec
from ledger.store.memory import MemoryStore
from ledger.store.port import StoredRow
from tests.ledger.evidence.night import Night, planted, played

ROME = ZoneInfo("Europe/Rome")


@pytest.fixture(scope="module")
def night() -> Night:
    return asyncio.run(played())


@pytest.fixture(scope="module")
def admitted(night: Night) -> StoredRow:
    """The first household's arrival."""
    rows = asyncio.run(night.rows())
    return next(row for row in rows if row.topic == HouseholdAdmitted.TOPIC)


def at(night: Night, position: int, *, of: StoredRow | None = None) -> Replayed:
    return asyncio.run(replayed(night.store, position, of.stream if of is not None else None))


def test_the_board_counts_each_place_once(night: Night, admitted: StoredRow) -> None:
    before = json.loads(as_json(at(night, admitted.position - 1)))["board"]["EMERGENCY_RECEPTION"]
    after = json.loads(as_json(at(night, admitted.position + 1)))["board"]["EMERGENCY_RECEPTION"]
    assert before["held"] > 0
    assert after["held"] == 0
    assert before["free"] == after["free"]
    assert before["held"] + before["occupied"] == after["occupied"]


def test_placements_under_way_are_shown_in_their_order_with_phase_and_place(night: Night) -> None:
    shown = json.loads(as_json(at(night, 10**9)))
    assert [each["phase"] for each in shown["placements"]] == [Phase.ADMITTED, Phase.WAITING]
    assert shown["ended"] == 1
    assert shown["placements"][0]["units"] != []
    assert shown["placements"][1]["units"] == []
    text = as_text(at(night, 10**9), ROME)
    for each in shown["placements"]:
        assert each["placement_id"] in text


def test_an_answer_is_due_until_the_house_has_said_yes(night: Night) -> None:
    due_in: dict[str, set[bool]] = {}
    for position in range(1, at(night, 10**9).folded.position + 1):
        found = at(night, position)
        shown = json.loads(as_json(found))["placements"]
        for each in shown:
            due_in.setdefault(each["phase"], set()).add(each["due_at"] is not None)
        due = sum(each["due_at"] is not None for each in shown)
        assert as_text(found, ROME).count("answer due ") == due
    assert due_in[Phase.HELD] == due_in[Phase.OFFERED] == {True}
    for answered in (Phase.ACCEPTED_BY_HOUSE, Phase.ACCEPTED_BY_BOTH, Phase.ADMITTED):
        assert due_in[answered] == {False}


def test_a_journey_has_every_event_of_its_commands_with_ids_and_positions(
    night: Night, admitted: StoredRow
) -> None:
    found = at(night, 10**9, of=admitted)
    rows = {row.position: row for row in asyncio.run(night.rows())}
    own = [row.position for row in rows.values() if row.stream == admitted.stream]
    assert set(own) < {told.position for told in found.timeline}
    assert {rows[told.position].topic.split(".")[0] for told in found.timeline} == {
        "placement",
        "case",
        "unit",
    }
    for told in found.timeline:
        row = rows[told.position]
        assert (told.stream, told.event_id, told.recorded_at) == (row.stream, row.event_id, row.recorded_at)
        assert told.event == codec.decode(row.topic, row.state)
    lines = as_text(found, ROME).splitlines()
    for told in found.timeline:
        assert any(f"#{told.position} " in line and str(told.stream) in line for line in lines)
    assert len(json.loads(as_json(found))["timeline"]) == len(found.timeline)


def test_a_replay_sees_nothing_that_came_later(night: Night, admitted: StoredRow) -> None:
    found = at(night, admitted.position - 1, of=admitted)
    assert found.folded.position == admitted.position - 1
    assert all(told.position < admitted.position for told in found.timeline)
    assert found.folded.placements[admitted.stream].phase is Phase.ACCEPTED_BY_BOTH  # type: ignore[index]


class Tampered(MemoryStore):
    """A log in which somebody wrote without the ledger."""

    def __init__(self, rows: list[StoredRow]) -> None:
        super().__init__()
        self._rows = rows


def test_a_log_that_is_not_sound_is_shown_as_such(night: Night, admitted: StoredRow) -> None:
    rows = asyncio.run(night.rows())
    event = codec.decode(admitted.topic, admitted.state)
    found = asyncio.run(replayed(Tampered(planted(rows, admitted.stream, event)), len(rows) + 1, None))
    assert not found.verdict.sound
    text = as_text(found, ROME)
    assert "verification: NOT SOUND" in text
    assert f"TWO_STAYS at position {len(rows) + 1} in stream {admitted.stream}" in text
    assert json.loads(as_json(found))["verification"]["findings"][0]["breach"] == "TWO_STAYS"


def test_contested_places_are_told_apart_from_findings(night: Night) -> None:
    found = at(night, 10**9)
    assert found.verdict.sound
    assert "declared exception at position" in as_text(found, ROME)
