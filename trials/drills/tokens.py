"""Whoever is nobody does not come in: forged tokens, replayed assertions, forged and stolen sessions, people
and devices that were revoked, all against the product's own servers over HTTP.

Each attack has its honest twin, which must come in, and its control: the same attack on `lenient_server`,
from which the one check was taken that stands in its way, must get through.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from api.identity.enrolling import Enrolling, Terms
from domain.permissions import Role
from domain.vocabulary import MemberId
from ledger.register.port import Engagement
from trials.drills.finding import Finding
from trials.drills.forged import Signer, assertion, claims, forgeries
from trials.drills.knocking import Browser, Knock
from trials.drills.showing_passkeys import PasskeyScene, passkeys
from trials.stage.ground import folder, ground
from trials.stage.issuer import ISSUER
from trials.stage.ledger_on import TrialLedger, found_on
from trials.stage.plain_network import plain_network
from trials.stage.programs import Served, serving

_LENIENT = ("-m", "trials.drills.lenient_server")
_DOOR, _PROGRAMS_DOOR = "/on-call-queue", "/bed-board"
_PIN, _OTHER_PIN = "380417", "380418"
_REQUEST = {"channel": "CAV", "urgency": "U1", "risk": "HIGH", "household": {"adults": 1}}
_FORGER_FILE = "forger.json"


@dataclass(kw_only=True)
class Tally:
    """What was tried, by attack. `through` has those that got in."""

    attacks: Counter[str] = field(default_factory=Counter)
    through: list[str] = field(default_factory=list)
    honest: Counter[str] = field(default_factory=Counter)
    refused_honest: list[str] = field(default_factory=list)

    def attack(self, name: str, got_in: bool) -> None:
        self.attacks[name] += 1
        if got_in:
            self.through.append(name)

    def twin(self, name: str, came_in: bool) -> None:
        self.honest[name] += 1
        if not came_in:
            self.refused_honest.append(name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One ledger, its issuer's key, a forger, and the servers: what is changed through the first is tried at
    the last. `without` takes a check away, where there is a server that lets one.
    """

    ledger: TrialLedger
    issuer: Signer
    forger: Signer
    first: Knock
    last: Knock
    folder: str
    without: Callable[[str], None]
    tally: Tally = field(default_factory=Tally)

    def token(self, subject: str, **other: object) -> str:
        header: dict[str, object] = {"alg": "Ed25519", "typ": "at+jwt", "kid": self.issuer.kid}
        return self.issuer.signed(header, claims(subject, **{"auth_time": int(time.time()), **other}))

    def bearer(self, subject: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token(subject)}"}

    def comes_in(self, token: str, door: str = _DOOR) -> bool:
        """Whether a token opens a door at the last server."""
        return self.last.get(door, {"authorization": f"Bearer {token}"}).status == 200

    @contextmanager
    def taking(self, check: str) -> Iterator[None]:
        self.without(check)
        try:
            yield
        finally:
            self.without("nothing")

    def browser(self, knock: Knock | None = None) -> Browser:
        return Browser(knock or self.last)

    def enter(self, subject: str, role: Role = Role.COORDINATOR, *, seconds: float | None = None) -> str:
        """Somebody, for so many seconds."""
        member = MemberId(next(iter(self.ledger.ids.members.values())))
        until = datetime.now(UTC) + timedelta(seconds=seconds) if seconds is not None else None
        terms = Terms(member=member, role=role, valid_to=until)

        async def entered(enrolling: Enrolling) -> Engagement:
            return await enrolling.enter_person(ISSUER, subject, terms, name=None, by=None)

        return str(self.ledger.people.do(entered).actor)


def run(rounds: int, reduced: bool) -> Finding:
    del rounds, reduced  # every attack once, however much time there is
    with ground() as on, folder() as kept:
        settings = on.durability()
        issuer, forger = Signer("issuer"), Signer(_FORGER_FILE)
        ledger = found_on(on, plain_network(shelters=2, units=2, beds=40), kept)
        keys = kept / "keys"
        keys.mkdir(mode=0o755)
        given = {**ledger.settings, "jwks_file": str(issuer.write(keys / "set.json", as_set=True))}
        brought = forger.write(keys / _FORGER_FILE)
        with serving(given, 2) as servers:
            knocks = [Knock(server.url) for server in servers]
            own = _scene(ledger, issuer, forger, knocks[0], knocks[1], keys, lambda _: None)
            _play(own, "own")
        lenient = _control(ledger, given, issuer, forger, keys, brought)
    return _found(own.tally, lenient.tally, settings)


