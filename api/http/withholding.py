"""From the true code of a no to the group it is shown as. The code itself goes into the vault and nowhere
else: not into the log, an answer or a metric, for it can tell where a house is, a health need or a status.

Where the vault cannot keep it the no is recorded all the same: what happened comes first. The answer says so
in a header, and a retry in the same words.
"""

from __future__ import annotations

from starlette.responses import Response

from api.http.commanding import Asked, invalid
from api.http.entering import Entered
from api.http.models.steps import DeclineBody, RefusalBody
from api.http.problems import Problem
from api.http.states import placement_now
from api.keeping import Keeping
from domain.codes import DeclineGroup, RefusalGroup
from domain.kept import ValueKind
from domain.permissions import Action
from domain.placement.events import OfferRefused, WomanDeclined
from domain.vocabulary import PlacementId
from domain.withheld import DeclineCode, RefusalCode
from ledger.store.transact import Done

CODE_HEADER = "Approdo-True-Code"


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


async def kept_code(
    asked: Asked, placement_id: PlacementId, code: RefusalCode | DeclineCode | None
) -> str | None:
    """The commitment under which the vault keeps the code; None without a code, or where it cannot."""
    if code is None:
        return None
    engine = asked.entered.doors.engine
    state, _ = await placement_now(engine, placement_id)
    assert state.request is not None, "only a requested placement is reached"
    kind = ValueKind.REFUSAL_CODE if isinstance(code, RefusalCode) else ValueKind.DECLINE_CODE
    keeping = Keeping(asked.entered.doors.vault, engine)
    return await keeping.keep_code(asked.command, state.request.case_id, kind, code.value)


async def told_of_code(
    asked: Asked,
    placement_id: PlacementId,
    done: Done,
    code: RefusalCode | DeclineCode | None,
    answer: Response,
) -> Response:
    """The answer, saying whether the code that was given is kept."""
    if code is None:
        return answer
    nos = (each.event for each in done.events if isinstance(each.event, OfferRefused | WomanDeclined))
    commitment = next((no.commitment for no in nos), None)
    answer.headers[CODE_HEADER] = "NOT_KEPT" if commitment is None else "KEPT"
    if commitment is not None:
        engine = asked.entered.doors.engine
        state, _ = await placement_now(engine, placement_id)
        assert state.request is not None, "only a requested placement is reached"
        await Keeping(asked.entered.doors.vault, engine).settle_code(state.request.case_id, commitment)
    return answer


def _one_of_two(code: str) -> Problem:
    return invalid(
        "/code",
        code,
        "Indica code oppure shown, non entrambi.",
        "Give code or shown, not both.",
    )
