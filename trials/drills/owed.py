"""A place that a waiting request is owed goes to nobody after it, whoever decides where; nobody starves.

Several processes ask, answer and free places at once over a network that is too small, each with all the
loops. Then the log is judged row by row, by a reading of the rule that shares no code with the engine. The
control is the same load on an engine that keeps nothing for anybody (`owed_without`).
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Semaphore
from types import MappingProxyType
from typing import Any
from uuid import UUID

import asyncpg

from api.network_file.schema import NetworkFile
from api.network_file.writing import found
from domain.vocabulary import LogKind
from ledger.store.ids import system_sources
from ledger.store.port import LogClock, StoredRow
from ledger.store.postgres import PostgresStore
from trials.drills.finding import Finding
from trials.drills.owed_crowd import Part, take_part
from trials.drills.owed_judge import Verdict, judge
from trials.stage.answering import ALWAYS_ANSWERED
from trials.stage.ground import APP, Ground, ground
from trials.stage.in_process import APP_VERSION

PROCESSES = 3
SPELLS, REDUCED_SPELLS, CONTROL_SPELLS = 10, 2, 2
"""Between two of them nobody acts, and whoever waits then is looked at."""
ACTS = 120
"""Of each process in each spell."""
SPELL_SECONDS, REST_SECONDS, QUIET_SECONDS = 120.0, 30.0, 2.5
_STARTS_AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
_ZONES = ("z1", "z2")
_ROOMS: Mapping[str, tuple[tuple[int, bool, tuple[str, ...]], ...]] = MappingProxyType(
    {
        "larice": ((2, True, ()), (2, True, ("GROUND_FLOOR",))),
        "betulla": ((3, True, ("GROUND_FLOOR",)),),
        "acero": ((4, False, ()),),
        "tiglio": ((3, False, ("STAFFED_AT_NIGHT",)), (1, True, ("STAFFED_AT_NIGHT",))),
    }
)
"""Beds, whether the room goes whole, and what it offers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """One load, judged; `contested` is how many batches met something that stood against a command,
    `restless` how often the log did not come to rest though nobody acted.
    """

    verdict: Verdict
    contested: int
    restless: int
    events: int


def run(rounds: int, reduced: bool) -> Finding:
    """`rounds` is how many spells there are; 0 is the drill's own number."""
    spells = rounds or (REDUCED_SPELLS if reduced else SPELLS)
    with ground(settings={"track_functions": "pl"}) as on:
        settings = on.durability()
        own = _play(on, spells, careless=False)
        control = _play(on, rounds or CONTROL_SPELLS, careless=True)
    kept, careless = own.verdict, control.verdict
    rare = {
        "owed_to_silent": kept.silent_owed,
        "expiries": kept.expiries,
        "late_yes_taken": kept.late_taken,
        "late_yes_owed": kept.late_owed,
        "to_be_confirmed_owed": kept.unknown_owed,
        "several_rooms_owed": kept.together_owed,
        "whole_house_kept": kept.apart_owed,
    }
    common = {
        "holds": kept.holds,
        "waiting_seen": kept.waiting,
        "owed_exclusions": kept.owed,
        "proposals": kept.proposals,
        "contested": own.contested,
        "rests": kept.rests,
    }
    return Finding(
        name="owed",
        wrong=kept.wrong + own.restless,
        needed=common if reduced else {**common, **rare},
        control=min(careless.violations, len(careless.passed_over)),
        control_said=f"nothing kept: {careless.violations} of {careless.holds} holds took what was owed, "
        f"{len(careless.passed_over)} passed over",
        settings=settings,
        said=f"violations={kept.violations} out_of_order={kept.out_of_order} starving={kept.starving} "
        f"unsafe={kept.unsafe} doubled={kept.doubled} unlike={kept.unlike} raced={kept.raced} "
        f"still_waiting={kept.still_waiting} events={own.events} processes={PROCESSES}",
        complaints=tuple(kept.complaints[:20]),
    )


def _play(on: Ground, spells: int, *, careless: bool) -> Played:
    database = on.fresh()
    dsn = on.server.dsn(database, APP)
    network = asyncio.run(_found(dsn))
    parts = [
        Part(dsn=dsn, network=network, seed=f"owed {spells}", number=number, acts=ACTS, careless=careless)
        for number in range(PROCESSES)
    ]
    rests = _load(dsn, parts, spells)
    return asyncio.run(_judged(dsn, on.server.dsn(database), rests, spells))


