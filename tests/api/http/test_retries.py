"""Again is a normal case: the same key gets the same bytes, whatever has happened since."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.store.postgres import PostgresStore
from tests.api.http.ground import ALONE, NIGHT, REQUEST, Ground, ground, ground_on
from tests.api.http.test_thin_path import play_a_night
from tests.support.postgres import Database


async def play_with_houses(stage: Ground) -> None:
    """Every changing route at least once, with commands that were already true among them."""
    room = stage.unit("lentisco")
    path = f"/units/{room.id}"
    etag = (await stage.get(path, "lentisco")).headers["etag"]
    await stage.put(f"{path}/availability", {"open_places": [str(room.beds[0])]}, "lentisco", If_Match=etag)
    guests = await stage.post(f"{path}/outside-occupancy", {"places": [str(room.beds[0])]}, "lentisco")
    occupancy = guests.json()["occupancy_ids"][0]
    await stage.post(f"{path}/outside-occupancy/{occupancy}/end", {}, "lentisco")
    etag = (await stage.get(path, "lentisco")).headers["etag"]
    both = [str(bed) for bed in room.beds]
    await stage.put(f"{path}/availability", {"open_places": both}, "lentisco", If_Match=etag)
    house = f"/shelters/{stage.house('lentisco')}/intake"
    for body in ({"pause": "STAFF"}, {"pause": "STAFF"}, {"resume": True}, {"modes": ["EMERGENCY"]}):
        assert (await stage.post(house, body, "lentisco")).status_code == 200
    shelter = await stage.post("/shelters", _shelter(stage), "lead")
    assert shelter.status_code == 201, shelter.text
    unit = await stage.post(
        f"/shelters/{shelter.json()['shelter']['shelter_id']}/units", _unit(stage), "lead"
    )
    assert unit.status_code == 201, unit.text
    view = unit.json()["unit"]
    guests_there = {"occupancies": [{"places": [view["places"][0]["place_id"]]}]}
    inventory = await stage.post(f"/units/{view['unit_id']}/opening-inventory", guests_there)
    assert inventory.status_code == 201, inventory.text
    await play_a_night(stage)
    declined = await stage.accepted("ginepro", REQUEST)
    await stage.post(f"{declined}/seen", {}, "ginepro")
    await stage.post(f"{declined}/consent")
    await stage.post(f"{declined}/decline", {"shown": "PLACE_NOT_RIGHT"})
    await stage.post(f"{declined}/search", {"resume": True})
    await stage.post(f"{declined}/search")
    await stage.post(f"{declined}/withdrawal")
    released = f"/placements/{(await stage.ask(ALONE))['placement']['placement_id']}"
    await stage.post(f"{released}/release")
    await stage.ask({**REQUEST, "household": {"adults": 0, "children": ["AGE_14_17"]}})


def _shelter(stage: Ground) -> dict[str, Any]:
    return {
        "code": "casa-timo",
        "member_id": str(stage.ids.members["case"]),
        "district_id": str(stage.ids.districts["busto-arsizio"]),
        "valid_from": NIGHT.date().isoformat(),
        "address_class": "SECRET",
        "register_status": "COMPLIANT",
        "modes": ["EMERGENCY"],
        "fictitious": True,
    }


def _unit(stage: Ground) -> dict[str, Any]:
    return {
        "code": "stanza-9",
        "level": "pronto",
        "intake_modes": ["EMERGENCY"],
        "beds": 2,
        "cots": 1,
        "exclusive": False,
        "unsuitable_zones": [str(stage.ids.zones["z1"]), str(stage.ids.zones["z2"])],
    }


async def repeat_everything(stage: Ground) -> None:
    made = [exchange for exchange in stage.exchanges if exchange.status < 300]
    assert len({exchange.path.rsplit("/", 1)[-1] for exchange in made}) >= 17, "most routes were used"
    await stage.later(minutes=90)
    head = await stage.store.head()
    for exchange in made:
        again = await stage.repeated(exchange)
        assert again.status_code == exchange.status, (exchange.path, again.text)
        assert again.content == exchange.content, exchange.path
        assert again.headers.get("etag") == exchange.etag
    assert await stage.store.head() == head


@pytest.mark.asyncio
async def test_a_retry_reads_as_the_first_answer_did_byte_for_byte() -> None:
    async with ground() as stage:
        await play_with_houses(stage)
        await repeat_everything(stage)


@pytest.mark.asyncio
async def test_a_retry_reads_the_same_on_postgresql_and_from_another_process(database: Database) -> None:
    async with PostgresStore(database.dsn()) as store, ground_on(store) as stage:
        await play_with_houses(stage)
        stage.forget()
        await repeat_everything(stage)


@pytest.mark.asyncio
async def test_a_key_used_again_for_something_else_is_refused() -> None:
    async with ground() as stage:
        await stage.post("/placement-requests", ALONE, key="la-stessa-chiave")
        head = await stage.store.head()
        other = await stage.post("/placement-requests", REQUEST, key="la-stessa-chiave")
        assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
        assert await stage.store.head() == head


@pytest.mark.asyncio
async def test_a_key_is_one_persons_and_one_routes() -> None:
    async with ground() as stage:
        first = await stage.post("/placement-requests", ALONE, key="la-stessa-chiave")
        other = await stage.post("/placement-requests", ALONE, "other-coordinator", key="la-stessa-chiave")
        assert first.json()["placement"]["placement_id"] != other.json()["placement"]["placement_id"]
        for told in (first, other):
            path = f"/placements/{told.json()['placement']['placement_id']}/consent"
            if told is first:
                assert (await stage.post(path, key="la-stessa-chiave")).status_code == 200
            else:
                answer = await stage.post(path, key="la-stessa-chiave")
                assert answer.status_code == 422, "the same route, another placement"


@pytest.mark.asyncio
async def test_the_same_command_written_otherwise_is_the_same_command() -> None:
    async with ground() as stage:
        first = await stage.post("/placement-requests", ALONE, key="la-stessa-chiave")
        shuffled = dict(reversed(list(ALONE.items())))
        moved = {**shuffled, "occurred_at": "2026-11-22T03:00:00+01:00", "setting": None}
        again = await stage.post("/placement-requests", moved, key="la-stessa-chiave")
        assert again.content == first.content


@pytest.mark.asyncio
async def test_a_refused_command_may_be_sent_again_with_its_key() -> None:
    async with ground() as stage:
        body = {key: value for key, value in ALONE.items() if key != "consented_at"}
        placement = (await stage.ask(body))["placement"]
        path = f"/placements/{placement['placement_id']}"
        units = {"units": [held["unit_id"] for held in placement["offers"][0]["units"]]}
        early = await stage.post(f"{path}/offers", units, key="la-stessa-chiave")
        assert (early.status_code, early.json()["code"]) == (409, "CONSENT_NOT_RECORDED")
        await stage.post(f"{path}/consent")
        assert (await stage.post(f"{path}/offers", units, key="la-stessa-chiave")).status_code == 200
