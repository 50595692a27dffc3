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

MOST_BY_PERSON, MOST_BY_PLACE = 10, 100
_log = logging.getLogger("approdo.http")


def few_failures(request: Request, person: Hashable | None = None) -> None:
    """`person`: who they are, on a device or in a session that is known. None: they bring a code and nothing
    else, so where they come from counts, at this door alone: behind a proxy that is everybody.

    Not asked where what is shown is signed: it cannot be guessed, and others' failures must stop nobody.
    Errors: a problem 429 where this person, or this place, has failed here too often.
    """
    most = MOST_BY_PLACE if person is None else MOST_BY_PERSON
    try:
        visit_of(request).doors.identity.failures.require_few(_whose(request, person), most)
    except TooManyFailures as many:
        raise Problem(Trouble.TOO_MANY_SIGN_INS, headers={"Retry-After": str(many.seconds)}) from None


def failing(request: Request, person: Hashable | None = None) -> None:
    """Somebody has failed just now."""
    visit_of(request).doors.identity.failures.count(_whose(request, person))


def refused(why: Unauthenticated | None = None, request: Request | None = None) -> Problem:
    """The same answer whatever was wrong; the log gets the code."""
    if why is not None and request is not None:
        said = {"reason": why.code, "correlation_id": visit_of(request).correlation_id}
        tell(_log, logging.INFO, Line.UNAUTHENTICATED, **said)
    return Problem(Trouble.SIGN_IN_REFUSED, headers={"WWW-Authenticate": 'Bearer realm="approdo"'})


def _whose(request: Request, person: Hashable | None) -> Hashable:
    place = request.client.host if request.client is not None else ""
    return request.scope["route"].path, place if person is None else person
