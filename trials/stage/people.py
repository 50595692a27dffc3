"""The people of a trial: entered in the register of the product, then given tokens by the trial's issuer.

As on the machine itself: nobody is asked who enters them. Whoever is asked for twice is the same person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import UUID

from api.identity.enrolling import Enrolling, Terms
from api.wiring import identity_on
from domain.permissions import Role
from domain.vocabulary import MemberId, NetworkId, ShelterId
from ledger.register.postgres import PostgresRegister, RegisterConnections
from ledger.register.postgres_access import PostgresAccess
from ledger.store.ids import system_sources
from trials.stage.issuer import AUDIENCE, ISSUER, Issuer

_Said = TypeVar("_Said")


class People:
    """`dsn` is the register's address, `secret` the server's, `member` the body of whoever is given none."""

    def __init__(
        self, *, issuer: Issuer, dsn: str, secret: str, network_id: NetworkId, member: MemberId
    ) -> None:
        self._issuer = issuer
        self._dsn = dsn
        self._secret = secret.encode()
        self._network_id = network_id
        self._member = member
        self._known: dict[str, UUID] = {}

    def token(
        self, subject: str, role: Role, houses: tuple[ShelterId, ...] = (), member: MemberId | None = None
    ) -> str:
        """A token for `subject`, who is entered first. May be called where an event loop runs."""
        if subject not in self._known:
            self._known[subject] = self.enter(subject, role, houses, member)
        return self._issuer.token(subject)

    def enter(
        self, subject: str, role: Role, houses: tuple[ShelterId, ...] = (), member: MemberId | None = None
    ) -> UUID:
        """Who they are on events from now on."""
        terms = Terms(member=member or self._member, role=role, houses=frozenset(houses))

        async def entered(enrolling: Enrolling) -> UUID:
            return (await enrolling.enter_person(ISSUER, subject, terms, name=None, by=None)).actor

        return self.do(entered)

    def do(self, act: Callable[[Enrolling], Coroutine[Any, Any, _Said]]) -> _Said:
        """Something done to the register, over a connection of its own."""

        async def done() -> _Said:
            async with RegisterConnections(self._dsn) as connections:
                identity = identity_on(
                    PostgresRegister(connections),
                    PostgresAccess(connections),
                    secret=self._secret,
                    audience=AUDIENCE,
                    network_id=self._network_id,
                    sources=system_sources(),
                )
                return await act(identity.enrolling)

        with ThreadPoolExecutor(1) as elsewhere:
            return elsewhere.submit(lambda: asyncio.run(done())).result()
