"""Browsers at the doors: signing in, two taps on a shared device, locks, forged requests, lost devices."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from api.identity.authority import caller_of
from api.identity.caller import Caller, Unauthenticated
from api.identity.enrolling import ENROLLED_ROLES, SEES_NO_CASE, Terms
from api.identity.identity import Identity
from api.wiring import SigningIn, identity_on
from domain.permissions import Action, Role
from domain.permissions.matrix import KNOWING, MATRIX
from domain.vocabulary import MemberId, NetworkId, ShelterId
from ledger.register.memory import MemoryRegister
from ledger.store.ids import system_sources
from tests.api.http.browser import Browser
from tests.api.http.ground import ALONE, Ground, ground

ISSUER, AUDIENCE = "https://issuer.invalid", "approdo"
NETWORK = NetworkId(uuid4())
PIN = {"pin": "380417"}
ANY = jws.JWSRegistry(algorithms=["Ed25519"], strict_check_header=False)


@dataclass
class Clock:
    """A clock that stands until it is moved, beginning at the real instant."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The doors, with sessions on a clock of the test's own. A bearer token is the person's name."""

    stage: Ground
    clock: Clock
    register: MemoryRegister
    identity: Identity
    people: dict[str, UUID]

    @property
    def body(self) -> MemberId:
        return MemberId(self.stage.ids.members["capofila"])

    def browser(self) -> Browser:
        return Browser(client=self.stage.client)

    async def enter(self, name: str, role: Role = Role.COORDINATOR, *houses: UUID) -> UUID:
        of = frozenset(map(ShelterId, houses))
        terms = Terms(member=self.body, role=role, houses=of, valid_from=self.clock())
        entered = await self.identity.enrolling.enter_person(ISSUER, name, terms, name=None, by=None)
        self.people[name] = entered.actor
        return entered.actor

    async def signed_in(self, name: str, browser: Browser | None = None) -> Browser:
        """A browser at which somebody has signed in in full."""
        browser = browser or self.browser()
        answer = await browser.post("/identity/session", Authorization=f"Bearer {name}")
        assert answer.status_code == 201, answer.text
        return browser

    async def shared(self, *names: str, houses: tuple[UUID, ...] = ()) -> Browser:
        """A browser of a shared device on which these have chosen a PIN."""
        lead = uuid4()
        code, _ = await self.identity.enrolling.make_code(
            self.body, frozenset(map(ShelterId, houses)), by=lead
        )
        browser = self.browser()
        assert (await browser.post("/devices", {"code": code})).status_code == 201
        for name in names:
            chosen = await self.stage.post("/identity/pin", {**PIN, "shown_as": name}, name)
            assert chosen.status_code == 200, chosen.text
        return browser

    async def tapped(self, browser: Browser, name: str, pin: Mapping[str, str] = PIN) -> httpx.Response:
        return await browser.post("/identity/session/pin", {"actor": str(self.people[name]), **pin})


@asynccontextmanager
async def place(signing_in: SigningIn | None = None) -> AsyncIterator[Place]:
    clock, register = Clock(), MemoryRegister()
    identity = identity_on(
        register,
        register,
        secret=os.urandom(32),
        audience=AUDIENCE,
        network_id=NETWORK,
        sources=system_sources(),
        clock=clock,
        signing_in=signing_in,
    )
    people: dict[str, UUID] = {}

    async def authenticate(token: str) -> Caller:
        if token not in people:
            raise Unauthenticated("UNKNOWN")
        engagement = await identity.authority.of_actor(people[token])
        return caller_of(engagement, stepped_up_at=datetime.now(UTC))

    async with ground(authenticate=authenticate, identity=identity) as stage:
        yield Place(stage=stage, clock=clock, register=register, identity=identity, people=people)


# --- signing in ---------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_whoever_signs_in_works_with_a_host_cookie_and_the_token_of_the_page() -> None:
    async with place() as here:
        actor = await here.enter("ada")
        browser = here.browser()
        begun = await browser.post("/identity/session", Authorization="Bearer ada")
        (cookie,) = begun.headers.get_list("set-cookie")
        assert cookie.startswith("__Host-approdo-session=")
        for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
            assert word in cookie
        assert "Domain" not in cookie
        assert begun.json()["actor"] == str(actor)
        assert (await browser.get("/on-call-queue")).status_code == 200
        asked = await browser.post("/placement-requests", ALONE)
        assert asked.status_code == 201
        session = await browser.get("/identity/session")
        assert (session.json()["how"], session.json()["locked"]) == ("TOKEN", False)


