"""A founded exercise behind the product's own server on http://localhost, and the people who work with it.

The network is the one of the demo (`rete-busto-arsizio.toml`), in a fresh database; its virtual clock stands
at 03:12 of a Sunday night in Busto Arsizio until a test moves it. What a test needs to have happened is done
at the JSON doors, by whoever would do it (`town.ask()`, `town.accepted()`, `town.doors(role, house)`).

Nothing here is a page: `tests.browser.windows` opens browsers at a town.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from api.http.cookies import DEVICE, SESSION
from api.identity.enrolling import Terms
from api.identity.identity import Identity
from api.identity.sessions import How
from api.wiring import identity_on
from domain.permissions import Role
from domain.vocabulary import LogKind, MemberId, NetworkId, ShelterId
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.notes.signed import KeyKind, Signer
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.log_key import log_key
from ledger.evidence.sealing.port import Cosignature
from ledger.evidence.sealing.sealer import Sealer, SealingKeys
from ledger.postgres.sealed import PostgresSealedLog
from ledger.postgres.supervisor import EmbeddedPostgres
from ledger.register.postgres import PostgresRegister, RegisterConnections
from ledger.register.postgres_access import PostgresAccess
from ledger.store.ids import system_sources
from ledger.store.postgres import PostgresStore
from tests.browser.nursery import Nursery, Sprung, nursery
from tests.support.postgres import Database, clone
from trials.demo.stage import NETWORK_FILE
from trials.stage import programs
from trials.stage.calls import Calls
from trials.stage.issuer import AUDIENCE, ISSUER, Issuer
from trials.stage.people import People

NIGHT = datetime(2026, 11, 22, 3, 12, tzinfo=ZoneInfo("Europe/Rome"))
PIN = "380417"
ALONE: Mapping[str, Any] = {"adults": 1}
WITH_CHILDREN: Mapping[str, Any] = {"adults": 1, "children": ["AGE_6_10", "AGE_0_2"]}
TOO_MANY: Mapping[str, Any] = {"adults": 1, "children": ["AGE_3_5"] * 9}
"""No room of the network is large enough."""
_Said = TypeVar("_Said")


def elsewhere(act: Callable[[], Coroutine[Any, Any, _Said]]) -> _Said:
    """Await something on a thread of its own: Playwright keeps a loop running on the test's."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(act())).result()


@dataclass(frozen=True, kw_only=True, slots=True)
class Founded:
    """A founded database to copy, and what opens it. `ids` are those of the network file's labels."""

    database: Database
    settings: Mapping[str, str]
    issuer: Issuer
    ids: Mapping[str, Any]
    nursery: Nursery


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """Somebody at a shared device: by what name she is chosen there, and the cookies of a browser of hers."""

    actor: UUID
    name: str
    cookies: Mapping[str, str]


