"""Who asks what is known of a person: the answer is the same whether or not she is known, and tells no
house, no place and no time.
"""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest

from domain.inquiry import InquiryReceived, InquiryValuesOpened
from ledger.faults import StoreUnreachable
from ledger.store.transact import recorded
from tests.api.http.ground import Ground, ground

HER = "Chi chiede: il padre dei bambini. Di chi: Corbezzola, sorella a Saronno."
STRANGER = "Chi chiede: il padre dei bambini. Di chi: una persona che nessuno conosce."
LOOK = {"purpose": "ANSWER_INQUIRY"}
NOTHING = {"outcome": "NOTHING_TO_SAY", "reference": "2026/4400"}
UUIDS = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
POSITION = re.compile(rb'"position":[0-9]+')


def asking(details: str, asker: str = "CO_PARENT") -> dict[str, str]:
    return {"asker": asker, "reference": "2026/4321", "details": details}


async def housed(stage: Ground) -> None:
    """She is known: a house said yes, and values are kept for her."""
    placement = await stage.accepted()
    case_id = (await stage.get(placement)).json()["case_id"]
    await stage.done(f"/cases/{case_id}/values", {"alias": "Corbezzola", "notes": "sorella a Saronno"})
    await stage.done(f"{placement}/woman-acceptance", {"proximity_checked_by_voice": True})


async def all_answers(stage: Ground, details: str) -> list[tuple[int, bytes]]:
    """Whatever is answered to whoever records, reads and answers one inquiry; ids and positions left out."""
    received = await stage.post("/inquiries", asking(details), "lead")
    path = f"/inquiries/{received.json()['inquiry']['inquiry_id']}"
    answers = [
        received,
        await stage.post(f"{path}/decision", NOTHING, "protection"),
        await stage.post(f"{path}/decision", {**NOTHING, "reference": "2026/1"}, "protection"),
        await stage.get("/inquiries", "lead"),
    ]
    return [(each.status_code, POSITION.sub(b"", UUIDS.sub(b"", each.content))) for each in answers]


@pytest.mark.asyncio
async def test_of_a_known_and_an_unknown_person_the_answers_are_the_same_to_the_byte() -> None:
    async with ground() as knows, ground() as knows_nobody:
        await housed(knows)
        of_her = await all_answers(knows, HER)
        assert [status for status, _ in of_her] == [201, 200, 409, 200]
        assert of_her == await all_answers(knows_nobody, HER)
    async with ground() as knows:
        await housed(knows)
        assert await all_answers(knows, STRANGER) == of_her


@pytest.mark.asyncio
async def test_the_answer_tells_no_house_no_place_and_no_time_of_hers() -> None:
    async with ground() as stage:
        await housed(stage)
        mark = len(stage.exchanges)
        await all_answers(stage, HER)
        told = b"".join(each.content for each in stage.exchanges[mark:])
        told += (await stage.get("/inquiries", "protection")).content
        known = [str(stage.house(code)) for code in ("ginepro", "lentisco")]
        known += [str(stage.unit("ginepro").id), "ginepro", "lentisco", "Corbezzola", "Saronno", "Busto"]
        known += [str(row.stream) for row in await stage.store.read_all(after=0, limit=5000)]
        inquiries = {str(stream) for stream, _ in await received(stage)}
        for each in set(known) - inquiries:
            assert each.encode() not in told, each


async def received(stage: Ground) -> list[tuple[UUID, Any]]:
    rows = await stage.store.read_all(after=0, limit=5000)
    return [(row.stream, recorded(row).event) for row in rows if row.topic == InquiryReceived.TOPIC]