def _control(
    ledger: TrialLedger, given: Mapping[str, str], issuer: Signer, forger: Signer, keys: Path, brought: Path
) -> Scene:
    os.environ["BROUGHT_KEY"] = str(brought)
    with Served(given, program=_LENIENT, log=keys.parent / "lenient.log") as server:
        knock = Knock(server.url)

        def without(check: str) -> None:
            assert knock.post(f"/without/{check}", None, {}).status == 204, check

        scene = _scene(ledger, issuer, forger, knock, knock, keys, without)
        _play(scene, "lenient")
    return scene


def _scene(
    ledger: TrialLedger,
    issuer: Signer,
    forger: Signer,
    first: Knock,
    last: Knock,
    keys: Path,
    without: Callable[[str], None],
) -> Scene:
    return Scene(
        ledger=ledger,
        issuer=issuer,
        forger=forger,
        first=first,
        last=last,
        folder=keys.name,
        without=without,
    )


def _found(own: Tally, control: Tally, settings: str) -> Finding:
    missed = sorted(set(own.attacks) - set(control.through))
    complaints = [f"came in: {name}" for name in own.through]
    complaints += [f"an honest one was refused: {name}" for name in own.refused_honest]
    complaints += [f"the control did not get through: {name}" for name in missed]
    return Finding(
        name="tokens",
        wrong=len(complaints),
        needed={"attacks": own.attacks.total(), "honest": own.honest.total() - len(own.refused_honest)},
        control=len(control.through),
        control_said=f"without the one check {len(control.through)} of {control.attacks.total()} come in",
        settings=settings,
        complaints=tuple(complaints),
    )


# --- what is tried ------------------------------------------------------------------------------------------


def _play(on: Scene, label: str) -> None:
    for number, act in enumerate(_ACTS):
        act(on, f"{label} {number}")


def _tokens(on: Scene, who: str) -> None:
    on.enter(who)
    on.tally.twin("a good token", on.comes_in(on.token(who)))
    on.tally.twin("a list of audiences", on.comes_in(on.token(who, aud=["other", "approdo"])))
    for forgery in forgeries(on.issuer, on.forger, who, on.folder):
        with on.taking(forgery.without):
            on.tally.attack(forgery.name, on.comes_in(forgery.token))


def _people(on: Scene, who: str) -> None:
    """Ended through one server, and tried at the other at once."""
    on.enter(f"{who} lead", Role.LEAD_BODY)
    actor = on.enter(who)
    with on.taking("version"):
        on.tally.twin("somebody before their end", on.comes_in(on.token(who)))
        ended = on.first.post(f"/operators/{actor}/end", {}, on.bearer(f"{who} lead"))
        assert ended.status == 200, ended
        on.tally.attack("a revoked person", on.comes_in(on.token(who)))
    short = f"{who} for a while"
    on.enter(short, seconds=1.5)
    on.tally.twin("somebody within their period", on.comes_in(on.token(short)))
    time.sleep(1.6)
    with on.taking("period"):
        on.tally.attack("a period that is over", on.comes_in(on.token(short)))


def _programs(on: Scene, who: str) -> None:
    on.enter(f"{who} lead", Role.LEAD_BODY)
    signer = Signer()
    member = str(next(iter(on.ledger.ids.members.values())))
    body = {"member_id": member, "role": "REGION", "public_key": signer.jwk}
    entered = on.first.post("/programs", body, on.bearer(f"{who} lead"))
    assert entered.status == 201, entered
    program, audience = entered.json["operator"]["actor"], entered.json["audience"]

    def gets(signed: str) -> str:
        answer = on.last.form(
            "/identity/token",
            {
                "grant_type": "client_credentials",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": signed,
            },
        )
        return str(answer.json["access_token"]) if answer.status == 200 else ""

    good = assertion(signer, program, audience)
    token = gets(good)
    on.tally.twin("a program's own token", bool(token) and on.comes_in(token, _PROGRAMS_DOOR))
    attacks = (
        ("a replayed assertion", "assertion_once", good),
        ("an assertion for others", "assertion_parties", assertion(signer, program, "https://other.invalid")),
        (
            "an assertion of another issuer",
            "assertion_parties",
            assertion(signer, program, audience, iss="x"),
        ),
        ("an assertion for an hour", "assertion_length", _for_an_hour(signer, program, audience)),
        ("a stranger's assertion", "signature", assertion(on.forger, program, audience)),
        ("an old assertion", "time", assertion(signer, program, audience, exp=int(time.time()) - 60)),
    )
    for name, check, signed in attacks:
        with on.taking(check):
            on.tally.attack(name, bool(gets(signed)))


def _for_an_hour(signer: Signer, program: str, audience: str) -> str:
    return assertion(signer, program, audience, exp=int(time.time()) + 3600)


