"""Appends for tests, with only what the test is about said aloud."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from domain.claims import Claim, ClaimKind
from ledger.store.port import Append, LogBirth, NewEvent, Store

DIGEST = bytes(range(32))
OTHER_DIGEST = bytes(reversed(range(32)))


class Ledger(Store, LogBirth, Protocol):
    """Both contracts, as every adapter keeps them."""


def an_event(
    stream: UUID, version: int, *, topic: str = "tested.1", state: bytes = b"{}", metadata: bytes = b"{}"
) -> NewEvent:
    return NewEvent(
        stream=stream, version=version, topic=topic, state=state, event_id=uuid.uuid4(), metadata=metadata
    )


def an_append(
    *events: NewEvent | tuple[UUID, int],
    command_id: UUID | None = None,
    digest: bytes = DIGEST,
    guards: Iterable[tuple[UUID, int]] = (),
    frees: Iterable[Claim] = (),
    takes: Iterable[Claim] = (),
) -> Append:
    return Append(
        command_id=command_id or uuid.uuid4(),
        digest=digest,
        events=tuple(event if isinstance(event, NewEvent) else an_event(*event) for event in events),
        guards=tuple(guards),
        frees=tuple(frees),
        takes=tuple(takes),
    )


def a_place(key: UUID, holder: UUID) -> Claim:
    return Claim(kind=ClaimKind.PLACE, key=key, holder=holder)


def a_case(key: UUID, holder: UUID) -> Claim:
    return Claim(kind=ClaimKind.CASE, key=key, holder=holder)
