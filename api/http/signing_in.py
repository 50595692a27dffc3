"""What every door has in common at which somebody proves who they are: how often they may fail, and the one
answer to all that is wrong.
"""

from __future__ import annotations

import logging
from collections.abc import Hashable

from starlette.requests import Request

from api.http.edge import visit_of
from api.http.problems import Problem
from api.http.trouble_texts import Trouble
from api.identity.caller import Unauthenticated
from api.identity.failures import TooManyFailures
from ledger.log_lines import Line, tell

_log = logging.getLogger("approdo.http")


def few_failures(request: Request, person: Hashable = None) -> None:
    """`person`: who they say they are; None: they do not say. Errors: a problem 429 where this person, or
    this place, has failed too often.
    """
    try:
        visit_of(request).doors.identity.failures.require_few(person, _place(request))
    except TooManyFailures as many:
        raise Problem(Trouble.TOO_MANY_SIGN_INS, headers={"Retry-After": str(many.seconds)}) from None


def failing(request: Request, person: Hashable = None) -> None:
    """Somebody has failed just now."""
    visit_of(request).doors.identity.failures.count(person, _place(request))


def refused(why: Unauthenticated | None = None, request: Request | None = None) -> Problem:
    """The same answer whatever was wrong; the log gets the code."""
    if why is not None and request is not None:
        said = {"reason": why.code, "correlation_id": visit_of(request).correlation_id}
        tell(_log, logging.INFO, Line.UNAUTHENTICATED, **said)
    return Problem(Trouble.SIGN_IN_REFUSED, headers={"WWW-Authenticate": 'Bearer realm="approdo"'})


def _place(request: Request) -> str:
    return request.client.host if request.client is not None else ""
