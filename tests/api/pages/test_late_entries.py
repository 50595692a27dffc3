"""What happened without Approdo is written down afterwards: who is in which house since when, what was
written on paper, and which entry was wrong.
"""

from __future__ import annotations

from typing import Any

import pytest

from domain.permissions import Role
from tests.api.http.ground import FAMILY, REQUEST, Ground, after
from tests.api.pages.ground import pages, played

TWO = {"adulte": "1", "figli_AGE_3_5": "1", "canale": "LAW_ENFORCEMENT"}


def _room(stage: Ground, house: str) -> str:
    return str(stage.unit(house).id)


@played
async def test_an_arrival_of_tonight_is_recorded_with_its_gap() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        form = (await reader.open("/ingressi/diretto")).form("/ingressi/diretto")
        typed = {**TWO, "stanza": _room(there.stage, "lentisco"), "quando": "alle", "quando_ora": "23:50"}
        answer = await reader.sent(form, **typed)
        assert answer.status_code == 303
        placement = answer.headers["location"].rsplit("/", 1)[-1]
        shown = (await there.stage.get(f"/placements/{placement}")).json()
        assert shown["phase"] == "ADMITTED"
        assert shown["household"] == {"adults": 1, "children": ["AGE_3_5"]}
        told = await reader.open("/turno")
        assert "successo ieri sera 23:50, scritto 3 h 10 min dopo" in told.text
        story = await reader.open(f"/posti/{placement}/storia")
        assert "scritto dopo" in story.text
        assert "successo ieri sera 23:50 · scritto stanotte 03:00" in story.text
        assert "Il nucleo è entrato per accordo diretto" in story.text


@played
async def test_who_sleeps_without_a_bed_makes_it_extraordinary() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        form = (await reader.open("/ingressi/diretto")).form("/ingressi/diretto")
        typed = {**TWO, "adulte": "3", "stanza": _room(there.stage, "lentisco")}
        page = await reader.send(form, **typed)
        assert page.status == 422
        assert "Qui ci sono posti per 2: scrivi quante persone dormono senza letto." in page.text
        again = page.form("/ingressi/diretto")
        assert dict(again.fields)["adulte"] == "3"
        assert (await reader.sent(again, senza_letto="2")).status_code == 303
        assert "placement.extraordinary-admission.1" in await there.stage.topics()


@played
async def test_a_request_that_waits_is_admitted_without_being_asked_again_who_they_are() -> None:
    async with pages() as there:
        placement = (await there.stage.held(FAMILY)).rsplit("/", 1)[-1]
        reader = await there.signed_in(Role.COORDINATOR)
        page = await reader.open(f"/ingressi/diretto?posto={placement}")
        form = page.form("/ingressi/diretto")
        assert "adulte" not in dict(form.fields)
        typed = {"stanza": _room(there.stage, "ginepro"), "senza_letto": "2"}
        answer = await reader.sent(form, **typed)
        assert answer.headers["location"] == f"/posti/{placement}"
        shown = (await there.stage.get(f"/placements/{placement}")).json()
        assert shown["phase"] == "ADMITTED"
        again = await reader.send(form, **{**typed, "_chiave": "un-altro-tocco", "senza_letto": "3"})
        assert again.status == 409
        assert "Il nucleo è già stato accolto." in again.text


@played
async def test_a_hold_gives_way_and_free_beds_go_first() -> None:
    async with pages() as there:
        held = await there.stage.offered(REQUEST)
        reader = await there.signed_in(Role.COORDINATOR)
        form = (await reader.open("/ingressi/diretto")).form("/ingressi/diretto")
        typed = {
            "adulte": "1",
            "figli_AGE_0_2": "1",
            "canale": "CAV",
            "stanza": _room(there.stage, "ginepro"),
        }
        assert (await reader.sent(form, **typed)).status_code == 303
        assert (await there.stage.get(held)).json()["offers"][0]["state"] == "DISPLACED"
        assert "Il posto già accettato" not in (await reader.open("/turno")).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"adulte": "0"}, "Serve almeno un’adulta."),
        ({"adulte": "molte"}, "Un numero da 0 a 10."),
        ({"adulte": "-1"}, "Un numero da 0 a 10."),
        ({"adulte": "11"}, "Un numero da 0 a 10."),
        ({"figli_AGE_0_2": "99"}, "Un numero da 0 a 15."),
        ({"figli_AGE_0_2": "15"}, "Al massimo 15 figli."),
        ({"canale": None}, "Scegli una voce."),
        ({"canale": "AMICA"}, "Scegli una voce."),
        ({"stanza": None}, "Scegli la camera."),
        ({"stanza": "niente"}, "Scegli la camera."),
        ({"senza_letto": "7"}, "Sono più delle persone entrate: 2."),
        ({"senza_letto": "due"}, "Un numero da 0 a 25."),
        ({"quando": "alle"}, "Scrivi l’ora, per esempio 03:10."),
        ({"quando": "alle", "quando_ora": "03:00", "quando_giorno": "2026-11-23"}, "nel futuro"),
        ({"codice": "ABC-DEF-GHJ"}, "Codice non trovato"),
        ({"urgenza": "PRESTO"}, ""),
    ],
)
@played
async def test_what_is_not_understood_is_said_back_with_what_was_typed(
    wrong: dict[str, Any], words: str
) -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        form = (await reader.open("/ingressi/diretto")).form("/ingressi/diretto")
        head = await there.stage.store.head()
        typed = {**TWO, "stanza": _room(there.stage, "lentisco"), **wrong}
        page = await reader.send(form, **typed)
        assert page.status == 422
        assert words in page.text
        assert await there.stage.store.head() == head
        kept = dict(page.form("/ingressi/diretto").fields)
        assert kept["figli_AGE_3_5"] == "1"
        assert kept["adulte"] == typed["adulte"]