async def _found(dsn: str) -> UUID:
    async with PostgresStore(dsn) as store:
        founded = await found(
            network_file(),
            store,
            system_sources(),
            kind=LogKind.EXERCISE,
            clock=LogClock.VIRTUAL,
            app_version=APP_VERSION,
            starts_at=_STARTS_AT,
        )
    return founded.ids.network


def _load(dsn: str, parts: Sequence[Part], spells: int) -> dict[int, datetime]:
    """Where the log came to rest after each spell: its last position, and its clock."""
    context = multiprocessing.get_context("spawn")
    done, go_on = context.Semaphore(0), [context.Event() for _ in range(spells)]
    processes = [context.Process(target=take_part, args=(part, done, go_on)) for part in parts]
    rests: dict[int, datetime] = {}
    for process in processes:
        process.start()
    try:
        for spell in go_on:
            _await_all(done, processes)
            rests.update(asyncio.run(_rest(dsn)))
            spell.set()
    finally:
        for spell in go_on:
            spell.set()
        for process in processes:
            process.join(20)
            if process.exitcode is None:
                process.kill()
                process.join()
    return rests


def _await_all(done: Semaphore, processes: Sequence[BaseProcess]) -> None:
    until, still = time.monotonic() + SPELL_SECONDS, len(processes)
    while still:
        still -= done.acquire(timeout=0.2)
        if any(process.exitcode is not None for process in processes) or time.monotonic() > until:
            raise RuntimeError("the load did not end well or in time")


async def _rest(dsn: str) -> dict[int, datetime]:
    """The last position once it has not moved for a while; nothing where it goes on moving."""
    async with PostgresStore(dsn) as store:
        until, head, since = time.monotonic() + REST_SECONDS, await store.head(), time.monotonic()
        while time.monotonic() < until:
            await asyncio.sleep(0.1)
            if (now := await store.head()) != head:
                head, since = now, time.monotonic()
            elif time.monotonic() - since > QUIET_SECONDS:
                return {head: await store.now()}
    return {}


async def _judged(dsn: str, as_owner: str, rests: Mapping[int, datetime], spells: int) -> Played:
    async with PostgresStore(dsn) as store:
        rows: list[StoredRow] = []
        while page := await store.read_all(after=rows[-1].position if rows else 0, limit=5000):
            rows.extend(page)
        verdict = judge(rows, rests)
    connection = await asyncpg.connect(as_owner)
    try:
        contested: int = await connection.fetchval(
            "SELECT coalesce(sum(calls), 0)::int FROM pg_stat_user_functions WHERE funcname = 'judge'"
        )
    finally:
        await connection.close()
    return Played(verdict=verdict, contested=contested, restless=spells - len(rests), events=len(rows))


def network_file() -> NetworkFile:
    """Fewer beds than are asked for; silence lasts minutes and a house's word grows old within hours."""
    return NetworkFile.model_validate(
        {
            "network": {
                "code": "owed",
                "time_zone": "Europe/Rome",
                "valid_from": date(2024, 10, 1),
                "request_channels": ("CAV",),
                "zones": _ZONES,
            },
            "policy": {
                "offer_minutes_u1": 4,
                "offer_minutes_u2": 6,
                "offer_minutes_u3": 9,
                "conversation_minutes": 5,
                "fresh_hours": 1,
                "stale_hours": 2,
            },
            "districts": ({"code": "busto-arsizio", "municipalities": ("012026",)},),
            "members": ({"code": "lead", "kind": "LEAD"}, {"code": "houses", "kind": "SHELTER_BODY"}),
            "levels": ({"code": "emergency", "function": "EMERGENCY_RECEPTION", "days": 8},),
            "shelters": tuple(_shelter(code) for code in _ROOMS),
            **ALWAYS_ANSWERED,
        }
    )


def _shelter(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "member": "houses",
        "district": "busto-arsizio",
        "register_status": "COMPLIANT",
        "address_class": "SECRET",
        "intake_modes": ("EMERGENCY",),
        "fictitious": True,
        "units": tuple(
            {
                "code": f"room-{number}",
                "level": "emergency",
                "intake_modes": ("EMERGENCY",),
                "beds": beds,
                "exclusive": exclusive,
                "features": features,
                "unsuitable_zones": _ZONES,
            }
            for number, (beds, exclusive, features) in enumerate(_ROOMS[code])
        ),
    }
