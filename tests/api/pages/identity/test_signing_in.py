"""Signing in without scripts: two taps and a PIN, a passkey, a code on paper; what fails says so calmly."""

from __future__ import annotations

import json

import pytest

from api.identity.pins import MOST_WRONG
from domain.permissions import Role
from tests.api.pages.ground import PIN, pages, played
from tests.api.pages.identity.stage import authenticator, network, shown

OTHER_PIN = "905172"


@played
async def test_a_shared_device_takes_two_taps_and_a_pin() -> None:
    async with network() as net:
        ada = await net.enter()
        await net.with_pin(ada, "Ada", PIN)
        reader = await net.shared()
        page = await reader.open("/")
        assert (page.path, page.h1) == ("/accesso", "Chi sei?")
        page = await reader.open(next(link for link in page.links if link.endswith(str(ada))))
        assert page.h1 == "Ada"
        assert 'inputmode="numeric"' in page.html
        page = await reader.send(page.form(button="Entra"), pin=PIN)
        assert (page.path, page.h1) == ("/turno", "Turno")
        assert (await reader.open("/accesso")).path == "/turno", "who is here need not sign in"


@played
async def test_a_colleague_takes_over_and_whoever_was_there_is_out() -> None:
    async with network() as net:
        ada, bea = await net.enter(), await net.enter(Role.LEAD_BODY)
        await net.with_pin(ada, "Ada", PIN)
        await net.with_pin(bea, "Bea", OTHER_PIN)
        reader = await net.shared()
        page = await reader.open(f"/accesso/{ada}")
        page = await reader.send(page.form(button="Entra"), pin=PIN)
        before = dict(reader.client.cookies)
        page = await reader.open("/colleghe")
        assert "Bea" in page.text and "Ada" not in page.text
        page = await reader.open(next(link for link in page.links if link.endswith(str(bea))))
        page = await reader.send(page.form(button="Entra"), pin=OTHER_PIN)
        assert page.path != "/accesso"
        assert (await reader.open("/turno")).status == 404, "a page of another role"
        reader.client.cookies.clear()
        for name, value in before.items():
            reader.client.cookies.set(name, value)
        assert (await reader.open("/turno")).path == "/accesso"


@played
async def test_wrong_digits_are_told_calmly_until_the_pin_is_locked() -> None:
    async with network() as net:
        ada = await net.enter()
        await net.with_pin(ada, "Ada", PIN)
        reader = await net.shared()
        page = await reader.open(f"/accesso/{ada}")
        for bad in ("", "abc", "12", "è" * 9, *["111111"] * MOST_WRONG):
            page = await reader.send(page.form(button="Entra"), pin=bad)
            assert page.status in (401, 422) and page.h1 == "Ada"
            assert "PIN non giusto" in page.text
        page = await reader.open("/accesso")
        assert "PIN bloccato" in page.text
        assert not [link for link in page.links if link.endswith(str(ada))]
        page = await reader.open(f"/accesso/{ada}")
        assert "PIN bloccato" in page.text and "/accesso/altri-modi" in page.links


@played
async def test_who_is_no_colleague_here_cannot_be_tapped_on() -> None:
    async with network() as net:
        ada = await net.enter()
        page = await (await net.shared()).open(f"/accesso/{ada}")
        assert page.path == "/accesso"
        page = await net.there.reader().open(f"/accesso/{ada}")
        assert (page.path, page.h1) == ("/accesso", "Accedi")


@played
async def test_an_invitation_leads_to_passkey_codes_and_pin_and_the_passkey_signs_in_again() -> None:
    async with network() as net:
        ada = await net.enter()
        reader, key = await net.with_passkey(ada)
        page = await reader.open("/io/codici")
        page = await reader.send(page.form("/io/codici"))
        assert "Si vedono solo adesso" in page.text
        assert "no-store" in page.response.headers["cache-control"]
        assert "/io/pin" in page.links
        page = await reader.open("/io/pin")
        page = await reader.send(page.form("/io/pin"), nome="Ada", pin=PIN, pin2=PIN)
        assert page.path == "/io" and "PIN scelto" in page.text
        other = net.there.reader()
        page = await other.open("/accesso")
        page = await shown(other, page.form("/accesso/passkey"), key)
        assert page.path == "/turno"


