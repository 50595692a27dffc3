"""Two hundred ask at once for the last places, on two servers over one ledger: nobody wins twice, nobody is
lost.

Each round opens between one and twenty places and lets every contender ask over HTTP at the same moment;
those who wait then give up, as the next places would be owed to them. The same rounds are played with either
guard cut out of the append function; the control is both cut out.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg

from api.network_file.schema import NetworkFile
from domain.permissions import Role
from ledger.store.port import StoredRow
from ledger.store.postgres import PostgresStore
from trials.drills.double_claims import double_claims
from trials.drills.finding import Finding
from trials.drills.unguarded import Without, cut
from trials.stage.ground import Ground, folder, ground
from trials.stage.ledger_on import TrialLedger, found_on
from trials.stage.plain_network import plain_network
from trials.stage.programs import serving
from trials.stage.wire import Answer, Wire

CONTENDERS, MOST_PLACES, SERVERS = 200, 20, 2
ROUNDS, CONTROL_ROUNDS = 50, 15
RETRIES, RETRY_SECONDS = 200, 0.1
_ASKED = {"channel": "CAV", "urgency": "U1", "risk": "HIGH", "household": {"adults": 1}}


@dataclass(kw_only=True, slots=True)
class Tally:
    """What the rounds of one variant came to."""

    rounds: int = 0
    wrong_rounds: int = 0
    unanswered: int = 0
    retries: int = 0
    held: int = 0
    waiting: int = 0
    doubles: int = 0
    contested: int = 0


def run(rounds: int, reduced: bool) -> Finding:
    own = rounds or (3 if reduced else ROUNDS)
    other = rounds or (2 if reduced else CONTROL_ROUNDS)
    with ground(settings={"track_functions": "pl"}) as on, folder() as keys:
        settings = on.durability()
        tallies = {
            without: _variant(on, keys, without, own if without is Without.NOTHING else other)
            for without in Without
        }
    guarded = [tallies[each] for each in (Without.NOTHING, Without.VERSIONS, Without.CLAIMS)]
    own_tally, control = tallies[Without.NOTHING], tallies[Without.BOTH]
    return Finding(
        name="last_place",
        wrong=sum(each.wrong_rounds + each.unanswered + each.doubles for each in guarded),
        needed={
            "rounds": own_tally.rounds,
            "held": own_tally.held,
            "waiting": own_tally.waiting,
            "contested": own_tally.contested,
        },
        control=control.doubles,
        control_said=f"no guard: {control.doubles} double claims in {control.rounds} rounds",
        settings=settings,
        said=f"retries={own_tally.retries}",
        complaints=tuple(f"{without}: {tally}" for without, tally in tallies.items()),
    )


def _variant(on: Ground, keys: Path, without: Without, rounds: int) -> Tally:
    chance = random.Random(f"{without} {rounds}")
    places = [chance.randint(1, MOST_PLACES) for _ in range(rounds)]
    places[:2] = [1, MOST_PLACES][:rounds]
    ledger = found_on(on, _network(places), keys)
    asyncio.run(cut(on, ledger.database, without))
    with serving(ledger.settings, SERVERS) as servers:
        tally = asyncio.run(_rounds(ledger, [server.url for server in servers], places))
    rows, tally.contested = asyncio.run(_log(on, ledger))
    tally.doubles = double_claims(rows)
    return tally


def _network(places: Sequence[int]) -> NetworkFile:
    """One house for each round, shut until its round; in turn one room of many beds and many rooms of one."""
    made = plain_network(shelters=len(places), units=1, beds=1).model_dump(exclude_unset=True)
    for number, (shelter, size) in enumerate(zip(made["shelters"], places, strict=True)):
        (room,) = shelter["units"]
        rooms, beds = (size, 1) if number % 2 else (1, size)
        shelter["units"] = tuple(
            {**room, "code": f"room-{index}", "beds": beds, "open_beds": 0} for index in range(rooms)
        )
    return NetworkFile.model_validate(made)


async def _rounds(ledger: TrialLedger, urls: Sequence[str], places: Sequence[int]) -> Tally:
    tally = Tally()
    token = {"authorization": f"Bearer {ledger.people.token('coordinator', Role.COORDINATOR)}"}
    async with AsyncExitStack() as stack:
        wires = [await stack.enter_async_context(Wire(urls[n % len(urls)])) for n in range(CONTENDERS)]
        for number, size in enumerate(places):
            for wire in wires:
                await wire.close()  # the server ends a connection that was idle for some seconds
            await _open(ledger, wires[0], token, f"house-{number}")
            answers = await asyncio.gather(*(_contend(wire, token, tally) for wire in wires))
            _count(tally, answers, size)
            left = zip(wires, answers, strict=True)
            await asyncio.gather(*(_give_up(wire, token, answer, tally) for wire, answer in left))
    return tally


async def _open(ledger: TrialLedger, wire: Wire, token: dict[str, str], house: str) -> None:
    """The house of this round gives its beds to the engine."""
    for unit in ledger.ids.shelters[house].units.values():
        seen = await wire.get(f"/units/{unit.id}", token)
        body = {"open_places": [str(bed) for bed in unit.beds]}
        headers = {**token, "idempotency-key": str(uuid4()), "if-match": seen.headers["etag"]}
        opened = await wire.put(f"/units/{unit.id}/availability", body, headers)
        assert opened.status == 200, (opened.status, opened.body)


async def _contend(wire: Wire, token: dict[str, str], tally: Tally) -> Answer:
    """Ask once; where the server says so, again with the same key."""
    headers = {**token, "idempotency-key": str(uuid4())}
    asked: dict[str, Any] = {**_ASKED}
    answer = await wire.post("/placement-requests", asked, headers)
    for _ in range(RETRIES):
        if answer.status != 503:
            break
        tally.retries += 1
        await asyncio.sleep(RETRY_SECONDS)
        answer = await wire.post("/placement-requests", asked, headers)
    return answer


async def _give_up(wire: Wire, token: dict[str, str], answer: Answer, tally: Tally) -> None:
    """Whoever waits would be owed the places of the next round, and get them before its contenders."""
    if answer.status == 201 and answer.json()["result"] == "waiting":
        placement = answer.json()["placement"]["placement_id"]
        headers = {**token, "idempotency-key": str(uuid4())}
        withdrawn = await wire.post(f"/placements/{placement}/withdrawal", {}, headers)
        for _ in range(RETRIES):
            if withdrawn.status != 503:
                break
            tally.retries += 1
            await asyncio.sleep(RETRY_SECONDS)
            withdrawn = await wire.post(f"/placements/{placement}/withdrawal", {}, headers)
        assert withdrawn.status == 200, (withdrawn.status, withdrawn.body)


def _count(tally: Tally, answers: Sequence[Answer], places: int) -> None:
    results = [answer.json().get("result") if answer.status == 201 else None for answer in answers]
    held, waiting = results.count("held"), results.count("waiting")
    tally.rounds += 1
    tally.held += held
    tally.waiting += waiting
    tally.wrong_rounds += held != min(places, len(answers))
    tally.unanswered += len(answers) - held - waiting


async def _log(on: Ground, ledger: TrialLedger) -> tuple[list[StoredRow], int]:
    """The whole log, and how many batches met something that stood against one of their commands."""
    async with PostgresStore(ledger.dsn) as store:
        rows: list[StoredRow] = []
        while page := await store.read_all(after=rows[-1].position if rows else 0, limit=5000):
            rows.extend(page)
    connection = await asyncpg.connect(on.server.dsn(ledger.database))
    try:
        judged = await connection.fetchval(
            "SELECT coalesce(sum(calls), 0)::int FROM pg_stat_user_functions WHERE funcname = 'judge'"
        )
    finally:
        await connection.close()
    return rows, judged
