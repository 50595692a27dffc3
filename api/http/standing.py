"""How far the log is sealed, as it is told to whoever verifies: its last signed head against its own end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from api.http.doors import Doors
from api.http.models.evidence import SealView, WitnessView
from ledger.evidence.notes.checkpoint import clock_of, origin_of
from ledger.evidence.notes.signed import SignatureLine, cosigned_at
from ledger.evidence.sealing.port import SealedHead
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
    return SealView(
        origin=origin,
        size=size,
        root=head.root.hex() if head is not None else None,
        sealed_at=head.sealed_at if head is not None else None,
        stood_at=max(_times(lines, clock_of(origin)), default=None),
        witnesses=_witnesses(origin, head, lines),
        waiting=max(0, last - size),
        waiting_since=since,
        late=since is not None and await store.now() - since > LATE_AFTER,
    )


def _witnesses(
    origin: str, head: SealedHead | None, lines: Iterable[SignatureLine]
) -> tuple[WitnessView, ...]:
    """Each with the last time that it signed."""
    own = {clock_of(origin), *(line.name for line in (head.signed.signatures if head is not None else ()))}
    names = sorted({line.name for line in lines} - own)
    return tuple(WitnessView(name=name, at=max(_times(lines, name))) for name in names)


def _times(lines: Iterable[SignatureLine], name: str) -> list[datetime]:
    return [datetime.fromtimestamp(cosigned_at(line), UTC) for line in lines if line.name == name]


async def _recorded_at(store: Store, position: int) -> datetime | None:
    rows = await store.read_all(after=position - 1, limit=1)
    return rows[0].recorded_at if rows else None
