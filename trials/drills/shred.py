"""A person is erased and her history still verifies: on real files, with servers killed in between.

Many cases with values; some are shredded by two persons over HTTP, the server killed after the approval each
time. Then nothing of them may be read: not in a file of the database, not in a dump, not with the master key
in hand. Every leaf, every replayed row and every row of a read model is as before; the others' values open.

The write-ahead log is searched and printed apart: it holds the past until it is recycled, and whoever has it
and the master key can open what it holds. Control: a vault that only marks the key as destroyed.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from ledger.evidence.leaf import leaf_of
from ledger.store.port import StoredRow
from ledger.store.postgres import PostgresStore
from ledger.vault.wrapping import MasterKeys, WrappedKey
from projections.projector import Projector
from projections.rebuild import rebuild
from projections.views_postgres import PostgresViews
from trials.drills.finding import Finding
from trials.drills.shred_bytes import dumps, files, opened_by_a_thief, search
from trials.drills.shred_doors import (
    REFUSED,
    Case,
    Doors,
    approve,
    cases_with_values,
    complaints_about,
    is_destroyed,
    not_open,
    proposed,
    refusals,
)
from trials.stage.ground import Ground, folder, ground
from trials.stage.ledger_on import TrialLedger, found_on
from trials.stage.plain_network import plain_network
from trials.stage.programs import PRODUCT, Served
from trials.stage.programs import run as run_program

NETWORK = plain_network(shelters=3, units=3, beds=2)
CASES, REDUCED_CASES, CONTROL_CASES = 40, 6, 3
SHREDDED, REDUCED_SHREDDED = 6, 2
WAL_SWITCHES = 12
_MARKS_ONLY = """
CREATE OR REPLACE FUNCTION vault.destroy(gone uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
AS 'INSERT INTO vault.destroyed (subject) VALUES (gone) ON CONFLICT DO NOTHING'
"""
_VIEWS = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = 'views' AND table_name <> 'generation' ORDER BY 1
"""


@dataclass(slots=True)
class Series:
    """How one series of shreds ended."""

    cases: int = 0
    events: int = 0
    rows: int = 0
    before: int = 0
    destroyed: int = 0
    kills: int = 0
    between: int = 0
    refused: int = 0
    others_open: int = 0
    searched: int = 0
    in_files: int = 0
    in_dumps: int = 0
    in_wal: int = 0
    in_wal_later: int = 0
    opened: int = 0
    opened_from_wal: int = 0
    complaints: list[str] = field(default_factory=list)


def run(rounds: int, reduced: bool) -> Finding:
    cases = rounds or (REDUCED_CASES if reduced else CASES)
    shredded = REDUCED_SHREDDED if reduced else SHREDDED
    with ground() as on, folder() as kept:
        settings = on.durability()
        own = _series(on, found_on(on, NETWORK, kept), kept / "own.log", cases, shredded)
    with ground() as on, folder() as kept:
        marked = found_on(on, NETWORK, kept)
        on.administer(_MARKS_ONLY, database=marked.database)
        control = _series(on, marked, kept / "marks.log", CONTROL_CASES, 1, judged=False)
    return Finding(
        name="shred",
        wrong=own.in_files + own.in_dumps + own.opened + len(own.complaints),
        needed={
            "cases": own.cases,
            "events": own.events,
            "rows": own.rows,
            "bytes_before": own.before,
            "destroyed": own.destroyed,
            "kills": own.kills,
            "killed_between": own.between,
            "refused": own.refused,
            "others_open": own.others_open,
            "searched_MB": own.searched // 1_000_000,
        },
        control=min(control.in_files, control.in_dumps, control.opened),
        control_said=f"a vault that only marks left {control.in_files} hits in files, {control.in_dumps} in "
        f"dumps, and {control.opened} key open to a thief",
        settings=settings,
        said=f"in_files={own.in_files} in_dumps={own.in_dumps} opened={own.opened}; write-ahead log until it "
        f"is recycled: {own.in_wal} hits, after {WAL_SWITCHES} more segments {own.in_wal_later}; keys of "
        f"{own.destroyed} that a thief with it and the master key opens: {own.opened_from_wal}",
        complaints=tuple(own.complaints),
    )


def _series(
    on: Ground, ledger: TrialLedger, log: Path, cases: int, shredded: int, *, judged: bool = True
) -> Series:
    series = Series(cases=cases)
    with Served(ledger.settings, program=(*PRODUCT, "serve"), log=log) as server:
        doors = Doors(server, ledger)
        made = asyncio.run(cases_with_values(doors, cases))
        gone, others = made[:shredded], made[shredded:]
        asyncio.run(_bytes_of(on, ledger, made))
        before = asyncio.run(_kept_by(on, ledger))
        series.events, series.rows = len(before.leaves), len(before.views)
        series.before = _sealed_in_files(on, gone)
        series.refused = sum(map(str.__eq__, asyncio.run(refusals(doors, others[0])), REFUSED))
        for number, case in enumerate(gone):
            _shred_and_kill(on, doors, case, series, closed=number % 2 == 0)
            series.destroyed += asyncio.run(is_destroyed(doors, case))
        if judged:
            series.complaints += _differing(before, asyncio.run(_kept_by(on, ledger)))
            closed = asyncio.run(not_open(doors, others))
            series.others_open = len(others) - len(closed)
            series.complaints += closed
            for case in gone:
                series.complaints += asyncio.run(complaints_about(doors, case))
            _replay(ledger)
    _search(on, series, bytes.fromhex(ledger.settings["vault_key"]), gone)
    return series


# --- the shred, and a server that dies in it -------------------------------------------------------------


def _shred_and_kill(on: Ground, doors: Doors, case: Case, series: Series, *, closed: bool) -> None:
    """Approve, and SIGKILL: after the approval while the vault is `closed`, or at any moment after the
    request left.
    """
    named = asyncio.run(proposed(doors, case))
    if closed:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'approdo_vault'"
        on.administer("ALTER ROLE approdo_vault NOLOGIN", ended)
        asyncio.run(approve(doors, case, named))
        doors.server.kill()
        series.between += _approved_and_there(on, doors.database, case)
        on.administer("ALTER ROLE approdo_vault LOGIN")
    else:
        asyncio.run(_approve_and_kill(doors, case, named))
    series.kills += 1
    doors.server.start()
    asyncio.run(approve(doors, case, named))


async def _approve_and_kill(doors: Doors, case: Case, named: dict[str, str]) -> None:
    asking = asyncio.create_task(approve(doors, case, named))
    await asyncio.sleep(random.uniform(0.0, 0.12))
    await asyncio.to_thread(doors.server.kill)
    await asking


def _approved_and_there(on: Ground, database: str, case: Case) -> bool:
    key = f"SELECT count(*) FROM vault.subject_key WHERE subject = '{case.case_id}'"
    said = f"SELECT topic FROM ledger.stored_events WHERE originator_id = '{case.case_id}'"
    topics = on.ask(said, database)
    return on.ask(key, database) == ["1"] and "case.shredding-approved.1" in topics


# --- what must be as before ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What the log and the read models held at one time, each as bytes or text."""

    leaves: dict[int, bytes]
    states: dict[int, bytes]
    views: frozenset[str]
    different: int


async def _kept_by(on: Ground, ledger: TrialLedger) -> Kept:
    rows: list[StoredRow] = []
    async with PostgresStore(ledger.dsn) as store, PostgresViews(ledger.dsn) as views:
        while page := await store.read_all(after=len(rows), limit=2000):
            rows += page
        await Projector(store, views).catch_up()
        comparison = (await rebuild(store, views, swap=False, tell=lambda _: None)).comparison
    return Kept(
        leaves={row.position: leaf_of(row) for row in rows},
        states={row.position: row.state + row.metadata for row in rows},
        views=await _view_rows(on, ledger),
        different=comparison.different,
    )


async def _view_rows(on: Ground, ledger: TrialLedger) -> frozenset[str]:
    connection = await asyncpg.connect(on.server.dsn(ledger.database))
    try:
        found = set()
        for (table,) in await connection.fetch(_VIEWS):
            rows = await connection.fetch(
                f"SELECT (to_jsonb(t) - 'generation')::text FROM views.{table} AS t"
            )
            found |= {f"{table} {row[0]}" for row in rows}
        return frozenset(found)
    finally:
        await connection.close()


def _differing(before: Kept, after: Kept) -> list[str]:
    leaves = sum(after.leaves.get(position) != leaf for position, leaf in before.leaves.items())
    states = sum(after.states.get(position) != state for position, state in before.states.items())
    rows = len(before.views - after.views)
    told = {"leaves": leaves, "stored rows": states, "rows of read models": rows, "rebuilt": after.different}
    return [f"{number} {what} differ" for what, number in told.items() if number]


def _replay(ledger: TrialLedger) -> None:
    """The log is sound, by the product's own word. Errors: `ProgramFailed`."""
    run_program(("replay", "--json"), ledger.settings)


# --- what must not be there ------------------------------------------------------------------------------


async def _bytes_of(on: Ground, ledger: TrialLedger, cases: list[Case]) -> None:
    """Every byte that a case's values became: said, sealed, and the key wrapped and bare."""
    keys = MasterKeys(bytes.fromhex(ledger.settings["vault_key"]))
    connection = await asyncpg.connect(on.server.dsn(ledger.database))
    try:
        for case in cases:
            row = await connection.fetchrow(
                "SELECT master, wrapped FROM vault.subject_key WHERE subject = $1", case.case_id
            )
            sealed = await connection.fetch(
                "SELECT sealed FROM vault.sealed_value WHERE subject = $1", case.case_id
            )
            assert row is not None and len(sealed) == 3
            wrapped = WrappedKey(master=row["master"], wrapped=row["wrapped"])
            case.needles = {
                "alias": case.alias.encode(),
                "notes": case.notes.encode(),
                "key wrapped": wrapped.wrapped,
                "key bare": keys.unwrap(case.case_id, wrapped),
                **{f"sealed {number}": each["sealed"] for number, each in enumerate(sealed)},
            }
    finally:
        await connection.close()


def _needles(cases: list[Case]) -> dict[str, bytes]:
    return {f"{name} of {case.case_id}": each for case in cases for name, each in case.needles.items()}


def _sealed_in_files(on: Ground, cases: list[Case]) -> int:
    """What is there before: a search that did not find it then would prove nothing afterwards."""
    on.administer("CHECKPOINT")
    found = search(files(on, wal=False), _needles(cases)).hits
    return sum(number for name, number in found.items() if name.startswith(("sealed", "key wrapped")))


def _search(on: Ground, series: Series, master: bytes, gone: list[Case]) -> None:
    on.administer("CHECKPOINT")
    needles = _needles(gone)
    found, dumped = search(files(on, wal=False), needles), search(dumps(on), needles)
    wal = search(files(on, wal=True), needles)
    series.in_files, series.in_dumps, series.in_wal = found.number, dumped.number, wal.number
    series.searched = found.searched + dumped.searched + wal.searched
    series.complaints += _told(found.hits, "files") + _told(dumped.hits, "dumps")
    never = {
        name: number for name, number in wal.hits.items() if name.startswith(("alias", "notes", "key bare"))
    }
    series.complaints += _told(never, "the write-ahead log")
    for case in gone:
        series.opened += opened_by_a_thief(files(on, wal=False), master, case.case_id)
        series.opened_from_wal += opened_by_a_thief(files(on, wal=True), master, case.case_id)
    for _ in range(WAL_SWITCHES):
        on.administer("SELECT pg_switch_wal()", "CHECKPOINT")
    series.in_wal_later = search(files(on, wal=True), needles).number


def _told(hits: Mapping[str, int], where: str) -> list[str]:
    return [f"{name}: {number} in {where}" for name, number in hits.items() if number]