@dataclass(kw_only=True)
class Town:
    """One network, its server, its people. Every method may be called from a browser test."""

    url: str
    """http://localhost:PORT, also the origin at which passkeys are made."""
    database: Database
    served: Sprung
    """The server's process: `pid`, `url`."""
    people: People
    ids: Mapping[str, Any]
    secret: str
    log: Path
    """What the server writes to its standard error."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    # --- the network ---

    @property
    def houses(self) -> tuple[str, ...]:
        """The code names of the houses: mimosa, glicine, ginestra, camelia, ortensia, lavanda."""
        return tuple(self.ids["shelters"])

    def house(self, code: str) -> ShelterId:
        return ShelterId(UUID(self.ids["shelters"][code]["id"]))

    def unit(self, house: str, code: str) -> Mapping[str, Any]:
        """`id`, `beds`, `cots`, … of a unit."""
        found: Mapping[str, Any] = self.ids["shelters"][house]["units"][code]
        return found

    def house_of(self, shelter_id: str) -> str:
        return next(code for code in self.houses if str(self.house(code)) == shelter_id)

    @property
    def never_shown(self) -> tuple[str, ...]:
        """What no title and no address may hold: the houses' names."""
        return self.houses

    # --- time ---

    def move(self, **by: float) -> None:
        """Move the exercise's clock on, `minutes=12`. The server's loops do what is then due."""

        async def moved(store: PostgresStore) -> None:
            await store.move_clock(await store.now() + timedelta(**by))

        self._with_store(moved)

    def move_to(self, instant: datetime) -> None:
        """Move the exercise's clock to an instant; it only goes on."""
        self._with_store(lambda store: store.move_clock(instant.astimezone(UTC)))

    @property
    def now(self) -> datetime:
        return self._with_store(lambda store: store.now())

    # --- people ---

    def sign_in(self, role: Role, *houses: str, pin: str | None = PIN) -> SignedIn:
        """Somebody new of this role at a new shared device, signed in in full just now."""
        return self._with_identity(lambda identity: self._signed_in(identity, role, houses, pin))

    def device_code(self, *houses: str) -> str:
        """A code with which a coordinator lets a shared device in."""

        async def made(identity: Identity) -> str:
            entered = await self._entered(identity, Role.COORDINATOR, ())
            own = frozenset(self.house(code) for code in houses)
            return (await identity.enrolling.make_code(self._body(houses), own, by=entered))[0]

        return self._with_identity(made)

    def doors(self, role: Role, *houses: str) -> Calls:
        """The JSON doors, as one person of this role with a token: `.get(path)`, `.post(path, body)`."""
        subject = " ".join((role.value, *houses))
        own = tuple(self.house(code) for code in houses)
        return Calls(self.served.url, self.people.token(subject, role, own, self._body(houses)), uuid4)

    # --- what has happened ---

    def ask(self, household: Mapping[str, Any] = ALONE, **more: Any) -> dict[str, Any]:
        """A coordinator's request at the door, U1 with consent; the whole answer (`placement`, …)."""
        now = self.now.isoformat()
        body = {"channel": "CAV", "urgency": "U1", "risk": "HIGH", "household": dict(household),
                "consented_at": now, "occurred_at": now, **more}  # fmt: skip
        answer: dict[str, Any] = self.doors(Role.COORDINATOR).post("/placement-requests", body)
        return answer

    def held(self, household: Mapping[str, Any] = ALONE, **more: Any) -> str:
        """The id of a placement that was asked for and for which places are held."""
        return str(self.ask(household, **more)["placement"]["placement_id"])

    def offered(self, household: Mapping[str, Any] = ALONE, **more: Any) -> tuple[str, str]:
        """The id of a placement that was offered, and the code name of the house."""
        placement = self.ask(household, **more)["placement"]
        placement_id, hold = str(placement["placement_id"]), placement["offers"][0]
        units = [each["unit_id"] for each in hold["units"]]
        self.do(placement_id, "offers", {"units": units})
        return placement_id, self.house_of(self._house_with(units[0]))

    def accepted(self, household: Mapping[str, Any] = ALONE, **more: Any) -> tuple[str, str]:
        """The same, and the house has said yes on its screen."""
        placement_id, house = self.offered(household, **more)
        self.do(placement_id, "acceptance", {"channel": "SCREEN"}, house)
        return placement_id, house

    def do(self, placement_id: str, step: str, body: Mapping[str, Any], house: str | None = None) -> Any:
        """A step of a placement, by a coordinator or by the operator of a house."""
        who = self.doors(Role.SHELTER_OPERATOR, house) if house else self.doors(Role.COORDINATOR)
        return who.post(f"/placements/{placement_id}/{step}", dict(body))

    def seal(self, *, seen: bool = False) -> None:
        """Let a sealer seal all there is; `seen`: a witness and the log's own clock sign the head too."""

        async def sealed() -> None:
            async with PostgresSealedLog(self.database.dsn("sealer")) as log:
                await self._sealed(log, seen=seen)

        elsewhere(sealed)

    # --- inside ---

    async def _sealed(self, log: PostgresSealedLog, *, seen: bool) -> None:
        origin = origin_of(LogKind.EXERCISE, UUID(self.ids["network"]))
        key, kept = log_key(origin, bytes(range(32))), HeadFile(self.log.with_suffix(".head"))
        sealer = Sealer(log, SealingKeys(origin=origin, present=key), kept)
        await sealer.start()
        await sealer.step()
        head, now = await log.head(), datetime.now(UTC)
        assert head is not None
        witness = Signer("testimone.example/w1", KeyKind.COSIGNATURE, bytes(range(1, 33)))
        for signer in (witness, key.clock) if seen else ():
            line = signer.sign(head.signed.text, int(now.timestamp()))
            await log.cosign(Cosignature(size=head.size, line=line, at=now))

    async def _signed_in(
        self, identity: Identity, role: Role, houses: tuple[str, ...], pin: str | None
    ) -> SignedIn:
        actor = await self._entered(identity, role, houses)
        own = frozenset(self.house(code) for code in houses)
        now, secret = datetime.now(UTC), identity.sessions.new_secret()
        code, _ = await identity.enrolling.make_code(self._body(houses), own, by=actor)
        device = await identity.enrolling.enrol_device(code, secret)
        session = await identity.sessions.begin_session(
            actor, How.TOKEN, device, proved_at=now, instead_of=None
        )
        name = f"Turno {next(self._numbers):03}"
        if pin is not None:
            await identity.pins.set(actor, pin, identity.seal.seal(name, "shown", actor), now)
        return SignedIn(actor=actor, name=name, cookies={DEVICE: secret, SESSION: session})

    async def _entered(self, identity: Identity, role: Role, houses: tuple[str, ...]) -> UUID:
        own = frozenset(self.house(code) for code in houses)
        terms = Terms(member=self._body(houses), role=role, houses=own)
        subject = f"browser {next(self._numbers)}"
        return (await identity.enrolling.enter_person(ISSUER, subject, terms, name=None, by=None)).actor

    def _body(self, houses: tuple[str, ...]) -> MemberId:
        members = self.ids["members"]
        return MemberId(UUID(members["ente-case-uno" if houses else "comune-busto-arsizio"]))

    def _house_with(self, unit_id: str) -> str:
        shelters = self.ids["shelters"].values()
        return next(
            str(shelter["id"])
            for shelter in shelters
            if any(unit["id"] == unit_id for unit in shelter["units"].values())
        )

    def _with_store(self, act: Callable[[PostgresStore], Coroutine[Any, Any, _Said]]) -> _Said:
        async def done() -> _Said:
            async with PostgresStore(self.database.dsn("app")) as store:
                return await act(store)

        return elsewhere(done)

    def _with_identity(self, act: Callable[[Identity], Coroutine[Any, Any, _Said]]) -> _Said:
        async def done() -> _Said:
            async with RegisterConnections(self.database.dsn("identity")) as connections:
                return await act(
                    identity_on(
                        PostgresRegister(connections),
                        PostgresAccess(connections),
                        secret=self.secret.encode(),
                        audience=AUDIENCE,
                        network_id=NetworkId(UUID(self.ids["network"])),
                        sources=system_sources(),
                    )
                )

        return elsewhere(done)


