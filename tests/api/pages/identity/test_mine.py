"""One's own ways in: passkeys, PIN; shared devices of a house and of the lead body, and their end."""

from __future__ import annotations

import pytest

from api.http.cookies import DEVICE
from domain.permissions import Role
from tests.api.pages.ground import PIN, pages, played
from tests.api.pages.house.stage import house
from tests.api.pages.identity.stage import authenticator, made, network, shown


@played
async def test_a_passkey_is_added_and_removed_after_a_question() -> None:
    async with network() as net:
        reader, first = await net.with_passkey(await net.enter())
        page = await reader.open("/io")
        page = await made(reader, page.form("/io/passkey"), authenticator())
        assert "Passkey aggiunta" in page.text and "Passkey numero 2" in page.text
        asked = await reader.send(page.form("/io/passkey/togli", nth=0))
        assert "Vuoi togliere" in asked.h1 and "/io" in asked.links
        assert "ultima" not in asked.text
        assert "Passkey numero 2" in (await reader.open("/io")).text, "nothing was done yet"
        page = await reader.send(asked.form("/io/passkey/togli"))
        assert "Passkey tolta" in page.text and "Passkey numero 2" not in page.text
        asked = await reader.send(page.form("/io/passkey/togli"))
        assert "È l’ultima" in asked.text
        other = net.there.reader()
        page = await shown(other, (await other.open("/accesso")).form("/accesso/passkey"), first)
        assert page.status == 401, "the first is no more"


@played
async def test_a_passkey_that_is_none_is_not_removed() -> None:
    async with network() as net:
        reader, _ = await net.with_passkey(await net.enter())
        form = (await reader.open("/io")).form("/io/passkey/togli")
        for bad in ("", "!", "A", "x" * 1500):
            page = await reader.send(form, passkey=bad, sicura="1")
            assert page.status == 422 or "non vale più" in page.text
        assert "Passkey numero 1" in (await reader.open("/io")).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"pin": PIN, "pin2": "905172", "nome": "Ada"}, "non sono uguali"),
        ({"pin": "12", "pin2": "12", "nome": "Ada"}, "da sei a dieci cifre"),
        ({"pin": "111111", "pin2": "111111", "nome": "Ada"}, "cifre meno prevedibili"),
        ({"pin": PIN, "pin2": PIN, "nome": ""}, "Scrivi un nome"),
        ({"pin": PIN, "pin2": PIN, "nome": "A" * 21}, "Scrivi un nome"),
        ({"pin": None, "pin2": None, "nome": None}, "da sei a dieci cifre"),
    ],
)
@played
async def test_a_pin_that_will_not_do_is_told_at_its_field(typed: dict[str, str], words: str) -> None:
    async with network() as net:
        reader, _ = await net.with_passkey(await net.enter())
        page = await reader.send((await reader.open("/io/pin")).form("/io/pin"), **typed)
        assert page.status == 422 and words in page.text
        assert PIN not in page.html, "digits are typed anew"


@played
async def test_with_a_pin_one_changes_neither_pin_nor_passkeys_and_is_shown_the_way() -> None:
    async with network() as net:
        ada = await net.enter()
        await net.with_pin(ada, "Ada", PIN)
        reader = await net.shared()
        await reader.send((await reader.open(f"/accesso/{ada}")).form(button="Entra"), pin=PIN)
        page = await reader.open("/io")
        assert "serve un accesso completo" in page.text
        assert "/accesso/altri-modi?torna=/io" in page.links
        page = await reader.open("/io/pin")
        page = await reader.send(page.form("/io/pin"), nome="Ada", pin="905172", pin2="905172")
        assert page.status == 403 and "/accesso/altri-modi?torna=/io/pin" in page.links
        page = await reader.open("/accesso/altri-modi?torna=/io/pin")
        assert page.status == 200 and dict(page.form("/accesso/passkey").fields)["_torna"] == "/io/pin"


@played
async def test_a_house_shares_a_device_and_ends_it_when_it_is_lost() -> None:
    async with house("ginepro") as (there, reader):
        page = await reader.open("/io/dispositivi")
        page = await reader.send(page.form(button="Fai un codice"))
        code = page.html.split("<code>")[1].split("</code>")[0]
        new = there.reader()
        page = await new.send((await new.open("/dispositivo")).form("/dispositivo"), codice=code)
        assert "Questo dispositivo adesso è condiviso" in page.text
        assert DEVICE in new.client.cookies
        assert (await new.open("/accesso")).h1 == "Chi sei?"
        again = there.reader()
        page = await again.send((await again.open("/dispositivo")).form("/dispositivo"), codice=code)
        assert page.status == 401 and "Questo codice non vale" in page.text

        page = await reader.open("/io/dispositivi")
        before = [form for form in page.forms if form.action.endswith("/revoca")]
        asked = await reader.send(before[-1])
        assert "Vuoi togliere questo dispositivo" in asked.h1 and "/io/dispositivi" in asked.links
        assert (await new.open("/accesso")).h1 == "Chi sei?", "nothing was done yet"
        page = await reader.send(asked.form("/revoca"))
        assert "Dispositivo tolto" in page.text
        assert (await new.open("/accesso")).h1 == "Accedi"


@played
async def test_the_lead_body_says_for_which_house_and_no_one_else_keeps_devices() -> None:
    async with pages() as there:
        lead = await there.signed_in(Role.LEAD_BODY)
        page = await lead.open("/io/dispositivi")
        form = page.form(button="Fai un codice")
        for chosen in (str(there.stage.house("lentisco")), "", "niente"):
            assert "<code>" in (await lead.send(form, casa=chosen, _chiave=f"prova-{len(chosen):03}")).html
        coordinator = await there.signed_in(Role.COORDINATOR)
        assert (await coordinator.open("/io/dispositivi")).status == 404
        assert (await lead.sent(form, _gettone="x")).status_code == 303


@played
async def test_a_device_of_another_house_is_not_there_to_be_ended() -> None:
    async with house("ginepro") as (there, reader):
        other = await there.signed_in(Role.SHELTER_OPERATOR, there.stage.house("lentisco"))
        page = await other.open("/io/dispositivi")
        theirs = next(form for form in page.forms if form.action.endswith("/revoca"))
        mine = (await reader.open("/io/dispositivi")).form("/revoca")
        mine.action = theirs.action
        assert (await reader.send(mine)).status == 404
        mine.fields.append(("sicura", "1"))
        assert "Dispositivo tolto" not in (await reader.send(mine)).text
        assert (await other.open("/casa")).status == 200
