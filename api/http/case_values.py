"""Values kept for her: kept, taken back, and opened for a purpose. Never read by GET, never in an address.

An opening is recorded before anything is shown. The same request again, within two minutes, shows the same
without another look being recorded: an answer may get lost on its way.
"""

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
    CaseOpeningBody,
    CaseValueKindsBody,
    CaseValuesBody,
    TrueCodeOpeningBody,
)
from api.http.models.values_answers import KeptCaseAnswer, KeptCaseKinds, OpenedCaseAnswer, OpenedCaseValue
from api.http.problems import Problem
from api.http.reaching import Reached, reach
from api.http.reaching_cases import ReachedCase, reach_case
from api.http.reading import read_body
from api.http.states import case_after
from api.http.stepping_up import must_have_stepped_up
from api.http.trouble_texts import Trouble
from api.keeping import Keeping, Named, Opened, OpeningOver
from api.placing import Decide
from domain.case import CaseState
from domain.case import keeping as kept
from domain.case.keeping import KeepCaseValues, KeepingCommand, OpenCaseValues, WithdrawCaseValues
from domain.coordination.understanding import OpenTrueCodes, open_true_codes
from domain.kept import OpeningPurpose, ValueKind
from domain.permissions import Action, Relation
from domain.permissions.opening import opens
from domain.vocabulary import CaseId, PlacementId
from domain.world import Context, Decided, World, on_stream
from ledger.store.transact import Done

router = APIRouter()
_TAG = "values"
_CALL = {"kinds": ["CALLBACK_CONTACT"], "purpose": "CALL_HER"}


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
        return _on_case(case_id, KeepCaseValues(values=named))

    result = await _keeping(entered).keep(asked.command, case_id, body.values(), decide)
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
    decide = _on_case(case_id, WithdrawCaseValues(kinds=body.kinds))
    result = await _keeping(entered).withdraw(asked.command, case_id, standing, decide)
    return await _kept_answer(asked, case_id, asked.done(result))


@router.post(
    "/cases/{case_id}/values/openings",
    **documented(
        "open_case_values",
        "Open values for a purpose. Who has just proved who they are sees them once it is recorded.",
        OpenedCaseAnswer,
        tag=_TAG,
        body=CaseOpeningBody,
        example=_CALL,
        description="How to reach her comes with when and how it is safe; without MAY_CALL it is not opened "
        "to call her. One kept value is opened twenty times at most.",
    ),
)
async def open_of_case(request: Request, case_id: UUID) -> Response:
    entered = await enter(request, Action.OPEN_VALUES)
    reached = await reach_case(entered, CaseId(case_id))
    return await _opened(request, entered, reached, CaseId(case_id), case_id)


@router.post(
    "/placements/{placement_id}/values/openings",
    **documented(
        "open_placement_values",
        "The same by the placement's id, for a house that has said yes and for who brings the household.",
        OpenedCaseAnswer,
        tag=_TAG,
        body=CaseOpeningBody,
        example={"kinds": ["HANDOVER_POINT"], "purpose": "AGREE_HANDOVER"},
    ),
)
async def open_of_placement(request: Request, placement_id: UUID) -> Response:
    entered = await enter(request, Action.OPEN_VALUES)
    reached = await reach(entered, PlacementId(placement_id))
    return await _opened(request, entered, reached, _case_of(reached), placement_id)


