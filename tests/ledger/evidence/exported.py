"""A short night sealed in steps and written out, and what may have been done to it before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.vocabulary import LogKind
from ledger.evidence.export.layout import Manifest
from ledger.evidence.export.writing import LogToExport, write_export
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.notes.signed import KeyKind, Signer
from ledger.evidence.notes.trust import Group, Trust, Witness
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.log_key import LogKey, log_key
from ledger.evidence.sealing.memory import MemorySealedLog
from ledger.evidence.sealing.port import Cosignature, SealedHead, Stamp
from ledger.evidence.sealing.sealer import Sealer, SealingKeys
from ledger.evidence.verifying.verification import Asked, Verification, Verified
from ledger.store.memory import MemoryStore
from ledger.store.port import StoredRow
from tests.ledger.evidence.night import Night, played

SEED, SECOND_SEED = bytes(range(32)), bytes(range(1, 33))
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
WITNESSES = tuple(
    Signer(f"witness.example/{name}", KeyKind.COSIGNATURE, bytes([number]) * 32)
    for number, name in enumerate(("court", "bar", "region"), start=1)
)
STEPS = (5, 6, 20, 31, 50)

Change = Callable[[list[StoredRow]], list[StoredRow]]


class Steps(MemorySealedLog):
    """Sealed no further than it is told."""

    def __init__(self, store: MemoryStore) -> None:
        super().__init__(store)
        self.upto = 0

    async def log_head(self) -> int:
        return min(self.upto, await super().log_head())


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedNight:
    """A night and its sealed log, with the keys that sealed it."""

    night: Night
    sealed: Steps
    origin: str
    keys: tuple[LogKey, ...]
    rows: list[StoredRow] = field(default_factory=list)

    def trust(self, *, witnesses: int = 0) -> Trust:
        """Its keys, and so many of three witnesses needed."""
        logs = tuple(each for key in self.keys for each in (key.heads.verifier, key.clock.verifier))
        names = ("court", "bar", "region")
        if not witnesses:
            return Trust(logs=logs)
        return Trust(
            logs=logs,
            witnesses={
                name: Witness(name=name, key=signer.verifier)
                for name, signer in zip(names, WITNESSES, strict=True)
            },
            groups={"outside": Group(least=witnesses, members=names)},
            quorum="outside",
        )

    async def head(self) -> SealedHead:
        head = await self.sealed.head()
        assert head is not None
        return head

    async def cosign(self, *signers: Signer) -> None:
        head = await self.head()
        for signer in signers:
            line = signer.sign(head.signed.text, int(NOW.timestamp()))
            await self.sealed.cosign(Cosignature(size=head.size, line=line, at=NOW))

    async def stamp(self, token: bytes, provider: str = "tsa.example") -> None:
        head = await self.head()
        await self.sealed.stamp(Stamp(size=head.size, provider=provider, at=NOW, token=token))

    async def export(self, path: Path, change: Change = lambda rows: rows) -> Manifest:
        """Written out, with the rows as somebody has changed them."""
        head = await self.head()
        rows = change(list(self.rows))

        async def pages() -> AsyncIterator[Sequence[StoredRow]]:
            yield [row for row in rows if row.position <= head.size]

        log = LogToExport(
            origin=self.origin,
            kind=LogKind.EXERCISE,
            head=head,
            log_head=len(self.rows),
            rows=pages(),
            sealed=self.sealed,
            trusted=self.trust(),
        )
        return await write_export(path, log, lambda _: None)


async def sealed_night(kept: Path, *, steps: Sequence[int] = STEPS, rotated: bool = False) -> SealedNight:
    """A head at each step and one over all; `rotated`: another key follows before the last."""
    night = await played()
    sealed = Steps(night.store)
    origin = origin_of(LogKind.EXERCISE, night.network_id)
    first, second = log_key(origin, SEED), log_key(origin, SECOND_SEED)
    at = iter(NOW + timedelta(seconds=number) for number in range(1000))
    head_file = HeadFile(kept / "sealed-head")
    sealer = Sealer(sealed, SealingKeys(origin=origin, present=first), head_file, lambda: next(at))
    await sealer.start()
    for step in steps:
        sealed.upto = step
        await sealer.step()
    if rotated:
        keys = SealingKeys(origin=origin, present=second, former=first)
        sealer = Sealer(sealed, keys, head_file, lambda: next(at))
        await sealer.start()
    sealed.upto = await night.store.head()
    await sealer.step()
    return SealedNight(
        night=night,
        sealed=sealed,
        origin=origin,
        keys=(first, second) if rotated else (first,),
        rows=await night.rows(),
    )


def verified(folder: Path, asked: Asked | None = None) -> Verified:
    return Verification(folder, asked or Asked(), _unheard).verified()


def exported(kept: Path, change: Change = lambda rows: rows) -> tuple[SealedNight, Path]:
    """A night written out below `kept`."""

    async def made() -> SealedNight:
        sealed = await sealed_night(kept)
        await sealed.export(kept / "export", change)
        return sealed

    return asyncio.run(made()), kept / "export"


def changed(position: int, **changes: object) -> Change:
    """The row at a position with other values."""
    return lambda rows: [
        replace(row, **changes) if row.position == position else row  # type: ignore[arg-type]
        for row in rows
    ]


def _unheard(rows: int, decisions: int | None) -> None:
    """Nobody listens."""
    del rows, decisions
