"""In which task somebody acts, and for whom. What they may do in it is `matrix`'s to say."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from domain.vocabulary import MemberId, ShelterId


class Role(enum.StrEnum):
    """In which task somebody acts. ENGINE is the program's own loops and set-up. Those from SOCIAL_SERVICE to
    NEIGHBOUR_DESK ask for a place and see their own request; DATA_PROTECTION keeps what must be preserved and
    answers inquiries; a SYSTEM_ADMINISTRATOR sees no case.
    """

    COORDINATOR = "COORDINATOR"
    SHELTER_OPERATOR = "SHELTER_OPERATOR"
    LEAD_BODY = "LEAD_BODY"
    AUDITOR = "AUDITOR"
    ENGINE = "ENGINE"
    SOCIAL_SERVICE = "SOCIAL_SERVICE"
    EMERGENCY_ROOM = "EMERGENCY_ROOM"
    POLICE = "POLICE"
    NEIGHBOUR_DESK = "NEIGHBOUR_DESK"
    HEALTH_AGENCY = "HEALTH_AGENCY"
    REGION = "REGION"
    DATA_PROTECTION = "DATA_PROTECTION"
    SYSTEM_ADMINISTRATOR = "SYSTEM_ADMINISTRATOR"


@dataclass(frozen=True, kw_only=True, slots=True)
class Principal:
    """Who asks: the role they act in, the member body they act for and, for a house's operator, their
    houses.
    """

    role: Role
    houses: frozenset[ShelterId] = frozenset()
    member: MemberId | None = None

    @property
    def bound_to(self) -> frozenset[ShelterId] | None:
        """The houses an operator acts for, and no other; None for everybody else."""
        return self.houses if self.role is Role.SHELTER_OPERATOR else None
