"""The thin path over HTTP, from request to admission and out, with its failures."""

from __future__ import annotations

import pytest

from ledger.store.postgres import PostgresStore
from tests.api.http.ground import ALONE, REQUEST, Ground, ground, ground_on
from tests.support.postgres import Database


async def play_a_night(stage: Ground) -> None:
    """A held request, refused; a second house, a conversation, a telephone yes, her yes, the arrival."""
    asked = await stage.ask(ALONE)
    placement = asked["placement"]
    assert asked["result"] == "held"
    assert placement["phase"] == "HELD"
    path = f"/placements/{placement['placement_id']}"
    first = placement["offers"][0]["shelter_id"]
    house, other = (
        ("ginepro", "lentisco") if first == str(stage.house("ginepro")) else ("lentisco", "ginepro")
    )

    units = [held["unit_id"] for held in placement["offers"][0]["units"]]
    sent = await stage.post(f"{path}/offers", {"units": units})
    assert sent.json()["placement"]["phase"] == "OFFERED"
    refused = await stage.post(f"{path}/refusal", {"channel": "SCREEN", "shown": "NOT_SUITABLE"}, house)
    assert [offer["state"] for offer in refused.json()["placement"]["offers"]] == ["OVER"]

    again = (await stage.post(f"{path}/search")).json()["placement"]
    held = again["offers"][1]
    assert held["shelter_id"] == str(stage.house(other))
    units = [unit["unit_id"] for unit in held["units"]]
    await stage.post(f"{path}/offers", {"units": units})
    talking = await stage.post(f"{path}/conversation", {}, other)
    assert talking.status_code == 200
    yes = await stage.post(f"{path}/acceptance", {"channel": "TELEPHONE"})
    assert yes.json()["placement"]["phase"] == "ACCEPTED_BY_HOUSE"
    confirmed = await stage.post(f"{path}/acceptance-confirmation", {}, other)
    assert confirmed.status_code == 200, confirmed.text
    hers = await stage.post(
        f"{path}/woman-acceptance", {"proximity_checked_by_voice": True, "told": ["HOUSE_RULES"]}
    )
    assert hers.json()["placement"]["phase"] == "ACCEPTED_BY_BOTH"
    arrived = await stage.post(f"{path}/admission", {}, other)
    assert arrived.status_code == 200, arrived.text
    assert (await stage.get(path)).json()["phase"] == "ADMITTED"
    left = await stage.post(f"{path}/discharge", {"outcome": "GOALS_REACHED"})
    assert left.json()["placement"]["phase"] == "ENDED"
    assert (await stage.get("/placement-requests")).json()["items"] == []


@pytest.mark.asyncio
async def test_a_night_from_request_to_discharge() -> None:
    async with ground() as stage:
        await play_a_night(stage)


@pytest.mark.asyncio
async def test_the_same_night_on_postgresql(database: Database) -> None:
    async with PostgresStore(database.dsn()) as store, ground_on(store) as stage:
        await play_a_night(stage)


@pytest.mark.asyncio
async def test_no_place_is_an_answer_and_not_an_error() -> None:
    async with ground() as stage:
        await stage.ask(REQUEST)
        waiting = await stage.ask({**REQUEST, "household": {"adults": 3}})
        assert waiting["result"] == "waiting"
        assert waiting["placement"]["phase"] == "WAITING"
        assert waiting["minors_path"] is None
        assert {line["code"] for line in waiting["ranking"]["excluded"]} == {"CAPACITY", "OCCUPIED"}


@pytest.mark.asyncio
async def test_a_girl_alone_is_shown_the_other_path_and_counted() -> None:
    async with ground() as stage:
        told = await stage.ask({**REQUEST, "household": {"adults": 0, "children": ["AGE_14_17"]}})
        assert told["result"] == "minor_alone"
        assert told["placement"] is None
        assert told["minors_path"]["code"] == "MINOR_ALONE"
        assert "114" in told["minors_path"]["text"]
        assert (await stage.topics())[-1] == "network.minor-alone-signposted.1"


@pytest.mark.asyncio
async def test_open_requests_are_listed_in_the_order_in_which_they_are_owed_a_place() -> None:
    async with ground() as stage:
        planned = await stage.ask({**REQUEST, "urgency": "U3"})
        urgent = await stage.ask({**ALONE, "urgency": "U1"})
        listed = (await stage.get("/placement-requests?status=open")).json()["items"]
        assert [line["placement_id"] for line in listed] == [
            urgent["placement"]["placement_id"],
            planned["placement"]["placement_id"],
        ]
        await stage.later(minutes=11)
        listed = (await stage.get("/placement-requests")).json()["items"]
        assert [line["overdue"] for line in listed] == [True, False]