@pytest.mark.parametrize("named", ["niente", "01a20612-25bc-78aa-bf20-167826fa3151", "../turno"])
@played
async def test_a_placement_that_is_none_is_not_there(named: str) -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        answer = await reader.client.get("/ingressi/diretto", params={"posto": named})
        assert answer.status_code == 404
        form = (await reader.open("/ingressi/diretto")).form("/ingressi/diretto")
        assert (await reader.sent(form, posto=named)).status_code == 404


@played
async def test_an_entry_is_declared_wrong_and_stays() -> None:
    async with pages() as there:
        placement = (await there.stage.held(FAMILY)).rsplit("/", 1)[-1]
        reader = await there.signed_in(Role.COORDINATOR)
        story = await reader.open(f"/posti/{placement}/storia")
        page = await reader.open(next(link for link in story.links if link.endswith("/1/correggi")))
        assert "È stato chiesto un posto" in page.text
        form = page.form("/correggi")
        for wrong, words in (
            ({}, "Scegli una voce."),
            ({"motivo": "NIENTE"}, "Scegli una voce."),
            ({"motivo": "WRONG_TIME"}, "Scrivi l’ora, per esempio 03:10."),
            ({"motivo": "WRONG_TIME", "vero_ora": "99:99"}, "Scrivi l’ora, per esempio 03:10."),
            ({"motivo": "WRONG_TIME", "vero_ora": "03:10", "vero_giorno": "2026-11-23"}, "futuro"),
        ):
            page = await reader.send(form, **{"_chiave": f"prova-{words}-{len(wrong)}", **wrong})
            assert page.status == 422
            assert words in page.text
        story = await reader.send(form, motivo="WRONG_TIME", vero_ora="02:20")
        assert story.path == f"/posti/{placement}/storia"
        assert "Correzione scritta accanto alla voce." in story.text
        assert "dichiarata sbagliata L’ora era sbagliata: in realtà stanotte 02:20" in story.text.replace(
            "l’ora", "L’ora"
        )
        assert f"/posti/{placement}/storia/1/correggi" not in story.links
        shown = (await there.stage.get(f"/placements/{placement}")).json()["corrections"]
        assert [(each["version"], each["true_occurred_at"]) for each in shown] == [(1, after(minutes=-40))]


@pytest.mark.parametrize("version", ["0", "99", "uno"])
@played
async def test_an_entry_that_is_none_cannot_be_corrected(version: str) -> None:
    async with pages() as there:
        placement = (await there.stage.held(FAMILY)).rsplit("/", 1)[-1]
        reader = await there.signed_in(Role.COORDINATOR)
        assert (await reader.open(f"/posti/{placement}/storia/{version}/correggi")).status == 404


@played
async def test_a_night_on_paper_is_entered_under_the_printed_code() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        moduli = await reader.open("/moduli")
        sheets = await reader.send(moduli.form("/moduli"), quanti="2")
        codes = [each["code"] for each in (await there.stage.get("/case-codes")).json()["items"]]
        assert len(codes) == 2
        for code in codes:
            assert sheets.text.count(code) == 3
        assert "112" in sheets.text
        assert "1522" in sheets.text
        assert "2 codici stampati aspettano ancora." in (await reader.open("/moduli")).text
        form = moduli.form("/moduli/inserisci")
        typed = codes[0].lower().replace("-", " ")
        page = await reader.send(form, codice=typed, voce="ingresso")
        answer = await reader.sent(form, codice=typed, voce="ingresso")
        assert answer.headers["location"].startswith("/ingressi/diretto?caso=")
        assert (
            (await reader.sent(form, codice=typed)).headers["location"].startswith("/richieste/nuova?caso=")
        )
        page = await reader.open(answer.headers["location"])
        form = page.form("/ingressi/diretto")
        assert dict(form.fields)["codice"] == codes[0]
        entered = {**TWO, "stanza": _room(there.stage, "lentisco")}
        answer = await reader.sent(form, **entered)
        assert answer.status_code == 303
        placement = answer.headers["location"].rsplit("/", 1)[-1]
        found = (await there.stage.get("/case-codes")).json()
        assert found["waiting"] == 1
        assert (await there.stage.get(f"/placements/{placement}")).json()["case_id"] not in str(found)
        again = await reader.send(form, **{**entered, "_chiave": "un-altro-tocco"})
        assert "Codice non trovato" in again.text


@pytest.mark.parametrize("code", ["", "ABC-DEF-GHJ", "niente", "%s", "A" * 500])
@played
async def test_a_code_that_is_mistyped_is_said_so(code: str) -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        page = await reader.send((await reader.open("/moduli")).form("/moduli/inserisci"), codice=code)
        assert page.status == 422
        assert "Codice non trovato: controlla le lettere, o è già stato usato." in page.text
        assert dict(page.form("/moduli/inserisci").fields)["codice"] == code


@pytest.mark.parametrize("many", ["0", "4", "1000", "tre", None])
@played
async def test_so_many_forms_as_are_offered_and_no_others(many: str | None) -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        page = await reader.send((await reader.open("/moduli")).form("/moduli"), quanti=many)
        assert page.status == 422
        assert "Scegli una voce." in page.text
        assert (await there.stage.get("/case-codes")).json()["waiting"] == 0


@played
async def test_a_sheet_names_no_raw_code_and_asks_for_no_name() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        sheets = await reader.send((await reader.open("/moduli")).form("/moduli"), quanti="1")
        for raw in ("U1", "AGE_", "CAV_", "EMERGENCY", "troppo vicino a lui"):
            assert raw not in sheets.text
        assert "Niente nomi, indirizzi o telefoni su questo foglio." in sheets.text
