"""A network played for a year in which every house stands in a zone that only the drill knows.

The engine is told at least two zones that each house is unsuitable for, the true one among them. Each woman
fears one zone: some name it, and every house that stands there says no on safety grounds when it is asked for
her. Requests come from the coordination and, in turn, from each kind of body that may ask from outside. The
doors are the product's, in this process, on the run's own virtual clock.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from fastapi import FastAPI

from api.http.app import create_app
from api.http.doors import Doors
from api.identity.caller import Caller, Unauthenticated
from api.placing import DecideOnPlaces
from api.wiring import identity_on
from domain.codes import RefusalGroup
from domain.permissions import Principal, Role
from domain.placement.events import OfferSent, PlacementRequested
from domain.vocabulary import LogKind, MemberId, OfferId, PlacementId, ShelterId, UnitId, ZoneId
from ledger.evidence.sealing.memory import MemorySealedLog
from ledger.register.memory import MemoryRegister
from ledger.store.ids import seeded_sources
from ledger.store.memory import MemoryStore
from ledger.store.transact import Command, Done, Result
from ledger.vault.memory import MemoryVault
from ledger.vault.wrapping import MasterKeys
from projections.projector import Projector
from projections.tail import Tail
from projections.views import MemoryViews
from trials.simulate.figures import Assumed
from trials.simulate.listening import Heard
from trials.simulate.parameters import PARAMETERS, SCALES
from trials.simulate.running import Plan, Simulation, founded

SCALE = replace(SCALES["A"], requests_a_day=0.9)
"""The four Ambiti with three times the requests, so that an attacker sees more."""
NAMED = Assumed(0.6, "share of requests that name a zone to avoid", "more than in earnest: it tells more")
DISTRICTS = 4
REQUESTERS = (
    Role.COORDINATOR,
    Role.SOCIAL_SERVICE,
    Role.EMERGENCY_ROOM,
    Role.POLICE,
    Role.NEIGHBOUR_DESK,
)
HOUSES_SEEN = "house-"


class Asked(Heard):
    """The engine, whose requests come in turn from each of those who may ask."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._requests = 0

    async def place(self, command: Command, decide: DecideOnPlaces) -> Result:
        self._requests += 1
        role = REQUESTERS[self._requests % len(REQUESTERS)]
        asked = replace(command.metadata, actor=actor_of(role), role=role)
        return await super().place(replace(command, metadata=asked), decide)


@dataclass(kw_only=True)
class Secrets:
    """What only the drill knows: where each house stands, and which zone each woman fears."""

    true_zone: dict[ShelterId, ZoneId] = field(default_factory=dict)
    feared: dict[PlacementId, ZoneId] = field(default_factory=dict)
    refused: int = 0


class Town:
    """One run, its doors and its secrets."""

    def __init__(self, simulation: Simulation, app: FastAPI, zone_ids: tuple[ZoneId, ...], seed: int) -> None:
        self.simulation = simulation
        self.app = app
        self.zones = zone_ids
        self.secrets = Secrets()
        self._chance = random.Random(f"secrets {seed}")
        for house, pair in self.declared().items():
            self.secrets.true_zone[house] = self._chance.choice(pair)
        simulation.engine.ears.append(self._hear)

    @property
    def now(self) -> datetime:
        return self.simulation.agenda.now

    def declared(self) -> dict[ShelterId, tuple[ZoneId, ...]]:
        """The zones that each house's units are unsuitable for, in no order that tells anything."""
        found: dict[ShelterId, set[ZoneId]] = {}
        for unit in self.simulation.engine.index.places.units.values():
            if unit.registered is not None:
                found.setdefault(unit.registered.shelter_id, set()).update(unit.registered.unsuitable_zones)
        return {house: tuple(sorted(own)) for house, own in found.items()}

    def district_of(self, zone: ZoneId) -> str:
        """Where a zone lies is known to everybody: the drill's own geography."""
        return f"district-{self.zones.index(zone) * DISTRICTS // len(self.zones)}"

    @property
    def houses(self) -> tuple[ShelterId, ...]:
        return tuple(self.declared())

    @property
    def units(self) -> tuple[UnitId, ...]:
        return tuple(self.simulation.engine.index.places.units)

    async def get(self, path: str, who: str) -> Any:
        """What is answered at a door: the JSON, or None for a no."""
        status, body = await _called(self.app, path, who)
        return orjson.loads(body) if status == 200 else None

    def _hear(self, done: Done) -> None:
        for each in done.events:
            placement_id = PlacementId(each.stream)
            if isinstance(each.event, PlacementRequested):
                named = each.event.zones_to_avoid
                self.secrets.feared[placement_id] = named[0] if named else self._chance.choice(self.zones)
            elif isinstance(each.event, OfferSent):
                self._weigh(placement_id, each.event.offer_id)

    def _weigh(self, placement_id: PlacementId, offer_id: OfferId) -> None:
        """The house that was asked knows where it stands, and hears from the coordinator what she fears."""
        state = self.simulation.engine.index.places.placements[placement_id]
        house = state.offers[offer_id].shelter_id
        if self.secrets.true_zone[house] == self.secrets.feared.get(placement_id):
            self.simulation.agenda.note(self.now, partial(self._refuse, placement_id, offer_id))

    async def _refuse(self, placement_id: PlacementId, offer_id: OfferId) -> None:
        asking = self.simulation.asking
        no = await asking.refuse(placement_id, offer_id, RefusalGroup.SAFETY, self.now, telephone=False)
        self.secrets.refused += no is not None


