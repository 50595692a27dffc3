"""What a page may be sent, and what it says where it can do nothing: forms, faults, foreign sites."""

from __future__ import annotations

import pytest

from api.pages.forms import LARGEST_FORM, MOST_FIELDS
from api.pages.sealing import Sealed
from domain.permissions import Role
from ledger.faults import StoreUnreachable
from tests.api.pages.ground import ORIGIN, pages, played

URLENCODED = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"x=" + b"a" * LARGEST_FORM, URLENCODED, 413),
        (b"x=\xff\xfe", URLENCODED, 400),
        (b"x=%ff", URLENCODED, 400),
        (b"&".join([b"x=1"] * (MOST_FIELDS + 1)), URLENCODED, 400),
        (b"{}", {"content-type": "application/json"}, 415),
        (b"--x--", {"content-type": "multipart/form-data; boundary=x"}, 415),
    ],
)
@played
async def test_a_form_that_is_none_is_a_page_that_says_so(
    content: bytes, headers: dict[str, str], status: int
) -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        answer = await reader.client.post("/blocca", content=content, headers={**headers, "origin": ORIGIN})
        assert answer.status_code == status
        assert "<h1>" in answer.text


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://altrove.invalid"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
@played
async def test_a_form_from_another_site_changes_nothing(headers: dict[str, str]) -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        fields = dict((await reader.open("/turno")).form("/blocca").fields)
        sent = {"origin": ORIGIN, **headers}
        answer = await reader.client.post("/blocca", data=fields, headers=sent)
        assert answer.status_code == 403
        assert (await reader.open("/turno")).h1 == "Turno"
        answer = await reader.client.post("/blocca", data=fields, headers={"origin": ORIGIN})
        assert "Schermo bloccato" in answer.text


@played
async def test_a_form_without_its_proof_changes_nothing() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        fields = {**dict((await reader.open("/turno")).form("/blocca").fields), "_gettone": "0" * 64}
        answer = await reader.client.post("/blocca", data=fields, headers={"origin": ORIGIN})
        assert answer.status_code == 403
        assert (await reader.open("/turno")).h1 == "Turno"


@pytest.mark.parametrize("away", ["head", "now"])
@played
async def test_a_ledger_that_cannot_be_asked_is_a_page_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        await reader.open("/turno")

        async def unreachable() -> None:
            raise StoreUnreachable

        monkeypatch.setattr(there.stage.doors.engine.transactor.store, away, unreachable)
        page = await reader.open("/turno")
        assert page.status == 503
        assert page.h1


@played
async def test_a_static_file_is_served_only_from_its_folder() -> None:
    async with pages() as there:
        client = there.reader().client
        for name in ("../site.py", "%2e%2e/site.py", "..%2f..%2fsite.py", "", "niente.css"):
            answer = await client.get(f"/statiche/{name}")
            assert answer.status_code == 404
            assert b"Starlette" not in answer.content
        assert (await client.get("/statiche/approdo.css")).status_code == 200


def test_what_is_sealed_opens_only_here_and_only_for_its_purpose() -> None:
    sealed = Sealed(b"x" * 32, "notes", 60).seal({"text": "ciao"})
    assert Sealed(b"x" * 32, "notes", 60).open(sealed) == {"text": "ciao"}
    assert Sealed(b"y" * 32, "notes", 60).open(sealed) is None
    assert Sealed(b"x" * 32, "drafts", 60).open(sealed) is None
    assert Sealed(b"x" * 32, "notes", 60).open(sealed[:-2] + "aa") is None
    assert Sealed(b"x" * 32, "notes", 60).open("é\x00") is None
    assert "ciao" not in sealed
