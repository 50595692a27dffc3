"""What happened without the engine, on a house's pages: guests from outside, somebody already in the room."""

from __future__ import annotations

from typing import Any

from tests.api.http.ground import ALONE
from tests.api.pages.ground import PIN, played
from tests.api.pages.house.stage import free, house, tap, told

OUTSIDE, GONE = "unit.occupied-outside.1", "unit.vacated-outside.1"


@played
async def test_guests_from_outside_come_and_leave_and_each_is_taken_back() -> None:
    async with house() as (there, reader):
        room = there.stage.unit("lentisco")
        page = await reader.open(f"/casa/stanze/{room.id}/ospiti")
        page = await reader.send(page.form("/ospiti"), posto=[str(room.beds[0])])
        assert "Stanza 1: ospiti segnati." in page.text
        assert "Stanza 1: ospiti da fuori, 1 posto" in page.text.replace(" ,", ",")
        assert await free(there) == 1
        page = await reader.send(tap(page, "Annulla"))
        assert (await free(there), await told(there, OUTSIDE), await told(there, GONE)) == (2, 1, 1)
        page = await reader.open(f"/casa/stanze/{room.id}/ospiti")
        page = await reader.send(page.form("/ospiti"), posto=[str(bed) for bed in room.beds])
        page = await reader.send(tap(page, "Sono usciti"))
        assert await free(there) == 2
        await reader.send(tap(page, "Annulla"))
        assert (await free(there), await told(there, OUTSIDE)) == (0, 3)


@played
async def test_without_a_place_it_is_asked_again_and_what_was_chosen_is_kept() -> None:
    async with house() as (there, reader):
        room = there.stage.unit("lentisco")
        form = (await reader.open(f"/casa/stanze/{room.id}/ospiti")).form("/ospiti")
        page = await reader.send(form, minuti_fa="120")
        assert (page.status, "Scegli almeno un posto." in page.text) == (422, True)
        assert 'value="120" checked' in page.html
        for wrong in ("x", "<script>", str(there.stage.unit("ginepro").beds[0])):
            page = await reader.send(form, posto=[wrong])
            assert page.status in (409, 422), wrong
            assert "<script>" not in page.html
            assert page.h1 == "Ospiti da fuori"
        assert await told(there, OUTSIDE) == 0


@played
async def test_guests_in_a_kept_place_displace_it_and_the_page_has_said_so() -> None:
    async with house("ginepro") as (there, reader):
        path = await there.stage.offered()
        room = there.stage.unit("ginepro")
        page = await reader.open(f"/casa/stanze/{room.id}/ospiti")
        assert "l’opzione cade" in page.text
        await reader.send(page.form("/ospiti"), posto=[str(room.beds[0])], minuti_fa="15")
        assert (await there.stage.get(path)).json()["offers"][0]["state"] == "DISPLACED"


@played
async def test_somebody_already_here_begins_a_placement_with_bands_and_nothing_more() -> None:
    async with house() as (there, reader):
        room, house_id = there.stage.unit("lentisco"), there.stage.house("lentisco")
        form = (await reader.open(f"/casa/{house_id}/ingresso")).form("/ingresso")
        said: dict[str, Any] = {"adulte": "1", "eta_AGE_3_5": "1", "canale": "LAW_ENFORCEMENT"}
        page = await reader.send(form, **said)
        assert (page.status, "Scegli almeno un posto" in page.text) == (422, True)
        assert 'id="eta_AGE_3_5" name="eta_AGE_3_5" type="number" value="1"' in page.html, "typed is kept"
        again = page.form("/ingresso")
        for wrong in ({"adulte": "0"}, {"adulte": "tre"}, {"eta_AGE_3_5": "99"}, {"canale": None}):
            page = await reader.send(again, **{**said, "posto": [str(room.beds[0])], **wrong})
            assert page.status == 422, wrong
        page = await reader.send(again, **said, posto=[str(bed) for bed in room.beds])
        assert "Ingresso registrato." in page.text
        assert await free(there) == 0
        assert (
            await told(there, "placement.extraordinary-admission.1")
            + await told(there, "placement.admission-by-direct-agreement.1")
            == 1
        )
        assert "2 posti" in page.text


@played
async def test_what_was_typed_waits_behind_the_locked_screen() -> None:
    async with house() as (there, reader):
        page = await reader.open(f"/casa/{there.stage.house('lentisco')}/ingresso")
        room = there.stage.unit("lentisco")
        typed: dict[str, Any] = {"adulte": "2", "eta_AGE_11_13": "1", "posto": [str(room.beds[1])]}
        form = page.form("/ingresso")
        form.action = "/blocca"
        locked = await reader.send(form, **typed, _torna=page.path)
        assert str(room.beds[1]) not in locked.html
        page = await reader.send(locked.form("/sblocca"), pin=PIN)
        assert 'name="adulte" type="number" value="2"' in page.html
        assert f'value="{room.beds[1]}" checked' in page.html


@played
async def test_a_mattress_is_recorded_too() -> None:
    async with house() as (there, reader):
        room, house_id = there.stage.unit("lentisco"), there.stage.house("lentisco")
        form = (await reader.open(f"/casa/{house_id}/ingresso")).form("/ingresso")
        page = await reader.send(form, canale="CAV", senza_posto="1", stanza=str(room.id))
        assert "Ingresso registrato." in page.text
        assert await free(there) == 2


@played
async def test_who_was_offered_is_recorded_in_their_own_placement_in_other_places() -> None:
    async with house("ginepro") as (there, reader):
        path = await there.stage.accepted("ginepro")
        page = await reader.open(path.replace("/placements", "/casa/offerte") + "/ingresso")
        assert page.html.count(" checked") >= 4, "the places kept for them are chosen"
        room = there.stage.unit("ginepro")
        page = await reader.send(page.form("/ingresso"), posto=[str(bed) for bed in room.beds])
        assert "Ingresso registrato." in page.text
        assert (await there.stage.get(path)).json()["phase"] == "ADMITTED"


@played
async def test_a_house_that_is_not_hers_records_nothing() -> None:
    async with house() as (there, reader):
        form = (await reader.open(f"/casa/{there.stage.house('lentisco')}/ingresso")).form("/ingresso")
        head = await there.stage.store.head()
        form.action = f"/casa/{there.stage.house('ginepro')}/ingresso"
        room = there.stage.unit("ginepro")
        page = await reader.send(form, canale="CAV", posto=[str(room.beds[0])])
        assert page.status == 404
        path = await there.stage.held(ALONE)
        head = await there.stage.store.head()
        form.action = path.replace("/placements", "/casa/offerte") + "/ingresso"
        assert (await reader.send(form, posto=[str(room.beds[0])])).status == 404
        assert await there.stage.store.head() == head