def actor_of(role: Role) -> UUID:
    return UUID(int=1000 + list(Role).index(role))


async def town(seed: int, days: int) -> Town:
    """A run that has been founded and not yet played."""
    parameters = replace(PARAMETERS, zone_to_avoid=NAMED)
    store = MemoryStore()
    simulation = await founded(Plan(scale=SCALE, seed=seed, days=days, parameters=parameters), store, Asked)
    engine, places = simulation.engine, simulation.engine.index.places
    sources, register = seeded_sources(f"locate {seed}", lambda: 0), MemoryRegister()
    identity = identity_on(
        register,
        register,
        secret=os.urandom(32),
        audience="approdo",
        network_id=engine.transactor.network_id,
        sources=sources,
    )
    people = dict(_people(tuple(places.shelters)))

    async def authenticate(token: str) -> Caller:
        if token not in people:
            raise Unauthenticated("UNKNOWN")
        return people[token]

    views = MemoryViews()
    doors = Doors(
        engine=engine,
        projector=Projector(store, views),
        views=views,
        tail=Tail(store),
        authenticate=authenticate,
        identity=identity,
        network_id=engine.transactor.network_id,
        log_kind=LogKind.EXERCISE,
        vault=MemoryVault(MasterKeys(os.urandom(32)), os.urandom),
        sealed=MemorySealedLog(store),
        digest_secret=os.urandom(32),
        app_version="trial",
        requests_per_minute=10**9,
    )
    drawn = sorted(places.network.zones)
    random.Random(f"map {seed}").shuffle(drawn)
    return Town(simulation, create_app(doors), tuple(drawn), seed)


def _people(houses: tuple[ShelterId, ...]) -> Iterator[tuple[str, Caller]]:
    """Somebody in every role; of the houses' operators, one for each house."""
    for number, role in enumerate(Role):
        if role is Role.SHELTER_OPERATOR:
            for at, house in enumerate(houses):
                principal = Principal(role=role, houses=frozenset({house}))
                yield f"{HOUSES_SEEN}{at}", Caller(actor=UUID(int=5000 + at), principal=principal)
        else:
            principal = Principal(role=role, member=MemberId(UUID(int=9000 + number)))
            yield role.value, Caller(actor=actor_of(role), principal=principal)


async def _called(app: FastAPI, path: str, who: str) -> tuple[int, bytes]:
    """One GET through the whole application, without a socket."""
    where, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": where,
        "raw_path": where.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"drill.invalid"), (b"authorization", f"Bearer {who}".encode())],
        "client": ("127.0.0.1", 1),
        "server": ("drill.invalid", 80),
    }
    status, body = 0, b""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, body
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            body += message.get("body", b"")

    await app(scope, receive, send)
    return status, body
