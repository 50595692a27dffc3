"""The stage of the drill `permissions`: a founded network, its people, and a placement in each state, behind
the real application on a real server.

Everybody has a real token and stands in the register. A conflict of interest, broken glass and an escort are
written into the case as their own events.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import uvicorn
from fastapi import FastAPI

from api.commands.listening import listening
from api.commands.serving import StoppingServer
from api.http.app import create_app
from api.http.unreadable import Protocol
from api.identity.enrolling import Enrolling, Terms
from api.network_file.schema import NetworkFile
from api.placing import Engine
from api.settings import Settings
from api.wiring import doors_of, open_ledger
from domain.case import CaseAccessRestricted, CaseEvent, EscortEntrusted, GlassBroken
from domain.codes import GlassReason
from domain.permissions import Role
from domain.vocabulary import BreakingId, CaseId, MemberId, PlacementId, ShelterId
from domain.world import Context, Decision, World
from ledger.store.transact import Done
from trials.stage.in_process import command
from trials.stage.issuer import ISSUER
from trials.stage.ledger_on import TrialLedger
from trials.stage.plain_network import plain_network
from trials.stage.sealing import sealed_once
from trials.stage.wire import Answer, Wire

STATES = (
    "HELD",
    "OFFERED",
    "ACCEPTED",
    "STAY",
    "OVER",
    "ENDED",
    "BY_EMERGENCY_ROOM",
    "BY_POLICE",
    "BY_NEIGHBOUR",
)
SPARE = len(STATES)
"""The house that is never asked."""
NOWHERE = UUID(int=7)
FRESH_SECONDS = 120.0
_REQUESTERS = {
    "BY_EMERGENCY_ROOM": ("emergency-room", "EMERGENCY_DEPT"),
    "BY_POLICE": ("police", "LAW_ENFORCEMENT"),
    "BY_NEIGHBOUR": ("neighbour", "OTHER_NETWORK"),
}
_LISTED = ("CAV", "SOCIAL_SERVICES", "EMERGENCY_DEPT", "LAW_ENFORCEMENT", "OTHER_NETWORK")
_BODIES = ("centre", "other-centre", "services", "other-services", "hospital", "police", "neighbours")
_KINDS = ("CAV", "CAV", "SOCIAL_SERVICES", "SOCIAL_SERVICES", "EMERGENCY_DEPARTMENT", "LAW_ENFORCEMENT")


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody of the stage: their role, their body and, for a house's operator, whether of the houses asked
    or of the spare one.
    """

    role: Role
    body: str
    houses: str = ""
    kept_away: bool = False
    breaks_glass: bool = False
    escorts: bool = False


PEOPLE: Mapping[str, Person] = {
    "coordinator-who-acted": Person(role=Role.COORDINATOR, body="centre"),
    "coordinator-of-her-body": Person(role=Role.COORDINATOR, body="centre"),
    "coordinator-on-call": Person(role=Role.COORDINATOR, body="other-centre"),
    "coordinator-with-glass": Person(role=Role.COORDINATOR, body="other-centre", breaks_glass=True),
    "coordinator-kept-away": Person(role=Role.COORDINATOR, body="centre", kept_away=True),
    "house": Person(role=Role.SHELTER_OPERATOR, body="houses", houses="asked"),
    "house-kept-away": Person(role=Role.SHELTER_OPERATOR, body="houses", houses="asked", kept_away=True),
    "other-house": Person(role=Role.SHELTER_OPERATOR, body="houses", houses="spare"),
    "lead": Person(role=Role.LEAD_BODY, body="lead"),
    "lead-with-glass": Person(role=Role.LEAD_BODY, body="lead", breaks_glass=True),
    "auditor": Person(role=Role.AUDITOR, body="lead"),
    "auditor-kept-away": Person(role=Role.AUDITOR, body="lead", kept_away=True),
    "protection": Person(role=Role.DATA_PROTECTION, body="lead"),
    "social": Person(role=Role.SOCIAL_SERVICE, body="services"),
    "social-of-the-body": Person(role=Role.SOCIAL_SERVICE, body="services"),
    "social-kept-away": Person(role=Role.SOCIAL_SERVICE, body="services", kept_away=True),
    "social-elsewhere": Person(role=Role.SOCIAL_SERVICE, body="other-services"),
    "emergency-room": Person(role=Role.EMERGENCY_ROOM, body="hospital"),
    "police": Person(role=Role.POLICE, body="police"),
    "police-escort": Person(role=Role.POLICE, body="other-services", escorts=True),
    "neighbour": Person(role=Role.NEIGHBOUR_DESK, body="neighbours"),
    "health": Person(role=Role.HEALTH_AGENCY, body="lead"),
    "region": Person(role=Role.REGION, body="lead"),
    "administrator": Person(role=Role.SYSTEM_ADMINISTRATOR, body="lead"),
}


