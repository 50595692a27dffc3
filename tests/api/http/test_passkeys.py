"""Passkeys, invitations and recovery codes at the doors, with an authenticator in software."""

from __future__ import annotations

import asyncio
import base64
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import CoseKey
from fido2.webauthn import AuthenticatorData

from api.identity.enrolling import Terms
from api.wiring import SigningIn
from domain.permissions import Role
from domain.vocabulary import MemberId
from ledger.register.memory_credentials import MemoryCredentials
from tests.api.http.browser import ORIGIN, Browser
from tests.api.http.ground import ALONE
from tests.api.http.test_sessions import Place, place
from trials.stage.authenticator import Authenticator

pytestmark = pytest.mark.asyncio
FLAG = AuthenticatorData.FLAG
REFUSED = (401, "SIGN_IN_REFUSED")
MAKE, SHOW = "/identity/passkeys", "/identity/session/passkey"
SESSION, UNDER_WAY = "__Host-approdo-session", "__Host-approdo-sign-in"


@asynccontextmanager
async def own_place() -> AsyncIterator[Place]:
    """A network without a provider."""
    async with place(SigningIn(credentials=MemoryCredentials(), origin=ORIGIN)) as here:
        yield here


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def authenticator(**other: Any) -> Authenticator:
    return Authenticator(origin=ORIGIN, host="prova.invalid", **other)


