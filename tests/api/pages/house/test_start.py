"""One tap from the start page: a place more or less, it still is so, pause, and each of them taken back."""

from __future__ import annotations

import asyncio

from domain.permissions import Role
from tests.api.http.ground import ALONE
from tests.api.pages.ground import played
from tests.api.pages.house.stage import PUBLISHED, free, house, operator, tap, told


@played
async def test_one_tap_takes_a_place_away_and_undo_gives_it_back_as_two_events() -> None:
    async with house() as (there, reader):
        page, before = await reader.open("/casa"), await told(there, PUBLISHED)
        assert "2 letti liberi su 2" in page.text
        page = await reader.send(tap(page, "−1"))
        assert "Stanza 1: posti liberi 1 su 2." in page.text
        assert await free(there) == 1
        page = await reader.send(tap(page, "Annulla"))
        assert "Annullato." in page.text
        assert await free(there) == 2
        assert await told(there, PUBLISHED) == before + 2, "a compensation, not a deletion"


@played
async def test_the_same_tap_twice_is_one_place_and_one_event() -> None:
    async with house() as (there, reader):
        less = tap(await reader.open("/casa"), "−1")
        before = await told(there, PUBLISHED)
        for _ in range(3):
            page = await reader.send(less)
            assert "posti liberi 1 su 2" in page.text
        assert (await free(there), await told(there, PUBLISHED)) == (1, before + 1)


@played
async def test_which_place_it_is_follows_from_what_was_free() -> None:
    async with house() as (there, reader):
        first, second = there.stage.unit("lentisco").beds
        page = await reader.send(tap(await reader.open("/casa"), "−1"))
        places = (await there.stage.get(f"/units/{there.stage.unit('lentisco').id}")).json()["places"]
        assert [place["place_id"] for place in places if place["open"]] == [str(first)]
        page = await reader.send(tap(page, "−1"))
        assert "niente di libero" in page.text
        page = await reader.send(tap(page, "+1"))
        places = (await there.stage.get(f"/units/{there.stage.unit('lentisco').id}")).json()["places"]
        assert [place["place_id"] for place in places if place["open"]] == [str(first)]
        assert str(second) in page.html, "the next one more is the other"


@played
async def test_two_operators_tap_at_the_last_place_and_one_is_told_in_clear_words() -> None:
    async with house() as (there, one):
        other = await operator(there, "lentisco")
        await one.send(tap(await one.open("/casa"), "−1"))
        forms = [tap(await each.open("/casa"), "−1") for each in (one, other)]
        before = await told(there, PUBLISHED)
        answers = await asyncio.gather(one.send(forms[0]), other.send(forms[1]))
        said = sorted("Nel frattempo qualcosa è cambiato" in page.text for page in answers)
        assert said == [False, True]
        assert (await free(there), await told(there, PUBLISHED)) == (0, before + 1)
        assert all("0 letti liberi su 2" in page.text for page in answers), "each sees how it is"


@played
async def test_a_place_that_the_engine_keeps_meanwhile_is_not_taken_away_unseen() -> None:
    async with house() as (there, reader):
        await there.stage.done(
            f"/shelters/{there.stage.house('ginepro')}/intake", {"pause": "STAFF"}, "ginepro"
        )
        less = tap(await reader.open("/casa"), "−1")
        await there.stage.held(ALONE)
        page = await reader.send(less)
        assert "Nel frattempo qualcosa è cambiato" in page.text
        assert "1 letto libero su 2 · 1 opzionato" in page.text


@played
async def test_an_undo_that_comes_too_late_undoes_nothing() -> None:
    async with house() as (there, reader):
        other = await operator(there, "lentisco")
        page = await reader.send(tap(await reader.open("/casa"), "−1"))
        await other.send(tap(await other.open("/casa"), "−1"))
        page = await reader.send(tap(page, "Annulla"))
        assert "Nel frattempo qualcosa è cambiato" in page.text
        assert await free(there) == 0


@played
async def test_a_room_for_one_household_is_free_whole_or_not_at_all() -> None:
    async with house("ginepro") as (there, reader):
        page = await reader.open("/casa")
        assert "3 letti, 1 culla. Va tutta a un solo nucleo." in page.text
        page = await reader.send(tap(page, "Non libera"))
        assert await free(there, "ginepro") == 0
        assert "Non offerta" in page.text
        page = await reader.send(tap(page, "Libera tutta"))
        assert await free(there, "ginepro") == 4
        await there.stage.held()
        page = await reader.open("/casa")
        assert "Opzionata. È una stanza per un solo nucleo." in page.text


@played
async def test_it_still_is_so_is_one_tap_for_every_room_of_every_house() -> None:
    async with house("ginepro", "lentisco") as (there, reader):
        await there.stage.later(hours=13)
        page = await reader.open("/casa")
        assert page.text.count("Da confermare Aggiornato 13 h fa") == 2
        assert "Da guardare adesso: Ginepro: Stanza 1; Lentisco: Stanza 1." in page.text
        confirm = tap(page, "Confermo: è ancora così")
        before = await told(there, PUBLISHED)
        for _ in range(2):
            page = await reader.send(confirm)
        assert await told(there, PUBLISHED) == before + 2
        assert page.text.count("Aggiornato adesso") == 2
        assert "Da guardare adesso" not in page.text


