"""What a superuser of the database, with or without the log's key, can do to a sealed log.

Each act is done to a copy of the night's database, and says what must be found: the exit status, and the
index, or the stretch between two heads in which it lies.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.log_key import LogKey
from ledger.evidence.sealing.sealer import DatabaseDisagrees, Sealer, SealingKeys
from ledger.postgres.sealed import PostgresSealedLog
from ledger.store import metadata
from ledger.store.port import StoredRow
from trials.drills.tamper_night import SealedNight, run_in, seal
from trials.drills.tamper_without import Lacks
from trials.stage.ground import Ground

EVENTS = "ledger.stored_events"
SAID, CORRECTED = "unit.availability-published.1", "unit.availability-corrected.1"


class NotDone(AssertionError):
    """An act found nothing to change, or was refused where it should not have been."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """`first` is the index of the first bad event; where `before` is beyond it, one of that stretch."""

    status: int
    first: int
    before: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Attack:
    """On a database that is the attacker's to change."""

    on: Ground
    night: SealedNight
    database: str
    folder: Path
    luck: Random

    def row(self, fits: Callable[[StoredRow, StoredRow], bool]) -> StoredRow:
        """A row of an availability, somewhere in the last two thirds, that fits, with the next row."""
        rows = self.night.rows
        pairs = list(zip(rows[len(rows) // 3 :], rows[len(rows) // 3 + 1 :], strict=False))
        return self.luck.choice([row for row, after in pairs if row.topic == SAID and fits(row, after)])

    def run(self, *statements: str) -> None:
        run_in(self.on, self.database, *statements)

    def seal_again(self, since: int, sizes: Sequence[int], key: LogKey | None = None) -> None:
        """With the log's own key, from the head of `since` on, as if nothing had been sealed beyond it."""
        kept = self.folder / f"{self.database}.head"
        kept.unlink(missing_ok=True)
        asyncio.run(self._seal_again(kept, since, sizes, key or self.night.key))

    async def _seal_again(self, kept: Path, since: int, sizes: Sequence[int], key: LogKey) -> None:
        dsn = self.on.server.dsn(self.database)
        async with PostgresSealedLog(dsn) as sealed:
            head = await sealed.head_of(since)
        assert head is not None
        HeadFile(kept).write(head.note)
        await seal(dsn, self.night.origin, key, kept, sizes, witnessed=False)


Act = Callable[[Attack], Expected]


def _exactly(status: int, index: int) -> Expected:
    return Expected(status=status, first=index, before=index + 1)


def _any(row: StoredRow, after: StoredRow) -> bool:
    del row, after
    return True


# --- one row ------------------------------------------------------------------------------------------------


def change_state(attack: Attack) -> Expected:
    """One bit of the random bytes of its reserved part: nothing that is read changes."""
    row = attack.row(_any)
    return _state_changed(attack, row, 4)


def _state_changed(attack: Attack, row: StoredRow, status: int) -> Expected:
    at = 8 + int.from_bytes(row.state[:4])
    state = row.state[:at] + bytes([row.state[at] ^ 1]) + row.state[at + 1 :]
    attack.run(_set(row, f"state = '\\x{state.hex()}'"))
    return _exactly(status, row.position - 1)


def change_metadata(attack: Attack) -> Expected:
    """Another person did it."""
    row = attack.row(_any)
    said = metadata.encode(replace(metadata.decode(row.metadata), actor=UUID(int=7)))
    attack.run(_set(row, f"metadata = '\\x{said.hex()}'"))
    return _exactly(4, row.position - 1)


def change_topic(attack: Attack) -> Expected:
    """What was said is made a correction of what was said: its fields are the same."""
    row = attack.row(_any)
    attack.run(_set(row, f"topic = '{CORRECTED}'"))
    return _exactly(4, row.position - 1)


def change_recorded_at(attack: Attack) -> Expected:
    """By a microsecond, before the next."""
    row = attack.row(lambda row, after: after.recorded_at - row.recorded_at > timedelta(seconds=1))
    attack.run(_set(row, "recorded_at = recorded_at + interval '1 microsecond'"))
    return _exactly(4, row.position - 1)


def _set(row: StoredRow, what: str) -> str:
    return f"UPDATE {EVENTS} SET {what} WHERE notification_id = {row.position}"


# --- the order of rows --------------------------------------------------------------------------------------


def delete_row(attack: Attack) -> Expected:
    """The last of its stream, so that no version is missing."""
    last = _last_of_streams(attack.night.rows)
    row = attack.row(lambda row, _: last[row.stream] is row)
    attack.run(f"DELETE FROM {EVENTS} WHERE notification_id = {row.position}")
    return _exactly(3, row.position - 1)


def insert_row(attack: Attack) -> Expected:
    """At the end of a stream, where it contradicts nothing; every later row moves up."""
    last = _last_of_streams(attack.night.rows)
    row = attack.row(lambda row, after: last[row.stream] is row and row.metadata != after.metadata)
    named = replace(metadata.decode(row.metadata), command_id=UUID(int=row.position << 64 | 8 << 76))
    said = metadata.encode(named).hex()
    attack.run(
        *_moved_up(row.position),
        f"INSERT INTO {EVENTS} SELECT originator_id, originator_version + 1, topic, state, "
        f"notification_id + 1, gen_random_uuid(), '\\x{said}', recorded_at "
        f"FROM {EVENTS} WHERE notification_id = {row.position}",
    )
    return _exactly(4, row.position)


def swap_rows(attack: Attack) -> Expected:
    """Two of the same instant."""
    row = attack.row(
        lambda row, after: (
            after.topic == SAID and after.recorded_at == row.recorded_at and after.stream != row.stream
        )
    )
    one, two = row.position, row.position + 1
    attack.run(
        f"UPDATE {EVENTS} SET notification_id = -1 WHERE notification_id = {one}",
        f"UPDATE {EVENTS} SET notification_id = {one} WHERE notification_id = {two}",
        f"UPDATE {EVENTS} SET notification_id = {two} WHERE notification_id = -1",
    )
    return _exactly(4, one - 1)


def renumber(attack: Attack) -> Expected:
    """A position is left free."""
    row = attack.row(_any)
    attack.run(*_moved_up(row.position - 1))
    return _exactly(3, row.position - 1)


def _moved_up(after: int) -> tuple[str, str]:
    return (
        f"UPDATE {EVENTS} SET notification_id = -notification_id - 1 WHERE notification_id > {after}",
        f"UPDATE {EVENTS} SET notification_id = -notification_id WHERE notification_id < 0",
    )


def _last_of_streams(rows: Sequence[StoredRow]) -> Mapping[UUID, StoredRow]:
    return {row.stream: row for row in rows}


# --- the heads ----------------------------------------------------------------------------------------------


def truncate(attack: Attack) -> Expected:
    """The tail is cut off and the rest sealed again with the stolen key."""
    row = attack.row(lambda row, after: row.metadata != after.metadata)
    since, before = attack.night.stretch(row.position)
    attack.run(f"DELETE FROM {EVENTS} WHERE notification_id > {row.position}", *_unsealed(since))
    if row.position > since:
        attack.seal_again(since, (row.position,))
    return Expected(status=9, first=row.position, before=before)


def roll_back(attack: Attack) -> Expected:
    """A backup is put back: as the log was at one of its heads. The sealer must refuse it."""
    size = attack.luck.choice(attack.night.sizes[3:-1])
    attack.run(f"DELETE FROM {EVENTS} WHERE notification_id > {size}", *_unsealed(size))
    if not asyncio.run(_sealer_refuses(attack, attack.night.kept)):
        raise NotDone("the sealer took up a log that was rolled back")
    careless = attack.folder / f"{attack.database}.none"
    if not asyncio.run(_goes_on(attack, careless, size)):
        raise NotDone("a sealer that was rolled back too does not go on either")
    return Expected(status=9, first=size, before=attack.night.stretch(size)[1])


async def _sealer_refuses(attack: Attack, kept: Path) -> bool:
    keys = SealingKeys(origin=attack.night.origin, present=attack.night.key)
    async with PostgresSealedLog(attack.on.server.dsn(attack.database)) as sealed:
        try:
            await Sealer(sealed, keys, HeadFile(kept)).start()
        except DatabaseDisagrees:
            return True
    return False


async def _goes_on(attack: Attack, kept: Path, size: int) -> bool:
    """The control: a kept head that comes from the same backup."""
    async with PostgresSealedLog(attack.on.server.dsn(attack.database)) as sealed:
        head = await sealed.head_of(size)
        assert head is not None
        HeadFile(kept).write(head.note)
    return not await _sealer_refuses(attack, kept)


def sign_again(attack: Attack) -> Expected:
    """One row is changed, and every head over it made anew with the stolen key. No witness signs those."""
    row = attack.row(_any)
    since, _ = attack.night.stretch(row.position - 1)
    _rewritten(attack, row, since)
    return Expected(status=6, first=since, before=attack.night.size)


def fork(attack: Attack) -> Expected:
    """The same, and each auditor gets a history of their own: found when they compare heads."""
    row = attack.row(_any)
    since, before = attack.night.stretch(row.position - 1)
    _rewritten(attack, row, since)
    return Expected(status=9, first=since, before=before)


def _rewritten(attack: Attack, row: StoredRow, since: int) -> None:
    _state_changed(attack, row, 0)
    attack.run(*_unsealed(since))
    attack.seal_again(since, [size for size in attack.night.sizes if size > since])


def _unsealed(since: int) -> tuple[str, ...]:
    return (
        f"DELETE FROM evidence.cosignature WHERE size > {since}",
        f"DELETE FROM evidence.checkpoint WHERE size > {since}",
        f"DELETE FROM evidence.leaf WHERE index >= {since}",
    )


# --- all of them --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One act; whom the auditor asks besides the export; and what the control verifier lacks."""

    act: Act
    lacks: frozenset[Lacks]
    kept_heads: bool = False
    witnesses: bool = False


_TREE = frozenset({Lacks.TREE})
_ORDER = frozenset({Lacks.TREE, Lacks.EVENTS, Lacks.DECISIONS})
_EARLIER = frozenset({Lacks.EARLIER})
CASES: Mapping[str, Case] = {
    "state": Case(act=change_state, lacks=_TREE),
    "metadata": Case(act=change_metadata, lacks=_TREE),
    "topic": Case(act=change_topic, lacks=_TREE),
    "recorded_at": Case(act=change_recorded_at, lacks=_TREE),
    "delete": Case(act=delete_row, lacks=_ORDER),
    "insert": Case(act=insert_row, lacks=_TREE),
    "swap": Case(act=swap_rows, lacks=_TREE),
    "renumber": Case(act=renumber, lacks=_ORDER),
    "truncate": Case(act=truncate, lacks=_EARLIER, kept_heads=True),
    "roll_back": Case(act=roll_back, lacks=_EARLIER, kept_heads=True),
    "stolen_key": Case(act=sign_again, lacks=frozenset({Lacks.QUORUM}), witnesses=True),
    "two_histories": Case(act=fork, lacks=_EARLIER, kept_heads=True),
}
