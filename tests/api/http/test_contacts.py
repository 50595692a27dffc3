"""The contact book and the rota at the doors: who answers now, whose number is opened and when, and that a
number is shown only after its opening stands in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import pytest

from domain.desk import DeskValueKept, DeskValuesOpened
from domain.kept import ValueKind
from ledger.faults import StoreUnreachable
from ledger.store.transact import recorded
from tests.api.http.ground import ALONE, Ground, ground

NOWHERE = UUID(int=7)
NUMBERS = {f"+39 000 0000 00{number}" for number in range(1, 10)}


def codes(views: Iterable[Mapping[str, Any]]) -> list[str]:
    return [view["code"] for view in views]


async def opened(stage: Ground) -> list[DeskValuesOpened]:
    rows = await stage.store.read_all(after=0, limit=5000)
    events = (recorded(row).event for row in rows if row.topic == DeskValuesOpened.TOPIC)
    return [event for event in events if isinstance(event, DeskValuesOpened)]


@pytest.mark.asyncio
async def test_the_rota_says_who_answers_now_and_never_a_number() -> None:
    async with ground() as stage:
        told = (await stage.get("/rota")).json()
        assert told["time_zone"] == "Europe/Rome"
        assert codes(told["answering"]) == ["coordinamento", "ginepro", "rete-vicina"]
        await stage.later(hours=8)
        assert codes((await stage.get("/rota")).json()["answering"]) == ["coordinamento", "rete-vicina"]
        for path in ("/rota", "/desks"):
            for who in ("coordinator", "lead", "ginepro"):
                text = (await stage.get(path, who)).text
                assert not any(number in text for number in NUMBERS)


@pytest.mark.asyncio
async def test_a_house_knows_of_no_other_houses_desk_nor_of_the_legend() -> None:
    async with ground() as stage:
        whole = (await stage.get("/desks")).json()["items"]
        assert {"ginepro", "lentisco", "legenda-1"} < set(codes(whole))
        own = (await stage.get("/desks", "lentisco")).json()["items"]
        assert codes(own) == ["coordinamento", "lentisco", "servizio", "rete-vicina"]
        rota = (await stage.get("/rota", "lentisco")).json()
        shown = {shift["desk_id"] for shift in rota["shifts"]}
        assert str(stage.ids.desks["ginepro"]) not in shown
        assert codes(rota["answering"]) == ["coordinamento", "rete-vicina"]


@pytest.mark.asyncio
async def test_a_placement_says_whom_to_ring_and_its_number_is_one_post_away() -> None:
    async with ground() as stage:
        path = await stage.held()
        told = (await stage.get(f"{path}/on-call")).json()
        assert told["shelter_id"] == str(stage.house("ginepro"))
        assert [(each["code"], each["answers"]) for each in told["house"]] == [("ginepro", True)]
        assert codes(told["coordination"]) == ["coordinamento"]
        assert codes(told["neighbours"]) == ["rete-vicina"]
        desk = told["house"][0]["desk_id"]
        answer = await stage.done(f"/desks/{desk}/openings", {"purpose": "CALL_HOUSE"})
        assert [each["value"] for each in answer["values"]] == ["+39 000 0000 002"]
        (event,) = await opened(stage)
        assert event.purpose.value == "CALL_HOUSE"
        assert (await stage.get(f"{path}/on-call", "ginepro")).status_code == 403


@pytest.mark.asyncio
async def test_a_houses_number_is_not_opened_while_nothing_is_held_there() -> None:
    async with ground() as stage:
        ginepro, lentisco = stage.ids.desks["ginepro"], stage.ids.desks["lentisco"]
        body = {"purpose": "CALL_HOUSE"}
        assert (await stage.refused(f"/desks/{ginepro}/openings", body))[:2] == (409, "HOUSE_NOT_ASKED")
        path = await stage.held(ALONE)
        held = (await stage.get(path)).json()["offers"][0]["shelter_id"]
        asked, other = (ginepro, lentisco) if held == str(stage.house("ginepro")) else (lentisco, ginepro)
        await stage.done(f"/desks/{asked}/openings", body)
        assert (await stage.refused(f"/desks/{other}/openings", body))[:2] == (409, "HOUSE_NOT_ASKED")
        await stage.done(f"{path}/withdrawal", {})
        assert (await stage.refused(f"/desks/{asked}/openings", body))[:2] == (409, "HOUSE_NOT_ASKED")
        assert len(await opened(stage)) == 1


@pytest.mark.asyncio
async def test_neighbours_and_the_coordination_are_rung_at_any_time_for_the_purpose_they_are_for() -> None:
    async with ground() as stage:
        path = f"/desks/{stage.ids.desks['rete-vicina']}/openings"
        told = await stage.done(path, {"purpose": "CALL_SERVICE"})
        assert told["values"][0]["value"] == "+39 000 0000 005"
        wrong = await stage.refused(path, {"purpose": "CALL_HOUSE"})
        assert wrong[:2] == (422, "VALUE_NOT_OF_DESK")
        nothing = f"/desks/{stage.ids.desks['servizio']}/openings"
        assert (await stage.refused(nothing, {"purpose": "CALL_SERVICE"}))[:2] == (409, "VALUE_NOT_KEPT")
        assert (await stage.refused(path, {"purpose": "REVIEW"}))[0] == 422
        for who in ("ginepro", "auditor", "engine"):
            assert (await stage.refused(path, {"purpose": "CALL_SERVICE"}, who))[0] == 403


@pytest.mark.asyncio
async def test_one_opening_names_every_zone_asked_for() -> None:
    async with ground() as stage:
        zones = (await stage.get("/zones")).json()["items"]
        assert {each["zone_id"] for each in zones} == set(map(str, stage.ids.zones.values()))
        assert sum(each["named"] for each in zones) == 2
        wanted = [str(stage.ids.zones["z1"]), str(stage.ids.zones["z2"])]
        told = await stage.done("/zones/openings", {"zone_ids": wanted})
        shown = {each["zone_id"]: each["value"] for each in told["values"]}
        assert shown == dict(zip(wanted, ("Prova Nord", "Prova Sud"), strict=True))
        assert [event.purpose.value for event in await opened(stage)] == ["NAME_ZONES"] * 2
        unnamed = {"zone_ids": [str(stage.ids.zones["z3"])]}
        assert (await stage.refused("/zones/openings", unnamed))[:2] == (409, "VALUE_NOT_KEPT")
        assert (await stage.refused("/zones/openings", {"zone_ids": [str(NOWHERE)]}))[1] == "ZONE_UNKNOWN"


@pytest.mark.asyncio
async def test_a_number_is_shown_only_after_its_opening_stands_in_the_log() -> None:
    """The append fails: nothing is shown, and the vault was not asked. As a control, it is once it holds."""

    async with ground() as stage:
        path = f"/desks/{stage.ids.desks['rete-vicina']}/openings"
        store, vault, asked = stage.engine.transactor.store, stage.vault, []
        append, plain = store.append, vault.open

        async def no_append(_: object) -> object:
            raise StoreUnreachable

        async def watched(subject: UUID, commitments: Iterable[str]) -> Mapping[str, str]:
            asked.append((await stage.topics())[-1])
            return await plain(subject, commitments)

        vault.open = watched  # type: ignore[method-assign]
        store.append = no_append  # type: ignore[assignment, method-assign]
        answer = await stage.post(path, {"purpose": "CALL_SERVICE"})
        assert answer.status_code == 503
        assert "000 0000" not in answer.text
        assert (asked, await opened(stage)) == ([], [])
        store.append = append  # type: ignore[method-assign]
        assert (await stage.post(path, {"purpose": "CALL_SERVICE"})).status_code == 200
        assert asked == [DeskValuesOpened.TOPIC]


@pytest.mark.asyncio
async def test_a_house_writes_its_own_number_and_the_lead_body_every_other() -> None:
    async with ground() as stage:
        ids = stage.ids.desks
        number = {"kind": "ON_CALL_NUMBER", "value": "+39 000 0000 009"}
        own = f"/desks/{ids['ginepro']}/values"
        assert (await stage.refused(own, number, "lentisco"))[:2] == (404, "DESK_UNKNOWN")
        assert (await stage.refused(own, number, "lead"))[0] == 403
        assert (await stage.refused(own, number, "coordinator"))[0] == 403
        await stage.done(own, number, "ginepro")
        service = f"/desks/{ids['servizio']}/values"
        assert (await stage.refused(service, number, "ginepro"))[:2] == (404, "DESK_UNKNOWN")
        told = await stage.done(service, number, "lead")
        assert told["desk"]["keeps"] == ["ON_CALL_NUMBER"]
        assert "0000 009" not in str(told)
        await stage.held()
        answer = await stage.done(f"/desks/{ids['ginepro']}/openings", {"purpose": "CALL_HOUSE"})
        assert answer["values"][0]["value"] == "+39 000 0000 009"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "value", ["via Roma 3, Busto Arsizio", "+39 000 0000 001 int. 4", "Maria", "+39  000 0000", "12", ""]
)
async def test_a_houses_desk_has_room_for_a_telephone_number_and_nothing_else(value: str) -> None:
    async with ground() as stage:
        path = f"/desks/{stage.ids.desks['ginepro']}/values"
        answer = await stage.post(path, {"kind": "ON_CALL_NUMBER", "value": value}, "ginepro")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/value"
        assert not value or value not in answer.text
        meaning = {"kind": "ZONE_MEANING", "value": "via Roma 3"}
        assert (await stage.refused(path, meaning, "ginepro"))[:2] == (422, "VALUE_NOT_OF_DESK")


@pytest.mark.asyncio
async def test_an_exercise_keeps_no_number_that_could_ring() -> None:
    async with ground() as stage:
        path = f"/desks/{stage.ids.desks['servizio']}/values"
        body = {"kind": "ON_CALL_NUMBER", "value": "+39 0331 000000"}
        assert (await stage.refused(path, body, "lead"))[:2] == (409, "LOG_OF_ANOTHER_KIND")


@pytest.mark.asyncio
async def test_the_same_key_with_another_number_is_refused_and_nothing_is_replaced() -> None:
    async with ground() as stage:
        path = f"/desks/{stage.ids.desks['servizio']}/values"
        first = {"kind": "ON_CALL_NUMBER", "value": "+39 000 0000 011"}
        once = await stage.post(path, first, "lead", key="una-volta-1")
        again = await stage.post(path, first, "lead", key="una-volta-1")
        assert (once.status_code, once.content) == (200, again.content)
        other = await stage.post(path, {**first, "value": "+39 000 0000 012"}, "lead", key="una-volta-1")
        assert other.json()["code"] == "IDEMPOTENCY_KEY_REUSED"
        told = await stage.done(f"/desks/{stage.ids.desks['servizio']}/openings", {"purpose": "CALL_SERVICE"})
        assert told["values"][0]["value"] == first["value"]


@pytest.mark.asyncio
async def test_what_was_replaced_is_destroyed_and_an_opening_repeated_shows_it_no_more() -> None:
    async with ground() as stage:
        desk = stage.ids.desks["rete-vicina"]
        path = f"/desks/{desk}/openings"
        once = await stage.post(path, {"purpose": "CALL_SERVICE"}, key="apertura-1")
        again = await stage.post(path, {"purpose": "CALL_SERVICE"}, key="apertura-1")
        assert once.content == again.content
        assert len(await opened(stage)) == 1
        await stage.done(
            f"/desks/{desk}/values", {"kind": "ON_CALL_NUMBER", "value": "+39 000 0000 013"}, "lead"
        )
        late = await stage.post(path, {"purpose": "CALL_SERVICE"}, key="apertura-1")
        assert (late.status_code, late.json()["code"]) == (409, "VALUE_NOT_KEPT")
        rows = await stage.store.read_all(after=0, limit=5000)
        kept = [recorded(row).event for row in rows if row.stream == desk]
        first = next(event for event in kept if isinstance(event, DeskValueKept))
        assert first.kind is ValueKind.ON_CALL_NUMBER
        assert await stage.vault.open(desk, [first.commitment]) == {}


@pytest.mark.asyncio
async def test_the_lead_body_opens_closes_and_puts_on_the_rota() -> None:
    async with ground() as stage:
        lead = str(stage.ids.members["capofila"])
        body = {"kind": "COORDINATION", "code": "coordinamento-due", "member_id": lead}
        made = await stage.done("/desks", body, "lead")
        desk = made["desk"]["desk_id"]
        assert (await stage.refused("/desks", body, "lead"))[:2] == (409, "CODE_ALREADY_USED")
        week = {"valid_from": "2026-11-22", "shifts": [_shift(desk, 0, 1440)]}
        assert (await stage.refused("/rota", week))[0] == 403
        told = await stage.done("/rota", week, "lead")
        assert codes(told["rota"]["answering"]) == ["coordinamento-due"]
        await stage.done(f"/desks/{stage.ids.desks['coordinamento']}/closing", {}, "lead")
        assert (await stage.refused(f"/desks/{desk}/closing", {}, "lead"))[:2] == (409, "DESK_ON_ROTA")
        holed = {**week, "shifts": [_shift(desk, 0, 1380)]}
        assert (await stage.refused("/rota", holed, "lead"))[:2] == (422, "HOUR_UNCOVERED")
        house = {**week, "shifts": [_shift(str(stage.ids.desks["ginepro"]), 0, 1440)]}
        assert (await stage.refused("/rota", house, "lead"))[:2] == (422, "HOUR_UNCOVERED")
        assert (await stage.refused(f"/desks/{NOWHERE}/closing", {}, "lead"))[:2] == (404, "DESK_UNKNOWN")


def _shift(desk: str, begins: int, ends: int) -> dict[str, Any]:
    days = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
    return {"desk_id": desk, "weekdays": days, "begins": begins, "ends": ends}


@pytest.mark.asyncio
async def test_no_number_and_no_meaning_reaches_the_log() -> None:
    async with ground() as stage:
        await stage.done("/zones/openings", {"zone_ids": [str(stage.ids.zones["z1"])]})
        for row in await stage.store.read_all(after=0, limit=5000):
            assert b"000 0000" not in row.state
            assert b"Prova" not in row.state