@dataclass(kw_only=True)
class Stage:
    """The application, who there is, and what was made of each state."""

    app: FastAPI
    url: str
    wire: Wire
    engine: Engine
    ledger: TrialLedger
    actors: dict[str, UUID]
    tokens: dict[str, tuple[float, str]] = field(default_factory=dict)
    house: UUID = NOWHERE
    unit: UUID = NOWHERE
    """Where the household of STAY is."""
    bed: UUID = NOWHERE
    desks: tuple[UUID, UUID] = (NOWHERE, NOWHERE)
    """The coordination's, and that of the house."""
    sealed: int = 0
    """The size of the log's head."""
    review: UUID = NOWHERE
    """Of glass that was broken."""
    zone: UUID = NOWHERE
    """To be avoided by the household of `own`."""
    own: UUID = NOWHERE
    """What the coordinator who is kept away from all the others asked for herself; it waits."""
    placements: dict[str, UUID] = field(default_factory=dict)
    cases: dict[str, UUID] = field(default_factory=dict)
    told: list[tuple[str, Any]] = field(default_factory=list)
    """What steps were answered while the stage was set, each with the view that it must be."""

    def bearer(self, who: str) -> str:
        """Who proved who they are a moment ago."""
        made, token = self.tokens.get(who, (-FRESH_SECONDS, ""))
        if monotonic() - made >= FRESH_SECONDS:
            made, token = self.tokens[who] = monotonic(), self.ledger.issuer.token(who)
        return f"Bearer {token}"

    async def get(self, path: str, who: str, **headers: str) -> Answer:
        return await self.wire.get(path, {"authorization": self.bearer(who), **headers})

    async def send(self, path: str, body: object, who: str, method: str = "POST") -> Answer:
        headers = {
            "authorization": self.bearer(who),
            "idempotency-key": str(uuid4()),
            "if-match": '"1"',
        }
        sent = self.wire.put if method == "PUT" else self.wire.post
        return await sent(path, body, headers)

    async def done(self, path: str, body: object, who: str, name: str = "") -> Any:
        answer = await self.send(path, body, who)
        assert answer.status in (200, 201), (path, who, answer.status, answer.body)
        if name:
            self.told.append((name, answer.json()))
        return answer.json()


def network() -> NetworkFile:
    """One house with one bed for each state, and one that is never asked."""
    made = plain_network(shelters=len(STATES) + 1, units=1, beds=1).model_dump(exclude_unset=True)
    made["network"]["request_channels"] = _LISTED
    kinds = (*_KINDS, "NEIGHBOUR_NETWORK")
    bodies = ({"code": code, "kind": kind} for code, kind in zip(_BODIES, kinds, strict=True))
    made["members"] = (*made["members"], *bodies)
    made["desks"] = (*made["desks"], *_desks())
    for number, shelter in enumerate(made["shelters"]):
        shelter["units"][0]["open_beds"] = 0 if number == SPARE else 1
    return NetworkFile.model_validate(made)


def _desks() -> Iterator[dict[str, str]]:
    for number in range(len(STATES) + 1):
        yield {"code": f"house-{number}", "kind": "HOUSE", "house": f"house-{number}"}


@asynccontextmanager
async def staged(ledger: TrialLedger) -> AsyncIterator[Stage]:
    """Serve the ledger in this process, where a check can be taken away, and set the stage."""
    async with open_ledger(Settings.model_validate(ledger.settings)) as opened:
        app = create_app(doors_of(opened))
        async with _served(app) as url, Wire(url) as wire:
            actors = await asyncio.to_thread(_enter, ledger)
            stage = Stage(app=app, url=url, wire=wire, engine=opened.engine, ledger=ledger, actors=actors)
            await _play(stage)
            stage.sealed = await sealed_once(ledger)
            yield stage


@asynccontextmanager
async def _served(app: FastAPI) -> AsyncIterator[str]:
    closing = app.state.closing = asyncio.Event()
    closing.set()  # a stream of news says where it begins, and ends
    with listening("127.0.0.1", 0) as listener:
        config = uvicorn.Config(app, http=Protocol, log_config=None, ws="none", lifespan="off")
        server = _Quiet(config, closing)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await server.ready.wait()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await serving


class _Quiet(StoppingServer):
    """It prints nothing: a drill is one line."""

    def __init__(self, config: uvicorn.Config, closing: asyncio.Event) -> None:
        super().__init__(config, "", closing)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super(StoppingServer, self).startup(sockets)
        self.ready.set()


def _enter(ledger: TrialLedger) -> dict[str, UUID]:
    shelters = [ShelterId(ledger.ids.shelters[f"house-{n}"].id) for n in range(len(STATES) + 1)]
    houses = {"asked": frozenset(shelters[:SPARE]), "spare": frozenset(shelters[SPARE:]), "": frozenset()}

    async def entered(enrolling: Enrolling) -> dict[str, UUID]:
        found = {}
        for name, person in PEOPLE.items():
            member = MemberId(ledger.ids.members[person.body])
            terms = Terms(member=member, role=person.role, houses=houses[person.houses])
            engaged = await enrolling.enter_person(ISSUER, name, terms, name=None, by=None)
            found[name] = engaged.actor
        return found

    return ledger.people.do(entered)


