"""A small founded exercise behind the real application, and people who call at its doors.

Two houses: in `ginepro` a room for itself (three beds, a cot), in `lentisco` one shared room of two beds.
The virtual clock stands until a test moves it. A token is simply a person's name.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from api.http.app import create_app
from api.http.doors import Doors
from api.identity.caller import Caller, Unauthenticated
from api.network_file.naming import NamedIds, NamedUnit
from api.network_file.schema import NetworkFile
from api.network_file.writing import FoundableStore, found
from api.placing import Engine
from api.wiring import identity_on
from domain.permissions import Principal, Role
from domain.vocabulary import LogKind, MemberId, NetworkId, ShelterId
from ledger.evidence.sealing.memory import MemorySealedLog
from ledger.register.memory import MemoryRegister
from ledger.store.ids import system_sources
from ledger.store.memory import MemoryStore
from ledger.store.port import LogClock
from ledger.store.transact import Transactor
from ledger.vault.memory import MemoryVault
from ledger.vault.wrapping import MasterKeys
from projections.places_index import PlacesIndex
from projections.projector import Projector
from projections.tail import Tail
from projections.views import MemoryViews

NIGHT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
NETWORK = NetworkFile.model_validate(
    {
        "network": {
            "code": "prova",
            "time_zone": "Europe/Rome",
            "valid_from": date(2026, 1, 1),
            "request_channels": ("CAV", "LAW_ENFORCEMENT"),
            "zones": ("z1", "z2", "z3"),
        },
        "districts": ({"code": "busto-arsizio", "municipalities": ("012026",)},),
        "members": (
            {"code": "capofila", "kind": "LEAD"},
            {"code": "case", "kind": "SHELTER_BODY"},
            {"code": "rete-vicina", "kind": "NEIGHBOUR_NETWORK"},
        ),
        "levels": ({"code": "pronto", "function": "EMERGENCY_RECEPTION", "days": 8},),
        "shelters": tuple(
            {
                "code": code,
                "member": "case",
                "district": "busto-arsizio",
                "register_status": "COMPLIANT",
                "address_class": "SECRET",
                "intake_modes": ("EMERGENCY",),
                "fictitious": True,
                "units": (
                    {
                        "code": "stanza-1",
                        "level": "pronto",
                        "intake_modes": ("EMERGENCY",),
                        "beds": beds,
                        "cots": cots,
                        "exclusive": exclusive,
                        "unsuitable_zones": zones,
                    },
                ),
            }
            for code, beds, cots, exclusive, zones in (
                ("ginepro", 3, 1, True, ("z1", "z2")),
                ("lentisco", 2, 0, False, ("z2", "z3")),
            )
        ),
        "desks": (
            {
                "code": "coordinamento",
                "kind": "COORDINATION",
                "member": "capofila",
                "on_call_number": "+39 000 0000 001",
            },
            {"code": "ginepro", "kind": "HOUSE", "house": "ginepro", "on_call_number": "+39 000 0000 002"},
            {"code": "lentisco", "kind": "HOUSE", "house": "lentisco", "on_call_number": "+39 000 0000 003"},
            {"code": "servizio", "kind": "SERVICE", "member": "case"},
            {
                "code": "rete-vicina",
                "kind": "NEIGHBOUR",
                "member": "rete-vicina",
                "on_call_number": "+39 000 0000 005",
            },
            {"code": "legenda-1", "kind": "ZONE", "zone": "z1", "meaning": "Prova Nord"},
            {"code": "legenda-2", "kind": "ZONE", "zone": "z2", "meaning": "Prova Sud"},
        ),
        "rota": (
            {"desk": "coordinamento"},
            {"desk": "ginepro", "from": "20:00", "to": "08:00"},
            {"desk": "rete-vicina", "days": ("SAT", "SUN")},
        ),
    }
)
REQUEST: Mapping[str, Any] = {
    "channel": "CAV",
    "urgency": "U1",
    "household": {"adults": 1, "children": ["AGE_6_10", "AGE_0_2"]},
    "risk": "HIGH",
    "consented_at": NIGHT.isoformat(),
    "occurred_at": NIGHT.isoformat(),
}
ALONE: Mapping[str, Any] = {**REQUEST, "household": {"adults": 1}}
FAMILY: Mapping[str, Any] = {**REQUEST, "household": {"adults": 1, "children": ["AGE_3_5"] * 4}}
"""No room of the two houses is large enough."""


def after(**by: float) -> str:
    """An instant of the night, counted from its beginning, as the doors write it."""
    return (NIGHT + timedelta(**by)).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """A changing request as it was sent, and what was answered."""

    method: str
    path: str
    body: Any
    headers: dict[str, str]
    status: int
    content: bytes
    etag: str | None


@dataclass(kw_only=True)
class Ground:
    """The application, and a client for each person."""

    app: FastAPI
    doors: Doors
    client: httpx.AsyncClient
    store: FoundableStore
    engine: Engine
    ids: NamedIds
    vault: MemoryVault
    keys: Any = field(default_factory=lambda: count(1))
    exchanges: list[Exchange] = field(default_factory=list)

    def unit(self, house: str) -> NamedUnit:
        return self.ids.shelters[house].units["stanza-1"]

    def house(self, code: str) -> UUID:
        return self.ids.shelters[code].id

    async def get(self, path: str, who: str = "coordinator", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.get(path, headers={"Authorization": f"Bearer {who}", **named})

    async def post(
        self,
        path: str,
        body: Any = None,
        who: str = "coordinator",
        *,
        key: str | None = None,
        method: str = "POST",
        **headers: str,
    ) -> httpx.Response:
        sent = {"Authorization": f"Bearer {who}", "Idempotency-Key": key or f"prova-{next(self.keys):06}"}
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        body = {} if body is None else body
        answer = await self.client.request(method, path, json=body, headers=sent)
        self.exchanges.append(
            Exchange(
                method=method,
                path=path,
                body=body,
                headers=sent,
                status=answer.status_code,
                content=answer.content,
                etag=answer.headers.get("etag"),
            )
        )
        return answer

    async def put(self, path: str, body: Any, who: str, **headers: str) -> httpx.Response:
        return await self.post(path, body, who, method="PUT", **headers)

    async def repeated(self, exchange: Exchange) -> httpx.Response:
        """The same request sent once more."""
        return await self.client.request(
            exchange.method, exchange.path, json=exchange.body, headers=exchange.headers
        )

    async def ask(self, body: Mapping[str, Any] = REQUEST) -> dict[str, Any]:
        """A request's whole answer."""
        answer = await self.post("/placement-requests", body)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def held(self, body: Mapping[str, Any] = REQUEST) -> str:
        """The path of a placement that was asked for."""
        return f"/placements/{(await self.ask(body))['placement']['placement_id']}"

    async def done(self, path: str, body: Any = None, who: str = "coordinator") -> dict[str, Any]:
        """A step's whole answer."""
        answer = await self.post(path, body, who)
        assert answer.status_code in (200, 201), answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def refused(self, path: str, body: Any = None, who: str = "coordinator") -> tuple[int, str, str]:
        """A step that cannot be: status, code (the field's own where the body is at fault), field."""
        answer = await self.post(path, body, who)
        told = answer.json()
        error = (told["errors"] or [{"pointer": "", "code": ""}])[0]
        code = error["code"] if told["code"] == "REQUEST_INVALID" else told["code"]
        return answer.status_code, code, error["pointer"]

    async def offered(self, body: Mapping[str, Any] = REQUEST) -> str:
        """The path of a placement that is held and offered."""
        placement = (await self.ask(body))["placement"]
        path = f"/placements/{placement['placement_id']}"
        units = [held["unit_id"] for held in placement["offers"][0]["units"]]
        answer = await self.post(f"{path}/offers", {"units": units})
        assert answer.status_code == 200, answer.text
        return path

    async def accepted(self, house: str = "ginepro", body: Mapping[str, Any] = REQUEST) -> str:
        """The path of a placement to which the house has said yes."""
        path = await self.offered(body)
        answer = await self.post(f"{path}/acceptance", {"channel": "SCREEN"}, house)
        assert answer.status_code == 200, answer.text
        return path

    async def later(self, **by: float) -> None:
        await self.store.move_clock(await self.store.now() + timedelta(**by))

    def forget(self) -> None:
        """Let the process know nothing of places, as one that has just started."""
        self.engine.index = PlacesIndex(self.store)

    async def topics(self) -> list[str]:
        """The topics of the whole log."""
        return [row.topic for row in await self.store.read_all(after=0, limit=5000)]


