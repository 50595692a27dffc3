"""A request in three screens: what is needed at night and nothing more, with what was typed kept on every
way, and a place that is found, or not, shown as its beginning.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from domain.permissions import Role
from tests.api.http.ground import FAMILY
from tests.api.pages.ground import Page, Pages, Reader, pages, played

CALL = {"parla": "no", "canale": "CAV", "urgenza": "U1", "consenso": "si"}
WHO = {"adulte": "1", "figli_AGE_0_2": "1", "figli_AGE_6_10": "1"}
WHERE = {"sicura": "60", "zone": "non-so", "dove": "EMERGENCY_DEPARTMENT"}
PLACEMENT = re.compile(r"/posti/([0-9a-f-]{36})")


async def begun(there: Pages) -> tuple[Reader, Page]:
    reader = await there.signed_in(Role.COORDINATOR)
    return reader, await reader.open("/richieste/nuova")


async def at_screen(there: Pages, screen: int) -> tuple[Reader, Page]:
    """Two screens filled in at most."""
    reader, page = await begun(there)
    for typed in (CALL, WHO)[: screen - 1]:
        page = await reader.send(page.form("/nuova"), button="Avanti", **typed)
        assert page.status == 200, page.text
    return reader, page


async def asked(there: Pages, **more: Any) -> tuple[Reader, Page]:
    reader, page = await at_screen(there, 3)
    return reader, await reader.send(page.form("/nuova"), button="Cerca", **{**WHERE, **more})


def placement_in(page: Page) -> str:
    found = PLACEMENT.fullmatch(page.path)
    assert found is not None, (page.path, page.text)
    return found.group(1)


@played
async def test_danger_comes_first_and_three_screens_lead_to_a_place() -> None:
    async with pages() as there:
        _, page = await begun(there)
        assert page.html.index('href="tel:112"') < page.html.index('id="modulo"')
        assert "Può parlare senza essere ascoltata?" in page.text
        _, page = await asked(there)
        view = (await there.stage.get(f"/placements/{placement_in(page)}")).json()
        assert view["phase"] == "HELD"
        assert view["household"] == {"adults": 1, "children": ["AGE_0_2", "AGE_6_10"]}
        assert (view["channel"], view["urgency"], view["consent"]) == ("CAV", "U1", True)
        assert (view["risk"], view["setting"]) == ("NOT_ASSESSED", "EMERGENCY_DEPARTMENT")
        assert view["safe_until"] == "2026-11-22T03:00:00Z"
        assert "Posto trovato e tenuto per lei" in page.text
        assert "Casa Ginepro" in page.text


@played
async def test_the_screens_are_three_and_say_so() -> None:
    async with pages() as there:
        for screen in (1, 2, 3):
            _, page = await at_screen(there, screen)
            assert f"Schermata {screen} di 3" in page.text


@played
async def test_who_may_be_overheard_is_asked_yes_or_no_questions_on_every_further_screen() -> None:
    async with pages() as there:
        _, page = await at_screen(there, 2)
        assert "Fai solo domande con risposta sì o no" in page.text
        _, page = await at_screen(there, 3)
        assert "Concordate una parola" in page.text


@played
async def test_going_back_and_forth_loses_nothing() -> None:
    async with pages() as there:
        reader, page = await at_screen(there, 3)
        page = await reader.send(page.form("/nuova"), button="Indietro", **{**WHERE, "sicura": "08:00"})
        assert page.h1 == "Chi ha bisogno del posto"
        assert dict(page.form("/nuova").fields)["figli_AGE_6_10"] == "1"
        page = await reader.send(page.form("/nuova"), button="Indietro")
        assert dict(page.form("/nuova").fields)["canale"] == "CAV"
        page = await reader.send(page.form("/nuova"), button="Avanti")
        page = await reader.send(page.form("/nuova"), button="Avanti")
        assert dict(page.form("/nuova").fields)["sicura"] == "08:00"
        page = await reader.send(page.form("/nuova"), button="Cerca")
        view = (await there.stage.get(f"/placements/{placement_in(page)}")).json()
        assert view["safe_until"] == "2026-11-22T07:00:00Z"


@pytest.mark.parametrize(
    ("screen", "wrong", "words"),
    [
        (1, {"canale": None}, "Scegli una voce."),
        (1, {"canale": "VICINA"}, "Scegli una voce."),
        (1, {"urgenza": "U9"}, "Scegli una voce."),
        (1, {"consenso": None}, "Scegli una voce."),
        (1, {"codice": "ABC-DEF-GHJ"}, "Codice non trovato"),
        (1, {"quando": "alle", "quando_ora": "le due"}, "Scrivi l’ora, per esempio 03:10."),
        (2, {"adulte": "tre"}, "Un numero da 0 a 10."),
        (2, {"adulte": "11"}, "Un numero da 0 a 10."),
        (2, {"figli_AGE_3_5": "-1"}, "Un numero da 0 a 15."),
        (2, {"piu_AGE_3_5": "16"}, "Un numero da 0 a 15."),
        (2, {"piu_AGE_3_5": "9", "piu_AGE_11_13": "9"}, "Al massimo 15 figli."),
        (2, {"maschio": "GRANDE"}, "Scegli una voce."),
        (2, {"serve": ["GROUND_FLOOR", "PISCINA"]}, "Scegli una voce."),
        (3, {"sicura": None}, "Scegli una voce. Va bene anche «non so»."),
        (3, {"sicura": "boh"}, "Scegli quando."),
        (3, {"sicura": None, "sicura_ora": "25:00"}, "Scrivi l’ora, per esempio 03:10."),
        (3, {"sicura": "adesso-no", "sicura_ora": "05:00"}, "tieni una delle due"),
        (3, {"zone": None}, "Scegli una voce. Va bene anche «non so»."),
        (3, {"zone": "si"}, "Apri i nomi delle zone"),
        (3, {"zone": "si", "zona": "Busto"}, "Scegli una voce."),
        (3, {"rischio": "MOLTO"}, "Scegli una voce."),
        (3, {"dove": "LUNA"}, "Scegli una voce."),
        (3, {"allontanamento": "forse"}, "Scegli una voce."),
    ],
)
@played
async def test_what_is_not_understood_is_said_back_with_what_was_typed(
    screen: int, wrong: dict[str, Any], words: str
) -> None:
    async with pages() as there:
        reader, page = await at_screen(there, screen)
        right = (CALL, WHO, WHERE)[screen - 1]
        head = await there.stage.store.head()
        back = await reader.send(page.form("/nuova"), button=("Avanti", "Avanti", "Cerca")[screen - 1],
                                 **{**right, **wrong})  # fmt: skip
        assert back.status == 422
        assert words in back.text
        assert f"Schermata {screen} di 3" in back.text
        assert await there.stage.store.head() == head
        kept = dict(back.form("/nuova").fields)
        for name, value in (CALL | (WHO if screen > 1 else {}) | right).items():
            assert name in wrong or kept.get(name) == value, name


@played
async def test_no_screen_can_be_jumped_over() -> None:
    async with pages() as there:
        reader, page = await begun(there)
        form = page.form("/nuova")
        told = await reader.send(form, passo="3", vai="cerca", **WHERE, adulte="1")
        assert told.status == 422
        assert "Schermata 1 di 3" in told.text


@played
async def test_zones_are_chosen_by_names_opened_in_one_recorded_look() -> None:
    async with pages() as there:
        reader, page = await at_screen(there, 3)
        assert "Prova Nord" not in page.html
        page = await reader.send(page.form("/nuova"), button="Apri i nomi", **WHERE)
        assert "Prova Nord" in page.text
        assert "no-store" in page.response.headers["cache-control"]
        assert (await there.stage.topics()).count("desk.values-opened.1") == 2
        zone = re.search(r'name="zona" value="([^"]+)"[^>]*> <span>Prova Nord', page.html)
        assert zone is not None
        assert dict(page.form("/nuova").fields)["sicura"] == "60"
        wrong = await reader.send(
            page.form("/nuova"), button="Cerca", zone="si", zona=zone.group(1), rischio="MOLTO"
        )
        assert "1 zona scelta." in wrong.text
        assert "Prova Nord" not in wrong.html
        page = await reader.send(wrong.form("/nuova"), button="Cerca", rischio="HIGH")
        view = (await there.stage.get(f"/placements/{placement_in(page)}")).json()
        assert view["zones_to_avoid_count"] == 1


@played
async def test_a_girl_alone_is_shown_another_way_and_nothing_is_written() -> None:
    async with pages() as there:
        reader, page = await at_screen(there, 2)
        head = await there.stage.store.head()
        told = await reader.send(page.form("/nuova"), button="Avanti", adulte="0", figli_AGE_14_17="1")
        assert told.h1 == "Una ragazza sola, sotto i 18 anni"
        assert "Procura per i minorenni" in told.text
        assert 'href="tel:112"' in told.html
        assert await there.stage.store.head() == head
        assert (await reader.open("/richieste/minorenne")).h1 == told.h1


@played
async def test_that_nothing_fits_is_no_error() -> None:
    async with pages() as there:
        reader, page = await at_screen(there, 2)
        page = await reader.send(page.form("/nuova"), button="Avanti", adulte="1", figli_AGE_3_5="4")
        page = await reader.send(page.form("/nuova"), button="Cerca", **WHERE)
        assert page.status == 200
        assert "Nessun posto adatto adesso. La richiesta resta aperta." in page.text
        assert "sono troppo piccole" in page.text


@played
async def test_many_children_of_one_age_are_written_as_a_number() -> None:
    async with pages() as there:
        reader, page = await at_screen(there, 2)
        page = await reader.send(page.form("/nuova"), button="Avanti", adulte="2", piu_AGE_6_10="7")
        page = await reader.send(page.form("/nuova"), button="Cerca", **WHERE)
        view = (await there.stage.get(f"/placements/{placement_in(page)}")).json()
        assert view["household"] == {"adults": 2, "children": ["AGE_6_10"] * 7}


@played
async def test_not_safe_now_is_safe_until_now_and_not_known_is_nothing() -> None:
    async with pages() as there:
        _, page = await asked(there, sicura="adesso-no")
        view = (await there.stage.get(f"/placements/{placement_in(page)}")).json()
        assert view["safe_until"] == "2026-11-22T02:00:00Z"
        _, page = await asked(there, sicura="non-so")
        view = (await there.stage.get(f"/placements/{placement_in(page)}")).json()
        assert view["safe_until"] is None


@played
async def test_without_her_yes_the_place_is_held_and_the_page_asks_for_it() -> None:
    async with pages() as there:
        reader, page = await begun(there)
        page = await reader.send(page.form("/nuova"), button="Avanti", **{**CALL, "consenso": "non-ancora"})
        page = await reader.send(page.form("/nuova"), button="Avanti", **WHO)
        page = await reader.send(page.form("/nuova"), button="Cerca", **WHERE)
        assert "Non ha ancora detto sì alla ricerca" in page.text
        assert "Invia l’offerta</button>" not in page.html
        page = await reader.send(page.form("/consenso"))
        assert "Segnato: è d’accordo" in page.text
        assert page.form("/offerta").action.startswith("/posti/")


@played
async def test_a_double_tap_asks_once() -> None:
    async with pages() as there:
        reader, page = await at_screen(there, 3)
        form = page.form("/nuova")
        first = await reader.send(form, button="Cerca", **WHERE)
        await there.stage.later(seconds=20)
        second = await reader.send(form, button="Cerca", **WHERE)
        assert placement_in(first) == placement_in(second)
        assert (await there.stage.topics()).count("placement.requested.2") == 1


@played
async def test_a_request_from_paper_is_of_the_printed_case_and_of_its_hour() -> None:
    async with pages() as there:
        codes = (await there.stage.done("/case-codes", {"count": 1}))["items"]
        reader = await there.signed_in(Role.COORDINATOR)
        page = await reader.open(f"/richieste/nuova?caso={codes[0]['code']}")
        assert dict(page.form("/nuova").fields)["codice"] == codes[0]["code"]
        page = await reader.send(page.form("/nuova"), button="Avanti", **CALL, quando_ora="01:40")
        page = await reader.send(page.form("/nuova"), button="Avanti", **WHO)
        page = await reader.send(page.form("/nuova"), button="Cerca", **WHERE)
        view = (await there.stage.get(f"/placements/{placement_in(page)}")).json()
        assert view["requested_at"] == "2026-11-22T00:40:00Z"
        assert view["case_id"] == codes[0]["case_id"]


@played
async def test_she_may_ask_again_and_it_is_the_same_story() -> None:
    async with pages() as there:
        path = await there.stage.held(FAMILY)
        case_id = (await there.stage.get(path)).json()["case_id"]
        reader = await there.signed_in(Role.COORDINATOR)
        earlier = f"/posti/{path.rsplit('/', 1)[-1]}"
        closing = await reader.open(f"{earlier}/chiusura")
        await reader.send(closing.form("/chiusura"), esito="OTHER_SOLUTION")
        ended = await reader.open(earlier)
        again = next(link for link in ended.links if link.startswith("/richieste/nuova?posto="))
        page = await reader.open(again)
        assert case_id not in page.html
        page = await reader.send(page.form("/nuova"), button="Avanti", **CALL)
        page = await reader.send(page.form("/nuova"), button="Avanti", **WHO)
        page = await reader.send(page.form("/nuova"), button="Cerca", **WHERE)
        assert (await there.stage.get(f"/placements/{placement_in(page)}")).json()["case_id"] == case_id
        assert (await reader.open("/richieste/nuova?posto=nessuna")).status == 404


@played
async def test_what_was_typed_on_any_screen_survives_the_lock() -> None:
    async with pages() as there:
        reader, page = await at_screen(there, 3)
        sent = {**dict(page.form("/nuova").fields), **WHERE, "_torna": "/richieste/nuova"}
        locked = await reader.client.post("/blocca", data=sent, headers={"origin": "http://localhost"})
        assert "AGE_6_10" not in locked.text
        back = await reader.send(Page(locked, "/blocca").form("/sblocca"), pin="380417")
        assert "Schermata 3 di 3" in back.text
        fields = dict(back.form("/nuova").fields)
        assert (fields["sicura"], fields["canale"], fields["figli_AGE_6_10"]) == ("60", "CAV", "1")
        page = await reader.send(back.form("/nuova"), button="Cerca")
        assert placement_in(page)


@pytest.mark.parametrize("role", [Role.SHELTER_OPERATOR, Role.AUDITOR, Role.LEAD_BODY])
@played
async def test_others_find_no_such_page(role: Role) -> None:
    async with pages() as there:
        houses = (there.stage.house("ginepro"),) if role is Role.SHELTER_OPERATOR else ()
        reader = await there.signed_in(role, *houses)
        assert (await reader.open("/richieste/nuova")).status == 404
        assert (await reader.open("/richieste/minorenne")).status == 404


@played
async def test_of_two_at_once_one_gets_the_room_and_the_other_the_next_best() -> None:
    for _ in range(20):
        async with pages() as there:
            views = await raced(there, {"adulte": "1", "figli_AGE_3_5": "1"})
            assert [each["phase"] for each in views] == ["HELD", "HELD"]
            assert len({each["offers"][0]["shelter_id"] for each in views}) == 2


@played
async def test_of_two_for_the_last_room_the_other_waits_and_that_is_no_error() -> None:
    async with pages() as there:
        views = await raced(there, WHO)
        assert sorted(each["phase"] for each in views) == ["HELD", "WAITING"]


async def raced(there: Pages, who: dict[str, str]) -> list[Any]:
    """Two coordinators tap at the same moment; what each of them has then."""
    ready = []
    for _ in range(2):
        reader, page = await at_screen(there, 2)
        ready.append((reader, await reader.send(page.form("/nuova"), button="Avanti", **who)))
    told = await asyncio.gather(
        *(reader.send(page.form("/nuova"), button="Cerca", **WHERE) for reader, page in ready)
    )
    assert [each.status for each in told] == [200, 200]
    return [(await there.stage.get(f"/placements/{placement_in(each)}")).json() for each in told]