@played
async def test_what_changed_meanwhile_is_not_confirmed_and_the_rest_is() -> None:
    async with house("ginepro", "lentisco") as (there, reader):
        await there.stage.later(hours=13)
        confirm = tap(await reader.open("/casa"), "Confermo: è ancora così")
        await there.stage.held()
        page = await reader.send(confirm)
        assert "In una stanza nel frattempo è cambiato qualcosa" in page.text
        assert page.text.count("Aggiornato adesso") == 1


@played
async def test_old_and_wrong_words_are_called_to_attention_at_the_top() -> None:
    async with house() as (there, reader):
        room = f"/units/{there.stage.unit('lentisco').id}"
        await there.stage.later(hours=30)
        page = await reader.open("/casa")
        assert "Vecchio: aggiornato 30 h fa" in page.text
        assert page.text.index("Da guardare adesso") < page.text.index("Posti")
        await there.stage.done(f"{room}/availability-correction", {"open_places": []})
        page = await reader.open("/casa")
        assert "Chi coordina ha saputo che non è così." in page.text
        page = await reader.send(tap(page, "Confermo: è ancora così"))
        assert "Da guardare adesso" not in page.text


@played
async def test_a_pause_has_its_reason_and_is_taken_back_with_one_tap() -> None:
    async with house() as (there, reader):
        path = f"/casa/{there.stage.house('lentisco')}/pausa"
        assert path in (await reader.open("/casa")).links
        page = await reader.send((await reader.open(path)).form("/accoglienza", nth=0))
        assert "La casa è in pausa: non riceve offerte." in page.text
        shelter = f"/shelters/{there.stage.house('lentisco')}"
        assert (await there.stage.get(shelter)).json()["shelter"]["paused"] == "STAFF"
        page = await reader.send(tap(page, "Annulla"))
        assert (await there.stage.get(shelter)).json()["shelter"]["admits"] is True
        page = await reader.send((await reader.open(path)).form("/accoglienza", nth=1))
        page = await reader.send(tap(page, "Accogliamo di nuovo"))
        assert "La casa accoglie di nuovo." in page.text
        await reader.send(tap(page, "Annulla"))
        assert (await there.stage.get(shelter)).json()["shelter"]["paused"] == "MAINTENANCE"


@played
async def test_places_are_chosen_one_by_one_on_the_page_of_the_room() -> None:
    async with house("ginepro") as (there, reader):
        room = there.stage.unit("ginepro")
        page = await reader.open(f"/casa/stanze/{room.id}")
        page = await reader.send(page.form("/scelta"), posto=[str(room.beds[1])])
        assert "Stanza 1: posti liberi 1 su 4." in page.text
        assert "Libera in parte" in page.text
        await reader.send(tap(page, "Annulla"))
        assert await free(there, "ginepro") == 4


@played
async def test_nobody_else_has_a_start_page_of_a_house() -> None:
    async with house() as (there, reader):
        for role in (Role.COORDINATOR, Role.LEAD_BODY, Role.AUDITOR):
            assert (await (await there.signed_in(role)).open("/casa")).status == 404
        answer = await there.reader().client.get("/casa")
        assert answer.headers["location"] == "/accesso"
        other = there.stage.unit("ginepro").id
        for path in (
            f"/casa/stanze/{other}",
            f"/casa/{there.stage.house('ginepro')}/pausa",
            "/casa/stanze/x",
        ):
            assert (await reader.open(path)).status == 404, path


@played
async def test_a_form_from_elsewhere_changes_nothing() -> None:
    async with house() as (there, reader):
        less, head = tap(await reader.open("/casa"), "−1"), await there.stage.store.head()
        for forged in (
            {"_gettone": "x"},
            {"_chiave": ""},
            {"versione": "à"},
            {"aperti": "x"},
            {"aperti": "'"},
        ):
            page = await reader.send(less, **forged)
            assert page.status in (200, 401, 403), forged
        other = there.stage.unit("ginepro").id
        less.action = f"/casa/stanze/{other}/posti"
        assert "Nessuna unità" in (await reader.send(less)).text
        assert await there.stage.store.head() == head


@played
async def test_a_confirmation_made_up_by_hand_reaches_no_other_door() -> None:
    async with house() as (there, reader):
        confirm, head = tap(await reader.open("/casa"), "Confermo"), await there.stage.store.head()
        for made_up in ("x", "", "../../zones 1", f"{there.stage.unit('ginepro').id} 1", "a b c"):
            page = await reader.send(confirm, stanza=made_up)
            assert page.status == 200
        assert await there.stage.store.head() == head


@played
async def test_the_switch_of_language_changes_every_word_of_the_start_page() -> None:
    async with house("ginepro", "lentisco") as (there, reader):
        await there.stage.offered()
        reader.client.cookies.set("approdo-lingua", "en")
        page = await reader.open("/casa")
        assert "Offer: 3 people" in page.text
        assert "I confirm: it is still so" in page.text
        for italian in ("Posti", "letti", "Offerta", "Aggiornato", "Confermo", "casa in"):
            assert italian not in page.text, italian