def people(ids: NamedIds) -> Mapping[str, Caller]:
    """Who there is, by name."""

    now = datetime.now(UTC)

    def caller(
        number: int,
        role: Role,
        *houses: str,
        body: int | None = None,
        proved: datetime | None = now,
    ) -> Caller:
        own = frozenset(ShelterId(ids.shelters[code].id) for code in houses)
        member = MemberId(UUID(int=1000 + body)) if body is not None else None
        principal = Principal(role=role, houses=own, member=member)
        return Caller(actor=UUID(int=number), principal=principal, on_behalf_of=member, stepped_up_at=proved)

    return {
        "coordinator": caller(1, Role.COORDINATOR),
        "lead": caller(2, Role.LEAD_BODY),
        "auditor": caller(3, Role.AUDITOR),
        "engine": caller(4, Role.ENGINE),
        "ginepro": caller(5, Role.SHELTER_OPERATOR, "ginepro"),
        "lentisco": caller(6, Role.SHELTER_OPERATOR, "lentisco"),
        "other-coordinator": caller(7, Role.COORDINATOR),
        "colleague": caller(8, Role.COORDINATOR, body=1),
        "colleague-by-day": caller(9, Role.COORDINATOR, body=1),
        "social": caller(10, Role.SOCIAL_SERVICE, body=2),
        "social-by-day": caller(11, Role.SOCIAL_SERVICE, body=2),
        "social-elsewhere": caller(12, Role.SOCIAL_SERVICE, body=3),
        "emergency-room": caller(13, Role.EMERGENCY_ROOM, body=4),
        "police": caller(14, Role.POLICE, body=5),
        "other-police": caller(15, Role.POLICE, body=5),
        "neighbour": caller(16, Role.NEIGHBOUR_DESK, body=6),
        "health": caller(17, Role.HEALTH_AGENCY),
        "region": caller(18, Role.REGION),
        "protection": caller(19, Role.DATA_PROTECTION),
        "administrator": caller(20, Role.SYSTEM_ADMINISTRATOR),
        "other-lead": caller(21, Role.LEAD_BODY),
        "unproved-lead": caller(22, Role.LEAD_BODY, proved=None),
        "other-protection": caller(23, Role.DATA_PROTECTION),
        "unproved-protection": caller(24, Role.DATA_PROTECTION, proved=None),
        "unproved-auditor": caller(25, Role.AUDITOR, proved=None),
        "unproved": caller(1, Role.COORDINATOR, proved=None),
        "proved-earlier": caller(1, Role.COORDINATOR, proved=now - timedelta(minutes=6)),
        "proved-ahead": caller(1, Role.COORDINATOR, proved=now + timedelta(minutes=1)),
    }


