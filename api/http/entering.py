"""Who comes in: the bearer token checked, the allowance counted, the role asked whether it may.

A route calls `enter` first. What depends on the thing asked for (is it her house's?) follows in `Entered`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from starlette.requests import Request

from api.http.doors import Doors
from api.http.edge import Visit, visit_of
from api.http.problems import Problem
from api.http.trouble_texts import Trouble
from api.identity.caller import Caller, Unauthenticated
from domain.permissions import Action, Role, may
from domain.refusals import Refusal
from domain.vocabulary import ShelterId

_log = logging.getLogger("approdo.http")


@dataclass(frozen=True, slots=True)
class Entered:
    """An authenticated caller whose role may ask for what the route does."""

    request: Request
    visit: Visit
    caller: Caller

    @property
    def doors(self) -> Doors:
        return self.visit.doors

    @property
    def role(self) -> Role:
        return self.caller.principal.role

    @property
    def houses(self) -> frozenset[ShelterId] | None:
        """The houses an operator is bound to; None for everybody else."""
        return self.caller.principal.bound_to

    def must(self, action: Action, *, pointer: str) -> None:
        """Errors: a problem 403, about the field that asks for it, unless the role may do this."""
        if not may(self.role, action):
            raise Problem(Trouble.FORBIDDEN, pointer=pointer)

    def must_know(self, house: ShelterId | None, unknown: Refusal) -> None:
        """Errors: a problem 404, as if it did not exist, for another house's operator."""
        if self.houses is not None and house not in self.houses:
            raise Problem(unknown)


async def enter(request: Request, *actions: Action, counted_only: bool = False) -> Entered:
    """The caller, who may do at least one of `actions`. `counted_only`: never stopped for asking often.

    Errors: problems 401, 429, 403, in this order.
    """
    visit = visit_of(request)
    caller = await _authenticated(request, visit)
    visit.allowance = visit.allowances.count(caller.actor)
    if visit.allowance.exceeded and not counted_only:
        raise Problem(Trouble.TOO_MANY_REQUESTS, headers={"Retry-After": str(visit.allowance.reset_seconds)})
    if not may(caller.principal.role, *actions):
        raise Problem(Trouble.FORBIDDEN)
    return Entered(request, visit, caller)


async def _authenticated(request: Request, visit: Visit) -> Caller:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("MISSING")
        return await visit.doors.authenticate(token)
    except Unauthenticated as unknown:
        _log.info("unauthenticated reason=%s correlation_id=%s", unknown.code, visit.correlation_id)
    raise Problem(Trouble.UNAUTHENTICATED, headers={"WWW-Authenticate": 'Bearer realm="approdo"'})