@pytest.mark.asyncio
async def test_a_cookie_that_a_browser_brought_never_becomes_a_session_and_signing_in_changes_it() -> None:
    async with place() as here:
        await here.enter("ada")
        await here.enter("bea")
        fixed = here.browser()
        fixed.cookies["__Host-approdo-session"] = "chosen-by-somebody-else"
        victim = await here.signed_in("ada", fixed.copy())
        assert victim.cookies["__Host-approdo-session"] != "chosen-by-somebody-else"
        assert (await fixed.get("/on-call-queue")).status_code == 401
        before = victim.copy()
        await here.signed_in("bea", victim)
        assert (await before.get("/on-call-queue")).status_code == 401, "the session before has ended"
        assert (await victim.get("/on-call-queue")).status_code == 200


@pytest.mark.asyncio
async def test_a_change_that_does_not_come_from_our_page_is_refused_and_a_reading_is_not() -> None:
    async with place() as here:
        await here.enter("ada")
        browser = await here.signed_in("ada")
        stranger = await here.signed_in("ada")
        head = await here.stage.store.head()
        forged: list[dict[str, Any]] = [
            {"leave": ("Origin",)},
            {"leave": ("Forgery-Token",)},
            {"Origin": "https://altrove.invalid"},
            {"Origin": "http://prova.invalid"},
            {"Origin": "null"},
            {"Sec_Fetch_Site": "cross-site"},
            {"Sec_Fetch_Site": "same-site"},
            {"Forgery_Token": stranger.forgery_token},
        ]
        for how in forged:
            answer = await browser.post("/placement-requests", ALONE, **how)
            assert (answer.status_code, answer.json()["code"]) == (403, "REQUEST_FORGED"), how
        assert await here.stage.store.head() == head
        assert (await browser.get("/on-call-queue", Origin="https://altrove.invalid")).status_code == 200
        ended = await browser.post("/identity/session/end", leave=("Forgery-Token",))
        assert ended.status_code == 403


@pytest.mark.asyncio
async def test_signing_out_ends_it_here_and_tells_the_browser_to_keep_nothing() -> None:
    async with place() as here:
        await here.enter("ada")
        browser = await here.signed_in("ada")
        before = browser.copy()
        ended = await browser.post("/identity/session/end")
        assert ended.status_code == 200
        assert "storage" in ended.headers["clear-site-data"]
        assert "__Host-approdo-session" not in browser.cookies
        assert (await before.get("/on-call-queue")).status_code == 401


@pytest.mark.asyncio
async def test_an_exercise_on_this_machine_works_without_tls_and_nothing_else_does() -> None:
    async with place() as here:
        await here.enter("ada")
        headers = {"Authorization": "Bearer ada", "Idempotency-Key": "prova-000001"}
        for host, name in (
            ("127.0.0.1:8000", "approdo-session="),
            ("altrove.invalid", "__Host-approdo-session="),
        ):
            answer = await here.stage.client.post(
                f"http://{host}/identity/session", json={}, headers={**headers, "Host": host}
            )
            assert answer.headers["set-cookie"].startswith(name)


# --- at night -----------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_a_silent_quarter_of_an_hour_locks_and_the_pin_goes_on_under_another_cookie() -> None:
    async with place() as here:
        await here.enter("ada")
        browser = await here.shared("ada")
        assert (await here.tapped(browser, "ada")).status_code == 201
        here.clock.later(minutes=14)
        assert (await browser.get("/on-call-queue")).status_code == 200, "that was somebody"
        here.clock.later(minutes=14)
        assert (await browser.get("/on-call-queue", Approdo_Background="1")).status_code == 200
        here.clock.later(minutes=1)
        locked = await browser.get("/on-call-queue")
        assert (locked.status_code, locked.json()["code"]) == (401, "SESSION_LOCKED")
        assert (await browser.get("/identity/session")).json()["locked"] is True
        changing = await browser.post("/placement-requests", ALONE)
        assert changing.json()["code"] == "SESSION_LOCKED"
        before = browser.copy()
        assert (await browser.post("/identity/session/unlock", {"pin": "380418"})).status_code == 401
        unlocked = await browser.post("/identity/session/unlock", PIN)
        assert (unlocked.status_code, unlocked.json()["locked"]) == (200, False)
        assert (await browser.get("/on-call-queue")).status_code == 200
        assert (await before.get("/on-call-queue")).status_code == 401
        assert (await browser.post("/identity/session/lock")).json()["locked"] is True
        assert (await browser.get("/on-call-queue")).json()["code"] == "SESSION_LOCKED"


