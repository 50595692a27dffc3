"""A played night on a real database, sealed head by head, seen by witnesses, and exports of copies of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg

from domain.vocabulary import LogKind
from ledger.evidence.export.writing import LogToExport, write_export
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.notes.signed import KeyKind, Signer
from ledger.evidence.notes.trust import Group, Trust, Witness, rendered
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.log_key import LogKey, log_key
from ledger.evidence.sealing.port import Cosignature
from ledger.evidence.sealing.sealer import Sealer, SealingKeys
from ledger.postgres.sealed import PostgresSealedLog
from ledger.store.port import StoredRow
from ledger.store.postgres import PostgresStore
from ledger.store.replay import rows_upto
from trials.simulate.parameters import SCALES
from trials.simulate.running import Plan, founded
from trials.simulate.stores import SoleWriter
from trials.stage.ground import APP, SEALER, Ground

SEED = bytes(range(32))
WITNESSES = {
    name: Signer(f"witness.example/{name}", KeyKind.COSIGNATURE, bytes([number]) * 32)
    for number, name in enumerate(("court", "bar", "region"), start=1)
}
DAYS = 400
EVENTS_IN_A_HEAD = 60


class Stepwise(PostgresSealedLog):
    """A sealed log that ends, for the sealer, where it is told."""

    upto = 0

    async def log_head(self) -> int:
        return min(self.upto, await super().log_head())


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedNight:
    """A database with a sealed log, the key that an attacker may have stolen, and the sealer's own file."""

    database: str
    network: UUID
    origin: str
    key: LogKey
    kept: Path
    sizes: Sequence[int]
    rows: Sequence[StoredRow]

    @property
    def size(self) -> int:
        return self.sizes[-1]

    def trust(self, *, witnesses: bool) -> Trust:
        """What an auditor was given on paper: the log's keys, and where asked, two of three witnesses."""
        logs = (self.key.heads.verifier, self.key.clock.verifier)
        if not witnesses:
            return Trust(logs=logs)
        return Trust(
            logs=logs,
            witnesses={name: Witness(name=name, key=signer.verifier) for name, signer in WITNESSES.items()},
            groups={"outside": Group(least=2, members=tuple(WITNESSES))},
            quorum="outside",
        )

    def trust_file(self, folder: Path, *, witnesses: bool) -> Path:
        file = folder / ("trust-with-witnesses" if witnesses else "trust")
        file.write_text(rendered(self.trust(witnesses=witnesses)))
        return file

    def stretch(self, index: int) -> tuple[int, int]:
        """The sizes of the heads around an index: the last without it, the first with it."""
        before = max((size for size in self.sizes if size <= index), default=0)
        return before, min(size for size in self.sizes if size > index)


def sealed_night(on: Ground, folder: Path, events: int) -> SealedNight:
    """Play so many events and seal them, each head seen by every witness."""
    return asyncio.run(_sealed_night(on, folder, on.fresh(), events))


async def _sealed_night(on: Ground, folder: Path, database: str, events: int) -> SealedNight:
    async with SoleWriter(on.server.dsn(database, APP)) as store:
        simulation = await founded(Plan(scale=SCALES["A"], seed=7, days=DAYS, events=events), store)
        await simulation.play()
        birth = await store.birth()
        assert birth is not None
        rows = [row async for page in rows_upto(store) for row in page]
    origin = origin_of(LogKind.EXERCISE, birth.network)
    key, kept = log_key(origin, SEED), folder / "sealed-head"
    sizes = (*range(EVENTS_IN_A_HEAD, len(rows) - 20, EVENTS_IN_A_HEAD), _settled(rows))
    await seal(on.server.dsn(database, SEALER), origin, key, kept, sizes)
    return SealedNight(
        database=database,
        network=birth.network,
        origin=origin,
        key=key,
        kept=kept,
        sizes=sizes,
        rows=rows[: sizes[-1]],
    )


async def seal(
    dsn: str, origin: str, key: LogKey, kept: Path, sizes: Sequence[int], *, witnessed: bool = True
) -> None:
    """A head at each of the sizes."""
    async with Stepwise(dsn) as sealed:
        sealer = Sealer(sealed, SealingKeys(origin=origin, present=key), HeadFile(kept))
        await sealer.start()
        for size in sizes:
            sealed.upto = size
            head = await sealer.step()
            if head is not None and witnessed:
                await _cosign(sealed, head.size, head.signed.text)


async def _cosign(sealed: PostgresSealedLog, size: int, text: str) -> None:
    now = datetime.now(UTC)
    for signer in WITNESSES.values():
        line = signer.sign(text, int(now.timestamp()))
        await sealed.cosign(Cosignature(size=size, line=line, at=now))


def export(on: Ground, night: SealedNight, database: str, target: Path) -> Path:
    """As `approdo export` writes it, of whatever stands in that database."""
    asyncio.run(_export(on, night, database, target))
    return target


async def _export(on: Ground, night: SealedNight, database: str, target: Path) -> None:
    dsn = on.server.dsn(database, APP)
    async with PostgresStore(dsn) as store, PostgresSealedLog(dsn) as sealed:
        head = await sealed.head()
        assert head is not None
        log = LogToExport(
            origin=night.origin,
            kind=LogKind.EXERCISE,
            head=head,
            log_head=await store.head(),
            rows=rows_upto(store, head.size),
            sealed=sealed,
            trusted=night.trust(witnesses=True),
        )
        await write_export(target, log, lambda _: None)


def copied(on: Ground, night: SealedNight, name: str) -> str:
    """A database like the night's, for one attack."""
    on.administer(f"CREATE DATABASE {name} TEMPLATE {night.database}")
    return name


def run_in(on: Ground, database: str, *statements: str) -> None:
    """As the superuser, with no trigger in the way."""

    async def ran() -> None:
        connection = await asyncpg.connect(on.server.dsn(database))
        try:
            await connection.execute("SET session_replication_role = replica")
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(ran())


def _settled(rows: Sequence[StoredRow]) -> int:
    """The last position, some before the end, whose command has that event alone: nothing is halved there."""
    return next(
        row.position
        for before, row, after in zip(rows[-3::-1], rows[-2::-1], rows[::-1], strict=False)
        if before.metadata != row.metadata != after.metadata
    )