@asynccontextmanager
async def ground_on(store: FoundableStore, **doors: Any) -> AsyncIterator[Ground]:
    """Found the exercise on a store and open its doors."""
    sources = system_sources()
    vault = MemoryVault(MasterKeys(os.urandom(32)), os.urandom)
    founded = await found(
        NETWORK,
        store,
        sources,
        kind=LogKind.EXERCISE,
        clock=LogClock.VIRTUAL,
        app_version="prova",
        starts_at=NIGHT,
        vault=vault,
    )
    network_id = NetworkId(founded.ids.network)
    engine = Engine(Transactor(store, sources, network_id), PlacesIndex(store))
    known = people(founded.ids)

    async def authenticate(token: str) -> Caller:
        if token not in known:
            raise Unauthenticated("UNKNOWN")
        return known[token]

    views, register = MemoryViews(), MemoryRegister()
    given = {
        "log_kind": LogKind.EXERCISE,
        "vault": vault,
        "sealed": MemorySealedLog(store),
        "authenticate": authenticate,
        "identity": identity_on(
            register,
            register,
            secret=os.urandom(32),
            audience="approdo",
            network_id=network_id,
            sources=sources,
        ),
        "projector": Projector(store, views),
        "views": views,
        "tail": Tail(store),
        **doors,
    }
    opened = Doors(
        engine=engine, network_id=network_id, digest_secret=os.urandom(32), app_version="0.1.0", **given
    )
    app = create_app(opened)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://prova.invalid") as client:
        yield Ground(
            app=app, doors=opened, client=client, store=store, engine=engine, ids=founded.ids, vault=vault
        )


@asynccontextmanager
async def ground(**doors: Any) -> AsyncIterator[Ground]:
    """The same in memory."""
    async with ground_on(MemoryStore(), **doors) as made:
        yield made