@pytest.mark.asyncio
async def test_a_session_lasts_a_night_and_no_longer() -> None:
    async with place() as here:
        await here.enter("ada")
        browser = await here.signed_in("ada")
        for _ in range(71):
            here.clock.later(minutes=10)
            assert (await browser.get("/on-call-queue")).status_code == 200
        here.clock.later(minutes=10)
        assert (await browser.get("/on-call-queue")).json()["code"] == "UNAUTHENTICATED"


# --- a shared device ----------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_colleagues_switch_in_two_taps_and_every_event_says_person_and_device() -> None:
    async with place() as here:
        actors = [await here.enter(name) for name in ("ada", "bea")]
        browser = await here.shared("bea", "ada")
        shown = (await browser.get("/identity/colleagues")).json()["colleagues"]
        assert [each["shown_as"] for each in shown] == ["ada", "bea"]
        for name, actor in zip(("ada", "bea"), actors, strict=True):
            tapped = await here.tapped(browser, name)
            asked = await browser.post("/placement-requests", ALONE)
            assert asked.status_code == 201
            metadata = json.loads((await here.stage.store.read_all(after=0, limit=5000))[-1].metadata)
            assert metadata["actor"] == str(actor)
            assert metadata["device"] == tapped.json()["device_id"]
            assert metadata["on_behalf_of"] == str(here.body)


@pytest.mark.asyncio
async def test_a_device_is_enrolled_once_and_its_cookie_is_half_of_the_session() -> None:
    async with place() as here:
        await here.enter("ada")
        code, _ = await here.identity.enrolling.make_code(here.body, frozenset(), by=uuid4())
        assert (await here.browser().post("/devices", {"code": code})).status_code == 201
        assert (await here.browser().post("/devices", {"code": code})).status_code == 401, "once"
        late, _ = await here.identity.enrolling.make_code(here.body, frozenset(), by=uuid4())
        here.clock.later(minutes=10)
        assert (await here.browser().post("/devices", {"code": late})).status_code == 401
        browser = await here.shared("ada")
        await here.tapped(browser, "ada")
        stolen = browser.copy()
        del stolen.cookies["__Host-approdo-device"]
        assert (await stolen.get("/on-call-queue")).status_code == 401
        assert (await here.tapped(stolen, "ada")).status_code == 401, "a PIN opens nothing elsewhere"


@pytest.mark.asyncio
async def test_a_lost_device_is_nobodys_at_the_next_request() -> None:
    async with place() as here:
        await here.enter("ada")
        await here.enter("lead", Role.LEAD_BODY)
        browser = await here.shared("ada")
        device = (await here.tapped(browser, "ada")).json()["device_id"]
        assert (await browser.get("/on-call-queue")).status_code == 200
        answer = await here.stage.post(f"/devices/{device}/revocation", {}, "lead")
        assert answer.json() == {"ended": True}
        assert (await browser.get("/on-call-queue")).status_code == 401
        assert (await here.tapped(browser, "ada")).status_code == 401
        assert (await browser.get("/identity/colleagues")).status_code == 401


@pytest.mark.asyncio
async def test_a_revoked_person_is_nobody_at_the_next_request_of_their_session() -> None:
    async with place() as here:
        actor = await here.enter("ada")
        browser = await here.signed_in("ada")
        assert (await browser.get("/on-call-queue")).status_code == 200
        await here.identity.enrolling.end(actor, by=None)
        assert (await browser.get("/on-call-queue")).status_code == 401


@pytest.mark.asyncio
async def test_five_wrong_tries_lock_a_person_until_they_sign_in_in_full() -> None:
    async with place() as here:
        await here.enter("ada")
        await here.enter("bea")
        browser = await here.shared("ada", "bea")
        for _ in range(5):
            assert (await here.tapped(browser, "ada", {"pin": "111112"})).status_code == 401
        assert (await here.tapped(browser, "ada")).status_code == 401, "the right one is too late"
        shown = (await browser.get("/identity/colleagues")).json()["colleagues"]
        assert {each["shown_as"]: each["locked"] for each in shown} == {"ada": True, "bea": False}
        assert (await here.tapped(browser, "bea")).status_code == 201, "a colleague is not locked"
        await here.signed_in("ada", browser)
        assert (await here.tapped(browser, "ada")).status_code == 201


