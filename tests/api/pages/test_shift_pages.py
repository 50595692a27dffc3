"""The first screen of a shift, its hand-over and the board: what is awaited, what to do, who sees to it."""

from __future__ import annotations

import pytest

from domain.permissions import Role
from tests.api.http.ground import FAMILY, REQUEST, after
from tests.api.http.test_bridges import HOTEL, raise_alarms
from tests.api.pages.ground import pages, played

SHIFT = ("/turno", "/turno/consegne", "/tabellone", "/ingressi/diretto", "/moduli")


@pytest.mark.parametrize("path", SHIFT)
@pytest.mark.parametrize("role", [Role.SHELTER_OPERATOR, Role.AUDITOR, Role.LEAD_BODY, Role.POLICE])
@played
async def test_the_shift_is_the_coordinations_alone(path: str, role: Role) -> None:
    async with pages() as there:
        houses = [there.stage.house("ginepro")] if role is Role.SHELTER_OPERATOR else []
        assert (await (await there.signed_in(role, *houses)).open(path)).status == 404


@played
async def test_a_quiet_shift_says_so_and_begins_with_danger() -> None:
    async with pages() as there:
        page = await (await there.signed_in(Role.COORDINATOR)).open("/turno")
        assert "Nessuna richiesta aperta." in page.text
        assert page.text.index("Pericolo adesso?") < page.text.index("Richieste aperte")
        assert page.text.index("Può parlare senza essere ascoltata?") < page.text.index("Richieste aperte")
        assert "tel:112" in page.links
        assert "/richieste/nuova" in page.links
        assert "Case da risentire" not in page.text


@played
async def test_the_queue_stands_in_its_order_and_each_line_leads_to_what_is_to_be_done() -> None:
    async with pages() as there:
        waiting = (await there.stage.held(FAMILY)).rsplit("/", 1)[-1]
        held = (await there.stage.held({**REQUEST, "urgency": "U2"})).rsplit("/", 1)[-1]
        page = await (await there.signed_in(Role.COORDINATOR)).open("/turno")
        first, second = page.text.index("5 persone"), page.text.index("3 persone")
        assert first < second
        assert f"/posti/{waiting}/ponte" in page.links
        assert f"/posti/{held}" in page.links
        assert "Nessun posto: trova un’altra strada" in page.text
        assert "Invia l’offerta alla casa" in page.text
        assert "fra 30 min" in page.text


@played
async def test_time_that_is_over_and_safety_that_is_over_are_said_loudly() -> None:
    async with pages() as there:
        await there.stage.offered({**REQUEST, "safe_until": after(minutes=5)})
        reader = await there.signed_in(Role.COORDINATOR)
        assert "Al sicuro fino a stanotte 03:05" in (await reader.open("/turno")).text
        await there.stage.later(minutes=11)
        page = await reader.open("/turno")
        assert "Tempo scaduto" in page.text
        assert "Non è più al sicuro dov’è" in page.text
        assert "scaduto da 1 min" in page.text


@played
async def test_an_alarm_is_taken_in_hand_with_one_tap_and_only_once() -> None:
    async with pages() as there:
        path = await there.stage.held(FAMILY)
        await there.stage.done(f"{path}/bridge", HOTEL)
        await there.stage.later(hours=6, minutes=1)
        await raise_alarms(there.stage, path)
        reader = await there.signed_in(Role.COORDINATOR)
        page = await reader.open("/turno")
        assert "È l’ora di controllare la soluzione ponte" in page.text
        form = page.form(button="Me ne occupo io")
        taken = await reader.send(form)
        assert taken.path == "/turno"
        assert "Preso in carico" in taken.text
        assert taken.text.count("Me ne occupo io") == page.text.count("Me ne occupo io") - 1
        topics = await there.stage.topics()
        assert "Preso in carico" in (await reader.send(form)).text
        assert await there.stage.topics() == topics


