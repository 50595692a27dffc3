"""One placement on one page, from the place held to the arrival: its one main action in each phase, why
this place, the house's answer by telephone, hers, and a place that went elsewhere meanwhile.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from api.loops.automatic import Automatic
from api.loops.deadlines import Deadlines
from domain.permissions import Role
from tests.api.http.ground import ALONE, FAMILY, NIGHT, REQUEST, Ground
from tests.api.pages.ground import Page, Pages, Reader, pages, played

CODES = ("HELD", "OFFERED", "SAFETY", "CAPACITY", "NOT_ASSESSED", "AGE_6_10", "LAW_ENFORCEMENT", "to_confirm")


async def at(there: Pages, path: str, below: str = "") -> tuple[Reader, Page]:
    """A coordinator at the page of a placement that the doors know by this path."""
    reader = await there.signed_in(Role.COORDINATOR)
    return reader, await reader.open(page_of(path) + below)


def page_of(path: str) -> str:
    return f"/posti/{path.rsplit('/', 1)[-1]}"


async def shown(stage: Ground, path: str) -> Any:
    return (await stage.get(path)).json()


@played
async def test_a_held_place_says_why_who_answers_and_what_to_do() -> None:
    async with pages() as there:
        path = await there.stage.held()
        reader, page = await at(there, path)
        assert page.h1 == "Posto opzionato"
        assert "Casa Ginepro" in page.text
        assert "È l’unico posto adatto." in page.text
        assert "è troppo piccola" in page.text
        assert "Invia l’offerta entro" in page.text
        assert "Distanza dal maltrattante NON verificata" in page.text
        assert "NON CHIAMARLA." in page.text
        assert "data-until" in page.html
        assert not [code for code in CODES if f">{code}<" in page.html or f" {code} " in page.text]
        assert "<title>ESERCITAZIONE · Approdo – Richiesta</title>" in page.html
        number = await reader.send(page.form(button="Mostra il numero"))
        assert "+39 000 0000 002" in number.text
        assert number.path.startswith(page_of(path))


@played
async def test_of_two_rooms_the_sentence_says_what_parts_them_and_the_other_can_be_chosen() -> None:
    async with pages() as there:
        path = await there.stage.held(ALONE)
        reader, page = await at(there, path)
        assert "È la più adatta fra quelle libere." in page.text
        assert "C’è 1 altro posto adatto." in page.text
        before = (await shown(there.stage, path))["offers"][0]["shelter_id"]
        page = await reader.open(page_of(path) + "/altri")
        other = page.html.split('name="scelta" value="')[1].split('"')[0]
        wrong = await reader.send(page.form("/altri"))
        assert wrong.status == 422
        assert wrong.text.count("Scegli una voce.") == 2
        page = await reader.send(wrong.form("/altri"), scelta=other, motivo="HER_WISH")
        assert "Tenuto il posto che hai scelto." in page.text
        view = await shown(there.stage, path)
        held = next(each for each in view["offers"] if each["offer_id"] == view["hold"])
        assert held["shelter_id"] != before
        assert held["units"][0]["unit_id"] == other


@played
async def test_the_whole_way_by_telephone_from_the_offer_to_the_arrival() -> None:
    async with pages() as there:
        path = await there.stage.held()
        reader, page = await at(there, path)
        page = await reader.send(page.form("/offerta"))
        assert page.h1 == "Offerta inviata alla casa"
        assert "La casa non l’ha ancora letta." in page.text
        await there.stage.done(f"{path}/seen", {}, "ginepro")
        assert "La casa l’ha letta." in (await reader.open(page.path)).text
        page = await reader.send(page.form("/colloquio"))
        assert page.h1 == "La casa sta decidendo"
        assert "La casa decide entro" in page.text
        answer = await reader.open(page_of(path) + "/casa")
        page = await reader.send(answer.form("/casa"), button="Sì, accolgono")
        assert page.h1 == "La casa ha detto sì"
        assert "la casa non l’ha ancora confermato a schermo" in page.text
        her = await reader.open(page_of(path) + "/lei")
        missing = await reader.send(her.form("/lei"), detto=["HOUSE_RULES"])
        assert missing.status == 422
        assert dict(missing.form("/lei").fields)["detto"] == "HOUSE_RULES"
        page = await reader.send(missing.form("/lei"), detto=["HOUSE_RULES", "LENGTH_OF_STAY"], distanza="si")
        assert page.h1 == "Sì della casa e sì di lei"
        assert "Distanza da lui sentita a voce" in page.text
        assert "NON verificata" not in page.text
        agreed = await reader.open(page_of(path) + "/accordo")
        sheet = await reader.send(agreed.form("/accordo"), arrivo="60", chi="LAW_ENFORCEMENT")
        assert sheet.path == page_of(path) + "/consegna"
        assert "queste caselle non si salvano da nessuna parte" in sheet.text
        page = await reader.open(page_of(path))
        assert "Attese stanotte 04:00." in page.text
        assert (await shown(there.stage, path))["handover"]["expected_at"] == "2026-11-22T03:00:00Z"
        page = await reader.send(page.form("/non-arrivata"))
        assert "Nessuno è stato ancora mandato a cercarla." in page.text
        page = await reader.send(page.form("/non-arrivata"))
        assert "È stato chiesto di cercarla." in page.text
        page = await reader.send(page.form("/arrivo"))
        assert page.h1 == "È in casa"
        for gone in ("NON CHIAMARLA", "Al sicuro fino a", "Attese", "Me ne occupo io"):
            assert gone not in page.text, "she is safe now: nothing of the danger before stands there"


@played
async def test_without_hearing_it_by_voice_the_distance_stays_not_verified() -> None:
    async with pages() as there:
        path = await there.stage.accepted()
        reader, page = await at(there, path, "/lei")
        page = await reader.send(page.form("/lei"), distanza="no")
        assert "Distanza dal maltrattante NON verificata" in page.text


@played
async def test_a_no_of_the_house_is_two_taps_and_keeps_its_true_reason_apart() -> None:
    async with pages() as there:
        path = await there.stage.offered()
        reader, page = await at(there, path, "/casa")
        head = await there.stage.store.head()
        wrong = await reader.send(page.form("/casa"))
        assert (wrong.status, await there.stage.store.head()) == (422, head)
        assert "Tocca «sì», oppure il motivo del no." in wrong.text
        page = await reader.send(page.form("/casa"), button="Di notte non c’è nessuna operatrice")
        assert "No della casa registrato." in page.text
        assert (await there.stage.topics()).count("placement.offer-refused.1") == 1


@played
async def test_at_night_a_house_may_not_say_no_for_money() -> None:
    async with pages() as there:
        _, page = await at(there, await there.stage.offered(), "/casa")
        assert "Manca l’impegno di spesa" not in page.text


@pytest.mark.parametrize(("button", "topic"), [("Non lo ha detto", None), ("Troppo lontano", "TOO_FAR")])
@played
async def test_her_no_stops_the_search_and_a_person_goes_on(button: str, topic: str | None) -> None:
    async with pages() as there:
        path = await there.stage.accepted(body=ALONE, house=await _house(there.stage))
        reader, page = await at(there, path, "/lei/no")
        assert "Un no non conta mai contro di lei." in page.text
        page = await reader.send(page.form("/lei/no"), button=button)
        assert page.h1 == "Ricerca ferma: tocca a te decidere"
        assert "Non conta contro di lei." in page.text
        assert topic is None or topic not in page.html
        page = await reader.send(page.form("/cerca"))
        assert "Trovato un posto, ed è tenuto per lei." in page.text
        assert "Le risposte fin qui" in page.text


async def _house(stage: Ground) -> str:
    """The house that a woman alone is offered first; learnt from a search that is then closed."""
    told = await stage.ask(ALONE)
    shelter = told["placement"]["offers"][0]["shelter_id"]
    await stage.done(
        f"/placements/{told['placement']['placement_id']}/closure", {"outcome": "OTHER_SOLUTION"}
    )
    return next(code for code in ("ginepro", "lentisco") if str(stage.house(code)) == shelter)


@played
async def test_silence_is_shown_and_the_next_house_is_asked() -> None:
    async with pages() as there:
        path = await there.stage.offered(ALONE)
        before = (await shown(there.stage, path))["hold"]
        _, early = await at(there, path)
        assert "/prossima" not in early.html
        await there.stage.later(minutes=11)
        engine = there.stage.engine
        itself = Automatic(network_id=engine.transactor.network_id, app_version="prova")
        await Deadlines(engine, itself).step()
        reader, page = await at(there, path)
        assert "Nessuna risposta" in page.text
        page = await reader.send(page.form("/prossima"))
        view = await shown(there.stage, path)
        assert view["hold"] not in (None, before)
        assert view["phase"] == "HELD"
        assert page.form("/offerta").fields


@played
async def test_a_place_that_went_elsewhere_is_no_error_page() -> None:
    async with pages() as there:
        path = await there.stage.held(ALONE)
        reader, page = await at(there, path)
        view = await shown(there.stage, path)
        other = next(
            each["units"][0]["unit_id"]
            for each in (await there.stage.get(f"{path}/ranking")).json()["candidates"]
            if each["units"] != view["offers"][0]["units"]
        )
        await there.stage.done(f"{path}/another-choice", {"units": [other], "reason": "HER_WISH"})
        told = await reader.send(page.form("/offerta"))
        assert (told.status, told.path) == (200, page_of(path))
        assert "Il posto è appena andato a un’altra richiesta: ecco il prossimo." in told.text
        sent = await reader.send(told.form("/offerta"))
        assert "Offerta inviata" in sent.text


@played
async def test_a_place_given_back_meanwhile_is_said_calmly() -> None:
    async with pages() as there:
        path = await there.stage.offered()
        reader, page = await at(there, path, "/casa")
        await there.stage.done(f"{path}/release", {})
        page = await reader.send(page.form("/casa"), button="Di notte non c’è nessuna operatrice")
        assert page.status == 200
        assert page.path == page_of(path)


@played
async def test_every_tap_twice_is_one() -> None:
    async with pages() as there:
        path = await there.stage.held()
        reader, page = await at(there, path)
        form = page.form("/offerta")
        await reader.send(form)
        await there.stage.later(seconds=3)
        page = await reader.send(form)
        assert page.status == 200
        yes = (await reader.open(page_of(path) + "/casa")).form("/casa")
        await reader.send(yes, button="Sì, accolgono")
        await reader.send(yes, button="Sì, accolgono")
        her = (await reader.open(page_of(path) + "/lei")).form("/lei")
        await reader.send(her, distanza="si")
        await reader.send(her, distanza="si")
        agreed = (await reader.open(page_of(path) + "/accordo")).form("/accordo")
        await reader.send(agreed, arrivo="30", chi="CAV")
        await there.stage.later(minutes=1)
        page = await reader.send(agreed, arrivo="30", chi="CAV")
        assert page.status == 200
        topics = await there.stage.topics()
        for topic in ("offer-sent", "offer-accepted", "woman-accepted", "handover-agreed"):
            assert topics.count(f"placement.{topic}.1") == 1, topic


@pytest.mark.parametrize(
    ("below", "wrong", "words"),
    [
        ("/accordo", {"chi": "CAV"}, "Scegli quando."),
        ("/accordo", {"arrivo": "60"}, "Scegli una voce."),
        ("/accordo", {"arrivo": "60", "chi": "ZIA"}, "Scegli una voce."),
        ("/accordo", {"arrivo_ora": "99:99", "chi": "CAV"}, "Scrivi l’ora, per esempio 03:10."),
        ("/lei/no", {"motivo": "NON_MI_PIACE"}, "Tocca un motivo"),
        ("/lei", {"distanza": "forse"}, "Scegli una voce."),
        ("/casa", {"risposta": "FORSE"}, "Tocca «sì»"),
    ],
)
@played
async def test_an_answer_that_is_not_understood_is_said_back(
    below: str, wrong: dict[str, Any], words: str
) -> None:
    async with pages() as there:
        path = await there.stage.accepted()
        reader, page = await at(there, path, below)
        head = await there.stage.store.head()
        page = await reader.send(page.form(below), **wrong)
        assert page.status == 422
        assert words in page.text
        assert await there.stage.store.head() == head


@played
async def test_nothing_fits_and_the_page_leads_on() -> None:
    async with pages() as there:
        path = await there.stage.held(FAMILY)
        _, page = await at(there, path)
        assert page.h1 == "In attesa di un posto"
        assert page_of(path) + "/ponte" in page.links
        assert "2 sono troppo piccole." in page.text


@played
async def test_release_search_and_the_end_of_her_wish() -> None:
    async with pages() as there:
        path = await there.stage.held(ALONE)
        reader, page = await at(there, path)
        page = await reader.send(page.form("/lascia"))
        assert "Posto lasciato. La richiesta resta aperta." in page.text
        page = await reader.send(page.form("/cerca"))
        assert "tenuto per lei" in page.text
        unsure = await reader.send(page.form("/rinuncia"))
        assert "Niente è cambiato." in unsure.text
        page = await reader.send(unsure.form("/rinuncia"), sicura="si")
        assert page.h1 == "Percorso chiuso"
        assert any(link.startswith("/richieste/nuova?posto=") for link in page.links)


VALUES = {
    "numero": "+39 000 5550 123",
    "chiamare": "si",
    "come": "VOICE",
    "ore": "10:00-11:30, 20:00-21:00",
    "parola": "corbezzolo",
}


@played
async def test_values_are_kept_opened_for_a_purpose_and_leave_by_themselves() -> None:
    async with pages() as there:
        path = await there.stage.held()
        reader, page = await at(there, path, "/dati")
        assert "NON CHIAMARLA." in page.text
        page = await reader.send(page.form("/dati"), **VALUES)
        assert "Custodito." in page.text
        assert "corbezzolo" not in page.html
        assert "NON CHIAMARLA." not in page.text
        assert "NON CHIAMARLA." not in (await reader.open(page_of(path))).text
        page = await reader.open(page_of(path) + "/dati")
        opened = await reader.send(page.form("/apri"))
        assert 'href="tel:+390005550123"' in opened.html
        assert "10:00-11:30, 20:00-21:00" in opened.text
        assert "no-store" in opened.response.headers["cache-control"]
        assert opened.response.headers["refresh"].startswith("120; url=/posti/")
        assert 'data-secondi="120"' in opened.html
        again = await reader.open(page_of(path) + "/dati")
        assert "5550" not in again.html
        page = await reader.send(again.form("/togli"), tipo=["MAY_CALL"])
        assert "NON CHIAMARLA." in page.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "Scrivi almeno una cosa."),
        ({"numero": "chiamami"}, "Scrivi un numero di telefono: solo cifre e spazi."),
        ({"ore": "di mattina"}, "Scrivi le ore così: 10:00-11:30."),
        ({"numero": "+39 333 1234567"}, "registro"),
    ],
)
@played
async def test_values_that_are_not_understood_are_said_back(wrong: dict[str, str], words: str) -> None:
    async with pages() as there:
        reader, page = await at(there, await there.stage.held(), "/dati")
        page = await reader.send(page.form("/dati"), **wrong)
        assert page.status in (409, 422)
        assert words in page.text
        kept = dict(page.form("/dati").fields)
        assert all(kept[name] == value for name, value in wrong.items())


@played
async def test_what_changed_is_said_anew() -> None:
    async with pages() as there:
        path = await there.stage.held(ALONE)
        reader, page = await at(there, path, "/cambia")
        told = await reader.send(page.form("/sicura"), sicura="adesso-no", dove="STREET")
        assert "Segnato per quanto è al sicuro." in told.text
        told = await reader.send(page.form("/urgenza"), urgenza="U2", perche="RISK_LOWER")
        assert "Urgenza cambiata" in told.text
        told = await reader.send(page.form("/rischio"), rischio="HIGH", con="SARA_S", da="CAV_WORKER")
        assert "Rischio registrato." in told.text
        page = await reader.open(page_of(path) + "/cambia")
        assert dict(page.form("/nucleo").fields)["adulte"] == "1"
        told = await reader.send(page.form("/nucleo"), piu_AGE_0_2="1", perche_nucleo="CHILD_JOINED")
        assert "Nucleo corretto." in told.text
        view = await shown(there.stage, path)
        assert (view["urgency"], view["setting"], view["risk"]) == ("U2", "STREET", "HIGH")
        assert view["household"] == {"adults": 1, "children": ["AGE_0_2"]}
        assert view["safe_until"] == NIGHT.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("part", "wrong", "words"),
    [
        ("/sicura", {}, "Va bene anche «non so»"),
        ("/sicura", {"sicura": "boh"}, "Scegli quando."),
        ("/urgenza", {"urgenza": "U2"}, "Scegli una voce."),
        ("/rischio", {"rischio": "HIGH", "con": "SARA", "da": "OTHER", "giorno": "ieri"}, "Scrivi il giorno"),
        ("/rischio", {"con": "OROSCOPO"}, "Scegli una voce."),
        ("/nucleo", {"adulte": "0", "perche_nucleo": "AGE_CORRECTED"}, "Serve almeno un’adulta."),
        ("/nucleo", {"piu_AGE_0_2": "tre", "perche_nucleo": "AGE_CORRECTED"}, "Un numero da 0 a 15."),
        ("/nucleo", {"adulte": "1"}, "Scegli una voce."),
        ("/eccezione", {"perche_eccezione": "COURT_ORDER"}, "Scegli la camera."),
        ("/scorta", {"agente": "Rossi", "fino": "120"}, "Scrivi il codice che ti detta l’agente"),
        ("/scorta", {"agente": str(uuid4())}, "Scegli quando."),
    ],
)
@played
async def test_a_change_that_is_not_understood_is_said_back_in_its_own_open_part(
    part: str, wrong: dict[str, str], words: str
) -> None:
    async with pages() as there:
        reader, page = await at(there, await there.stage.held(ALONE), "/cambia")
        head = await there.stage.store.head()
        page = await reader.send(page.form(part), **wrong)
        assert page.status == 422
        assert words in page.text
        assert page.html.count('<details class="scheda" open>') == 1
        assert await there.stage.store.head() == head


@played
async def test_a_rule_is_overridden_with_a_reason_and_never_what_is_too_small() -> None:
    async with pages() as there:
        reader, page = await at(there, await there.stage.held(REQUEST), "/cambia")
        small = str(there.stage.unit("lentisco").id)
        page = await reader.send(page.form("/eccezione"), camera=small, perche_eccezione="IMMEDIATE_DANGER")
        assert page.status in (409, 422)
        assert "avviso--pericolo" in page.html


@played
async def test_an_escort_is_entrusted_until_an_hour() -> None:
    async with pages() as there:
        police = await there.signed_in(Role.POLICE)
        path = await there.stage.accepted()
        reader, page = await at(there, path, "/cambia")
        page = await reader.send(page.form("/scorta"), agente=str(police.actor), fino="120")
        assert "Accompagnamento affidato." in page.text


@played
async def test_an_unknown_placement_and_other_roles_find_nothing() -> None:
    async with pages() as there:
        reader, _ = await at(there, await there.stage.held())
        for below in ("", "/casa", "/lei", "/lei/no", "/accordo", "/altri", "/dati", "/cambia", "/consegna"):
            assert (await reader.open(f"/posti/{uuid4()}{below}")).status == 404
        operator = await there.signed_in(Role.SHELTER_OPERATOR, there.stage.house("ginepro"))
        path = await there.stage.held(ALONE)
        for below in ("", "/casa", "/dati", "/cambia", "/consegna"):
            assert (await operator.open(page_of(path) + below)).status == 404