@pytest.mark.asyncio
async def test_another_device_gives_no_further_tries_and_locks_nobody_of_another_body() -> None:
    async with place() as here:
        await here.enter("ada")
        browser, another = await here.shared("ada"), await here.shared()
        code, _ = await here.identity.enrolling.make_code(
            MemberId(uuid4()), frozenset(), by=here.people["ada"]
        )
        strange = here.browser()
        assert (await strange.post("/devices", {"code": code})).status_code == 201
        for _ in range(6):
            assert (await here.tapped(strange, "ada", {"pin": "111112"})).status_code == 401
        assert (await here.tapped(browser, "ada")).status_code == 201, "others' device locks nobody here"
        for tried in (browser, another, browser, another, another):
            assert (await here.tapped(tried, "ada", {"pin": "111112"})).status_code == 401
        here.identity.failures._counts.clear()
        for tried in (browser, another):
            assert (await here.tapped(tried, "ada")).status_code == 401
        await here.signed_in("ada")
        assert (await here.tapped(another, "ada")).status_code == 201, "a full sign-in anywhere lifts it"


@pytest.mark.asyncio
async def test_failures_of_whoever_is_nobody_stop_no_sign_in_of_others() -> None:
    async with place() as here:
        await here.enter("ada")
        browser = await here.shared("ada")
        assert (await here.tapped(browser, "ada")).status_code == 201
        for _ in range(100):
            nobody = here.browser()
            assert (await nobody.post("/devices", {"code": "AAAAAAAAAAAAAAAA"})).status_code == 401
            assert (await nobody.post("/identity/session", Authorization="Bearer nobody")).status_code == 401
        assert (await here.browser().post("/devices", {"code": "AAAAAAAAAAAAAAAA"})).status_code == 429
        assert (await browser.post("/identity/session/unlock", PIN)).status_code == 200
        assert (await here.tapped(browser, "ada")).status_code == 201
        await here.signed_in("ada")


@pytest.mark.asyncio
async def test_after_ten_failures_one_must_wait_and_hears_how_long() -> None:
    async with place() as here:
        await here.enter("ada")
        browser = await here.shared("ada")
        for _ in range(10):
            assert (await here.tapped(browser, "ada", {"pin": "111112"})).status_code == 401
        waiting = await here.tapped(browser, "ada")
        assert (waiting.status_code, waiting.json()["code"]) == (429, "TOO_MANY_SIGN_INS")
        assert 0 < int(waiting.headers["retry-after"]) <= 300


@pytest.mark.asyncio
async def test_a_person_without_a_pin_takes_as_long_as_one_with_a_wrong_one() -> None:
    async with place() as here:
        here.people["nobody"] = uuid4()
        for name in ("ada", "bea"):
            await here.enter(name)
        browser = await here.shared("ada")
        took: dict[str, list[float]] = {"ada": [], "nobody": []}
        answers = set()
        for _ in range(4):
            for name, seen in took.items():
                began = time.perf_counter()
                answer = await here.tapped(browser, name, {"pin": "111112"})
                seen.append(time.perf_counter() - began)
                answers.add((answer.status_code, answer.content))
        assert len(answers) == 1
        known, unknown = (statistics.median(each) for each in took.values())
        assert 0.5 < known / unknown < 2, (known, unknown)


@pytest.mark.asyncio
async def test_a_device_of_a_house_is_for_its_own_people() -> None:
    async with place() as here:
        ginepro, lentisco = here.stage.house("ginepro"), here.stage.house("lentisco")
        await here.enter("casa", Role.SHELTER_OPERATOR, ginepro)
        await here.enter("altra", Role.SHELTER_OPERATOR, lentisco)
        browser = await here.shared("casa", "altra", houses=(ginepro,))
        shown = (await browser.get("/identity/colleagues")).json()["colleagues"]
        assert [each["shown_as"] for each in shown] == ["casa"]
        assert (await here.tapped(browser, "casa")).status_code == 201
        assert (await here.tapped(browser, "altra")).status_code == 401
        made = await here.stage.post("/device-codes", {"houses": [str(lentisco)]}, "casa")
        assert (made.status_code, made.json()["errors"][0]["code"]) == (422, "NOT_YOURS")
        made = await here.stage.post("/device-codes", {}, "casa")
        assert made.status_code == 201
        own = here.browser()
        device = (await own.post("/devices", {"code": made.json()["code"]})).json()["device"]
        assert device["houses"] == [str(ginepro)]
        answer = await here.stage.post(f"/devices/{device['device_id']}/revocation", {}, "altra")
        assert answer.status_code == 404
        assert len((await here.stage.get("/devices", "altra")).json()["devices"]) == 0


