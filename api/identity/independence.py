"""Whose word counts as another's: nobody is a second person to whom they made, nor to who made them.

Whoever enters somebody, or gives them the code of their first passkey, could be them. Seen from what the
register keeps, for so many days; what was done on the machine itself is nobody's. Asked where two must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from ledger.register.credentials import Credentials
from ledger.register.port import Register

TIED_FOR = timedelta(days=30)


class Independence:
    """Over one register. `credentials`: None where nobody signs in by a passkey. `clock` is real time."""

    def __init__(
        self, *, register: Register, credentials: Credentials | None, clock: Callable[[], datetime]
    ) -> None:
        self._register = register
        self._credentials = credentials
        self._clock = clock

    async def independent(self, first: UUID, second: UUID) -> bool:
        """Whether the one's word says more than the other's alone. Errors: the register's."""
        return first not in await self.tied_to(second)

    async def tied_to(self, person: UUID) -> frozenset[UUID]:
        """All with whom they have somebody behind them in common: themselves, who made them, whom they made.

        Errors: the register's.
        """
        makers = await self._makers(self._clock() - TIED_FOR)
        own = _behind(person, makers)
        return own | {each for each in makers if own & _behind(each, makers)}

    async def _makers(self, since: datetime) -> Mapping[UUID, set[UUID]]:
        """Who entered or invited each."""
        made = [
            (each.actor, each.entered_by)
            for each in await self._register.engagements()
            if each.entered_by is not None and each.entered_at >= since
        ]
        if self._credentials is not None:
            made += await self._credentials.inviters(since)
        makers: dict[UUID, set[UUID]] = {}
        for actor, by in made:
            makers.setdefault(actor, set()).add(by)
        return makers


def _behind(person: UUID, makers: Mapping[UUID, set[UUID]]) -> frozenset[UUID]:
    """They, who made them, who made those, and so on."""
    found, new = {person}, {person}
    while new:
        new = {by for each in new for by in makers.get(each, ())} - found
        found |= new
    return frozenset(found)
