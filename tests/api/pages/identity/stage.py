"""A network that signs in by passkeys, its people and their browsers, for the pages about identity."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from api.http.cookies import SESSION
from api.identity.enrolling import Terms
from api.identity.sessions import How
from api.wiring import SigningIn, identity_on
from domain.permissions import Role
from domain.vocabulary import MemberId, NetworkId, ShelterId
from ledger.register.memory import MemoryRegister
from ledger.register.memory_credentials import MemoryCredentials
from ledger.store.ids import system_sources
from tests.api.pages.ground import ORIGIN, FoundForm, Page, Pages, Reader, pages
from trials.stage.authenticator import Authenticator

_keys = count(1)


@dataclass
class Clock:
    """The sessions' clock: real time, moved on by a test."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def later(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """The site of a network that has passkeys."""

    there: Pages
    clock: Clock

    @property
    def body(self) -> MemberId:
        return MemberId(self.there.stage.ids.members["capofila"])

    async def enter(self, role: Role = Role.COORDINATOR, *houses: str, body: str = "capofila") -> UUID:
        """Somebody new in the register."""
        own = frozenset(ShelterId(self.there.stage.house(code)) for code in houses)
        member = MemberId(self.there.stage.ids.members[body])
        terms = Terms(member=member, role=role, houses=own)
        enrolling = self.there.stage.doors.identity.enrolling
        entered = await enrolling.enter_person(
            "https://issuer.invalid", f"n{next(_keys)}", terms, name=None, by=None
        )
        return entered.actor

    async def invitation(self, actor: UUID) -> str:
        passkeys = self.there.stage.doors.identity.passkeys
        assert passkeys is not None
        code, _ = await passkeys.invite(actor, by=None)
        return code

    async def device_code(self) -> str:
        enrolling = self.there.stage.doors.identity.enrolling
        code, _ = await enrolling.make_code(self.body, frozenset(), by=uuid4())
        return code

    async def with_pin(self, actor: UUID, name: str, pin: str) -> None:
        identity = self.there.stage.doors.identity
        await identity.pins.set(actor, pin, identity.seal.seal(name, "shown", actor), self.clock())

    async def shared(self) -> Reader:
        """A browser of a device that has just been shared, by its own page."""
        reader = self.there.reader()
        page = await reader.open("/dispositivo")
        page = await reader.send(page.form("/dispositivo"), codice=await self.device_code())
        assert page.path == "/accesso", page.text
        return reader

    async def with_passkey(self, actor: UUID, reader: Reader | None = None) -> tuple[Reader, Authenticator]:
        """A browser at which they made their first passkey with an invitation."""
        reader, key = reader or self.there.reader(), authenticator()
        code = await self.invitation(actor)
        page = await reader.open("/accesso/invito")
        page = await made(reader, page.form("/accesso/invito"), key, invito=code)
        assert page.path == "/io/codici", page.text
        return reader, key

    async def unproved(self, reader: Reader, actor: UUID) -> None:
        """The same person at the same browser, of whom nobody knows when she last proved who she is."""
        sessions = self.there.stage.doors.identity.sessions
        cookie = await sessions.begin_session(actor, How.TOKEN, None, proved_at=None)
        keep(reader, SESSION, cookie)


def keep(reader: Reader, name: str, value: str) -> None:
    """Give a browser a cookie in place of the one it has."""
    for cookie in list(reader.client.cookies.jar):
        if cookie.name == name:
            reader.client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    reader.client.cookies.set(name, value, domain="localhost.local")


def authenticator() -> Authenticator:
    return Authenticator(origin=ORIGIN, host="localhost")


async def made(reader: Reader, form: FoundForm, key: Authenticator, **typed: Any) -> Page:
    """What the script does with a button that makes a passkey."""
    body = {"invitation": typed["invito"]} if "invito" in typed else {}
    options = await asked(reader, form, "/identity/passkeys/options", body)
    return await reader.send(form, credenziale=json.dumps(key.made(options)), modo="passkey", **typed)


async def shown(reader: Reader, form: FoundForm, key: Authenticator, **typed: Any) -> Page:
    """What the script does with a button that shows one."""
    options = await asked(reader, form, "/identity/session/passkey/options", {})
    return await reader.send(form, credenziale=json.dumps(key.shown(options)), modo="passkey", **typed)


async def asked(reader: Reader, form: FoundForm, path: str, body: dict[str, Any]) -> dict[str, Any]:
    headers = {
        "origin": ORIGIN,
        "idempotency-key": f"prova-{next(_keys):06}",
        "forgery-token": dict(form.fields)["_gettone"],
    }
    answer = await reader.client.post(path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    options: dict[str, Any] = answer.json()["options"]
    return options


@asynccontextmanager
async def network(signing_in: SigningIn | None = None, **doors: Any) -> AsyncIterator[Network]:
    """With passkeys alone, unless `signing_in` says otherwise."""
    clock, register = Clock(), MemoryRegister()
    identity = identity_on(
        register,
        register,
        secret=os.urandom(32),
        audience="approdo",
        network_id=NetworkId(uuid4()),
        sources=system_sources(),
        clock=clock,
        signing_in=signing_in or SigningIn(credentials=MemoryCredentials(), origin=ORIGIN),
    )
    async with pages(identity=identity, **doors) as there:
        yield Network(there=there, clock=clock)