@pytest.mark.asyncio
async def test_those_that_wait_come_first_and_none_says_who_asks_of_whom() -> None:
    async with ground() as stage:
        paths = []
        for asker in ("CO_PARENT", "HERSELF", "AUTHORITY"):
            told = await stage.done("/inquiries", asking(HER, asker), "protection")
            paths.append(f"/inquiries/{told['inquiry']['inquiry_id']}")
            await stage.later(minutes=1)
        await stage.done(f"{paths[0]}/decision", NOTHING, "protection")
        answer = await stage.get("/inquiries", "protection")
        assert [each["asker"] for each in answer.json()["items"]] == ["HERSELF", "AUTHORITY", "CO_PARENT"]
        assert "né smentisce" in answer.json()["items"][2]["answer"]["it"]
        assert "Corbezzola" not in answer.text
        given = {"outcome": "GIVEN_TO_HER", "reference": "2026/9"}
        assert (await stage.refused(f"{paths[2]}/decision", given, "protection"))[
            1
        ] == "OUTCOME_NOT_FOR_ASKER"
        await stage.done(f"{paths[1]}/decision", given, "protection")


@pytest.mark.asyncio
async def test_who_asks_of_whom_is_shown_only_once_the_reading_is_recorded() -> None:
    async with ground() as stage:
        told = await stage.done("/inquiries", asking(HER), "lead")
        path = f"/inquiries/{told['inquiry']['inquiry_id']}/openings"
        for who in ("lead", "coordinator", "ginepro", "auditor"):
            assert (await stage.refused(path, LOOK, who))[0] == 403
        unproved = await stage.refused(path, LOOK, "unproved-protection")
        assert unproved[:2] == (401, "STEP_UP_NEEDED")
        store = stage.engine.transactor.store
        append = store.append

        async def no_append(_: object) -> object:
            raise StoreUnreachable

        store.append = no_append  # type: ignore[assignment, method-assign]
        lost = await stage.post(path, LOOK, "protection")
        assert (lost.status_code, "Corbezzola" in lost.text) == (503, False)
        store.append = append  # type: ignore[method-assign]
        opened = await stage.done(path, LOOK, "protection")
        assert opened["details"] == HER
        assert (await stage.topics()).count(InquiryValuesOpened.TOPIC) == 1
        assert (await stage.refused(path, {"purpose": "CALL_HER"}, "protection"))[0] == 422


@pytest.mark.asyncio
async def test_the_same_key_records_one_inquiry_and_with_other_details_is_refused() -> None:
    async with ground() as stage:
        once = await stage.post("/inquiries", asking(HER), "lead", key="richiesta-1")
        again = await stage.post("/inquiries", asking(HER), "lead", key="richiesta-1")
        assert (once.status_code, once.content) == (201, again.content)
        other = await stage.post("/inquiries", asking(STRANGER), "lead", key="richiesta-1")
        assert other.json()["code"] == "IDEMPOTENCY_KEY_REUSED"
        assert len(await received(stage)) == 1


@pytest.mark.asyncio
async def test_the_log_holds_nothing_of_who_asks_nor_of_whom() -> None:
    async with ground() as stage:
        await stage.done("/inquiries", asking(HER), "lead")
        for row in await stage.store.read_all(after=0, limit=5000):
            for word in ("Corbezzola", "Saronno", "padre"):
                assert word.encode() not in row.state + row.metadata


@pytest.mark.asyncio
async def test_no_door_takes_an_inquiry_and_a_case_together() -> None:
    """Every path and every body of the document: where an inquiry is named nothing of the engine is, nor the
    other way round."""
    async with ground() as stage:
        document = (await stage.client.get("/openapi.json")).json()
        for path, item in document["paths"].items():
            if "inquir" not in path:
                assert "inquiry_id" not in json.dumps(item), path
                continue
            named = json.dumps([item, *_schemas(document, item)])
            for word in ("case_id", "placement_id", "shelter_id", "unit_id", "zone_id", "district"):
                assert word not in named, (path, word)


def _schemas(document: dict[str, Any], item: object) -> list[object]:
    wanted = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(item)))
    found: dict[str, object] = {}
    while wanted - found.keys():
        for name in wanted - found.keys():
            found[name] = document["components"]["schemas"][name]
        wanted |= set(re.findall(r"#/components/schemas/(\w+)", json.dumps(found)))
    return [schema for name, schema in found.items() if name.startswith("Inquir")]