@pytest.mark.asyncio
async def test_a_pin_is_chosen_after_a_full_sign_in_alone_and_not_any_pin() -> None:
    async with place() as here:
        await here.enter("ada")
        browser = await here.shared("ada")
        await here.tapped(browser, "ada")
        chosen = {"pin": "903418", "shown_as": "ada"}
        by_pin = await browser.post("/identity/pin", chosen)
        assert (by_pin.status_code, by_pin.json()["code"]) == (403, "FULL_SIGN_IN_NEEDED")
        await here.signed_in("ada", browser)
        for guessed in ("000000", "123456", "987654"):
            refused = await browser.post("/identity/pin", {**chosen, "pin": guessed})
            assert refused.json()["errors"][0]["code"] == "PIN_GUESSABLE"
        assert (await browser.post("/identity/pin", chosen)).status_code == 200
        assert (await here.tapped(browser, "ada", PIN)).status_code == 401
        assert (await here.tapped(browser, "ada", {"pin": "903418"})).status_code == 201


@pytest.mark.asyncio
async def test_stepping_up_says_when_and_changes_the_cookie() -> None:
    async with place() as here:
        await here.enter("ada")
        browser = await here.shared("ada")
        await here.tapped(browser, "ada")
        here.clock.later(minutes=10)
        before = browser.copy()
        answer = await browser.post("/identity/session/step-up", PIN)
        told = datetime.fromisoformat(answer.json()["stepped_up_at"])
        assert told == here.clock()
        assert (await before.get("/on-call-queue")).status_code == 401
        found = await here.identity.sessions.find(
            browser.cookies["__Host-approdo-session"], browser.cookies["__Host-approdo-device"]
        )
        assert found.caller.stepped_up_at == here.clock()


# --- the register -------------------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_the_lead_body_enters_and_ends_people_and_nobody_enters_themselves() -> None:
    async with place() as here:
        lead = await here.enter("lead", Role.LEAD_BODY)
        body = {"issuer": ISSUER, "subject": "matricola", "member_id": str(here.body), "role": "COORDINATOR"}
        answer = await here.stage.post("/operators", {**body, "full_name": "Prova Prova"}, "lead")
        assert answer.status_code == 201
        operator = answer.json()["operator"]
        assert operator["entered_by"] == str(lead)
        assert "prova" not in answer.text.lower(), "no id can spell it: it is not hexadecimal"
        assert "matricola" not in answer.text
        again = await here.stage.post("/operators", body, "lead")
        assert again.json()["operator"]["entered_at"] == operator["entered_at"], "said again, it stands"
        own = await here.stage.post("/operators", {**body, "subject": "lead"}, "lead")
        assert (own.status_code, own.json()["code"]) == (403, "NOT_ONESELF")
        assert (await here.stage.post(f"/operators/{operator['actor']}/end", {}, "lead")).json() == {
            "ended": True
        }
        assert (await here.stage.post(f"/operators/{operator['actor']}/end", {}, "lead")).json() == {
            "ended": False
        }
        listed = (await here.stage.get("/operators", "lead")).json()["operators"]
        assert [each["ended_by"] for each in listed] == [None, str(lead)]


@pytest.mark.asyncio
async def test_a_name_is_opened_by_order_alone_and_the_opening_stands_first() -> None:
    async with place() as here:
        await here.enter("lead", Role.LEAD_BODY)
        auditor = await here.enter("auditor", Role.AUDITOR)
        body = {"issuer": ISSUER, "subject": "ada", "member_id": str(here.body), "role": "COORDINATOR"}
        entered = await here.stage.post("/operators", {**body, "full_name": "Ada Prova"}, "lead")
        path = f"/operators/{entered.json()['operator']['actor']}/name-openings"
        order = {"reason": "JUDICIAL_ORDER", "order": "R.G. 1/2026"}
        assert (await here.stage.post(path, order, "lead")).status_code == 403
        opened = await here.stage.post(path, order, "auditor")
        assert opened.json()["full_name"] == "Ada Prova"
        (opening,) = here.register.openings
        assert (opening.opened_by, opening.reason) == (auditor, "JUDICIAL_ORDER")
        assert b"R.G." not in opening.sealed_order
        nobody = await here.stage.post(f"/operators/{uuid4()}/name-openings", order, "auditor")
        assert nobody.status_code == 404


