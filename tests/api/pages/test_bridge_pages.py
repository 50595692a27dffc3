"""When nothing fits: a bridge with who checks and when, neighbours rung one after the other, and a request
that stays open until somebody closes it.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from domain.permissions import Role
from tests.api.http.ground import FAMILY, REQUEST, Ground
from tests.api.pages.ground import Page, pages, played

HOTEL = {"tipo": "VETTED_HOTEL_WITH_ESCORT", "chi": "CAV", "controllo": "08:00", "fine": "12:00"}


async def _waiting(stage: Ground) -> str:
    return (await stage.held(FAMILY)).rsplit("/", 1)[-1]


async def _shown(stage: Ground, placement: str) -> Any:
    return (await stage.get(f"/placements/{placement}")).json()


@played
async def test_the_page_says_that_the_request_stays_open_and_what_would_have_to_change() -> None:
    async with pages() as there:
        placement = await _waiting(there.stage)
        page = await (await there.signed_in(Role.COORDINATOR)).open(f"/posti/{placement}/ponte")
        assert "La richiesta resta aperta" in page.text
        assert "si trova una camera più grande, o più camere insieme (2 sono troppo piccole)" in page.text
        assert "CAPACITY" not in page.html


@played
async def test_a_second_tap_says_what_the_first_said() -> None:
    async with pages() as there:
        placement = await _waiting(there.stage)
        reader = await there.signed_in(Role.COORDINATOR)
        page = await reader.open(f"/posti/{placement}/ponte")
        first = await reader.send(page.form("/ponte"), **{**HOTEL, "controllo": "60"})
        at = (await _shown(there.stage, placement))["bridge"]["check_at"]
        await there.stage.later(minutes=2)
        second = await reader.send(page.form("/ponte"), **{**HOTEL, "controllo": "60"})
        assert (first.status, second.status) == (200, 200)
        assert (await _shown(there.stage, placement))["bridge"]["check_at"] == at
        assert len([each for each in await there.stage.topics() if "bridge-arranged" in each]) == 1


@played
async def test_a_bridge_is_noted_with_who_checks_at_eight_and_then_checked_and_ended() -> None:
    async with pages() as there:
        placement = await _waiting(there.stage)
        reader = await there.signed_in(Role.COORDINATOR)
        page = await reader.open(f"/posti/{placement}/ponte")
        page = await reader.send(page.form("/ponte"), **HOTEL)
        assert page.path == f"/posti/{placement}/ponte"
        assert "Prossimo controllo: oggi 08:00. La richiesta resta aperta." in page.text
        bridge = (await _shown(there.stage, placement))["bridge"]
        assert (bridge["check_at"], bridge["until"]) == ("2026-11-22T07:00:00Z", "2026-11-22T11:00:00Z")
        assert "Controlla: il centro antiviolenza, oggi 08:00." in page.text
        assert "controllo della soluzione ponte" in (await reader.open("/turno")).text
        await there.stage.later(hours=5, minutes=5)
        checked = await reader.send(page.form("/controllo"), button="Ho controllato", prossimo="60")
        assert "Controllo segnato: tiene." in checked.text
        assert (await _shown(there.stage, placement))["bridge"]["check_at"] == "2026-11-22T08:05:00Z"
        ended = await reader.send(checked.form("/fine"), motivo="TIME_OVER")
        assert "La soluzione è finita. La richiesta resta aperta." in ended.text
        shown = await _shown(there.stage, placement)
        assert (shown["bridge"], shown["phase"]) == (None, "WAITING")


@played
async def test_a_bridge_that_holds_no_longer_is_said_as_danger() -> None:
    async with pages() as there:
        placement = await _waiting(there.stage)
        reader = await there.signed_in(Role.COORDINATOR)
        page = await reader.open(f"/posti/{placement}/ponte")
        page = await reader.send(page.form("/ponte"), **HOTEL)
        page = await reader.send(page.form("/controllo"), button="Non tiene più")
        assert "nota--pericolo" in page.html
        assert "Serve subito un’altra via" in page.text
        assert (await _shown(there.stage, placement))["bridge"] is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"tipo": None}, "Scegli una voce."),
        ({"tipo": "CASA_MIA"}, "Scegli una voce."),
        ({"chi": None}, "Scegli una voce."),
        ({"controllo": None}, "Scegli quando."),
        ({"fine": None}, "Scegli quando."),
        ({"fine": None, "fine_giorno": "2026-11-23"}, "Scegli quando."),
        ({"fine": None, "fine_ora": "le due"}, "Scrivi l’ora, per esempio 03:10."),
        ({"fine_ora": "08:00", "fine_giorno": "boh"}, "Scrivi il giorno"),
        (
            {"controllo_ora": "20:00"},
            "La soluzione ponte finirebbe prima della verifica.",
        ),
        (
            {"fine_ora": "08:00", "fine_giorno": "2027-11-22"},
            "L'ora indicata è troppo lontana.",
        ),
    ],
)
@played
async def test_a_bridge_that_is_not_understood_is_said_back_with_what_was_typed(
    wrong: dict[str, Any], words: str
) -> None:
    async with pages() as there:
        placement = await _waiting(there.stage)
        reader = await there.signed_in(Role.COORDINATOR)
        form = (await reader.open(f"/posti/{placement}/ponte")).form("/ponte")
        head = await there.stage.store.head()
        page = await reader.send(form, **{**HOTEL, **wrong})
        assert page.status == 422
        assert words in page.text
        assert not re.search("GET|POST|check_at|until", page.text)
        assert await there.stage.store.head() == head
        kept = dict(page.form("/ponte").fields)
        for name, value in {**HOTEL, **wrong}.items():
            known = value not in (None, "CASA_MIA")
            assert not known or kept.get(name) == value or name.endswith(("_ora", "_giorno")), name
        again = await reader.send(page.form("/ponte"), **HOTEL, fine_ora="", fine_giorno="", controllo_ora="")
        assert "La richiesta resta aperta." in again.text


@played
async def test_what_was_typed_survives_the_lock() -> None:
    async with pages() as there:
        placement = await _waiting(there.stage)
        reader = await there.signed_in(Role.COORDINATOR)
        page = await reader.open(f"/posti/{placement}/ponte")
        lock = page.form("/ponte")
        locked = await reader.client.post(
            "/blocca",
            data={**dict(lock.fields), **HOTEL, "_torna": page.path},
            headers={"origin": "http://localhost"},
        )
        assert "VETTED" not in locked.text
        back = await reader.send(Page(locked, "/blocca").form("/sblocca"), pin="380417")
        assert dict(back.form("/ponte").fields)["tipo"] == HOTEL["tipo"]


@played
async def test_a_double_tap_makes_one_bridge() -> None:
    async with pages() as there:
        placement = await _waiting(there.stage)
        reader = await there.signed_in(Role.COORDINATOR)
        form = (await reader.open(f"/posti/{placement}/ponte")).form("/ponte")
        await reader.send(form, **HOTEL)
        await reader.send(form, **HOTEL)
        assert (await there.stage.topics()).count("placement.bridge-arranged.1") == 1


@played
async def test_neighbours_are_asked_and_answer_and_the_request_stays_open() -> None:
    async with pages() as there:
        placement = await _waiting(there.stage)
        reader = await there.signed_in(Role.COORDINATOR)
        page = await reader.open(f"/posti/{placement}/reti-vicine")
        assert "Non ancora chiesto." in page.text
        page = await reader.send(page.form(button="Ho chiesto il posto"))
        assert "aspettiamo la loro risposta" in page.text
        page = await reader.send(page.form(button="Hanno risposto: no, nessun posto"))
        assert "Segnato. La richiesta resta aperta." in page.text
        assert "no, nessun posto" in page.text
        number = await reader.send(page.form(button="Mostra il numero"))
        assert "tel:+390000000005" in number.links
        assert f"/posti/{placement}/reti-vicine" in number.links
        page = await reader.send(page.form(button="Hanno risposto: sì, c’è un posto"))
        assert page.path == f"/posti/{placement}/chiusura"
        assert dict(page.form("/chiusura").fields)["esito"] == "PLACED_BY_NEIGHBOUR"
        assert (await _shown(there.stage, placement))["phase"] == "WAITING"
        page = await reader.send(page.form("/chiusura"))
        assert page.path == "/turno"
        assert "Richiesta chiusa." in page.text
        assert "Nessuna richiesta aperta." in page.text


@pytest.mark.parametrize("said", [None, "", "DISCHARGED", "NIENTE"])
@played
async def test_a_request_is_closed_for_a_reason_that_is_one(said: str | None) -> None:
    async with pages() as there:
        placement = await _waiting(there.stage)
        reader = await there.signed_in(Role.COORDINATOR)
        form = (await reader.open(f"/posti/{placement}/chiusura")).form("/chiusura")
        page = await reader.send(form, esito=said)
        assert page.status == 422
        assert "Scegli una voce." in page.text
        assert (await _shown(there.stage, placement))["outcome"] is None


@played
async def test_a_body_that_is_no_neighbour_is_said_in_words() -> None:
    async with pages() as there:
        placement = await _waiting(there.stage)
        reader = await there.signed_in(Role.COORDINATOR)
        form = (await reader.open(f"/posti/{placement}/reti-vicine")).form(button="Ho chiesto il posto")
        for named in (str(there.stage.ids.members["case"]), "niente", None):
            page = await reader.send(form, _chiave=f"prova-{named}", rete=named)
            assert page.status == 422
            assert page.h1 == "Reti vicine"
            assert 'role="alert"' in page.html


@pytest.mark.parametrize("page", ["ponte", "reti-vicine", "chiusura", "storia"])
@played
async def test_of_a_placement_that_is_none_there_is_no_page(page: str) -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        for named in (UUID(int=7), "niente"):
            answer = await reader.open(f"/posti/{named}/{page}")
            assert answer.status == 404
            assert str(named) not in answer.html


@pytest.mark.parametrize("page", ["ponte", "reti-vicine", "chiusura"])
@played
async def test_once_she_is_in_a_house_nothing_is_offered_here(page: str) -> None:
    async with pages() as there:
        placement = (await there.stage.held(REQUEST)).rsplit("/", 1)[-1]
        unit = there.stage.unit("ginepro")
        body = {
            "shelter_id": str(there.stage.house("ginepro")),
            "units": [{"unit_id": str(unit.id), "places": [str(unit.beds[0])]}],
        }
        await there.stage.done(f"/placements/{placement}/direct-admission", body)
        reader = await there.signed_in(Role.COORDINATOR)
        answer = await reader.open(f"/posti/{placement}/{page}")
        assert answer.status == 200
        assert not [form for form in answer.forms if form.action.endswith((page, "/numero"))]
