"""What each read model says: the queue's order and calls for a person, late entries, barriers, and the board
as it was before it was kept in rows.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from api.loops.automatic import Automatic
from api.loops.deadlines import Deadlines
from domain.catalogue import EVENT_TYPES
from ledger.store import codec
from ledger.store.port import StoredRow
from projections.bed_board import bed_board, board_of
from projections.placement_timeline import MOST_NAMED, timeline_row
from projections.projector import Projector
from projections.read_models import TABLES
from projections.views import MemoryViews, Stop
from tests import vectors
from tests.api.http.ground import ALONE, FAMILY, NIGHT, REQUEST, Ground, ground

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def night() -> AsyncIterator[Ground]:
    async with ground() as made:
        yield made


async def kept(night: Ground) -> MemoryViews:
    views = MemoryViews()
    await Projector(night.store, views).catch_up()
    return views


async def queue(night: Ground) -> list[dict[str, object]]:
    answer = await night.get("/on-call-queue")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["complete"] is True
    items: list[dict[str, object]] = told["items"]
    return items


async def test_the_queue_is_in_the_order_of_urgency_and_then_age(night: Ground) -> None:
    for urgency, minutes in (("U3", 50), ("U1", 5), ("U2", 60), ("U1", 9)):
        occurred = (NIGHT - timedelta(minutes=minutes)).isoformat()
        await night.ask({**ALONE, "urgency": urgency, "occurred_at": occurred, "consented_at": occurred})
    items = await queue(night)
    assert [item["urgency"] for item in items] == ["U1", "U1", "U2", "U3"]
    assert str(items[0]["asked_at"]) < str(items[1]["asked_at"])


async def test_a_line_says_what_is_awaited_and_what_a_person_has_to_do(night: Ground) -> None:
    safe_until = (NIGHT + timedelta(minutes=5)).isoformat()
    told = await night.ask({**REQUEST, "safe_until": safe_until})
    path = f"/placements/{told['placement']['placement_id']}"

    async def line() -> tuple[object, ...]:
        (item,) = await queue(night)
        names = ("phase", "due_kind", "overdue", "stopped", "needs", "unsafe")
        return tuple(item[name] for name in names)

    assert await line() == ("HELD", "OFFER_TO_SEND", False, False, "SEND_OFFER", False)
    units = [held["unit_id"] for held in told["placement"]["offers"][0]["units"]]
    await night.post(f"{path}/offers", {"units": units})
    assert await line() == ("OFFERED", "ANSWER", False, False, None, False)
    await night.post(f"{path}/conversation", {}, "ginepro")
    assert await line() == ("IN_CONVERSATION", "CONVERSATION", False, False, None, False)
    await night.later(minutes=31)
    assert await line() == ("IN_CONVERSATION", "CONVERSATION", True, False, None, True)
    await night.post(f"{path}/refusal", {"channel": "SCREEN", "shown": "SAFETY"}, "ginepro")
    assert await line() == ("STOPPED", None, False, True, "DECIDE", True)
    await night.post(f"{path}/withdrawal")
    assert await queue(night) == []


async def test_only_a_house_that_was_asked_is_silent(night: Ground) -> None:
    """Overdue is also a hold whose offer was never sent: nobody was asked, and it is to be sent."""
    placement = (await night.ask())["placement"]
    path = f"/placements/{placement['placement_id']}"
    automatic = Automatic(network_id=night.engine.transactor.network_id, app_version="prova")

    async def line() -> tuple[object, ...]:
        await Deadlines(night.engine, automatic).step()
        (item,) = await queue(night)
        assert (await night.get(path)).json()["offers"][0]["unanswered"] is item["overdue"]
        return item["phase"], item["due_kind"], item["overdue"], item["needs"]

    await night.later(hours=1)
    assert await line() == ("HELD", "OFFER_TO_SEND", True, "SEND_OFFER")
    units = [held["unit_id"] for held in placement["offers"][0]["units"]]
    await night.done(f"{path}/offers", {"units": units})
    assert await line() == ("OFFERED", "ANSWER", False, None)
    await night.later(hours=1)
    assert await line() == ("OFFERED", "ANSWER", True, "ANSWER_SILENCE")


async def test_a_request_without_a_place_asks_for_another_way(night: Ground) -> None:
    for _ in range(2):
        await night.ask()
    assert [item["needs"] for item in await queue(night)] == ["SEND_OFFER", "FIND_ANOTHER_WAY"]


async def test_a_late_entry_shows_its_gap_and_what_was_decided_meanwhile(night: Ground) -> None:
    path = await night.offered(ALONE)
    said_at = await night.store.now()
    await night.later(minutes=7)
    other = await night.ask()
    await night.later(minutes=2)
    body = {"channel": "TELEPHONE", "occurred_at": said_at.isoformat()}
    answer = await night.post(f"{path}/acceptance", body)
    assert answer.status_code == 200, answer.text
    told = (await night.get(f"{path}/timeline", "auditor")).json()
    assert (await night.get(f"{path}/timeline")).json() == told
    late = [item for item in told["items"] if item["late"]]
    assert [(item["topic"].rsplit(".", 1)[0], item["gap_seconds"]) for item in late] == [
        ("placement.offer-accepted", 540)
    ]
    decided = [each["placement_id"] for each in late[0]["decided_meanwhile"]]
    assert decided == [other["placement"]["placement_id"]]
    assert [item["decided_meanwhile_count"] for item in told["items"] if not item["late"]] == [0] * (
        len(told["items"]) - 1
    )
    assert late[0]["decided_meanwhile_count"] == 1
    assert [item["version"] for item in told["items"]] == list(range(1, len(told["items"]) + 1))
    assert {item["role"] for item in told["items"]} == {"COORDINATOR"}
    nowhere = await night.get("/placements/0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55/timeline")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "PLACEMENT_UNKNOWN")


async def test_a_correction_counts_from_when_it_really_happened_and_marks_what_it_corrects(
    night: Ground,
) -> None:
    path = await night.offered(ALONE)
    await night.later(minutes=20)
    sent = next(
        item
        for item in (await night.get(f"{path}/timeline")).json()["items"]
        if item["topic"].startswith("placement.offer-sent.")
    )
    truly = (NIGHT + timedelta(minutes=10)).isoformat()
    wrong = {"version": sent["version"], "reason": "WRONG_TIME", "true_occurred_at": truly}
    assert (await night.post(f"{path}/corrections", wrong)).status_code == 200
    items = (await night.get(f"{path}/timeline")).json()["items"]
    assert (items[-1]["late"], items[-1]["gap_seconds"]) == (True, 600)
    corrected = [(item["version"], item["corrected_by"]) for item in items if item["corrected_by"]]
    assert corrected == [(sent["version"], items[-1]["position"])]


async def test_a_late_line_names_the_first_decisions_taken_meanwhile_and_counts_all(night: Ground) -> None:
    path = await night.held(FAMILY)
    others = [(await night.ask(FAMILY))["placement"]["placement_id"] for _ in range(MOST_NAMED + 3)]
    asked = [path.rsplit("/", 1)[-1], *others]
    for year in (2001, 2002):
        truly = f"{year}-02-01T00:00:00Z"
        wrong = {"version": 1, "reason": "WRONG_TIME", "true_occurred_at": truly}
        await night.done(f"{path}/corrections", wrong)
    items = (await night.get(f"{path}/timeline")).json()["items"]
    late = [item for item in items if item["late"]]
    assert len(late) == 2
    for item in late:
        named = [each["placement_id"] for each in item["decided_meanwhile"]]
        assert (named, item["decided_meanwhile_count"]) == (asked[:MOST_NAMED], len(asked))
    history = (await night.get(f"{path}/history", "auditor")).json()["items"]
    assert [item["decided_meanwhile_count"] for item in history if item["late"]] == [1, 1], "its own alone"


async def test_the_timeline_needs_no_change_for_a_new_event() -> None:
    """The golden bytes of every event of a placement there is give a row, whatever its type."""
    golden = json.loads((Path(vectors.__file__).parent / "events-1.json").read_text()).values()
    told = [_row(each) for each in golden if each["topic"].startswith("placement.")]
    assert {row.topic for row in told} >= {topic for topic in EVENT_TYPES if topic.startswith("placement.")}
    for row in told:
        line = timeline_row(row, codec.decode(row.topic, row.state))
        assert (line.topic, line.position) == (row.topic, row.position)
        assert (line.gap_seconds is None) == (line.occurred_at is None)


def _row(golden: dict[str, Any]) -> StoredRow:
    return StoredRow(
        stream=UUID(golden["stream"]),
        version=golden["version"],
        position=golden["position"],
        topic=golden["topic"],
        state=bytes.fromhex(golden["state"]),
        event_id=UUID(golden["event_id"]),
        metadata=bytes.fromhex(golden["metadata"]),
        recorded_at=datetime.fromisoformat(golden["recorded_at"]),
    )


@pytest.mark.parametrize("hours", [0, 13, 25])
async def test_the_board_of_the_rows_is_the_board_of_the_places(night: Ground, hours: int) -> None:
    await night.ask(ALONE)
    await night.post(f"/shelters/{night.house('ginepro')}/intake", {"pause": "STAFF"}, "ginepro")
    await night.later(hours=hours)
    now = await night.store.now()
    position, groups = await (await kept(night)).board(now)
    places = (await night.engine.index.catch_up()).places
    assert board_of(groups, position, now, complete=True) == bed_board(places, now)
    assert groups


async def test_no_row_says_where_a_house_is_or_holds_free_text() -> None:
    names = {name for kind in TABLES.values() for name in kind.__slots__}
    assert not names & {"district_id", "municipality", "address", "zone_ids", "zones", "text", "note", "name"}


async def test_status_says_that_the_views_stand_still_and_why() -> None:
    views = MemoryViews()
    async with ground(views=views) as night:
        told = (await night.client.get("/status")).json()
        assert told["views"] == {"stopped": False, "topic": None, "fault": None}
        await views.stop(views.at, Stop(position=1, topic="network.born.9", why="UnknownTopic"))
        told = (await night.client.get("/status")).json()
        assert told["views"] == {"stopped": True, "topic": "network.born.9", "fault": "UnknownTopic"}
        assert (told["status"], "ferme" in told["title"]) == (200, True)
        assert (await night.client.get("/readyz")).status_code == 200, "places are held all the same"
