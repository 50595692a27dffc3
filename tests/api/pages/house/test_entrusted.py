"""Values entrusted to a house: which kinds stand, then themselves after a proof, and a page that leaves."""

from __future__ import annotations

from api.http.cookies import DEVICE, SESSION
from api.identity.sessions import How
from tests.api.http.test_case_values import HERS
from tests.api.pages.ground import PIN, Pages, Reader, played
from tests.api.pages.house.stage import house, told

OPENED = "case.values-opened.1"


async def entrusted(there: Pages) -> str:
    """The page of values of a household to which the house has said yes."""
    path = await there.stage.accepted("ginepro")
    case = (await there.stage.get(path)).json()["case_id"]
    await there.stage.done(f"/cases/{case}/values", HERS)
    return path.replace("/placements", "/casa/offerte") + "/affidati"


async def _signed_in_without_a_proof(there: Pages, reader: Reader) -> None:
    """The same person, on the same device, of whom nobody knows when she last proved who she is."""
    sessions = there.stage.doors.identity.sessions
    assert reader.actor is not None
    device = await sessions.device_of(reader.client.cookies[DEVICE])
    assert device is not None
    cookie = await sessions.begin_session(
        reader.actor, How.TOKEN, device, proved_at=None, instead_of=reader.client.cookies[SESSION]
    )
    reader.client.cookies.set(SESSION, cookie)


@played
async def test_kinds_are_named_and_nothing_is_shown_before_the_tap() -> None:
    async with house("ginepro") as (there, reader):
        page = await reader.open(await entrusted(there))
        for secret in ("Ginestra", "corbezzolo", "davanti alla stazione", "5550 123", "porta il cane"):
            assert secret not in page.html
        assert page.text.count("Apri") >= 3
        assert await told(there, OPENED) == 0


@played
async def test_what_is_opened_is_recorded_first_and_takes_itself_away() -> None:
    async with house("ginepro") as (there, reader):
        path = await entrusted(there)
        page = await reader.open(path)
        form = next(form for form in page.forms if ("scopo", "AGREE_HANDOVER") in form.fields)
        shown = await reader.send(form)
        assert "davanti alla stazione" in shown.text
        assert "porta il cane" not in shown.html, "notes are the coordination's"
        assert shown.response.headers["refresh"] == f"120; url={path}"
        assert "no-store" in shown.response.headers["cache-control"]
        assert await told(there, OPENED) == 1
        assert "davanti alla stazione" not in (await reader.open(path)).html
        page = await reader.send(form, scopo="REVIEW")
        assert "non c’è niente di custodito" in page.text


@played
async def test_who_has_not_just_proved_who_she_is_is_asked_to() -> None:
    async with house("ginepro") as (there, reader):
        path = await entrusted(there)
        await _signed_in_without_a_proof(there, reader)
        form = next(form for form in (await reader.open(path)).forms if form.action.endswith("/affidati"))
        asked = await reader.send(form)
        assert asked.h1 == "Conferma che sei tu"
        assert await told(there, OPENED) == 0
        wrong = await reader.send(asked.form("/conferma"), pin="111111")
        assert (wrong.h1, await told(there, OPENED)) == ("Conferma che sei tu", 0)
        shown = await reader.send(wrong.form("/conferma"), pin=PIN)
        assert "corbezzolo" in shown.text, "what was begun goes on by itself"
        assert await told(there, OPENED) == 1


@played
async def test_without_a_yes_there_is_nothing_to_open() -> None:
    async with house("ginepro") as (there, reader):
        path = await there.stage.offered()
        page = await reader.open(path.replace("/placements", "/casa/offerte") + "/affidati")
        assert page.status == 404


@played
async def test_where_nothing_is_kept_the_page_says_so() -> None:
    async with house("ginepro") as (there, reader):
        path = await there.stage.accepted("ginepro")
        page = await reader.open(path.replace("/placements", "/casa/offerte") + "/affidati")
        assert "non è custodito niente" in page.text
        assert not [form for form in page.forms if form.action.endswith("/affidati")]
