"""What a register of operators promises, whichever keeps it: PostgreSQL or memory. One contract suite tests
both.

An actor is the random id that stands on events. The register knows keyed digests of who signs in, never an
issuer or a subject; names are sealed by the caller. Rows are added and ended, never changed. Called by
`api.identity` alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.permissions import Role
from domain.vocabulary import MemberId, ShelterId


@dataclass(frozen=True, kw_only=True, slots=True)
class Engagement:
    """A period in which somebody acts for a body in a role; `program`: no person, so no interactive use.

    `entered_by` is None for what was entered on the machine itself.
    """

    engagement: UUID
    actor: UUID
    member: MemberId
    role: Role
    houses: frozenset[ShelterId]
    program: bool
    valid_from: datetime
    valid_to: datetime | None
    entered_by: UUID | None
    entered_at: datetime
    ended_by: UUID | None = None
    ended_at: datetime | None = None

    def holds_at(self, now: datetime) -> bool:
        return (
            self.ended_at is None
            and self.valid_from <= now
            and (self.valid_to is None or now < self.valid_to)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """That a name was opened: by whom, why, and the order that asked for it, sealed."""

    opening: UUID
    actor: UUID
    opened_by: UUID
    reason: str
    sealed_order: bytes
    opened_at: datetime


class Register(Protocol):
    """People and programs, and their periods. Errors of every call: `StoreUnreachable`, `StoreRefused`."""

    async def version(self) -> int:
        """A number that every change of an engagement moves on, in the same transaction."""

    async def of_subject(self, subject_key: bytes) -> Engagement | None:
        """The engagement that was not ended, of whom this digest stands for."""

    async def of_actor(self, actor: UUID) -> Engagement | None:
        """The engagement of this actor that was not ended."""

    async def actor_of(self, subject_key: bytes, proposed: UUID) -> UUID:
        """The actor known for this subject; where there is none, `proposed`, kept from now on for good."""

    async def engage(self, engagement: Engagement) -> Engagement:
        """Begin a period and end the one that stands, in one step. One that says the same stays: it is
        returned.
        """

    async def end(self, actor: UUID, by: UUID | None, at: datetime) -> bool:
        """End what stands; False where nothing does."""

    async def engagements(self) -> tuple[Engagement, ...]:
        """All that ever were, in the order in which they were entered."""

    async def name(self, actor: UUID, sealed: bytes, at: datetime) -> None:
        """Keep a sealed name; the latest counts."""

    async def open_name(self, opening: Opening) -> bytes | None:
        """Record the opening, then the sealed name; None where there is no name, and nothing is recorded."""

    async def add_key(self, actor: UUID, public_key: str, at: datetime) -> None:
        """A program's public key (a JSON Web Key) from now on."""

    async def key_of(self, actor: UUID) -> str | None:
        """A program's latest public key."""


def same_terms(one: Engagement, other: Engagement) -> bool:
    """Whether two engagements of one actor say the same of body, role, houses and the end of the period."""
    return (one.member, one.role, one.houses, one.program, one.valid_to) == (
        other.member,
        other.role,
        other.houses,
        other.program,
        other.valid_to,
    )
