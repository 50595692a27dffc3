"""A change that waits for its seal: `Prefer: sealed, wait=N` (RFC 7240), and where its receipt is found.

The change is recorded before anything is waited for, and stands whatever comes of the waiting. Whether it was
sealed in time the answer says by `Preference-Applied`. `commanding.ask` notes what is wanted, `edge` waits:
no route knows of it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from starlette.datastructures import Headers

from domain.permissions import Action, Role, may
from ledger.evidence.sealing.port import SealedReading
from ledger.faults import LedgerFault
from ledger.store.port import Store

RELATION = "urn:approdo:relation:receipt"
"""An extension relation (RFC 8288, 2.1.2): what the link leads to proves that the change was recorded."""
MOST_SECONDS = 10
USUAL_SECONDS = 5
LOOK_SECONDS = 0.1
_LONGEST = 500
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - the grammar of one
_VALUE = rf'(?:{_TOKEN}|"(?:[^"\\]|\\.)*")'
_PREFERENCE = re.compile(
    rf"[ \t]*({_TOKEN})(?:[ \t]*=[ \t]*({_VALUE}))?"
    rf"(?:[ \t]*;(?:[ \t]*{_TOKEN}(?:[ \t]*=[ \t]*{_VALUE})?)?)*[ \t]*(?:,|$)"
)
_SECONDS = re.compile(r"[0-9]{1,9}")

Pair = tuple[bytes, bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class SealWanted:
    """A command whose answer waits for its seal, so many seconds; `linked`: who sent it may have receipts."""

    command_id: UUID
    seconds: int
    linked: bool


def seal_wanted(headers: Headers, command_id: UUID, role: Role) -> SealWanted | None:
    """None where the request does not prefer so, or not in a way that can be read."""
    asked = preferences(",".join(headers.getlist("prefer")))
    if asked.get("sealed") not in ("", '""'):
        return None
    wait = asked.get("wait", "").strip('"')
    seconds = min(int(wait), MOST_SECONDS) if _SECONDS.fullmatch(wait) else USUAL_SECONDS
    return SealWanted(command_id=command_id, seconds=seconds, linked=may(role, Action.HAVE_RECEIPTS))


def preferences(said: str) -> Mapping[str, str]:
    """The preferences of a header by name, the first of each; none of one that is not well formed."""
    found: dict[str, str] = {}
    at = 0
    while at < len(said):
        each = _PREFERENCE.match(said, at) if len(said) <= _LONGEST else None
        if each is None:
            return {}
        found.setdefault(each[1].lower(), each[2] or "")
        at = each.end()
    return found


class Seals:
    """What one process knows of how far the log is sealed: looked at once for all who wait."""

    def __init__(self, sealed: SealedReading) -> None:
        self._sealed = sealed
        self._size = 0
        self._looked_at = float("-inf")
        self._turn = asyncio.Lock()

    async def told(self, wanted: SealWanted, store: Store, closing: asyncio.Event) -> list[Pair]:
        """Wait, then the headers that say what came of it. Whatever fails here leaves the change recorded."""
        try:
            known = await store.receipt(wanted.command_id)
        except LedgerFault:
            known = None
        if known is None:
            return []
        position = known[1].last or known[1].head
        told = [(b"link", _link(position))] if wanted.linked else []
        if await self.reached(position, wanted.seconds, closing):
            told.append((b"preference-applied", b"sealed"))
        return told

    async def reached(self, position: int, seconds: float, closing: asyncio.Event) -> bool:
        """Whether a head covers a position, known after so many seconds or when the process closes."""
        try:
            async with asyncio.timeout(seconds):
                while not await self._covers(position):
                    if closing.is_set():
                        return False
                    await asyncio.sleep(LOOK_SECONDS)
        except (TimeoutError, LedgerFault):
            return position <= self._size
        return True

    async def _covers(self, position: int) -> bool:
        async with self._turn:
            now = asyncio.get_running_loop().time()
            if self._size < position and now - self._looked_at >= LOOK_SECONDS / 2:
                self._looked_at = now
                head = await self._sealed.head()
                self._size = max(self._size, head.size if head is not None else 0)
        return position <= self._size


def _link(position: int) -> bytes:
    return f'</audit/proofs/{position}>; rel="{RELATION}"; type="text/plain"'.encode()
