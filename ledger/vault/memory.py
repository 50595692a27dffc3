"""The vault in memory: the same promises, for tests and simulation. Values are sealed here too.

Not durable and not shared between processes. Its clock is given to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.kept import ValueKind
from ledger.store.ids import RandomBytes
from ledger.vault.port import KeyDestroyed
from ledger.vault.sealing import KEY_BYTES, SealedValue, seal, unseal
from ledger.vault.wrapping import MasterKeys, WrappedKey


def _real_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(kw_only=True, slots=True)
class _Kept:
    kind: ValueKind
    command_id: UUID
    value: SealedValue
    doubted_at: datetime | None


class MemoryVault:
    """`Vault` in memory."""

    def __init__(
        self, master: MasterKeys, random_bytes: RandomBytes, clock: Callable[[], datetime] = _real_clock
    ) -> None:
        self._master = master
        self._random_bytes = random_bytes
        self._clock = clock
        self._keys: dict[UUID, WrappedKey] = {}
        self._kept: dict[UUID, dict[str, _Kept]] = {}
        self._destroyed: set[UUID] = set()

    async def keep(
        self, subject: UUID, values: Sequence[tuple[ValueKind, str]], command_id: UUID
    ) -> tuple[str, ...]:
        key = self._drawn_key(subject)
        kept = self._kept.setdefault(subject, {})
        known = {
            (each.kind, unseal(key, subject, each.kind, each.value)): each
            for each in kept.values()
            if each.command_id == command_id
        }
        commitments = []
        for kind, value in values:
            each = known.get((kind, value))
            if each is None:
                sealed = seal(key, subject, kind, value, self._random_bytes)
                each = _Kept(kind=kind, command_id=command_id, value=sealed, doubted_at=self._clock())
                kept[sealed.commitment.hex()] = each
            elif each.doubted_at is not None:
                each.doubted_at = self._clock()
            commitments.append(each.value.commitment.hex())
        return tuple(commitments)

    async def open(self, subject: UUID, commitments: Iterable[str]) -> Mapping[str, str]:
        key = self._key(subject)
        found = dict(self._named(subject, commitments))
        if key is None:
            return {}
        return {name: unseal(key, subject, kept.kind, kept.value) for name, kept in found.items()}

    async def settle(self, subject: UUID, commitments: Iterable[str]) -> None:
        for _, kept in self._named(subject, commitments):
            kept.doubted_at = None

    async def doubt(self, subject: UUID, commitments: Iterable[str]) -> None:
        for _, kept in self._named(subject, commitments):
            kept.doubted_at = self._clock()

    async def doubtful(self, since: timedelta) -> Mapping[UUID, tuple[str, ...]]:
        until = self._clock() - since

        def old(kept: _Kept) -> bool:
            return kept.doubted_at is not None and kept.doubted_at <= until

        return {
            subject: tuple(name for name, each in values.items() if each.doubted_at is None or old(each))
            for subject, values in self._kept.items()
            if any(old(each) for each in values.values())
        }

    async def discard(self, subject: UUID, commitments: Iterable[str]) -> None:
        for name, _ in self._named(subject, commitments):
            del self._kept[subject][name]

    async def destroy(self, subject: UUID) -> None:
        self._destroyed.add(subject)
        self._keys.pop(subject, None)
        self._kept.pop(subject, None)

    async def tidy(self) -> None:
        """What was discarded is gone at once."""

    def _named(self, subject: UUID, commitments: Iterable[str]) -> list[tuple[str, _Kept]]:
        kept = self._kept.get(subject, {})
        return [(name, kept[name]) for name in commitments if name in kept]

    def _key(self, subject: UUID) -> bytes | None:
        if subject in self._destroyed:
            raise KeyDestroyed
        wrapped = self._keys.get(subject)
        return None if wrapped is None else self._master.unwrap(subject, wrapped)

    def _drawn_key(self, subject: UUID) -> bytes:
        key = self._key(subject)
        if key is None:
            key = self._random_bytes(KEY_BYTES)
            self._keys[subject] = self._master.wrap(subject, key)
        return key
