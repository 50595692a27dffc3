"""What the tests of a house's pages share: its operators, its rooms as the log has them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from domain.permissions import Role
from tests.api.pages.ground import FoundForm, Page, Pages, Reader, pages

PUBLISHED = "unit.availability-published.1"


@asynccontextmanager
async def house(*codes: str, **doors: Any) -> AsyncIterator[tuple[Pages, Reader]]:
    """The site, and an operator of these houses (none named: of the shared room's) at its start page."""
    async with pages(**doors) as there:
        yield there, await operator(there, *(codes or ("lentisco",)))


async def operator(there: Pages, *codes: str) -> Reader:
    return await there.signed_in(Role.SHELTER_OPERATOR, *(there.stage.house(code) for code in codes))


def tap(page: Page, words: str, nth: int = 0) -> FoundForm:
    """The form of a button, for a tap."""
    return page.form(button=words, nth=nth)


async def free(there: Pages, code: str = "lentisco") -> int:
    """How many places of a room are free, by the door."""
    room = (await there.stage.get(f"/units/{there.stage.unit(code).id}")).json()
    return sum(place["state"] == "FREE" for place in room["places"])


async def told(there: Pages, topic: str) -> int:
    """How often something stands in the log."""
    return (await there.stage.topics()).count(topic)
