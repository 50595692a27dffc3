"""The only place where a decision meets the store: read, decide, append, and decide again when something else
came first.

A decision is a pure function of the world it reads; every stream it read and does not write guards the
append. A command is recorded once under its id: a retry gets the receipt of the first time, also when it
would now be refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from domain.claims import claim_change
from domain.event import Event
from domain.refusals import Refusal
from domain.vocabulary import NetworkId
from domain.world import Decided, Decision, NotRead
from ledger.faults import LedgerFault
from ledger.state_bytes import SALT_BYTES
from ledger.store import codec, metadata
from ledger.store.ids import Sources
from ledger.store.loaded import Loaded, PlacesView
from ledger.store.metadata import Metadata
from ledger.store.port import Append, Conflict, KeyReused, NewEvent, Receipt, Store, StoredRow

PATIENCE_SECONDS = 5.0


class TooManyConflicts(LedgerFault):
    """Others kept changing the same places: nothing was written, try again shortly with the same key."""


class Patience:
    """How long a command may lose to others before it gives up."""

    def __init__(self, seconds: float = PATIENCE_SECONDS) -> None:
        self._until = monotonic() + seconds

    def check(self) -> None:
        """Errors: `TooManyConflicts` once the time is up."""
        if monotonic() > self._until:
            raise TooManyConflicts


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """What a command is besides its decision: its id, the digest of what was asked, and who asks."""

    digest: bytes
    metadata: Metadata

    @property
    def command_id(self) -> UUID:
        return self.metadata.command_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """One event of a recorded command, with its place in its stream and in the log."""

    stream: UUID
    version: int
    position: int
    event: Event


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """The command stands in the log, with these events (none: it was already true)."""

    receipt: Receipt
    events: tuple[Recorded, ...]

    @property
    def position(self) -> int:
        """Where the log stood for this command, at its first time and at every retry."""
        return self.receipt.last or self.receipt.head


Result = Done | Refusal | KeyReused
Decide = Callable[[Loaded], Decided]


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """A decision and the world it was taken in, not yet recorded."""

    decided: Decided
    world: Loaded


class Transactor:
    """Runs commands against one store."""

    def __init__(
        self,
        store: Store,
        sources: Sources,
        network_id: NetworkId,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self.store = store
        self.sources = sources
        self.network_id = network_id
        self._patience_seconds = patience_seconds

    def patience(self) -> Patience:
        """A command's patience, counted from now."""
        return Patience(self._patience_seconds)

    async def run(self, command: Command, decide: Decide, *, reads: Sequence[UUID] = ()) -> Result:
        """Decide on streams read from the store until the decision is recorded or refused.

        `reads` are streams known to be needed, fetched at once. Errors: `TooManyConflicts` after five seconds
        of conflicts, and the store's.
        """
        patience = self.patience()
        while True:
            attempt = await self.attempt(decide, reads=reads)
            result = await self.record(command, attempt)
            if not isinstance(result, Conflict):
                return result
            patience.check()

    async def attempt(
        self, decide: Decide, *, view: PlacesView | None = None, reads: Sequence[UUID] = ()
    ) -> Attempt:
        """Decide once, reading whatever the decision asks for: all of it again each time, so that what it
        sees is of one moment. Versions would find out a torn view, but only after it was decided on.
        """
        world = Loaded(self.network_id, view)
        needed = tuple(stream for stream in dict.fromkeys(reads) if not world.sees(stream))
        while True:
            assert len(set(needed)) == len(needed), "a decision asks again for what it was given"
            if needed:
                position = view.places.position if view is not None else None
                world.add(await self.store.read_streams(needed, upto=position))
            try:
                world.begin()
                return Attempt(decided=decide(world), world=world)
            except NotRead as need:
                needed = (*needed, *need.streams)

    async def record(self, command: Command, attempt: Attempt) -> Result | Conflict:
        """Append the decision, or answer its refusal unless this very command was recorded before."""
        if isinstance(attempt.decided, Refusal):
            return await self._refused(command, attempt.decided)
        append = self._append(command, attempt.decided, attempt.world)
        outcome = await self.store.append(append)
        if not isinstance(outcome, Receipt):
            return outcome
        if outcome.repeated or outcome.first is None:
            return await self.done(outcome)
        events = _appended(attempt.decided.each(), append.events, outcome.first)
        return Done(receipt=outcome, events=tuple(events))

    async def done(self, receipt: Receipt) -> Done:
        """The events behind a receipt, read back from the log."""
        if receipt.first is None or receipt.last is None:
            return Done(receipt=receipt, events=())
        rows = await self.store.read_all(
            after=receipt.first - 1, limit=receipt.last - receipt.first + 1, upto=receipt.last
        )
        return Done(receipt=receipt, events=tuple(recorded(row) for row in rows))

    async def _refused(self, command: Command, refusal: Refusal) -> Result:
        """A refusal stands unless this very command was recorded before."""
        known = await self.store.receipt(command.command_id)
        if known is None:
            return refusal
        digest, receipt = known
        return await self.done(receipt) if digest == command.digest else KeyReused()

    def _append(self, command: Command, decided: Decision, world: Loaded) -> Append:
        described = metadata.encode(command.metadata)
        events = tuple(
            NewEvent(
                stream=stream,
                version=world.version(stream) + index,
                topic=event.TOPIC,
                state=codec.encode(event, self.sources.random_bytes(SALT_BYTES)),
                event_id=self.sources.new_id(),
                metadata=described,
            )
            for stream, stream_events in decided.events.items()
            for index, event in enumerate(stream_events, start=1)
        )
        change = claim_change(decided.each())
        return Append(
            command_id=command.command_id,
            digest=command.digest,
            events=events,
            guards=tuple(guard for guard in world.read() if guard[0] not in decided.events),
            frees=change.frees,
            takes=change.takes,
        )


def recorded(row: StoredRow) -> Recorded:
    """A stored row as a typed event."""
    return Recorded(
        stream=row.stream,
        version=row.version,
        position=row.position,
        event=codec.decode(row.topic, row.state),
    )


def _appended(
    decided: Sequence[tuple[UUID, Event]], events: Sequence[NewEvent], first: int
) -> Iterable[Recorded]:
    for offset, ((stream, event), new) in enumerate(zip(decided, events, strict=True)):
        yield Recorded(stream=stream, version=new.version, position=first + offset, event=event)
