"""How far the log is sealed, as it is told to whoever verifies: its last signed head against its own end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from api.http.doors import Doors
from api.http.models.evidence import SealView, WitnessView
from ledger.evidence.notes.checkpoint import clock_of, origin_of
from ledger.evidence.notes.signed import SignatureLine, cosigned_at
from ledger.evidence.notes.trust import NONE, Standing, Trust, standing
from ledger.evidence.sealing.proving import note_of
from ledger.store.port import Store

LATE_AFTER = timedelta(minutes=10)
"""A seal takes a second: what waits for as long as this waits for a sealer that stands still."""


async def seal_view(doors: Doors) -> SealView:
    """As of now. Errors: the store's."""
    store, origin = doors.engine.transactor.store, origin_of(doors.log_kind, doors.network_id)
    head = await doors.sealed.head()
    size = head.size if head is not None else 0
    last = await store.head()
    since = await _recorded_at(store, size + 1) if last > size else None
    lines = [each.line for each in await doors.sealed.cosignatures(size)]
    seen = standing(await note_of(doors.sealed, head), doors.witnesses) if head is not None else None
    needed = doors.witnesses.quorum != NONE
    return SealView(
        origin=origin,
        size=size,
        root=head.root.hex() if head is not None else None,
        sealed_at=head.sealed_at if head is not None else None,
        stood_at=max(_times(lines, clock_of(origin)), default=None),
        witnesses=(*_known(seen), *_strangers(origin, doors.witnesses, lines)),
        quorum_reached=(seen is not None and seen.quorum_reached) if needed else None,
        waiting=max(0, last - size),
        waiting_since=since,
        late=since is not None and await store.now() - since > LATE_AFTER,
    )


def _known(seen: Standing | None) -> Iterator[WitnessView]:
    """Whose signature was verified."""
    for name, at in sorted(seen.witnessed.items()) if seen is not None else ():
        yield WitnessView(name=name, at=datetime.fromtimestamp(at, UTC), known=True)


def _strangers(origin: str, chosen: Trust, lines: Sequence[SignatureLine]) -> Iterator[WitnessView]:
    """Who else says to have signed, each with the last time; the log's own lines are no witnesses."""
    keys = [each.key for each in chosen.witnesses.values()]
    others = [line for line in lines if not any(key.is_of(line) for key in keys)]
    for name in sorted({line.name for line in others} - {origin, clock_of(origin)}):
        yield WitnessView(name=name, at=max(_times(others, name)), known=False)


def _times(lines: Iterable[SignatureLine], name: str) -> list[datetime]:
    return [datetime.fromtimestamp(cosigned_at(line), UTC) for line in lines if line.name == name]


async def _recorded_at(store: Store, position: int) -> datetime | None:
    rows = await store.read_all(after=position - 1, limit=1)
    return rows[0].recorded_at if rows else None
