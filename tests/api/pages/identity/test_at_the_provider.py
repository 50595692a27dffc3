"""Signing in at the network's provider with a browser: there, back on a page, and on with what waited."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.http.cookies import SESSION
from api.identity.enrolling import Terms
from api.identity.openid import Client, fetcher
from api.wiring import SigningIn
from domain.permissions import Role
from ledger.register.memory_credentials import MemoryCredentials
from tests.api.pages.ground import ORIGIN, Page, Reader, played
from tests.api.pages.identity.stage import Network, network
from tests.support.provider import CLIENT, SECRET, Provider, provider

BACK = "/identity/provider/return"


@asynccontextmanager
async def own_network() -> AsyncIterator[tuple[Network, Provider]]:
    with provider() as there:
        async with fetcher() as fetch:
            client = Client(
                issuer=there.issuer, client_id=CLIENT, secret=SECRET, redirect_uri=f"{ORIGIN}{BACK}"
            )
            signing_in = SigningIn(credentials=MemoryCredentials(), origin=ORIGIN, client=client, fetch=fetch)
            async with network(signing_in) as net:
                yield net, there


async def enter(net: Network, there: Provider, subject: str) -> None:
    terms = Terms(member=net.body, role=Role.COORDINATOR)
    enrolling = net.there.stage.doors.identity.enrolling
    await enrolling.enter_person(there.issuer, subject, terms, name=None, by=None)


async def there_and_back(reader: Reader, there: Provider, subject: str, way: str = "/accesso/ente") -> Page:
    """As a browser comes back from another site: without the cookies that are strict."""
    gone = await reader.client.get(way)
    assert gone.status_code == 303, gone.text
    code, state = there.signed_in(gone.headers["location"], subject)
    strict = [cookie for cookie in reader.client.cookies.jar if cookie.name == SESSION]
    for cookie in strict:
        reader.client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    page = await reader.open(f"{BACK}?code={code}&state={state}", **{"sec-fetch-site": "cross-site"})
    if SESSION not in reader.client.cookies:
        for cookie in strict:
            reader.client.cookies.jar.set_cookie(cookie)
    return page


@played
async def test_the_way_back_ends_on_a_page_that_goes_on_by_itself() -> None:
    async with own_network() as (net, there):
        await enter(net, there, "a81f")
        reader = net.there.reader()
        assert "/accesso/ente" in (await reader.open("/accesso")).links
        page = await there_and_back(reader, there, "a81f")
        assert (page.status, page.h1) == (200, "Accesso riuscito")
        assert page.response.headers["refresh"] == "0; url=/", "a redirection would go without the cookies"
        assert "no-store" in page.response.headers["cache-control"]
        assert (await reader.open("/")).path == "/turno"


@played
async def test_who_is_not_in_the_register_is_told_calmly() -> None:
    async with own_network() as (net, there):
        page = await there_and_back(net.there.reader(), there, "nobody")
        assert page.status == 401 and "Accesso non riuscito" in page.text and page.h1 == "Accedi"
        for query in ("", "?code=x&state=y", "?error=access_denied", "?code=" + "x" * 3000):
            page = await net.there.reader().open(BACK + query)
            assert page.status in (401, 422) and page.h1 == "Accedi"


@played
async def test_a_provider_that_is_away_is_told_with_what_to_do() -> None:
    with provider() as there:
        gone = there.issuer
    async with fetcher() as fetch:
        client = Client(issuer=gone, client_id=CLIENT, secret=SECRET, redirect_uri=f"{ORIGIN}{BACK}")
        signing_in = SigningIn(credentials=MemoryCredentials(), origin=ORIGIN, client=client, fetch=fetch)
        async with network(signing_in) as net:
            page = await net.there.reader().open("/accesso/ente")
            assert page.status == 503 and "non risponde" in page.text
            assert "Entra con la passkey" in page.text


@played
async def test_a_locked_screen_goes_on_after_a_sign_in_in_another_tab() -> None:
    async with own_network() as (net, there):
        await enter(net, there, "a81f")
        reader = net.there.reader()
        await there_and_back(reader, there, "a81f")
        page = await reader.open("/turno")
        locked = await reader.send(page.form("/blocca"), parola="ancora-verde", _torna="/turno")
        assert "/accesso/ente?di-nuovo=1" in locked.links
        await there_and_back(reader, there, "a81f", "/accesso/ente?di-nuovo=1")
        page = await reader.send(locked.form("/sblocca"), modo="ente")
        assert page.status == 200 and page.h1 == "Turno"