async def options(browser: Browser, path: str, **body: Any) -> dict[str, Any]:
    answer = await browser.post(f"{path}/options", body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["options"]
    return found


async def invited(here: Place, name: str) -> str:
    passkeys = here.identity.passkeys
    assert passkeys is not None
    code, _ = await passkeys.invite(here.people[name], by=None)
    return code


async def made(here: Place, name: str, key: Authenticator, browser: Browser | None = None) -> Browser:
    """A browser at which somebody has just made a passkey with an invitation."""
    browser = browser or here.browser()
    asked = await options(browser, MAKE, invitation=await invited(here, name))
    answer = await browser.post(MAKE, {"credential": key.made(asked)})
    assert answer.status_code == 201, answer.text
    return browser


async def shown(browser: Browser, key: Authenticator, **wrong: Any) -> httpx.Response:
    return await browser.post(SHOW, {"credential": key.shown(await options(browser, SHOW), **wrong)})


class TestMaking:
    async def test_an_invitation_makes_a_passkey_and_the_passkey_signs_in(self) -> None:
        async with own_place() as here:
            await here.enter("lead", Role.LEAD_BODY)
            ada = await here.enter("ada")
            asked = await here.stage.post(f"/operators/{ada}/invitation", {}, "lead")
            assert asked.status_code == 201, asked.text
            code = asked.json()["code"]
            typed = f" {code[:6].lower()}-{code[6:12]} {code[12:]} "
            browser, key = here.browser(), authenticator()
            wanted = await options(browser, MAKE, invitation=typed)
            public = wanted["publicKey"]
            assert public["rp"] == {"id": "prova.invalid", "name": "Approdo"}
            assert public["user"]["name"] == public["user"]["displayName"] == "Approdo", "no name is told"
            assert base64.urlsafe_b64decode(public["user"]["id"] + "==") != ada.bytes
            assert public["authenticatorSelection"]["userVerification"] == "required"
            answer = await browser.post(MAKE, {"credential": key.made(wanted)})
            assert answer.status_code == 201, answer.text
            assert (answer.json()["actor"], answer.json()["how"]) == (str(ada), "PASSKEY")
            assert answer.json()["stepped_up_at"] is not None
            assert UNDER_WAY not in browser.cookies
            assert (await browser.get("/on-call-queue")).status_code == 200
            another = here.browser()
            signed_in = await shown(another, key)
            assert (signed_in.status_code, signed_in.json()["actor"]) == (201, str(ada))
            assert (await another.post("/placement-requests", ALONE)).status_code == 201

    async def test_the_cookie_of_a_sign_in_under_way_is_out_of_reach_of_scripts_and_short(self) -> None:
        async with own_place() as here:
            answer = await here.browser().post(f"{SHOW}/options")
            (cookie,) = answer.headers.get_list("set-cookie")
            assert cookie.startswith(f"{UNDER_WAY}=")
            for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=600"):
                assert word in cookie

    @pytest.mark.parametrize(
        "wrong",
        [
            {"origin": "https://prova.invalid.example"},
            {"origin": "http://prova.invalid"},
            {"host": "example.invalid"},
            {"challenge": "A" * 43},
            {"flags": FLAG.UP},
            {"flags": FLAG.UV},
            {"kind": "webauthn.get"},
        ],
        ids=str,
    )
    async def test_an_answer_that_is_wrong_makes_no_passkey_and_leaves_the_invitation(
        self, wrong: dict[str, Any]
    ) -> None:
        async with own_place() as here:
            await here.enter("ada")
            code, browser, key = await invited(here, "ada"), here.browser(), authenticator()
            asked = await options(browser, MAKE, invitation=code)
            answer = await browser.post(MAKE, {"credential": key.made(asked, **wrong)})
            assert told(answer) == REFUSED
            assert SESSION not in browser.cookies
            asked = await options(browser, MAKE, invitation=code)
            assert (await browser.post(MAKE, {"credential": key.made(asked)})).status_code == 201

    async def test_an_invitation_counts_once_within_a_day_and_for_who_is_in_the_register(self) -> None:
        async with own_place() as here:
            await here.enter("ada")
            code = await invited(here, "ada")
            asked = [(browser := here.browser(), await options(browser, MAKE, invitation=code))]
            asked.append((other := here.browser(), await options(other, MAKE, invitation=code)))
            answers = [
                await each.post(MAKE, {"credential": authenticator().made(given)}) for each, given in asked
            ]
            assert [answer.status_code for answer in answers] == [201, 401]
            used = await here.browser().post(f"{MAKE}/options", {"invitation": code})
            late = await invited(here, "ada")
            here.clock.later(hours=24)
            for each in (used, await here.browser().post(f"{MAKE}/options", {"invitation": late})):
                assert told(each) == REFUSED
            unknown = await here.browser().post(f"{MAKE}/options", {"invitation": "MFRGGZDFMZTWQ2LK"})
            assert told(unknown) == REFUSED
            code, browser = await invited(here, "ada"), here.browser()
            given = await options(browser, MAKE, invitation=code)
            await here.identity.enrolling.end(here.people["ada"], by=None)
            answer = await browser.post(MAKE, {"credential": authenticator().made(given)})
            assert told(answer) == REFUSED, "ended meanwhile"
            assert SESSION not in browser.cookies

    async def test_nobody_invites_themselves_a_program_or_nobody(self) -> None:
        async with own_place() as here:
            lead = await here.enter("lead", Role.LEAD_BODY)
            ada = await here.enter("ada")
            terms = Terms(member=MemberId(here.body), role=Role.REGION, valid_from=here.clock())
            public = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
            program = await here.identity.enrolling.enter_program(public, terms, by=None)
            said = [
                told(await here.stage.post(f"/operators/{actor}/invitation", {}, "lead"))
                for actor in (lead, program.actor, uuid4())
            ]
            assert said == [(403, "NOT_ONESELF"), (404, "NOT_FOUND"), (404, "NOT_FOUND")]
            assert (await here.stage.post(f"/operators/{lead}/invitation", {}, "ada")).status_code == 403
            assert (await here.stage.post(f"/operators/{ada}/invitation", {}, "lead")).status_code == 201

    async def test_nobody_is_invited_who_signs_in_already_or_by_whoever_took_that_away(self) -> None:
        async with own_place() as here:
            await here.enter("lead", Role.LEAD_BODY)
            await here.enter("other", Role.LEAD_BODY)
            await here.enter("admin", Role.SYSTEM_ADMINISTRATOR)
            ada, bea = await here.enter("ada"), await here.enter("bea")

            async def inviting(who: UUID, by: str) -> tuple[int, str]:
                return told(await here.stage.post(f"/operators/{who}/invitation", {}, by))

            assert await inviting(ada, "admin") == (403, "FORBIDDEN")
            key = authenticator()
            await made(here, "ada", key)
            await here.shared("bea")
            for who in (ada, bea):
                assert await inviting(who, "lead") == (409, "SIGNS_IN_ALREADY")
                await here.stage.post(f"/operators/{who}/end", {}, "lead")
            for name in ("ada", "bea"):
                await here.enter(name)
                assert await inviting(here.people[name], "lead") == (409, "SIGNS_IN_ALREADY")
                assert (await inviting(here.people[name], "other"))[0] == 201
            assert told(await shown(here.browser(), key)) == REFUSED, "it was taken away with her period"

    async def test_whom_one_has_entered_or_invited_is_no_second_person_for_a_month(self) -> None:
        async with own_place() as here:
            independent = here.identity.independence.independent
            lead, other = await here.enter("lead", Role.LEAD_BODY), await here.enter("other", Role.LEAD_BODY)
            terms = Terms(member=here.body, role=Role.LEAD_BODY)
            enter = here.identity.enrolling.enter_person
            mine, hers = [
                (await enter("own", name, terms, name=None, by=by)).actor
                for name, by in (("mine", lead), ("hers", lead))
            ]
            grandchild = (await enter("own", "third", terms, name=None, by=mine)).actor
            assert await independent(lead, other), "entered on the machine itself"
            for first, second in ((lead, mine), (mine, lead), (mine, hers), (lead, grandchild)):
                assert not await independent(first, second)
            assert await independent(other, mine)
            code = await here.stage.post(f"/operators/{other}/invitation", {}, "lead")
            browser, key = here.browser(), authenticator()
            asked = await options(browser, MAKE, invitation=code.json()["code"])
            assert (await browser.post(MAKE, {"credential": key.made(asked)})).status_code == 201
            assert not await independent(lead, other), "she may be at that passkey herself"
            export = await here.stage.done("/exports", {"reference": "2041/200"}, "lead")
            refused = await browser.post(f"/exports/{export['export_id']}/approval")
            assert told(refused) == (409, "SAME_PERSON")
            here.clock.later(days=31)
            assert await independent(lead, other) and await independent(lead, mine)

    async def test_an_id_that_is_no_base64_is_said_to_be_none(self) -> None:
        async with own_place() as here:
            await here.enter("ada")
            browser = await made(here, "ada", authenticator())
            answer = await browser.post(f"{MAKE}/removal", {"passkey": "A"})
            assert told(answer) == (422, "REQUEST_INVALID")

    async def test_a_pin_makes_no_passkey_and_no_recovery_codes(self) -> None:
        async with own_place() as here:
            await here.enter("ada")
            shared = await here.shared("ada")
            assert (await here.tapped(shared, "ada")).status_code == 201
            for path in (f"{MAKE}/options", "/identity/recovery-codes", f"{MAKE}/removal"):
                body = {"passkey": "AAAA"} if path.endswith("removal") else {}
                assert told(await shared.post(path, body)) == (403, "FULL_SIGN_IN_NEEDED"), path
            assert told(await shared.get(MAKE)) == (403, "FULL_SIGN_IN_NEEDED")

    async def test_whoever_is_signed_in_makes_a_second_one_and_takes_out_the_first(self) -> None:
        async with own_place() as here:
            await here.enter("ada")
            await here.enter("bea")
            first, second = authenticator(), authenticator()
            browser = await made(here, "ada", first)
            asked = await options(browser, MAKE)
            assert len(asked["publicKey"]["excludeCredentials"]) == 1
            again = await browser.post(MAKE, {"credential": first.made(asked)})
            assert told(again) == REFUSED, "this authenticator is known"
            asked = await options(browser, MAKE)
            assert (await browser.post(MAKE, {"credential": second.made(asked)})).status_code == 201
            listed = (await browser.get(MAKE)).json()["passkeys"]
            assert len(listed) == 2
            other = await made(here, "bea", authenticator())
            gone = {"passkey": listed[0]["passkey"]}
            assert (await other.post(f"{MAKE}/removal", gone)).json() == {"ended": False}
            assert (await browser.post(f"{MAKE}/removal", gone)).json() == {"ended": True}
            assert told(await shown(here.browser(), first)) == REFUSED
            assert (await shown(here.browser(), second)).status_code == 201


class TestShowing:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"origin": "https://example.invalid"},
            {"host": "example.invalid"},
            {"challenge": "A" * 43},
            {"flags": FLAG.UP},
            {"flags": FLAG.UV},
            {"kind": "webauthn.create"},
            {"signed_by": ec.generate_private_key(ec.SECP256R1())},
        ],
        ids=lambda wrong: next(iter(wrong)),
    )
    async def test_an_answer_that_is_wrong_signs_nobody_in(self, wrong: dict[str, Any]) -> None:
        async with own_place() as here:
            await here.enter("ada")
            key = authenticator()
            await made(here, "ada", key)
            browser = here.browser()
            assert told(await shown(browser, key, **wrong)) == REFUSED
            assert SESSION not in browser.cookies
            assert (await shown(browser, key)).status_code == 201

    async def test_a_counter_that_steps_back_is_a_copy(self) -> None:
        async with own_place() as here:
            await here.enter("ada")
            key = authenticator(counter=10)
            await made(here, "ada", key)
            assert (await shown(here.browser(), key)).status_code == 201
            key.counter -= 2
            assert told(await shown(here.browser(), key)) == REFUSED
            still = authenticator(counts=False)
            await made(here, "ada", still)
            for _ in range(2):
                assert (await shown(here.browser(), still)).status_code == 201

    async def test_an_answer_counts_once_in_the_browser_that_asked_within_ten_minutes(self) -> None:
        async with own_place() as here:
            await here.enter("ada")
            key = authenticator(counts=False)
            await made(here, "ada", key)
            browser, other = here.browser(), here.browser()
            answer = {"credential": key.shown(await options(browser, SHOW))}
            await options(other, SHOW)
            assert told(await other.post(SHOW, answer)) == REFUSED, "another browser's cookie"
            assert told(await here.browser().post(SHOW, answer)) == REFUSED, "no cookie"
            once = browser.copy()
            assert (await browser.post(SHOW, answer)).status_code == 201
            assert told(await once.post(SHOW, answer)) == REFUSED, "answered twice"
            answer = {"credential": key.shown(await options(once, SHOW))}
            making = here.browser()
            await options(making, MAKE, invitation=await invited(here, "ada"))
            assert told(await making.post(SHOW, answer)) == REFUSED, "asked for something else"
            late = here.browser()
            answer = {"credential": key.shown(await options(late, SHOW))}
            here.clock.later(minutes=10, seconds=1)
            assert told(await late.post(SHOW, answer)) == REFUSED, "asked too long ago"
            forged = here.browser()
            forged.cookies[UNDER_WAY] = "gAAAAA"
            assert told(await forged.post(SHOW, answer)) == REFUSED

    async def test_one_answer_sent_many_times_at_once_signs_in_once(self) -> None:
        async with own_place() as here:
            await here.enter("ada")
            key = authenticator(counts=False)
            await made(here, "ada", key)
            browser = here.browser()
            answer = {"credential": key.shown(await options(browser, SHOW))}
            said = await asyncio.gather(*(browser.copy().post(SHOW, answer) for _ in range(8)))
            assert sorted(each.status_code for each in said) == [201] + [401] * 7

    async def test_an_unknown_passkey_and_one_of_somebody_ended_hear_the_same(self) -> None:
        async with own_place() as here:
            await here.enter("ada")
            key = authenticator()
            browser = await made(here, "ada", key)
            unknown = await shown(here.browser(), authenticator())
            await here.identity.enrolling.end(here.people["ada"], by=None)
            ended = await shown(here.browser(), key)
            assert told(unknown) == told(ended) == REFUSED
            assert unknown.content == ended.content
            assert (await browser.get("/on-call-queue")).status_code == 401

    async def test_showing_it_again_renews_the_session_unlocks_and_opens_the_vault(self) -> None:
        async with own_place() as here:
            await here.enter("ada")
            key = authenticator()
            browser = await made(here, "ada", key)
            asked = await browser.post("/placement-requests", ALONE)
            case = f"/cases/{asked.json()['placement']['case_id']}"
            assert (await browser.post(f"{case}/values", {"alias": "Ginestra"})).status_code == 200
            codes = (await browser.post("/identity/recovery-codes")).json()["codes"]
            browser = here.browser()
            recovered = await browser.post("/identity/session/recovery", {"code": codes[0]})
            assert (recovered.status_code, recovered.json()["how"]) == (201, "RECOVERY")
            assert recovered.json()["stepped_up_at"] is None
            opening = {"kinds": ["ALIAS"], "purpose": "CALL_HER"}
            assert (await browser.post(f"{case}/values/openings", opening)).status_code == 401, (
                "not proved anew"
            )
            before = browser.copy()
            proved = await shown(browser, key)
            assert proved.json()["stepped_up_at"] is not None
            assert browser.cookies[SESSION] != before.cookies[SESSION]
            opened = await browser.post(f"{case}/values/openings", opening)
            assert opened.status_code in (200, 201), opened.text
            assert "Ginestra" in opened.text
            assert (await before.get("/on-call-queue")).status_code == 401, "the session before has ended"
            await browser.post("/identity/session/lock")
            assert (await browser.get("/on-call-queue")).status_code != 200
            assert (await shown(browser, key)).json()["locked"] is False
            assert (await browser.get("/on-call-queue")).status_code == 200

    async def test_on_a_shared_device_the_session_is_of_that_device(self) -> None:
        async with own_place() as here:
            await here.enter("ada")
            key = authenticator()
            await made(here, "ada", key)
            shared = await here.shared("ada")
            answer = await shown(shared, key)
            assert answer.json()["device_id"] is not None


