"""A token stands in every personal field, and is looked for wherever it must not be.

Each is kept and shown once by its proper door; then every door is called rightly and wrongly, with tokens in
whatever a client can say, while the server, the database and the vault fail. Afterwards nothing but the
proper answers may hold one: no other answer or header, no log, no file of the database, no dump, no export,
no metric. Two controls must fail: a logger that prints exceptions, and a vault that seals nothing.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.network_file.schema import MemberTable
from domain.vocabulary import MemberKind
from trials.drills.canary_calls import Call, Sending, as_it_should_be, awry, doors_in, unreadable
from trials.drills.canary_fields import people, planted_and_shown
from trials.drills.canary_pages import pages_called
from trials.drills.canary_planting import ELSEWHERE, Shown
from trials.drills.canary_sinks import Searched, search_disk, search_folder
from trials.drills.canary_tokens import draw
from trials.drills.finding import Finding
from trials.stage.ground import Ground, folder, ground
from trials.stage.ledger_on import TrialLedger, found_on
from trials.stage.plain_network import plain_network
from trials.stage.programs import PRODUCT, Served
from trials.stage.programs import run as run_program
from trials.stage.wire import Wire

_PLAIN = plain_network(shelters=3, units=3, beds=2)
NETWORK = _PLAIN.model_copy(
    update={"members": (*_PLAIN.members, MemberTable(code=ELSEWHERE, kind=MemberKind.SOCIAL_SERVICES))}
)
CALLS, REDUCED_CALLS, CONTROL_CALLS = 12_000, 800, 200
CALLS_AT_A_KILL, CALLS_IN_A_FAULT = 400, 40
_CARELESS = ("-m", "trials.drills.careless_server")
_SECRETS = ("digest_secret", "vault_key")
_SHOWN_OF_A_HIT = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One ledger, called and searched."""

    searched: Searched
    sending: Sending
    shown: Shown
    kills: int


def run(rounds: int, reduced: bool) -> Finding:
    most = rounds or (REDUCED_CALLS if reduced else CALLS)
    with ground() as on, folder() as kept:
        settings = on.durability()
        own = _series(on, kept, "own", (*PRODUCT, "serve"), most, faults=True)
        telling = _series(on, kept, "telling", (*_CARELESS, "telling", "serve"), CONTROL_CALLS, disk=False)
        clear = _series(on, kept, "clear", (*_CARELESS, "clear", "serve"), CONTROL_CALLS)
    logged, lying = telling.searched.of("log"), clear.searched.of("files", "wal", "dump")
    seen = own.searched.bytes_seen
    missed = own.shown.missed
    return Finding(
        name="canary",
        wrong=len(own.searched.hits) + len(missed),
        needed={
            "fields": own.shown.planted,
            "shown": own.shown.shown,
            "pages": own.shown.pages,
            "answers": own.sending.answered,
            "refused": sum(n for status, n in own.sending.by_status.items() if 400 <= status < 500),
            "kills": own.kills,
            "lost": own.sending.lost,
            "unavailable": own.sending.by_status.get(503, 0),
            **{f"{kind}_kB": number // 1000 for kind, number in sorted(seen.items())},
        },
        control=min(logged, lying),
        control_said=f"a logger that prints exceptions: {logged} hits in its log; "
        f"a vault that seals nothing: {lying} hits on disk",
        settings=settings,
        complaints=tuple(map(str, own.searched.hits[:_SHOWN_OF_A_HIT])) + missed,
    )


def _series(
    on: Ground,
    kept: Path,
    name: str,
    program: Sequence[str],
    most: int,
    *,
    faults: bool = False,
    disk: bool = True,
) -> Series:
    tokens = draw(random.Random())
    ledger, log = found_on(on, NETWORK, kept), kept / f"{name}.log"
    searched = Searched(tokens)
    for secret in _SECRETS:
        tokens.other(secret, ledger.settings[secret])
    with Served(ledger.settings, program=(*program, "--log-level", "debug"), log=log) as server:
        series = asyncio.run(_called(on, ledger, server, searched, most, faults=faults))
    dump = kept / f"{name}.dump"
    told = run_program(("replay", "--dump", str(dump)), ledger.settings)
    searched.content("exports", told.encode(), "replay --dump")
    search_folder(searched, "exports", kept, [dump.name])
    search_folder(searched, "log", kept, [log.name])
    if disk:
        search_disk(searched, on)
    return series


async def _called(
    on: Ground, ledger: TrialLedger, server: Served, searched: Searched, most: int, *, faults: bool
) -> Series:
    chance, tokens = random.Random(most), searched.tokens
    sending, somebody = Sending(server.url, searched), people(ledger, tokens)
    async with Wire(server.url) as wire:
        document = await _document(wire)
        shown = await planted_and_shown(sending, wire, ledger, tokens)
    doors = doors_in(document)
    there = [str(each) for each in shown.there]
    right = [(call, who) for door in doors for each in there for call in as_it_should_be(door, each)
             for who in somebody]  # fmt: skip
    wrong = [(call, chance.choice(somebody)) for door in doors for call in awry(door, tokens)]
    await sending.all(right, chance, most // 4)
    await sending.all(wrong, chance, most)
    for each in unreadable(tokens):
        await sending.raw(each)
    shown.pages = await pages_called(sending, somebody, there if most > REDUCED_CALLS else there[:1], tokens)
    kills = await _with_faults(on, server, sending, wrong, chance) if faults else 0
    async with Wire(server.url) as wire:
        for path in ("/metrics", "/status", "/openapi.json"):
            await sending.one(wire, Call(method="GET", path=path, headers={}), somebody[0])
    return Series(searched=searched, sending=sending, shown=shown, kills=kills)


async def _with_faults(
    on: Ground, server: Served, sending: Sending, calls: list[tuple[Call, str]], chance: random.Random
) -> int:
    """The same calls while the server is killed, the vault is closed, the database killed and kept away."""
    going = asyncio.create_task(sending.all(calls, chance, CALLS_AT_A_KILL))
    await asyncio.sleep(0.1)
    server.kill()
    await going
    await asyncio.to_thread(server.start)
    closed = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'approdo_vault'"
    await asyncio.to_thread(on.administer, "ALTER ROLE approdo_vault NOLOGIN", closed)
    await sending.all(calls, chance, CALLS_IN_A_FAULT)
    await asyncio.to_thread(on.administer, "ALTER ROLE approdo_vault LOGIN")
    going = asyncio.create_task(sending.all(calls, chance, CALLS_IN_A_FAULT))
    await asyncio.sleep(0.1)
    on.kill()
    await going
    await sending.all(calls, chance, CALLS_IN_A_FAULT)
    await asyncio.to_thread(on.server.start)
    await sending.all(calls, chance, CALLS_IN_A_FAULT)
    return 2


async def _document(wire: Wire) -> Mapping[str, Any]:
    answer = await wire.get("/openapi.json", {})
    document: Mapping[str, Any] = answer.json()
    return document
