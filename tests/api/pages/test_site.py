"""The frame of every page: who is sent where, what every page carries, what becomes of a form."""

from __future__ import annotations

import pytest

from domain.permissions import Role
from tests.api.pages.ground import PIN, pages, played


@played
async def test_who_is_not_signed_in_is_sent_to_sign_in() -> None:
    async with pages() as there:
        answer = await there.reader().client.get("/turno")
        assert (answer.status_code, answer.headers["location"]) == (303, "/accesso")


@played
async def test_a_page_of_another_role_is_not_there() -> None:
    async with pages() as there:
        auditor = await there.signed_in(Role.AUDITOR)
        page = await auditor.open("/turno")
        assert page.status == 404


@played
async def test_the_coordination_begins_at_its_shift() -> None:
    async with pages() as there:
        page = await (await there.signed_in(Role.COORDINATOR)).open("/")
        assert (page.path, page.status, page.h1) == ("/turno", 200, "Turno")
        assert "ESERCITAZIONE" in page.text


@pytest.mark.parametrize("path", ["/turno", "/senza-rete", "/fine", "/statiche/approdo.css", "/turno/niente"])
@played
async def test_every_answer_of_a_page_carries_the_policy(path: str) -> None:
    async with pages() as there:
        answer = await (await there.signed_in(Role.COORDINATOR)).client.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


@played
async def test_what_is_no_page_goes_to_the_doors_as_it_came() -> None:
    async with pages() as there:
        answer = await there.reader().client.get("/status")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"


@played
async def test_a_draft_survives_the_lock_and_cannot_be_read_on_it() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        shift = await reader.open("/turno")
        lock = shift.form("/blocca")
        locked = await reader.send(lock, parola="ancora-verde", _torna="/turno")
        assert locked.h1 == "Schermo bloccato"
        assert "ancora-verde" not in locked.html
        assert (await reader.open("/turno")).h1 == "Schermo bloccato"
        wrong = await reader.send(locked.form("/sblocca"), pin="111111")
        assert wrong.status in (401, 403)
        assert wrong.h1 == "Schermo bloccato"
        again = await reader.send(wrong.form("/sblocca"), pin=PIN)
        assert again.h1 == "Turno"
        assert (await reader.open("/turno")).h1 == "Turno"


@played
async def test_an_address_that_is_nothing_is_a_page_for_a_browser_and_a_problem_for_a_program() -> None:
    async with pages() as there:
        client = there.reader().client
        lost = await client.get("/niente-qui", headers={"accept": "text/html,*/*;q=0.8"})
        assert (lost.status_code, "<h1>" in lost.text) == (404, True)
        problem = await client.get("/niente-qui", headers={"accept": "application/json"})
        assert (problem.status_code, problem.json()["code"]) == (404, "NOT_FOUND")
        status = await client.get("/status", headers={"accept": "text/html"})
        assert status.headers["content-type"] == "application/json"
