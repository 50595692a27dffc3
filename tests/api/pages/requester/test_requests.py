"""Who asks from outside the coordination: one page to ask, one to see how it stands, never which house."""

from __future__ import annotations

from typing import Any

import pytest

from domain.permissions import Role
from tests.api.pages.ground import Page, Reader, pages, played

ASKED = {"urgenza": "U1", "adulte": "1", "figli_AGE_6_10": "1", "consenso": "1", "rischio": "HIGH"}
REQUESTERS = (Role.POLICE, Role.SOCIAL_SERVICE, Role.EMERGENCY_ROOM, Role.NEIGHBOUR_DESK)


async def asks(reader: Reader, **typed: Any) -> Page:
    page = await reader.open("/richieste/chiedi")
    return await reader.send(page.form("/richieste/chiedi"), **{**ASKED, **typed})


@pytest.mark.parametrize("role", REQUESTERS)
@played
async def test_each_begins_at_their_own_requests(role: Role) -> None:
    async with pages() as there:
        page = await (await there.signed_in(role)).open("/")
        assert (page.path, page.h1) == ("/richieste", "Le mie richieste")
        assert "Nessuna richiesta aperta" in page.text
        assert "/richieste/chiedi" in page.links and "tel:112" in page.links


@played
async def test_a_place_is_asked_for_and_no_house_is_told() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.POLICE)
        page = await asks(reader)
        assert page.path == "/richieste" and "C’è un posto opzionato" in page.text
        for house in ("ginepro", "lentisco"):
            assert house not in page.html
        other = await there.signed_in(Role.SOCIAL_SERVICE)
        listed = await other.open("/richieste")
        assert listed.status == 200


@played
async def test_where_nothing_fits_the_request_stays_open() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.POLICE)
        page = await asks(reader, figli_AGE_3_5="6", al_sicuro="60")
        assert "la richiesta resta aperta" in page.text and "si cerca un posto" in page.text


@played
async def test_a_second_tap_asks_once() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.POLICE)
        form = (await reader.open("/richieste/chiedi")).form("/richieste/chiedi")
        for _ in range(3):
            page = await reader.send(form, **ASKED)
            assert page.text.count("si aspetta la risposta della casa") == 1
        assert (await there.stage.topics()).count("placement.requested.2") == 1


@played
async def test_a_girl_alone_is_shown_the_other_way() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.EMERGENCY_ROOM)
        page = await asks(reader, adulte="0", figli_AGE_6_10="0", figli_AGE_14_17="1")
        assert "minorenne" in page.h1 and "114" in page.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"urgenza": None}, "Scegli quando serve il posto"),
        ({"adulte": "-1"}, "Un numero da 0 a 10"),
        ({"adulte": "mille"}, "Un numero da 0 a 10"),
        ({"figli_AGE_0_2": "99"}, "Un numero da 0 a 15"),
        ({"figli_AGE_0_2": "15", "figli_AGE_3_5": "15"}, ""),
        ({"urgenza": "U9"}, ""),
        ({"al_sicuro": "mai"}, "Scegli quando"),
        ({"canale": "CAV"}, ""),
        ({"caratteristiche": ["x"] * 40}, ""),
        ({"rischio": "<script>"}, ""),
    ],
)
@played
async def test_what_is_not_understood_is_told_and_what_was_typed_stays(
    typed: dict[str, Any], words: str
) -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.POLICE)
        page = await asks(reader, **typed)
        assert page.status in (403, 409, 422) and words in page.text
        assert page.h1 == "Chiedi un posto" and "<script>" not in page.html
        assert 'name="rischio" value="HIGH" checked' in page.html or "rischio" in typed
        assert "placement.requested.2" not in await there.stage.topics()


@played
async def test_whether_there_was_room_is_told_as_yes_or_no() -> None:
    async with pages() as there:
        await there.stage.later(hours=1)
        reader = await there.signed_in(Role.SOCIAL_SERVICE)
        form = (await reader.open("/richieste")).form("/richieste/c-e-posto")
        page = await reader.send(form, persone="2")
        assert "c’era posto" in page.text
        page = await reader.send(form, persone="8")
        assert "No:" in page.text
        for bad in ("", "0", "molte", "999"):
            page = await reader.send(form, persone=bad)
            assert page.status == 422 and "Scrivi quante persone" in page.text
        page = await reader.send(form, persone="2", livello="hotel")
        assert page.status == 422 and "Scegli il tipo" in page.text


@played
async def test_nobody_else_asks_here() -> None:
    async with pages() as there:
        for role in (Role.COORDINATOR, Role.AUDITOR, Role.LEAD_BODY):
            reader = await there.signed_in(role)
            assert (await reader.open("/richieste")).status == 404
            assert (await reader.open("/richieste/chiedi")).status == 404
