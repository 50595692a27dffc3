"""`approdo checkpoint`: the log's head as a page that leaves the house, and pages that came back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from api.daily_page import NothingSealed, PageOfTheDay, daily_page
from api.settings import Settings
from api.trust_file import trust_in
from api.wiring import NotFounded, OpenStore, open_ledger, open_store
from ledger.evidence.daily.finding import HeadFound, heads_in
from ledger.evidence.daily.fitting import Fit, Judged, LastHeadBroken, judged
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.notes.signed import NoteBroken, VerifierKey
from ledger.evidence.sealing.proving import note_of
from ledger.evidence.sealing.stated_keys import stated_keys, verifiers
from ledger.faults import LedgerFault

FITS, UNREADABLE, NOT_SIGNED, DOES_NOT_FIT = 0, 1, 5, 9
_STANDARD = Path("-")
_SAID = {
    Fit.FITS: "fits: the log begins with exactly these {size} events",
    Fit.DIFFERS: "does not fit since index {since}: of the events at positions {first} to {size} one at "
    "least is not what it was when this head was signed",
    Fit.LONGER: "does not fit: the head is of {size} events, and the log has fewer now",
    Fit.OTHER_LOG: "is from another log: {origin}",
    Fit.NOT_SIGNED: "is not signed by a key of this log",
}
_STATUS = {Fit.FITS: FITS, Fit.NOT_SIGNED: NOT_SIGNED}
_SPELLED_OTHERWISE = "the digits to be read aloud on this page are not those of its note: do not go by them"


class PageNotWritten(LedgerFault):
    """The page cannot be written there."""


async def page(settings: Settings, path: Path) -> None:
    """Write the page of the day. Errors: `NothingSealed`, `PageNotWritten`, and all of `open_ledger`."""
    async with open_ledger(settings, join=True) as ledger:
        sealed = ledger.opened.sealed
        head = await sealed.head()
        if head is None:
            raise NothingSealed
        told = PageOfTheDay(
            note=await note_of(sealed, head),
            kind=ledger.birth.kind,
            day=datetime.now(UTC),
            sealed_at=head.sealed_at,
            zone=ledger.engine.index.places.network.zone,
        )
    text = daily_page(told)
    if path == _STANDARD:
        print(text, end="")
    else:
        _write(path, text)
        print(f"wrote the head of {head.size} events to {path}")


async def check(settings: Settings, paths: Sequence[Path], trust: Path | None) -> int:
    """Tell of each head whether it fits; the exit status. Errors: `WrongSettings`, all of `open_store`."""
    given = trust_in(trust).logs if trust is not None else None
    found: list[tuple[Path, HeadFound]] = []
    statuses = {FITS}
    for path in paths:
        try:
            found += [(path, head) for head in heads_in(_read(path))]
        except (NoteBroken, OSError) as broken:
            statuses.add(UNREADABLE)
            print(f"{path}: cannot be read: {getattr(broken, 'strerror', None) or broken}")
    async with open_store(settings, join=True) as opened:
        statuses |= await _held_against(opened, found, given)
    return min(statuses - {FITS}, default=FITS)


async def _held_against(
    opened: OpenStore, found: Sequence[tuple[Path, HeadFound]], given: Sequence[VerifierKey] | None
) -> set[int]:
    birth = await opened.store.birth()
    if birth is None:
        raise NotFounded
    origin = origin_of(birth.kind, birth.network)
    try:
        stated = stated_keys(origin, await opened.sealed.key_statements()) if given is None else ()
        known = verifiers(stated) if given is None else given
        fits = await judged(opened.sealed, origin, known, [head for _, head in found])
    except (LastHeadBroken, NoteBroken) as broken:
        print(f"the log itself: {broken}")
        return {NOT_SIGNED}
    statuses = set()
    for (path, _), each in zip(found, fits, strict=True):
        print(f"{path}: {_told(each)}")
        statuses.add(_STATUS.get(each.fit, DOES_NOT_FIT))
        if each.head.spelled_otherwise:
            print(f"{path}: {_SPELLED_OTHERWISE}")
            statuses.add(NOT_SIGNED)
    return statuses


def _told(each: Judged) -> str:
    said = each.head.checkpoint
    values = {"size": said.size, "origin": said.origin, "since": each.since, "first": each.since + 1}
    return f"the head of size {said.size} {_SAID[each.fit].format(**values)}"


def _read(path: Path) -> bytes:
    return sys.stdin.buffer.read() if path == _STANDARD else path.read_bytes()


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as cause:
        raise PageNotWritten(f"{path}: {cause.strerror}") from None
