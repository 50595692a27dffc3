"""Who is at this browser, as the door of sessions says, and which pages are theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from starlette.requests import Request

from api.pages.asking import NotTold, asking
from domain.permissions import Role

HOMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.COORDINATOR: "/turno",
        Role.SHELTER_OPERATOR: "/casa",
        Role.AUDITOR: "/verifica",
        Role.LEAD_BODY: "/rete",
        Role.SOCIAL_SERVICE: "/richieste",
        Role.EMERGENCY_ROOM: "/richieste",
        Role.POLICE: "/richieste",
        Role.NEIGHBOUR_DESK: "/richieste",
    }
)
"""Where each role begins; a role that is not here has no pages, only doors."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Somebody signed in. `houses` are their ids; `proof` is the forms' forgery token."""

    actor: str
    role: Role
    member: str | None
    houses: tuple[str, ...]
    proof: str
    device: str | None
    how: str
    stepped_up_at: str | None

    @property
    def home(self) -> str:
        return HOMES.get(self.role, "/senza-pagine")


class SignInFirst(Exception):
    """Nobody is signed in at this browser."""


class UnlockFirst(Exception):
    """Somebody is, and the screen is locked. `proof` is the forgery token of the lock page's form."""


class NotYourPage(Exception):
    """The page belongs to another role."""


async def visitor_of(request: Request, *roles: Role) -> Visitor:
    """Who is here, who must act in one of `roles` (none: in any).

    Errors: `SignInFirst`, `UnlockFirst`, `NotYourPage`, `NotTold`.
    """
    found = await anybody(request)
    if found is None:
        raise SignInFirst
    if roles and found.role not in roles:
        raise NotYourPage
    return found


async def anybody(request: Request, *, locked: bool = False) -> Visitor | None:
    """Who is here, or None. `locked`: also behind a locked screen. Errors: `UnlockFirst`, `NotTold`."""
    kept: Visitor | None = getattr(request.state, "visitor", None)
    if kept is not None:
        return kept
    told = await asking(request).get("/identity/session")
    if told.status == 401:
        return None
    if not told.ok:
        raise NotTold(told)
    if told.content["locked"] and not locked:
        raise UnlockFirst
    said = told.content
    found = Visitor(
        actor=said["actor"],
        role=Role(said["role"]),
        member=said["member_id"],
        houses=tuple(said["houses"]),
        proof=said["forgery_token"],
        device=said["device_id"],
        how=said["how"],
        stepped_up_at=said["stepped_up_at"],
    )
    if not said["locked"]:
        request.state.visitor = found
    return found