@played
async def test_an_alarm_that_nobody_raised_is_told_as_such() -> None:
    async with pages() as there:
        path = await there.stage.held(FAMILY)
        await there.stage.done(f"{path}/bridge", HOTEL)
        await there.stage.later(hours=6, minutes=1)
        await raise_alarms(there.stage, path)
        reader = await there.signed_in(Role.COORDINATOR)
        form = (await reader.open("/turno")).form(button="Me ne occupo io")
        for wrong in ({"tipo": "NIENTE"}, {"scadenza": after(hours=1)}, {"scadenza": "ieri"}, {"tipo": None}):
            page = await reader.send(form, **{"_chiave": f"prova-{wrong}", **wrong})
            assert page.path == "/turno"
            assert "Me ne occupo io" in page.text


@played
async def test_a_number_is_shown_once_it_is_recorded_that_it_was_opened() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        shift = await reader.open("/turno")
        assert "+39" not in shift.html
        page = await reader.send(shift.form(button="Mostra il numero"))
        assert "tel:+390000000001" in page.links
        assert (await there.stage.topics())[-1] == "desk.values-opened.1"
        assert page.response.headers["cache-control"] == "no-store"


@played
async def test_houses_that_said_nothing_for_long_are_named() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        await there.stage.later(hours=13)
        page = await reader.open("/turno")
        listed = page.text[page.text.index("Case da risentire") :]
        assert "Ginepro ultima parola" in listed
        assert "Lentisco ultima parola" in listed


@played
async def test_the_hand_over_tells_the_same_as_the_queue_in_the_same_order() -> None:
    async with pages() as there:
        path = await there.stage.held(FAMILY)
        await there.stage.done(f"{path}/bridge", HOTEL)
        await there.stage.accepted()
        reader = await there.signed_in(Role.COORDINATOR)
        shift, handover = await reader.open("/turno"), await reader.open("/turno/consegne")
        placements = [link for link in shift.links if link.startswith("/posti/") and link.count("/") == 2]
        told = [link for link in handover.links if link.startswith("/posti/")]
        assert list(dict.fromkeys(placements)) == told
        assert f"{told[1]}/lei" in shift.links
        assert f"Richieste aperte: {len(told)}" in handover.text
        assert "Controlla: il centro antiviolenza, oggi 09:00." in handover.text
        assert "Chiedi a lei se il posto va bene" in handover.text
        assert "Posto opzionato Ginepro" in handover.text
        assert "5 voci nelle ultime 12 ore" in handover.text


@played
async def test_the_hand_over_forgets_what_was_before_the_shift() -> None:
    async with pages() as there:
        await there.stage.held(FAMILY)
        await there.stage.later(hours=13)
        page = await (await there.signed_in(Role.COORDINATOR)).open("/turno/consegne")
        assert "nelle ultime 12 ore" not in page.text
        assert "1 adulta, 4 figli di 3–5 anni" in page.text


@played
async def test_the_board_counts_rooms_and_says_how_old_the_word_is_and_never_which_house() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        page = await reader.open("/tabellone")
        assert "pronto intervento, fino a 8 giorni" in page.text
        assert "1 persona 2 1 con culla recente: 2" in page.text
        assert "4 persone 1 1 con culla recente: 1" in page.text
        assert "5 persone" not in page.text
        assert "Niente di libero a questo livello." in page.text
        assert "ginepro" not in page.html.lower()
        assert "lentisco" not in page.html
        await there.stage.later(hours=13)
        assert "da confermare: 2" in (await reader.open("/tabellone")).text
        await there.stage.later(hours=13)
        assert "vecchia: 2" in (await reader.open("/tabellone")).text


@pytest.mark.parametrize("path", SHIFT)
@played
async def test_the_shift_speaks_english_too(path: str) -> None:
    async with pages() as there:
        await there.stage.held(FAMILY)
        reader = await there.signed_in(Role.COORDINATOR)
        reader.client.cookies.set("approdo-lingua", "en")
        page = await reader.open(path)
        assert page.status == 200
        assert page.h1 in ("Shift", "Hand-over", "Free places", "Already in a house", "Paper forms")
