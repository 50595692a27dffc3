"""From the true code of a no to the group it is shown as. The code goes no further: not into the log, an
answer or a metric, for it can tell where a house is, a health need or a status.
"""

from __future__ import annotations

from api.http.commanding import invalid
from api.http.entering import Entered
from api.http.models.steps import DeclineBody, RefusalBody
from api.http.problems import Problem
from domain.codes import DeclineGroup, RefusalGroup
from domain.permissions import Action
from domain.withheld import RefusalCode


def shown_of_refusal(entered: Entered, body: RefusalBody) -> RefusalGroup:
    """Errors: problem 422 unless exactly one of `code` and `shown` is given; 403 for OTHER from a house."""
    if body.code is None:
        if body.shown is None:
            raise _one_of_two("ONE_OF_TWO")
        return body.shown
    if body.shown is not None:
        raise _one_of_two("ONE_OF_TWO")
    if body.code is RefusalCode.OTHER:
        entered.must(Action.REFUSE_AS_OTHER, pointer="/code")
    return body.code.shown


def shown_of_decline(body: DeclineBody) -> DeclineGroup:
    """Errors: problem 422 where both `code` and `shown` are given. Neither: she did not say."""
    if body.code is not None and body.shown is not None:
        raise _one_of_two("AT_MOST_ONE_OF_TWO")
    return body.code.shown if body.code is not None else body.shown or DeclineGroup.NOT_SAID


def _one_of_two(code: str) -> Problem:
    return invalid(
        "/code",
        code,
        "Indica code oppure shown, non entrambi.",
        "Give code or shown, not both.",
    )