@router.post(
    "/placements/{placement_id}/true-codes/openings",
    **documented(
        "open_true_codes",
        "Open why it was a no: what the record shows as a group only.",
        OpenedCaseAnswer,
        tag=_TAG,
        body=TrueCodeOpeningBody,
        example={"offer_id": "01980000-0000-7000-8000-000000000001", "purpose": "JUDICIAL_ORDER"},
    ),
)
async def open_codes(request: Request, placement_id: UUID) -> Response:
    entered = await enter(request, Action.OPEN_VALUES)
    reached = await reach(entered, PlacementId(placement_id))
    must_have_stepped_up(entered)
    body = await read_body(request, TrueCodeOpeningBody)
    _must_open(entered, reached.relations, kept.CODES, body.purpose)
    asked, actor = ask(entered, body, placement_id), entered.caller.actor
    command = OpenTrueCodes(
        placement_id=reached.placement_id, offer_id=body.offer_id, purpose=body.purpose, actor=actor
    )

    def decide(world: World, context: Context) -> Decided:
        return open_true_codes(command, world, context)

    offer = reached.state.offers.get(body.offer_id)
    codes = offer.codes if offer is not None else ()
    named = {commitment: kind for kind, commitment in codes}
    return await _shown(asked, _case_of(reached), decide, body.purpose, named)


async def _opened(
    request: Request, entered: Entered, reached: Reached | ReachedCase, case_id: CaseId, named: UUID
) -> Response:
    must_have_stepped_up(entered)
    body = await read_body(request, CaseOpeningBody)
    _must_open(entered, reached.relations, frozenset(body.kinds), body.purpose)
    asked = ask(entered, body, named)
    command = OpenCaseValues(kinds=body.kinds, purpose=body.purpose, actor=entered.caller.actor)
    return await _shown(asked, case_id, _on_case(case_id, command), body.purpose)


async def _shown(
    asked: Asked,
    case_id: CaseId,
    decide: Decide,
    purpose: OpeningPurpose,
    codes: dict[str, ValueKind] | None = None,
) -> Response:
    try:
        opened = await _keeping(asked.entered).open(asked.command, case_id, decide)
    except OpeningOver:
        raise Problem(Trouble.OPENING_OVER) from None
    if not isinstance(opened, Opened):
        raise asked.problem(opened)
    state = await case_after(asked.entered.doors.engine, case_id, opened.done)
    kinds = {**(codes or {}), **{commitment: kind for kind, commitment in state.values.items()}}
    values = tuple(OpenedCaseValue(kind=kinds[name], value=value) for name, value in opened.values.items())
    answer = OpenedCaseAnswer(
        position=opened.done.position,
        recorded_at=opened.done.receipt.recorded_at,
        case_id=case_id,
        purpose=purpose,
        values=tuple(sorted(values, key=lambda each: each.kind)),
    )
    return as_json(answer)


async def _kept_answer(asked: Asked, case_id: UUID, done: Done) -> Response:
    state = await case_after(asked.entered.doors.engine, CaseId(case_id), done)
    answer = KeptCaseAnswer(
        position=done.position, recorded_at=done.receipt.recorded_at, case_id=case_id, kinds=_kinds(state)
    )
    return as_json(answer)


def _on_case(case_id: UUID, command: KeepingCommand) -> Decide:
    def decide(world: World, context: Context) -> Decided:
        return on_stream(case_id, kept.decide(command, world.case(CaseId(case_id)), context.now))

    return decide


def _must_open(
    entered: Entered, relations: frozenset[Relation], kinds: frozenset[ValueKind], purpose: OpeningPurpose
) -> None:
    """Errors: problem 403 where they may not open all of these for this purpose."""
    if not kinds <= opens(entered.role, relations, purpose):
        raise Problem(Trouble.FORBIDDEN, pointer="/purpose")


def _must_fit_the_log(entered: Entered, body: CaseValuesBody) -> None:
    """An exercise reaches nobody, and a real number is for a real night. Errors: problem 409."""
    number = body.callback_contact
    if number is not None and not fits_log(number, entered.doors.log_kind):
        raise Problem(Trouble.LOG_OF_ANOTHER_KIND, pointer="/callback_contact")


def _case_of(reached: Reached) -> CaseId:
    assert reached.state.request is not None, "only a requested placement is reached"
    return reached.state.request.case_id


def _kinds(state: CaseState) -> tuple[ValueKind, ...]:
    return tuple(sorted(state.values))


def _keeping(entered: Entered) -> Keeping:
    return Keeping(entered.doors.vault, entered.doors.engine)