@pytest.mark.asyncio
async def test_nobody_opens_a_name_who_has_not_just_proved_who_they_are() -> None:
    async with ground() as stage:
        order = {"reason": "JUDICIAL_ORDER", "order": "R.G. 1/2026"}
        refused = await stage.refused(f"/operators/{uuid4()}/name-openings", order, "unproved-auditor")
        assert refused[:2] == (401, "STEP_UP_NEEDED")


@pytest.mark.asyncio
async def test_an_administrator_enters_and_ends_nobody_who_sees_a_case() -> None:
    async with place() as here:
        await here.enter("admin", Role.SYSTEM_ADMINISTRATOR)
        ada = await here.enter("ada")
        body = {"issuer": ISSUER, "subject": "new", "member_id": str(here.body)}

        async def entering(role: Role, subject: str) -> int:
            sent = {**body, "role": role, "subject": subject}
            return (await here.stage.post("/operators", sent, "admin")).status_code

        for role in (Role.COORDINATOR, Role.LEAD_BODY, Role.AUDITOR, Role.DATA_PROTECTION, Role.POLICE):
            assert await entering(role, "new") == 403, role
        assert await entering(Role.REGION, "ada") == 403, "she would be a coordinator no more"
        assert (await here.stage.post(f"/operators/{ada}/end", {}, "admin")).status_code == 403
        assert await entering(Role.SYSTEM_ADMINISTRATOR, "new") == 201


@pytest.mark.asyncio
async def test_whom_one_has_entered_reviews_and_approves_nothing_of_hers() -> None:
    async with place() as here:
        stage = here.stage
        for name, role in (("ada", Role.COORDINATOR), ("lead", Role.LEAD_BODY), ("other", Role.LEAD_BODY)):
            await here.enter(name, role)
        body = {"issuer": ISSUER, "subject": "own", "member_id": str(here.body), "role": "LEAD_BODY"}
        entered = (await stage.done("/operators", body, "lead"))["operator"]["actor"]
        here.people["own"] = UUID(entered)
        asked = (await stage.done("/placement-requests", ALONE, "ada"))["placement"]
        case, ending = f"/cases/{asked['case_id']}", f"/placements/{asked['placement_id']}/withdrawal"
        await stage.done(ending, {}, "ada")
        broken = await stage.done(f"{case}/glass", {"reason": "DANGER_TO_LIFE"}, "lead")
        review = (f"/reviews/{broken['breaking_id']}", {"outcome": "JUSTIFIED"})
        order = {"decision": "2041/124", "administrative": True, "archive_authorisation": "2041/31"}
        told = await stage.done(f"{case}/shredding", order, "lead")
        named = {"shredding_id": told["preservation"]["shreddings"][-1]["shredding_id"]}
        for path, sent in (review, (f"{case}/shredding/approval", named)):
            assert (await stage.refused(path, sent, "own"))[:2] == (409, "SAME_PERSON"), path
            await stage.done(path, sent, "other")


# --- programs -----------------------------------------------------------------------------------------------


def assertion(
    key: OKPKey, actor: str, clock: Clock, header: dict[str, str] | None = None, **claims: Any
) -> str:
    said = {
        "iss": actor,
        "sub": actor,
        "aud": f"urn:approdo:{NETWORK}",
        "exp": int(clock().timestamp()) + 60,
        "jti": uuid4().hex,
        **claims,
    }
    return jws.serialize_compact(
        header or {"alg": "Ed25519", "typ": "JWT"}, json.dumps(said), key, registry=ANY
    )


async def knock(here: Place, signed: str, **form: str) -> httpx.Response:
    sent = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": signed,
        **form,
    }
    return await here.stage.client.post("/identity/token", data=sent)


