"""Values kept for her: kept and taken back; a GET tells their kinds alone. `case_openings` opens them."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.contact_values import fits_log
from api.http.answering import as_json
from api.http.commanding import Asked, ask
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.gone import what_is_gone
from api.http.models.values import (
    CaseValueKindsBody,
    CaseValuesBody,
)
from api.http.models.values_answers import KeptCaseAnswer, KeptCaseKinds
from api.http.problems import Problem
from api.http.reaching_cases import reach_case
from api.http.reading import read_body
from api.http.states import case_after
from api.http.trouble_texts import Trouble
from api.keeping import Keeping, Named
from api.placing import Decide
from domain.case import CaseState
from domain.case import keeping as kept
from domain.case.keeping import KeepCaseValues, KeepingCommand, WithdrawCaseValues
from domain.kept import ValueKind
from domain.permissions import Action
from domain.vocabulary import CaseId
from domain.world import Context, Decided, World, on_stream
from ledger.store.transact import Done

router = APIRouter()
_TAG = "values"


@router.get(
    "/cases/{case_id}/values",
    **documented(
        "list_case_values", "Which values are kept for her: their kinds alone.", KeptCaseKinds, tag=_TAG
    ),
)
async def list_kinds(request: Request, case_id: UUID) -> Response:
    entered = await enter(request, Action.KEEP_VALUES, Action.OPEN_VALUES)
    reached = await reach_case(entered, CaseId(case_id))
    gone = await what_is_gone(entered.doors.engine, reached.case_id)
    return as_json(KeptCaseKinds(case_id=case_id, kinds=_kinds(reached.state), values_destroyed=gone))


@router.post(
    "/cases/{case_id}/values",
    **documented(
        "keep_case_values",
        "Keep how to reach her, what to say, where to meet: apart from the record, which says only that.",
        KeptCaseAnswer,
        tag=_TAG,
        body=CaseValuesBody,
        example={
            "callback_contact": "+39 000 5550 123",
            "safe_channel": "VOICE",
            "safe_hours": ["10:00-11:30"],
            "may_call": True,
            "agreed_word": "corbezzolo",
        },
    ),
)
async def keep(request: Request, case_id: UUID) -> Response:
    entered = await enter(request, Action.KEEP_VALUES)
    await reach_case(entered, CaseId(case_id))
    body = await read_body(request, CaseValuesBody)
    _must_fit_the_log(entered, body)
    asked = ask(entered, body, case_id)

    def decide(named: Named) -> Decide:
        return on_case(case_id, KeepCaseValues(values=named))

    result = await keeping_of(entered).keep(asked.command, case_id, body.values(), decide)
    return await _kept_answer(asked, case_id, asked.done(result))


@router.post(
    "/cases/{case_id}/values/withdrawals",
    **documented(
        "withdraw_case_values",
        "Take values back: they are destroyed. Without MAY_CALL nobody calls her.",
        KeptCaseAnswer,
        tag=_TAG,
        body=CaseValueKindsBody,
        example={"kinds": ["MAY_CALL"]},
    ),
)
async def withdraw(request: Request, case_id: UUID) -> Response:
    entered = await enter(request, Action.KEEP_VALUES)
    reached = await reach_case(entered, CaseId(case_id))
    body = await read_body(request, CaseValueKindsBody)
    asked = ask(entered, body, case_id)
    standing = [reached.state.values[kind] for kind in body.kinds if kind in reached.state.values]
    decide = on_case(case_id, WithdrawCaseValues(kinds=body.kinds))
    result = await keeping_of(entered).withdraw(asked.command, case_id, standing, decide)
    return await _kept_answer(asked, case_id, asked.done(result))


async def _kept_answer(asked: Asked, case_id: UUID, done: Done) -> Response:
    state = await case_after(asked.entered.doors.engine, CaseId(case_id), done)
    answer = KeptCaseAnswer(
        position=done.position, recorded_at=done.receipt.recorded_at, case_id=case_id, kinds=_kinds(state)
    )
    return as_json(answer)


def on_case(case_id: UUID, command: KeepingCommand) -> Decide:
    def decide(world: World, context: Context) -> Decided:
        return on_stream(case_id, kept.decide(command, world.case(CaseId(case_id)), context.now))

    return decide


def _must_fit_the_log(entered: Entered, body: CaseValuesBody) -> None:
    """An exercise reaches nobody, and a real number is for a real night. Errors: problem 409."""
    number = body.callback_contact
    if number is not None and not fits_log(number, entered.doors.log_kind):
        raise Problem(Trouble.LOG_OF_ANOTHER_KIND, pointer="/callback_contact")


def _kinds(state: CaseState) -> tuple[ValueKind, ...]:
    return tuple(sorted(state.values))


def keeping_of(entered: Entered) -> Keeping:
    return Keeping(entered.doors.vault, entered.doors.engine)
