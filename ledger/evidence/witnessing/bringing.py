"""The log's side: brings each new head to every witness of its trust file, and keeps what they sign.

Only the last head is brought, not every one. A witness that does not answer is asked again later; sealing
waits for none of them. Turned beside the sealer; two that turn at once only ask twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Protocol

from ledger.evidence.notes.signed import NoteBroken, SignatureLine, parse_lines
from ledger.evidence.notes.trust import Trust, Witness
from ledger.evidence.sealing.port import Cosignature, SealedHead, SealedLog
from ledger.evidence.sealing.proving import consistency_of
from ledger.evidence.witnessing.submission import submission
from ledger.faults import LedgerFault
from ledger.log_lines import Line, tell

PAUSE_SECONDS = 5.0
"""Between two looks for a new head."""
AGAIN_AFTER = timedelta(minutes=1)
"""Before a witness that gave no cosignature is asked again."""
QUORUM_WITHIN = timedelta(hours=1)
_TRIES = 2
"""A witness that remembers another size than we believed tells it, and is asked once more."""

_log = logging.getLogger(__name__)


class WitnessSilent(LedgerFault):
    """A witness did not answer, or not in time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WitnessAnswer:
    """What a witness said over HTTP."""

    status: int
    body: bytes


class WitnessDoor(Protocol):
    """The way to a witness."""

    async def add_checkpoint(self, url: str, body: bytes) -> WitnessAnswer:
        """`POST {url}/add-checkpoint`. Errors: `WitnessSilent`."""


class Bringing:
    """One per process. `missing_since` is set while the quorum is not reached."""

    def __init__(
        self,
        sealed: SealedLog,
        trust: Trust,
        door: WitnessDoor,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.missing_since: datetime | None = None
        self._sealed = sealed
        self._trust = trust
        self._door = door
        self._clock = clock
        self._believed: dict[str, int] = {}
        self._not_before: dict[str, datetime] = {}
        self._told_at: datetime | None = None

    async def run(self) -> None:
        """Without end. Errors: the store's."""
        while True:
            await self.step()
            await asyncio.sleep(PAUSE_SECONDS)

    async def step(self) -> frozenset[str]:
        """Bring the last head to whoever has not cosigned it; the names of those who have by now."""
        head = await self._sealed.head()
        if head is None:
            return frozenset()
        have = await self._have(head)
        now = self._clock()
        due = [
            each
            for each in self._trust.witnesses.values()
            if each.url and each.name not in have and self._not_before.get(each.name, now) <= now
        ]
        signed = await asyncio.gather(*(self._ask(each, head) for each in due))
        have |= {each.name for each, done in zip(due, signed, strict=True) if done}
        self._watch(have)
        return have

    async def _have(self, head: SealedHead) -> frozenset[str]:
        lines = [each.line for each in await self._sealed.cosignatures(head.size)]
        return frozenset(
            name
            for name, witness in self._trust.witnesses.items()
            if any(witness.key.is_of(line) for line in lines)
        )

    async def _ask(self, witness: Witness, head: SealedHead) -> bool:
        """Whether it cosigned; it is left alone for a while where it did not."""
        try:
            for _ in range(_TRIES):
                answer = await self._brought(witness, head)
                if answer.status == HTTPStatus.OK and await self._kept(witness, head, answer.body):
                    return True
                if answer.status != HTTPStatus.CONFLICT:
                    self._refused(witness, answer.status)
                    break
                if not await self._learned(witness, answer.body):
                    break
        except WitnessSilent as fault:
            tell(_log, logging.WARNING, Line.WITNESS_SILENT, witness=witness.name, fault=fault)
        self._not_before[witness.name] = self._clock() + AGAIN_AFTER
        return False

    async def _brought(self, witness: Witness, head: SealedHead) -> WitnessAnswer:
        old = min(self._believed.get(witness.name, 0), head.size)
        proof = await consistency_of(self._sealed, old, head.size)
        assert witness.url is not None
        return await self._door.add_checkpoint(witness.url, submission(old, proof, head.signed))

    async def _kept(self, witness: Witness, head: SealedHead, body: bytes) -> bool:
        """Its valid cosignature, if there is one among the lines; others are nobody's that we know."""
        text = head.signed.text
        lines = [line for line in _lines(body) if witness.key.has_signed(text, line)]
        if not lines:
            return False
        self._believed[witness.name] = head.size
        await self._sealed.cosign(Cosignature(size=head.size, line=lines[0], at=self._clock()))
        return True

    async def _learned(self, witness: Witness, body: bytes) -> bool:
        """Take up the size it remembers. False where that is beyond the log: then the log has lost events."""
        told = body.decode("ascii", "replace").removesuffix("\n")
        if not told.isdecimal() or len(told) > 19:
            return False
        last = await self._sealed.head()
        if last is None or int(told) > last.size:
            tell(_log, logging.ERROR, Line.WITNESS_SAW_MORE, witness=witness.name, position=int(told))
            return False
        self._believed[witness.name] = int(told)
        return True

    def _refused(self, witness: Witness, status: int) -> None:
        """422 is not a matter of settings: what it remembers is not what this log began with."""
        fork = status == HTTPStatus.UNPROCESSABLE_ENTITY
        line, level = (
            (Line.WITNESS_SAW_OTHERS, logging.ERROR) if fork else (Line.WITNESS_REFUSED, logging.WARNING)
        )
        tell(_log, level, line, witness=witness.name, status=status)

    def _watch(self, have: frozenset[str]) -> None:
        """Say once an hour that too few have seen the log's heads."""
        now = self._clock()
        if self._trust.reached(have):
            self.missing_since = self._told_at = None
            return
        self.missing_since = self.missing_since or now
        if now - (self._told_at or self.missing_since) >= QUORUM_WITHIN:
            self._told_at = now
            tell(_log, logging.ERROR, Line.WITNESSES_MISSING, count=len(have))


def _lines(body: bytes) -> tuple[SignatureLine, ...]:
    try:
        return parse_lines(body.decode())
    except (NoteBroken, UnicodeDecodeError):
        return ()