class TestRecovering:
    async def test_a_code_counts_once_and_lets_in_to_make_another_passkey(self) -> None:
        async with own_place() as here:
            await here.enter("ada")
            browser = await made(here, "ada", authenticator())
            codes = (await browser.post("/identity/recovery-codes")).json()["codes"]
            assert len(set(codes)) == 8
            found = here.browser()
            answer = await found.post("/identity/session/recovery", {"code": f" {codes[3].lower()} "})
            assert (answer.status_code, answer.json()["how"]) == (201, "RECOVERY")
            again = await here.browser().post("/identity/session/recovery", {"code": codes[3]})
            assert told(again) == REFUSED
            key = authenticator()
            given = await options(found, MAKE)
            assert (await found.post(MAKE, {"credential": key.made(given)})).status_code == 201
            assert (await shown(here.browser(), key)).status_code == 201
            renewed = (await browser.post("/identity/recovery-codes")).json()["codes"]
            earlier = await here.browser().post("/identity/session/recovery", {"code": codes[4]})
            assert told(earlier) == REFUSED, "new codes end the earlier"
            await here.identity.enrolling.end(here.people["ada"], by=None)
            ended = await here.browser().post("/identity/session/recovery", {"code": renewed[0]})
            assert told(ended) == REFUSED


class TestDoors:
    async def test_no_other_site_has_a_browser_sign_in(self) -> None:
        async with own_place() as here:
            await here.enter("ada")
            code, key = await invited(here, "ada"), authenticator()
            for path, body in (
                (f"{SHOW}/options", {}),
                (SHOW, {"credential": key.shown({"publicKey": {"challenge": "A" * 43}})}),
                (f"{MAKE}/options", {"invitation": code}),
                (MAKE, {"credential": key.shown({"publicKey": {"challenge": "A" * 43}})}),
                ("/identity/session/recovery", {"code": "MFRGGZDFMZTWQ2LK"}),
            ):
                for headers in ({"Origin": "https://example.invalid"}, {"Sec_Fetch_Site": "cross-site"}):
                    answer = await here.browser().post(path, body, leave=(), **headers)
                    assert told(answer) == (403, "REQUEST_FORGED"), (path, headers)
                assert told(await here.browser().post(path, body, leave=("Origin",)))[0] == 403, path
            browser = await made(here, "ada", key)
            for path, body in (
                (f"{MAKE}/options", {}),
                (f"{MAKE}/removal", {"passkey": "AAAA"}),
                ("/identity/recovery-codes", {}),
            ):
                forged = await browser.post(path, body, leave=("Forgery-Token",))
                assert told(forged) == (403, "REQUEST_FORGED"), path

    async def test_whatever_an_authenticator_is_said_to_answer_nothing_breaks_or_is_told(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with own_place() as here:
            await here.enter("ada")
            key = authenticator()
            await made(here, "ada", key)
            browser = here.browser()
            good = key.shown(await options(browser, SHOW))
            making = here.browser()
            fresh = authenticator().made(await options(making, MAKE, invitation=await invited(here, "ada")))
            with caplog.at_level(logging.DEBUG):
                for path, credential in (
                    *((SHOW, each) for each in _spoilt(good)),
                    *((MAKE, each) for each in _spoilt(fresh)),
                ):
                    here.identity.failures._counts.clear()
                    tried = here.browser()
                    body = {} if path == SHOW else {"invitation": await invited(here, "ada")}
                    await options(tried, path, **body)
                    answer = await tried.post(path, {"credential": credential})
                    assert answer.status_code in (400, 401, 422), (path, credential, answer.text)
                    assert "Mariarossi" not in answer.text
                    assert SESSION not in tried.cookies
            assert "Mariarossi" not in caplog.text

    async def test_whatever_key_is_made_up_is_refused_then_or_signs_nobody_in(self) -> None:
        strange: list[dict[int, Any]] = [
            {1: 2, 3: -7},
            {1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32},
            {1: 2, 3: -7, -1: 9, -2: b"x", -3: 7},
            {1: 2, 3: -65000, -1: 1, -2: b"x" * 32, -3: b"y" * 32},
            {1: 2, 3: "ES256"},
            {1: 2, 3: [-7]},
            {1: 3, 3: -257, -1: b"", -2: b""},
            {1: 3, 3: -257, -1: b"\1", -2: b"\3"},
            {1: 1, 3: -8, -1: 6, -2: b"x"},
        ]
        async with own_place() as here:
            await here.enter("ada")
            for each in strange:
                here.identity.failures._counts.clear()
                browser, key = here.browser(), authenticator()
                asked = await options(browser, MAKE, invitation=await invited(here, "ada"))
                answer = await browser.post(MAKE, {"credential": key.made(asked, public=CoseKey(each))})
                assert answer.status_code in (201, 401), (each, answer.text)
                assert told(await shown(here.browser(), key)) == REFUSED, each

    async def test_whoever_fails_too_often_waits(self) -> None:
        async with own_place() as here:
            browser = here.browser()
            for _ in range(100):
                answer = await browser.post("/identity/session/recovery", {"code": "MFRGGZDFMZTWQ2LK"})
                assert answer.status_code == 401
            answer = await browser.post("/identity/session/recovery", {"code": "MFRGGZDFMZTWQ2LK"})
            assert (answer.status_code, "retry-after" in answer.headers) == (429, True)

    async def test_a_network_without_an_origin_has_none_of_these_doors(self) -> None:
        async with place() as here:
            lead = await here.enter("lead", Role.LEAD_BODY)
            ada = await here.enter("ada")
            assert lead != ada
            assert told(await here.stage.post(f"/operators/{ada}/invitation", {}, "lead"))[0] == 404
            for path, body in (
                (f"{SHOW}/options", {}),
                (f"{MAKE}/options", {}),
                ("/identity/session/recovery", {"code": "MFRGGZDFMZTWQ2LK"}),
            ):
                assert told(await here.browser().post(path, body)) == (404, "NOT_FOUND"), path


def _spoilt(credential: dict[str, Any]) -> list[Any]:
    """The same answer, wrong in one place each time."""
    response: dict[str, Any] = credential["response"]
    nothing: list[Any] = ["Mariarossi", "è", "A", None, [], {}, 7]
    found: list[Any] = [{}, {"id": "Mariarossi"}, {**credential, "type": "Mariarossi"}]
    found += [
        {name: credential[name] for name in credential if name != gone} for gone in ("rawId", "response")
    ]
    found += [{**credential, "rawId": each, "id": each} for each in (*nothing, "", "AAAA")]
    found += [{**credential, "response": each} for each in nothing]
    for name, content in response.items():
        told = base64.urlsafe_b64decode(content + "==")
        spoilt = [b"", told[:-1], told[:40], told + b"\0", os.urandom(64), b"\xbf" * 3000, b"[" * 5000]
        spoilt += [told[:at] + bytes([told[at] ^ 255]) + told[at + 1 :] for at in range(0, len(told), 9)]
        texts = [base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in spoilt]
        found += [{**credential, "response": {**response, name: each}} for each in (*nothing, *texts)]
    return found