@played
async def test_an_invitation_counts_once_and_a_made_up_one_never() -> None:
    async with network() as net:
        reader = net.there.reader()
        page = await reader.open("/accesso/invito")
        page = await reader.send(page.form("/accesso/invito"), invito="MFRGGZDFMZTWQ2LKNNWG23TP")
        assert page.status == 401 and "Controlla l’invito" in page.text
        page = await reader.send(page.form("/accesso/invito"), invito="x", credenziale="[1, {")
        assert page.status in (401, 422) and page.h1 == "Ho un invito"


@played
async def test_a_code_on_paper_lets_in_once_to_make_another_passkey() -> None:
    async with network() as net:
        ada = await net.enter()
        reader, _ = await net.with_passkey(ada)
        page = await reader.open("/io/codici")
        page = await reader.send(page.form("/io/codici"))
        code = page.html.split("<code>")[1].split("</code>")[0]
        other = net.there.reader()
        page = await other.open("/accesso/codice")
        page = await other.send(page.form("/accesso/codice"), codice=code)
        assert page.path == "/io" and "Adesso crea una nuova passkey" in page.text
        again = net.there.reader()
        page = await again.open("/accesso/codice")
        page = await again.send(page.form("/accesso/codice"), codice=code)
        assert page.status == 401 and "Questo codice non vale" in page.text
        page = await again.send(page.form("/accesso/codice"), codice="")
        assert page.status == 422 and "Questo codice non vale" in page.text


@pytest.mark.parametrize("credential", ["", "{", "[]", "7", json.dumps({"id": "x"}), "è" * 200])
@played
async def test_what_is_no_passkey_is_told_calmly(credential: str) -> None:
    async with network() as net:
        reader = net.there.reader()
        page = await reader.open("/accesso")
        page = await reader.send(page.form("/accesso/passkey"), credenziale=credential, modo="passkey")
        assert page.status == 401 and "Accesso non riuscito" in page.text


@played
async def test_a_passkey_of_nobody_signs_nobody_in() -> None:
    async with network() as net:
        reader = net.there.reader()
        page = await reader.open("/accesso")
        page = await shown(reader, page.form("/accesso/passkey"), authenticator())
        assert page.status == 401 and page.h1 == "Accedi"


@played
async def test_too_many_codes_are_told_with_how_long_to_wait() -> None:
    async with network() as net:
        reader = net.there.reader()
        page = await reader.open("/dispositivo")
        for _ in range(101):
            page = await reader.send(page.form("/dispositivo"), codice="MFRGGZDFMZTWQ2LK")
            if page.status != 401:
                break
        assert page.status == 403, "a script would take 429 for the network's fault"
        assert "Troppi tentativi" in page.text and "min" in page.text


@played
async def test_only_what_the_network_has_is_offered() -> None:
    async with pages() as there:
        page = await there.reader().open("/accesso")
        assert "passkey" not in page.text and "Accedi con il tuo ente" not in page.text
        assert "si entra da un dispositivo condiviso" in page.text
        assert (await there.reader().open("/accesso/ente")).status == 404
    async with network() as net:
        page = await net.there.reader().open("/accesso")
        assert "Entra con la passkey" in page.text and "Accedi con il tuo ente" not in page.text
        assert "JavaScript" in page.html, "without a script the page says what works instead"


@played
async def test_leaving_ends_the_session_and_shows_an_empty_page() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        form = (await reader.open("/turno")).form("/esci")
        answer = await reader.sent(form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/fine")
        assert answer.headers["clear-site-data"] == '"cache", "storage"'
        assert any(each.startswith("approdo-session=") for each in answer.headers.get_list("set-cookie"))
        empty = await reader.open("/fine")
        assert (empty.status, empty.text) == (200, "")
        assert (await reader.open("/turno")).path == "/accesso"
        again = await reader.sent(form)
        assert (again.status_code, again.headers["location"]) == (303, "/fine"), "also where nobody is"


@played
async def test_leaving_without_hurry_leads_to_where_the_next_one_signs_in() -> None:
    async with pages() as there:
        reader = await there.signed_in(Role.COORDINATOR)
        page = await reader.open("/io")
        form = next(form for form in page.forms if ("dopo", "accesso") in form.fields)
        page = await reader.send(form)
        assert page.path == "/accesso"
        assert (await reader.open("/turno")).path == "/accesso"
