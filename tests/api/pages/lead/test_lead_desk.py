"""The lead body's desk: bands, reviews with their forms, notices; and who is no second person."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from api.pages.words import word
from domain.permissions import Role
from ledger.published import KeptNotice
from tests.api.pages.ground import ORIGIN, Pages, pages, played


async def _broken(there: Pages) -> str:
    """Glass was broken; the review's id."""
    path = await there.stage.held()
    case_id = (await there.stage.get(path)).json()["case_id"]
    told = await there.stage.done(
        f"/cases/{case_id}/glass", {"reason": "DANGER_TO_LIFE"}, "other-coordinator"
    )
    return str(told["breaking_id"])


@played
async def test_the_lead_body_begins_with_what_waits_for_it_and_bands_alone() -> None:
    async with pages() as there:
        await _broken(there)
        await there.stage.later(hours=1)
        page = await (await there.signed_in(Role.LEAD_BODY)).open("/")
        assert (page.path, page.status) == ("/rete", 200)
        assert "1 controllo da fare" in page.text
        assert "Nessuna segnalazione." in page.text
        board = (await there.stage.get("/bed-board", "lead")).json()
        for line in board["items"]:
            assert f"{word('LevelFunction', line['level'])} {word('Band', line['band'])}" in page.text


@played
async def test_a_review_is_recorded_by_its_form_once() -> None:
    async with pages() as there:
        await _broken(there)
        lead = await there.signed_in(Role.LEAD_BODY)
        page = await lead.open("/rete/controlli")
        assert word("ReviewKind", "GLASS_BROKEN") in page.text.lower()
        assert word("GlassReason", "DANGER_TO_LIFE") in page.text
        form = page.form("/rete/controlli/" + page.html.split('action="/rete/controlli/')[1].split('"')[0])
        head = await there.stage.store.head()
        done = await lead.send(form, esito="JUSTIFIED")
        assert "Controllo registrato." in done.text
        assert "Nessun controllo da fare." in done.text
        again = await lead.send(form, esito="JUSTIFIED")
        assert "Controllo registrato." in again.text
        assert await there.stage.store.head() == head + 1


@played
async def test_a_review_without_an_answer_is_asked_again() -> None:
    async with pages() as there:
        review = await _broken(there)
        lead = await there.signed_in(Role.LEAD_BODY)
        page = await lead.open("/rete/controlli")
        told = await lead.send(page.form(f"/rete/controlli/{review}"))
        assert told.status == 422
        assert told.h1 == "Controlli da fare"
        assert 'role="alert"' in told.html


@played
async def test_who_did_it_is_no_second_person() -> None:
    async with pages() as there:
        path = await there.stage.held()
        case_id = (await there.stage.get(path)).json()["case_id"]
        lead = await there.signed_in(Role.LEAD_BODY)
        proof = dict((await lead.open("/rete")).form("/blocca").fields)["_gettone"]
        headers = {"Forgery-Token": proof, "Idempotency-Key": "vetro-rotto-1", "origin": ORIGIN}
        broken = await lead.client.post(
            f"/cases/{case_id}/glass", json={"reason": "DANGER_TO_LIFE"}, headers=headers
        )
        assert broken.status_code == 200, broken.text
        page = await lead.open("/rete/controlli")
        told = await lead.send(
            page.form(f"/rete/controlli/{broken.json()['breaking_id']}"), esito="JUSTIFIED"
        )
        assert (told.status, told.h1) == (409, "Controlli da fare")
        assert 'role="alert"' in told.html
        other = await there.signed_in(Role.LEAD_BODY)
        again = (await other.open("/rete/controlli")).form(button="Registra il controllo")
        assert "Controllo registrato." in (await other.send(again, esito="NOT_JUSTIFIED")).text


@played
async def test_notices_are_a_list_without_names() -> None:
    async with pages() as there:
        await there.stage.doors.published.notice(
            KeptNotice(
                notice_id=UUID(int=5),
                noticed_at=datetime(2026, 11, 22, 1, tzinfo=UTC),
                kind="SEARCHES",
                actor=UUID(int=0xABCDEF),
                count=61,
            )
        )
        page = await (await there.signed_in(Role.LEAD_BODY)).open("/rete/segnalazioni")
        assert word("ProbingKind", "SEARCHES") in page.text
        assert "61" in page.text and "…abcdef" in page.text


@pytest.mark.parametrize(
    "path", ["/rete", "/rete/cifre", "/rete/controlli", "/rete/segnalazioni", "/rete/impronta"]
)
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.SHELTER_OPERATOR])
@played
async def test_the_pages_are_the_lead_bodys_alone(path: str, role: Role) -> None:
    async with pages() as there:
        houses = (there.stage.house("ginepro"),) if role is Role.SHELTER_OPERATOR else ()
        assert (await (await there.signed_in(role, *houses)).open(path)).status == 404


@played
async def test_no_page_shows_a_code_a_case_or_a_house() -> None:
    async with pages() as there:
        await _broken(there)
        lead = await there.signed_in(Role.LEAD_BODY)
        for path in ("/rete", "/rete/cifre", "/rete/controlli", "/rete/segnalazioni", "/rete/impronta"):
            page = await lead.open(path)
            for raw in ("GLASS_BROKEN", "DANGER_TO_LIFE", "EMERGENCY", "NONE", "FEW", "ginepro"):
                assert raw not in page.text, (path, raw)