async def _play(stage: Stage) -> None:
    """Each state in turn. The coordinator who acted acts on all; the social service asks where nobody else
    does.
    """
    for state in STATES:
        await _ask(stage, state)
    act = "coordinator-who-acted"
    for state in ("OFFERED", "ACCEPTED", "STAY", "OVER", "ENDED"):
        path = f"/placements/{stage.placements[state]}"
        shown = (await stage.get(path, act)).json()
        units = [held["unit_id"] for held in shown["offers"][0]["units"]]
        if state == "STAY":
            _stays_in(stage, UUID(units[0]))
        await stage.done(f"{path}/offers", {"units": units}, act)
        if state == "OVER":
            body = {"channel": "SCREEN", "shown": "NOT_NOW"}
            await stage.done(f"{path}/refusal", body, "house", "answer-to-a-house")
        elif state != "OFFERED":
            await stage.done(f"{path}/acceptance", {"channel": "SCREEN"}, "house", "answer-to-a-house")
            await stage.done(f"{path}/woman-acceptance", {"proximity_checked_by_voice": True}, act)
        if state == "ACCEPTED":
            when = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
            handover = {"expected_at": when, "escort": "LAW_ENFORCEMENT"}
            await stage.done(f"{path}/handover", handover, act, "answer-to-the-coordination")
        if state in ("STAY", "ENDED"):
            await stage.done(f"{path}/admission", {}, "house", "answer-to-a-house")
    await stage.done(f"/placements/{stage.placements['ENDED']}/discharge", {"outcome": "GOALS_REACHED"}, act)
    await _exceptions(stage)
    await _ask_while_kept_away(stage)


async def _ask_while_kept_away(stage: Stage) -> None:
    """A request that waits, and a late word on it: rankings of all the others were taken in between."""
    who = "coordinator-kept-away"
    stage.zone = next(iter(stage.ledger.ids.zones.values()))
    body = {
        "channel": "CAV",
        "urgency": "U3",
        "household": {"adults": 5},
        "zones_to_avoid": [str(stage.zone)],
    }
    told = await stage.done("/placement-requests", body, who)
    stage.own = UUID(told["placement"]["placement_id"])
    await _record(stage, CaseId(UUID(told["placement"]["case_id"])), (_broken(stage, "lead-with-glass"),))
    late = (datetime.now(UTC) - timedelta(minutes=30)).isoformat()
    path = f"/placements/{stage.own}/safe-until"
    await stage.done(path, {"setting": "FRIEND", "safe_until": None, "occurred_at": late}, who)


async def _ask(stage: Stage, state: str) -> None:
    who, channel = _REQUESTERS.get(state, ("social", "SOCIAL_SERVICES"))
    body = {
        "channel": channel,
        "urgency": "U1",
        "household": {"adults": 1},
        "risk": "HIGH",
        "consented_at": datetime.now(UTC).isoformat(),
    }
    told = await stage.done("/placement-requests", body, who, "answer-to-a-request-from-outside")
    assert told["result"] == "held", told
    stage.placements[state] = UUID(told["placement"]["placement_id"])
    stage.cases[state] = UUID(told["placement"]["case_id"])
    path = f"/placements/{stage.placements[state]}/safe-until"
    await stage.done(path, {"setting": "FRIEND", "safe_until": None}, "coordinator-who-acted")


async def _exceptions(stage: Stage) -> None:
    """For everybody who is kept away, breaks glass or escorts: on the case of each state."""
    until = datetime.now(UTC) + timedelta(hours=4)
    for state, case_id in stage.cases.items():
        told: list[CaseEvent] = []
        for name, person in PEOPLE.items():
            actor = stage.actors[name]
            if person.kept_away:
                told.append(CaseAccessRestricted(actor=actor))
            if person.breaks_glass:
                told.append(_broken(stage, name))
            if person.escorts and state == "ACCEPTED":
                placement = PlacementId(stage.placements[state])
                told.append(EscortEntrusted(actor=actor, placement_id=placement, until=until))
        await _record(stage, CaseId(case_id), tuple(told))


def _broken(stage: Stage, who: str) -> GlassBroken:
    now, stage.review = datetime.now(UTC), uuid4()
    return GlassBroken(
        breaking_id=BreakingId(stage.review),
        actor=stage.actors[who],
        reason=next(iter(GlassReason)),
        until=now + timedelta(hours=4),
        review_by=now + timedelta(hours=72),
    )


def _stays_in(stage: Stage, unit_id: UUID) -> None:
    ids = stage.ledger.ids
    for code, shelter in ids.shelters.items():
        for unit in shelter.units.values():
            if unit.id == unit_id:
                stage.house, stage.unit, stage.bed = shelter.id, unit.id, unit.beds[0]
                stage.desks = ids.desks["coordination"], ids.desks[code]


async def _record(stage: Stage, case_id: CaseId, told: tuple[CaseEvent, ...]) -> None:
    sources = stage.engine.transactor.sources

    def decided(world: World, _: Context) -> Decision:
        world.case(case_id)
        return Decision(events={case_id: told})

    asked = command(stage.engine.transactor.network_id, sources.new_id(), sources)
    done = await stage.engine.run(asked, decided)
    assert isinstance(done, Done)