def _fixation(on: Scene, who: str) -> None:
    """A cookie that an attacker put into a browser before somebody signed in at it."""
    on.enter(who)
    with on.taking("new_cookie"):
        victim = on.browser()
        victim.cookies["approdo-session"] = "chosen-by-an-attacker"
        attacker = victim.copy()
        begun = victim.post("/identity/session", {}, on.bearer(who))
        on.tally.twin("signing in at a browser", begun.status == 201 and victim.get(_DOOR).status == 200)
        on.tally.attack("a fixed session", attacker.get(_DOOR).status == 200)


def _forged_requests(on: Scene, who: str) -> None:
    on.enter(who)
    browser = on.browser()
    browser.post("/identity/session", {}, on.bearer(who))
    own = browser.post("/placement-requests", _REQUEST)
    on.tally.twin("a change from our page", own.status == 201)
    for name, check, changed in (
        ("a change without the page's token", "own_page", {"forgery-token": ""}),
        ("a change with another page's token", "own_page", {"forgery-token": "0" * 64}),
        ("a change without an origin", "own_origin", {"origin": ""}),
        ("a change from another origin", "own_origin", {"origin": "https://elsewhere.invalid"}),
        ("a change that the browser calls cross-site", "own_origin", {"sec-fetch-site": "cross-site"}),
    ):
        with on.taking(check):
            answer = browser.post("/placement-requests", _REQUEST, changed)
            on.tally.attack(name, answer.status == 201)


def _shared_device(on: Scene, who: str) -> None:
    on.enter(f"{who} lead", Role.LEAD_BODY)
    actor = on.enter(who)
    member = str(next(iter(on.ledger.ids.members.values())))
    code = on.first.post("/device-codes", {"member_id": member}, on.bearer(f"{who} lead")).json["code"]
    browser = on.browser()
    device = browser.post("/devices", {"code": code}).json["device"]["device_id"]
    chosen = on.last.post("/identity/pin", {"pin": _PIN, "shown_as": "Ada"}, on.bearer(who))
    assert chosen.status == 200, chosen
    tap = {"actor": actor, "pin": _PIN}
    on.tally.twin("two taps", browser.post("/identity/session/pin", tap).status == 201)
    on.tally.twin("a session of the device", browser.get(_DOOR).status == 200)
    _stolen(on, browser)
    _locked(on, browser)
    _guessed(on, browser, tap)
    browser.post("/identity/session", {}, on.bearer(who))
    on.tally.twin("two taps after a full sign-in", browser.post("/identity/session/pin", tap).status == 201)
    with on.taking("device"):
        assert browser.get(_DOOR).status == 200
        revoked = on.first.post(f"/devices/{device}/revocation", {}, on.bearer(f"{who} lead"))
        assert revoked.status == 200, revoked
        on.tally.attack("a revoked device", browser.get(_DOOR).status == 200)


def _stolen(on: Scene, browser: Browser) -> None:
    stolen = browser.copy()
    del stolen.cookies["approdo-device"]
    with on.taking("device_cookie"):
        on.tally.attack("a session away from its device", stolen.get(_DOOR).status == 200)


def _locked(on: Scene, browser: Browser) -> None:
    browser.post("/identity/session/lock", {})
    with on.taking("lock"):
        on.tally.attack("a locked session", browser.get(_DOOR).status == 200)
    unlocked = browser.post("/identity/session/unlock", {"pin": _PIN})
    on.tally.twin("unlocking", unlocked.status == 200 and browser.get(_DOOR).status == 200)


def _guessed(on: Scene, browser: Browser, tap: Mapping[str, str]) -> None:
    with on.taking("tries"):
        for _ in range(5):
            wrong = browser.post("/identity/session/pin", {**tap, "pin": _OTHER_PIN})
            on.tally.twin("a wrong PIN is refused", wrong.status == 401)
        sixth = browser.copy().post("/identity/session/pin", dict(tap))
        on.tally.attack("the right PIN after five wrong ones", sixth.status == 201)


def _passkeys(on: Scene, who: str) -> None:
    on.enter(f"{who} lead", Role.LEAD_BODY)
    people = count()

    def invited() -> str:
        actor = on.enter(f"{who} {next(people)}")
        answer = on.first.post(f"/operators/{actor}/invitation", {}, on.bearer(f"{who} lead"))
        assert answer.status == 201, answer
        return str(answer.json["code"])

    scene = PasskeyScene(
        browser=on.browser, invited=invited, taking=on.taking, attack=on.tally.attack, twin=on.tally.twin
    )
    passkeys(scene)


_ACTS = (_tokens, _people, _programs, _fixation, _forged_requests, _shared_device, _passkeys)
