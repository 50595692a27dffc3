"""Signing in at the network's provider, at the doors: there and back again with a browser."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from api.identity.enrolling import Terms
from api.identity.openid import Client, fetcher
from api.wiring import SigningIn
from domain.permissions import Role
from ledger.register.memory_credentials import MemoryCredentials
from tests.api.http.browser import ORIGIN, Browser
from tests.api.http.test_sessions import Place, place
from tests.support.provider import CLIENT, SECRET, Provider, provider

pytestmark = pytest.mark.asyncio
GO, BACK = "/identity/provider", "/identity/provider/return"
SESSION, DEVICE, UNDER_WAY = "__Host-approdo-session", "__Host-approdo-device", "__Host-approdo-sign-in"
REFUSED = (401, "SIGN_IN_REFUSED")


@dataclass(frozen=True, slots=True)
class Network:
    """A network with a provider."""

    here: Place
    provider: Provider

    async def enter(self, subject: str, role: Role = Role.COORDINATOR) -> UUID:
        terms = Terms(member=self.here.body, role=role, valid_from=self.here.clock())
        enrolling = self.here.identity.enrolling
        entered = await enrolling.enter_person(self.provider.issuer, subject, terms, name=None, by=None)
        self.here.people[subject] = entered.actor
        return entered.actor

    async def gone(self, browser: Browser, subject: str, path: str = GO) -> str:
        """The address to which the provider sends them back."""
        answer = await browser.get(path)
        assert answer.status_code == 303, answer.text
        code, state = self.provider.signed_in(answer.headers["location"], subject)
        return f"{BACK}?code={code}&state={state}"

    async def back(self, browser: Browser, address: str) -> httpx.Response:
        """As a browser comes from another site: without the cookies that are strict."""
        strict = {name: browser.cookies.pop(name) for name in (SESSION, DEVICE) if name in browser.cookies}
        answer = await browser.get(address, Sec_Fetch_Site="cross-site")
        browser.cookies = {**strict, **browser.cookies}
        return answer


@asynccontextmanager
async def network() -> AsyncIterator[Network]:
    with provider() as there:
        async with fetcher() as fetch:
            client = Client(
                issuer=there.issuer, client_id=CLIENT, secret=SECRET, redirect_uri=f"{ORIGIN}{BACK}"
            )
            signing_in = SigningIn(credentials=MemoryCredentials(), origin=ORIGIN, client=client, fetch=fetch)
            async with place(signing_in) as here:
                yield Network(here, there)


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def test_whoever_signs_in_there_is_signed_in_here_as_the_register_has_them() -> None:
    async with network() as net:
        ada = await net.enter("a81f")
        browser = net.here.browser()
        answer = await net.back(browser, await net.gone(browser, "a81f"))
        assert answer.status_code == 200, answer.text
        assert (answer.json()["actor"], answer.json()["how"]) == (str(ada), "PROVIDER")
        assert UNDER_WAY not in browser.cookies
        assert (await browser.get("/on-call-queue")).status_code == 200
        await net.here.identity.enrolling.end(ada, by=None)
        assert (await browser.get("/on-call-queue")).status_code == 401


async def test_the_way_there_has_no_body_is_kept_by_nobody_and_its_cookie_comes_back() -> None:
    async with network() as net:
        answer = await net.here.browser().get(GO)
        assert answer.headers["location"].startswith(f"{net.provider.issuer}/authorize?")
        assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == (
            "no-store",
            "no-referrer",
        )
        (cookie,) = answer.headers.get_list("set-cookie")
        for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=600"):
            assert word in cookie


async def test_the_session_is_another_after_it_and_stays_on_its_device() -> None:
    async with network() as net:
        ada = await net.enter("ada")
        shared = await net.here.shared("ada")
        assert (await net.here.tapped(shared, "ada")).status_code == 201
        before = shared.copy()
        answer = await net.back(shared, await net.gone(shared, "ada"))
        assert answer.status_code == 200, answer.text
        assert answer.json()["actor"] == str(ada)
        assert answer.json()["device_id"] is not None
        assert shared.cookies[SESSION] != before.cookies[SESSION]
        assert (await before.get("/on-call-queue")).status_code == 401, "the session before has ended"
        assert (await shared.get("/on-call-queue")).status_code == 200
        del shared.cookies[DEVICE]
        assert (await shared.get("/on-call-queue")).status_code == 401


async def test_proving_it_anew_steps_up_and_a_provider_that_does_not_say_when_does_not() -> None:
    async with network() as net:
        await net.enter("ada")
        browser = net.here.browser()
        net.provider.says_auth_time = False
        answer = await net.back(browser, await net.gone(browser, "ada"))
        assert answer.json()["stepped_up_at"] is None
        refused = await net.back(browser, await net.gone(browser, "ada", f"{GO}?again=true"))
        assert told(refused) == REFUSED
        net.provider.says_auth_time = True
        address = await net.gone(browser, "ada", f"{GO}?again=true")
        answer = await net.back(browser, address)
        assert answer.json()["stepped_up_at"] is not None


async def test_what_does_not_fit_is_refused_and_nothing_of_it_is_told_or_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, logger="approdo"):
        async with network() as net:
            await net.enter("ada")
            browser, other = net.here.browser(), net.here.browser()
            address = await net.gone(browser, "ada")
            code, _, state = address.removeprefix(f"{BACK}?code=").partition("&state=")
            await net.gone(other, "ada")
            for wrong, who in (
                (address, other),
                (address, net.here.browser()),
                (f"{BACK}?code={code}", browser.copy()),
                (f"{BACK}?state={state}", browser.copy()),
                (f"{BACK}?error=access_denied&error_description=Mariarossi&state={state}", browser.copy()),
                (BACK, browser.copy()),
            ):
                answer = await net.back(who, wrong)
                assert told(answer) == REFUSED, wrong
                assert SESSION not in who.cookies
                assert code not in answer.text and state not in answer.text
                assert "Mariarossi" not in answer.text
            once = browser.copy()
            assert (await net.back(browser, address)).status_code == 200
            assert told(await net.back(once, address)) == REFUSED, "a code counts once"
            for long in (f"{BACK}?code={'Mariarossi' * 300}&state=a", f"{GO}?again=Mariarossi"):
                answer = await browser.get(long)
                assert answer.status_code == 422
                assert "Mariarossi" not in answer.text
            metrics = (await net.here.stage.client.get("/metrics")).text
            assert BACK in metrics
            tokens = net.provider.tokens
            assert tokens
            for word in (code, state, "Mariarossi", *tokens):
                assert word not in metrics and word not in caplog.text
                assert all(word not in str(record.__dict__) for record in caplog.records)


async def test_whoever_is_not_in_the_register_hears_what_everybody_hears() -> None:
    async with network() as net:
        await net.enter("ada")
        browser = net.here.browser()
        answer = await net.back(browser, await net.gone(browser, "stranger"))
        assert told(answer) == REFUSED
        await net.here.identity.enrolling.end(net.here.people["ada"], by=None)
        ended = await net.back(browser, await net.gone(browser, "ada"))
        assert ended.content == answer.content
        assert SESSION not in browser.cookies


async def test_a_provider_that_is_down_is_said_to_be_down_and_who_is_signed_in_works_on() -> None:
    async with network() as net:
        await net.enter("ada")
        browser = net.here.browser()
        assert (await net.back(browser, await net.gone(browser, "ada"))).status_code == 200
        address = await net.gone(browser, "ada")
        net.provider.status = 503
        late = await net.back(browser, address)
        net.here.clock.later(hours=3)
        down = await net.here.browser().get(GO)
        for answer in (late, down):
            assert told(answer) == (503, "PROVIDER_UNREACHABLE")
            assert "retry-after" in answer.headers
            for word in (net.provider.issuer, "127.0.0.1", "Mariarossi"):
                assert word not in answer.text
        net.here.clock.now -= timedelta(hours=3)
        assert (await browser.get("/on-call-queue")).status_code == 200


async def test_a_network_without_a_provider_has_none_of_these_doors() -> None:
    async with place() as here:
        for path in (GO, BACK, f"{BACK}?code=a&state=b"):
            assert told(await here.browser().get(path)) == (404, "NOT_FOUND")
