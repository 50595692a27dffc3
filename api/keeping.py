"""Values on their way into the vault and out of it, and the log in between.

Into it: sealed first, then their event is appended. Out of it: the event of the opening is committed before
any of it is in the clear; where it cannot be, nothing is shown. What a crash in between leaves behind: a
sealed value that no event names, which nobody can name and which is swept; or a look that is recorded and
showed nothing. Called by the doors; the sweep uses `settle`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from api.placing import Decide, Engine
from domain import case, desk, inquiry
from domain.case import CaseValueKept, CaseValuesOpened
from domain.case.state import CaseState
from domain.desk import DeskValueKept, DeskValuesOpened
from domain.event import Event, folded, kind_of
from domain.inquiry.events import InquiryValueKept, InquiryValuesOpened
from domain.kept import ValueKind
from domain.placement import state as placement
from domain.refusals import Refusal
from ledger.store.port import KeyReused, Store, StoredRow
from ledger.store.transact import Command, Done, Result, recorded
from ledger.vault.port import KeyDestroyed, Vault, VaultUnreachable
from ledger.vault.wrapping import MasterKeyUnknown

Named = tuple[tuple[ValueKind, str], ...]
"""Values by their kinds and commitments."""
SHOWN_AGAIN_FOR = timedelta(minutes=2)
_Kept = CaseValueKept | DeskValueKept | InquiryValueKept
_Opened = CaseValuesOpened | DeskValuesOpened | InquiryValuesOpened


class OpeningOver(Exception):
    """This look is over: to see the values again is another one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """What may now be shown, by commitment: all that the recorded look names and that is still there."""

    done: Done
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the log tells of a subject's values: those that stand, and those that did."""

    standing: frozenset[str]
    past: frozenset[str]


@dataclass(frozen=True, slots=True)
class Keeping:
    """One process's way between the doors, the vault and the log."""

    vault: Vault
    engine: Engine

    async def keep(
        self,
        command: Command,
        subject: UUID,
        values: Sequence[tuple[ValueKind, str]],
        decide: Callable[[Named], Decide],
    ) -> Result:
        """Seal, then decide and record. The digest of a command is made without its values, so a key that
        comes again with others is found out here: what was recorded then is there, and is not this.

        Errors: the vault's, the ledger's.
        """
        try:
            commitments = await self.vault.keep(subject, values, command.command_id)
            named = tuple((kind, name) for (kind, _), name in zip(values, commitments, strict=True))
            result = await self.engine.run(command, decide(named))
            if isinstance(result, Done):
                others = _kept_by(result) - set(commitments)
                if others and await self.vault.open(subject, others):
                    return KeyReused()
                await self._settled(subject)
        except KeyDestroyed:
            return Refusal.KEY_DESTROYED
        return result

    async def withdraw(
        self, command: Command, subject: UUID, standing: Iterable[str], decide: Decide
    ) -> Result:
        """Doubt what may be withdrawn, so that the sweep looks at it after a crash; record; destroy it.

        Errors: the vault's, the ledger's.
        """
        await self.vault.doubt(subject, standing)
        result = await self.engine.run(command, decide)
        await self._settled(subject)
        return result

    async def open(self, command: Command, subject: UUID, decide: Decide) -> Opened | Refusal | KeyReused:
        """Record the look, then show. The same command again shows the same without another look for a while
        (an answer may get lost on its way), and then no more.

        Errors: `OpeningOver`, the vault's, the ledger's.
        """
        result = await self.engine.run(command, decide)
        if not isinstance(result, Done):
            return result
        if await is_over(self.engine, result):
            raise OpeningOver
        if result.receipt.repeated and await self._to_be_destroyed(subject):
            return Refusal.KEY_DESTROYED
        try:
            return Opened(done=result, values=await self.vault.open(subject, _opened_by(result)))
        except KeyDestroyed:
            return Refusal.KEY_DESTROYED

    async def _to_be_destroyed(self, subject: UUID) -> bool:
        """Whether a case's key is not used any more, though the vault may still have it."""
        rows = (await self.engine.transactor.store.read_streams((subject,))).get(subject, ())
        if not rows or kind_of(rows[0].topic) != "case":
            return False
        return folded("case", _events(rows), case.initial, case.evolve).approved

    async def keep_code(self, command: Command, case_id: UUID, kind: ValueKind, code: str) -> str | None:
        """The commitment of the true code of a no; None where the vault cannot keep it: the no is recorded
        all the same.
        """
        try:
            (commitment,) = await self.vault.keep(case_id, [(kind, code)], command.command_id)
        except (VaultUnreachable, KeyDestroyed, MasterKeyUnknown):
            return None
        return commitment

    async def settle_code(self, case_id: UUID, commitment: str) -> None:
        """The no stands in the log."""
        with suppress(VaultUnreachable):
            await self.vault.settle(case_id, [commitment])

    async def _settled(self, subject: UUID) -> None:
        """Done at once where it can be; what the vault misses now the sweep makes good. A new value stays in
        doubt until what it replaced is gone: after a crash in between the sweep still looks at both.
        """
        told = await told_of(self.engine.transactor.store, subject)
        with suppress(VaultUnreachable):
            await self.vault.discard(subject, told.past)
            await self.vault.settle(subject, told.standing)


async def is_over(engine: Engine, look: Done) -> bool:
    """Whether a recorded look is only repeated, and too long ago to be shown again."""
    if not look.receipt.repeated:
        return False
    return await engine.transactor.store.now() - look.receipt.recorded_at > SHOWN_AGAIN_FOR


async def told_of(store: Store, subject: UUID) -> Told:
    """What stands, by the log alone: of a case also the true codes that its placements name."""
    rows = (await store.read_streams((subject,))).get(subject, ())
    ever = frozenset(each.commitment for each in _events(rows) if isinstance(each, _Kept))
    standing = await _standing(store, rows) if rows else frozenset()
    return Told(standing=standing, past=ever - standing)


async def _standing(store: Store, rows: Sequence[StoredRow]) -> frozenset[str]:
    events = list(_events(rows))
    match kind := kind_of(rows[0].topic):
        case "case":
            state = folded(kind, events, case.initial, case.evolve)
            return frozenset(state.values.values()) | await _codes(store, state)
        case "desk":
            return frozenset(folded(kind, events, desk.initial, desk.evolve).values.values())
        case "inquiry":
            return frozenset(folded(kind, events, inquiry.initial, inquiry.evolve).values.values())
        case _:
            return frozenset()


async def _codes(store: Store, state: CaseState) -> frozenset[str]:
    if state.destroyed:
        return frozenset()
    found = await store.read_streams(state.placements)
    folds = [
        folded("placement", _events(rows), placement.initial, placement.evolve) for rows in found.values()
    ]
    return frozenset(code for fold in folds for offer in fold.offers.values() for _, code in offer.codes)


def _events(rows: Iterable[StoredRow]) -> Iterable[Event]:
    return (recorded(row).event for row in rows)


def _kept_by(done: Done) -> set[str]:
    return {each.event.commitment for each in done.events if isinstance(each.event, _Kept)}


def _opened_by(done: Done) -> list[str]:
    return [
        commitment
        for each in done.events
        if isinstance(each.event, _Opened)
        for commitment in each.event.commitments
    ]
