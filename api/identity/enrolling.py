"""Puts people, programs and devices into the register, and takes them out. Nobody enters themselves.

Asked by the doors in the name of somebody, and by `approdo operators` on the machine itself.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from joserfc.errors import JoseError

from api.identity.key_file import PRIVATE_MEMBERS, key_of
from api.identity.names import Seal
from api.identity.sessions import digest
from api.identity.subjects import Subjects
from domain.permissions import Role
from domain.vocabulary import MemberId, ShelterId
from ledger.register.access import Access, Device, DeviceCode
from ledger.register.port import Engagement, Opening, Register
from ledger.store.ids import RandomBytes, uuid_4

CODE_MINUTES = 10
_NAME, _ORDER = "name", "order"
ENROLLED_ROLES = frozenset(Role) - {Role.ENGINE}
SEES_FIGURES = frozenset({Role.REGION, Role.HEALTH_AGENCY})
"""What a program may be: it sees no case, and its word is nobody's second. Nobody stands behind it."""
SEES_NO_CASE = SEES_FIGURES | {Role.SYSTEM_ADMINISTRATOR}
"""Whom an administrator may enter, invite and end: nobody through whom to see what is not theirs."""


class NotToEnter(Exception):
    """Nobody enters themselves, nor ends themselves for somebody else to be blamed."""


class NotForPrograms(Exception):
    """Only a person acts in this role."""


class BadPublicKey(Exception):
    """Not a public Ed25519 or P-256 key."""


class CodeWrong(Exception):
    """The code is unknown, used or too old: nobody hears which."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """For whom somebody acts, in which role, until when."""

    member: MemberId
    role: Role
    houses: frozenset[ShelterId] = frozenset()
    valid_from: datetime | None = None
    valid_to: datetime | None = None


class Enrolling:
    """Over one register. `clock` is real time, also in an exercise."""

    def __init__(
        self,
        *,
        register: Register,
        access: Access,
        subjects: Subjects,
        seal: Seal,
        random_bytes: RandomBytes,
        clock: Callable[[], datetime],
    ) -> None:
        self._register = register
        self._access = access
        self._subjects = subjects
        self._seal = seal
        self._random_bytes = random_bytes
        self._clock = clock

    # --- people ---

    async def enter_person(
        self, issuer: str, subject: str, terms: Terms, *, name: str | None, by: UUID | None
    ) -> Engagement:
        """Whoever the issuer calls `subject` acts under these terms from now on; what stood before ends.

        Errors: `NotToEnter`; the register's.
        """
        known = await self._register.actor_of(self._subjects.key_of(issuer, subject), self._new_id())
        if known == by:
            raise NotToEnter
        engaged = await self._register.engage(self._engagement(known, terms, by, program=False))
        if name is not None:
            await self._register.name(known, self._seal.seal(name, _NAME, known), self._clock())
        return engaged

    async def enter_program(self, public_key: dict[str, Any], terms: Terms, *, by: UUID | None) -> Engagement:
        """A program that proves who it is with the private half of this JSON Web Key.

        Errors: `NotForPrograms`, `BadPublicKey`; the register's.
        """
        if terms.role not in SEES_FIGURES:
            raise NotForPrograms
        actor = self._new_id()
        await self._register.add_key(actor, _public(public_key), self._clock())
        return await self._register.engage(self._engagement(actor, terms, by, program=True))

    async def change_key(self, actor: UUID, public_key: dict[str, Any]) -> bool:
        """Another key for a program; False where there is no such program. Errors: `BadPublicKey`."""
        described = _public(public_key)
        standing = await self._register.of_actor(actor)
        if standing is None or not standing.program:
            return False
        await self._register.add_key(actor, described, self._clock())
        return True

    async def end(self, actor: UUID, *, by: UUID | None) -> bool:
        """From the next request on they are nobody, everywhere, without a PIN. False where nothing stands."""
        ended = await self._register.end(actor, by, self._clock())
        if ended:
            await self._access.forget_pin(actor)
        return ended

    async def open_name(self, actor: UUID, *, by: UUID, reason: str, order: str) -> str | None:
        """Record the order and who opens, then the name; None where none is kept."""
        opening = Opening(
            opening=self._new_id(),
            actor=actor,
            opened_by=by,
            reason=reason,
            sealed_order=self._seal.seal(order, _ORDER, actor),
            opened_at=self._clock(),
        )
        sealed = await self._register.open_name(opening)
        return self._seal.open(sealed, _NAME, actor) if sealed is not None else None

    # --- devices ---

    async def make_code(
        self, member: MemberId, houses: frozenset[ShelterId], *, by: UUID
    ) -> tuple[str, datetime]:
        """A code with which one device is enrolled, once, in the next ten minutes."""
        code = base64.b32encode(self._random_bytes(10)).decode()
        until = self._clock() + timedelta(minutes=CODE_MINUTES)
        made = DeviceCode(code=digest(code), member=member, houses=houses, made_by=by, expires_at=until)
        await self._access.add_code(made)
        return code, until

    async def enrol_device(self, code: str, secret: str) -> Device:
        """A device that keeps `secret`. Errors: `CodeWrong`; the register's."""
        now = self._clock()
        made = await self._access.use_code(digest(code.strip().upper()), now)
        if made is None:
            raise CodeWrong
        device = Device(
            device=self._new_id(),
            secret=digest(secret),
            member=made.member,
            houses=made.houses,
            enrolled_by=made.made_by,
            enrolled_at=now,
        )
        await self._access.add_device(device)
        return device

    async def revoke_device(self, device: UUID, *, by: UUID | None) -> bool:
        return await self._access.revoke_device(device, by, self._clock())

    def _new_id(self) -> UUID:
        return uuid_4(self._random_bytes)

    def _engagement(self, actor: UUID, terms: Terms, by: UUID | None, *, program: bool) -> Engagement:
        assert terms.role in ENROLLED_ROLES, "the engine is nobody"
        now = self._clock()
        return Engagement(
            engagement=self._new_id(),
            actor=actor,
            member=terms.member,
            role=terms.role,
            houses=terms.houses,
            program=program,
            valid_from=terms.valid_from or now,
            valid_to=terms.valid_to,
            entered_by=by,
            entered_at=now,
        )


def _public(described: dict[str, Any]) -> str:
    """A JSON Web Key with its public members alone. Errors: `BadPublicKey`."""
    if PRIVATE_MEMBERS & described.keys():
        raise BadPublicKey
    try:
        key = key_of(described)
    except (JoseError, ValueError, KeyError, TypeError):
        raise BadPublicKey from None
    if key is None:
        raise BadPublicKey
    return json.dumps(key.as_dict(private=False), sort_keys=True)