@pytest.mark.asyncio
async def test_a_program_gets_a_short_token_for_what_it_signs_once() -> None:
    async with place() as here:
        await here.enter("lead", Role.LEAD_BODY)
        key, other = (OKPKey.generate_key("Ed25519") for _ in range(2))
        body = {"member_id": str(here.body), "role": "REGION"}
        public = {name: key.as_dict(private=False)[name] for name in ("kty", "crv", "x")}
        answer = await here.stage.post("/programs", {**body, "public_key": public}, "lead")
        actor = answer.json()["operator"]["actor"]
        assert answer.json()["audience"] == f"urn:approdo:{NETWORK}"
        signed = assertion(key, actor, here.clock)
        got = await knock(here, signed)
        assert (got.status_code, got.json()["token_type"], got.json()["expires_in"]) == (200, "Bearer", 600)
        assert here.identity.programs.tokens.check(got.json()["access_token"]).subject == actor
        assert (await knock(here, signed)).status_code == 401, "it counts once"
        soon = int(here.clock().timestamp())
        for wrong in (
            assertion(other, actor, here.clock),
            assertion(key, actor, here.clock, aud="approdo"),
            assertion(key, actor, here.clock, iss=str(uuid4())),
            assertion(key, actor, here.clock, exp=soon - 60),
            assertion(key, actor, here.clock, exp=soon + 3600),
            assertion(key, actor, here.clock, nbf=soon + 60),
            assertion(key, actor, here.clock, jti=7),
            assertion(key, actor, here.clock, {"alg": "Ed25519", "typ": "at+jwt"}),
            assertion(key, str(here.people["lead"]), here.clock),
            "a.b.c",
        ):
            assert (await knock(here, wrong)).status_code == 401
        public = {name: other.as_dict(private=False)[name] for name in ("kty", "crv", "x")}
        changed = await here.stage.post(f"/programs/{actor}/key", {"public_key": public}, "lead")
        assert changed.status_code == 200
        here.identity.failures._counts.clear()
        assert (await knock(here, assertion(key, actor, here.clock))).status_code == 401
        assert (await knock(here, assertion(other, actor, here.clock))).status_code == 200
        assert (await knock(here, assertion(other, actor, here.clock), client_id="x")).status_code == 401
        await here.identity.enrolling.end(UUID(actor), by=None)
        assert (await knock(here, assertion(other, actor, here.clock))).status_code == 401


@pytest.mark.asyncio
async def test_a_program_acts_in_no_role_that_sees_a_case_or_decides() -> None:
    async with place() as here:
        await here.enter("lead", Role.LEAD_BODY)
        public = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        body = {"member_id": str(here.body), "public_key": public}
        taken = set()
        for role in ENROLLED_ROLES - {Role.SHELTER_OPERATOR}:
            answer = await here.stage.post("/programs", {**body, "role": role}, "lead")
            assert answer.status_code == 201 or answer.json()["errors"][0]["code"] == "ROLE_OF_PERSONS"
            taken |= {role} if answer.status_code == 201 else set()
        assert taken == {Role.REGION, Role.HEALTH_AGENCY}
        seeing = {each for action in KNOWING for each in MATRIX[action]} | set(MATRIX[Action.REVIEW])
        assert not seeing & SEES_NO_CASE


@pytest.mark.asyncio
async def test_a_private_key_is_never_taken() -> None:
    async with place() as here:
        await here.enter("lead", Role.LEAD_BODY)
        key = OKPKey.generate_key("Ed25519").as_dict(private=True)
        private = {name: key[name] for name in ("kty", "crv", "x", "d")}
        body = {"member_id": str(here.body), "role": "REGION", "public_key": private}
        answer = await here.stage.post("/programs", body, "lead")
        assert answer.status_code == 422
        assert str(key["d"]) not in answer.text
        off = {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"}
        answer = await here.stage.post("/programs", {**body, "public_key": off}, "lead")
        assert answer.json()["errors"][0]["code"] == "PUBLIC_KEY_INVALID"


# --- authority ----------------------------------------------------------------------------------------------


def test_requests_that_come_together_share_a_reading_that_begins_after_them() -> None:
    from api.identity.authority import SharedReading

    async def check() -> None:
        begun: list[int] = []
        go = asyncio.Event()

        async def read() -> int:
            begun.append(len(begun))
            await go.wait()
            return len(begun)

        shared = SharedReading(read)
        first = asyncio.ensure_future(shared.fresh())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert begun == [0]
        late = [asyncio.ensure_future(shared.fresh()) for _ in range(5)]
        await asyncio.sleep(0)
        assert begun == [0], "who came later waits for a reading of their own"
        go.set()
        assert await first <= 2
        assert set(await asyncio.gather(*late)) == {2}
        assert begun == [0, 1]

    asyncio.run(check())
