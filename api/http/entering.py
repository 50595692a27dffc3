"""Who comes in: the bearer token checked, the allowance counted, the role asked whether it may.

A route calls `enter` first. What depends on the thing asked for is asked next, of the same function: for a
house in `Entered.must_reach_house`, for a placement in `api.http.reaching`. Whatever is judged is judged once
the whole body is here: who sends it as slowly as is allowed gains nothing by what they could do before.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request

from api.http.doors import Doors
from api.http.edge import Visit, visit_of
from api.http.problems import Problem
from api.http.proving import SAFE_METHODS, proved
from api.http.reading import read_raw
from api.http.trouble_texts import Trouble
from api.identity.caller import Caller, Unauthenticated
from domain.permissions import (
    Action,
    Allowed,
    Denial,
    Denied,
    Facts,
    Principal,
    Role,
    Verdict,
    decide,
    decide_any,
    may,
    may_enter,
    relations_to_house,
)
from domain.refusals import Refusal
from domain.vocabulary import ShelterId
from ledger.log_lines import Line, tell

_log = logging.getLogger("approdo.http")


@dataclass(frozen=True, slots=True)
class Entered:
    """An authenticated caller whose role may ask for one of `actions`, which the route does."""

    request: Request
    visit: Visit
    caller: Caller
    actions: tuple[Action, ...]

    @property
    def doors(self) -> Doors:
        return self.visit.doors

    @property
    def principal(self) -> Principal:
        return self.caller.principal

    @property
    def role(self) -> Role:
        return self.caller.principal.role

    @property
    def houses(self) -> frozenset[ShelterId] | None:
        """The houses an operator is bound to; None for everybody else."""
        return self.caller.principal.bound_to

    def verdict(self, facts: Facts) -> Verdict:
        """Whether they may do what the route does, given how they stand to the thing."""
        return decide_any(self.role, self.actions, facts)

    def must(
        self,
        action: Action,
        *,
        pointer: str | None = None,
        facts: Facts | None = None,
        problem: Problem | None = None,
    ) -> None:
        """Without `facts` only the role is asked. Errors: `problem`, else one of 403 about the field that
        asks for it, unless they may do this.
        """
        allowed = may(self.role, action) if facts is None else decide(self.role, action, facts) == Allowed()
        if not allowed:
            raise problem or Problem(Trouble.FORBIDDEN, pointer=pointer)

    def must_reach_house(self, house: ShelterId | None, unknown: Refusal) -> None:
        """Errors: a problem as if it did not exist, unless they may do it to this house."""
        verdict = self.verdict(Facts(relations=relations_to_house(self.principal, house)))
        if isinstance(verdict, Denied):
            raise Problem(unknown)


async def enter(request: Request, *actions: Action, counted_only: bool = False) -> Entered:
    """The caller, who may do at least one of `actions`. `counted_only`: never stopped for asking often.

    Errors: problems 401, 429, then 413 and 408 of a body, 401 again once it is here, 403, in this order.
    """
    visit = visit_of(request)
    caller = await authenticated(request, visit)
    visit.allowance = visit.allowances.count(caller.actor)
    if visit.allowance.exceeded and not counted_only:
        raise Problem(Trouble.TOO_MANY_REQUESTS, headers={"Retry-After": str(visit.allowance.reset_seconds)})
    caller = await once_all_is_here(request, visit, caller)
    overdue = await _review_overdue(visit.doors, caller.actor)
    verdict = may_enter(caller.principal.role, actions, review_overdue=overdue)
    if isinstance(verdict, Denied):
        suspended = verdict.reason is Denial.REVIEW_OVERDUE
        raise Problem(Trouble.REVIEW_OVERDUE if suspended else Trouble.FORBIDDEN)
    visit.actor = caller.actor
    return Entered(request, visit, caller, actions)


async def _review_overdue(doors: Doors, actor: UUID) -> bool:
    """Whether glass that they broke was to be reviewed by now, and was not. Mostly nothing is asked."""
    waiting = doors.engine.index.reviews.waiting_for(actor)
    if not waiting:
        return False
    now = await doors.engine.transactor.store.now()
    return any(now >= each.review_by for each in waiting)


async def once_all_is_here(request: Request, visit: Visit, caller: Caller) -> Caller:
    """Who they are when the last of the body has come: meanwhile a device may be revoked, a session locked,
    an engagement ended. Errors: problems 413 and 408, and as `authenticated`.
    """
    if request.method in SAFE_METHODS:
        return caller
    await read_raw(request)
    return await authenticated(request, visit, again=True)


async def authenticated(request: Request, visit: Visit, *, again: bool = False) -> Caller:
    """Whoever proves who they are. Errors: problems 401, and 403 for a forged request."""
    try:
        return await proved(request, visit.doors, again=again)
    except Unauthenticated as unknown:
        said = {"reason": unknown.code, "correlation_id": visit.correlation_id}
        tell(_log, logging.INFO, Line.UNAUTHENTICATED, **said)
    raise Problem(Trouble.UNAUTHENTICATED, headers={"WWW-Authenticate": 'Bearer realm="approdo"'})