@contextmanager
def founding(server: EmbeddedPostgres, folder: Path) -> Iterator[Founded]:
    """The network founded once, for `town` to copy: nobody stays connected to it."""
    with clone(server) as database, nursery() as nursing:
        issuer, keys = Issuer(), folder / "keys.json"
        settings = {
            "jwks_file": str(issuer.write_key_set(keys)),
            "token_issuer": ISSUER,
            "token_audience": AUDIENCE,
            "digest_secret": secrets.token_hex(32),
            "vault_key": secrets.token_hex(32),
        }
        said = {
            **settings,
            "database_url": database.dsn("app"),
            "owner_database_url": server.dsn(database.name),
        }
        arguments = ["init", str(NETWORK_FILE), "--kind", "exercise", "--clock", "virtual"]
        printed = programs.run([*arguments, "--starts-at", NIGHT.isoformat(), "--print-ids"], said)
        named = json.loads(printed)
        yield Founded(database=database, settings=settings, issuer=issuer, ids=named, nursery=nursing)


@contextmanager
def town(founded: Founded, folder: Path) -> Iterator[Town]:
    """A copy of the founded network with a server of its own."""
    with clone(founded.database.server, template=founded.database.name) as database:
        port, log = _free_port(), folder / f"{database.name}.log"
        url = f"http://localhost:{port}"
        own = {"database_url": database.dsn("app"), "identity_database_url": database.dsn("identity")}
        settings = {**founded.settings, **own, "port": str(port), "public_origin": url}
        secret, ids = founded.settings["digest_secret"], founded.ids
        people = People(
            issuer=founded.issuer,
            dsn=database.dsn("identity"),
            secret=secret,
            network_id=NetworkId(UUID(ids["network"])),
            member=MemberId(UUID(ids["members"]["comune-busto-arsizio"])),
        )
        with founded.nursery.serving(settings, log) as served:
            yield Town(
                url=url, database=database, served=served, people=people, ids=ids, secret=secret, log=log
            )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
