"""Values kept for her, opened for a purpose: a POST, by who has just proved who they are.

An opening is recorded before anything is shown. The same request again, within two minutes, shows the same
without another look being recorded: an answer may get lost on its way.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.case_values import keeping_of, on_case
from api.http.commanding import Asked, ask
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.gone import what_is_gone
from api.http.models.values import CaseOpeningBody, TrueCodeOpeningBody
from api.http.models.values_answers import (
    OpenableKinds,
    OpenablePlacementKinds,
    OpenedCaseAnswer,
    OpenedCaseValue,
)
from api.http.problems import Problem
from api.http.reaching import Reached, reach
from api.http.reaching_cases import ReachedCase, reach_case
from api.http.reading import read_body
from api.http.states import case_after, case_now
from api.http.stepping_up import must_have_stepped_up
from api.http.trouble_texts import Trouble
from api.keeping import Opened, OpeningOver
from api.placing import Decide
from domain.case import CaseState
from domain.case.keeping import CODES, OpenCaseValues
from domain.coordination.understanding import OpenTrueCodes, open_true_codes
from domain.kept import OpeningPurpose, ValueKind
from domain.permissions import Action, Relation
from domain.permissions.opening import opens
from domain.vocabulary import CaseId, PlacementId
from domain.world import Context, Decided, World

router = APIRouter()
_TAG = "values"
_CALL = {"kinds": ["CALLBACK_CONTACT"], "purpose": "CALL_HER"}


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


@router.get(
    "/placements/{placement_id}/values",
    **documented(
        "list_placement_values",
        "Which values kept for her may be opened by whoever asks, and for what: their kinds alone.",
        OpenablePlacementKinds,
        tag=_TAG,
        description="For a house that has said yes and for who brings the household, who know no case by its "
        "id. — Quali dati custoditi può aprire chi chiede, e per quale scopo: solo il tipo.",
    ),
)
async def list_of_placement(request: Request, placement_id: UUID) -> Response:
    entered = await enter(request, Action.OPEN_VALUES)
    reached = await reach(entered, PlacementId(placement_id))
    engine, case_id = entered.doors.engine, _case_of(reached)
    state = await case_now(engine, case_id)
    openable = (
        OpenableKinds(
            purpose=purpose, kinds=_standing(state, opens(entered.role, reached.relations, purpose))
        )
        for purpose in OpeningPurpose
    )
    return as_json(
        OpenablePlacementKinds(
            placement_id=placement_id,
            items=tuple(each for each in openable if each.kinds),
            values_destroyed=await what_is_gone(engine, case_id),
        )
    )


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
    _must_open(entered, reached.relations, CODES, body.purpose)
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
    return await _shown(asked, case_id, on_case(case_id, command), body.purpose)


async def _shown(
    asked: Asked,
    case_id: CaseId,
    decide: Decide,
    purpose: OpeningPurpose,
    codes: dict[str, ValueKind] | None = None,
) -> Response:
    try:
        opened = await keeping_of(asked.entered).open(asked.command, case_id, decide)
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


def _must_open(
    entered: Entered, relations: frozenset[Relation], kinds: frozenset[ValueKind], purpose: OpeningPurpose
) -> None:
    """Errors: problem 403 where they may not open all of these for this purpose."""
    if not kinds <= opens(entered.role, relations, purpose):
        raise Problem(Trouble.FORBIDDEN, pointer="/purpose")


def _standing(state: CaseState, allowed: frozenset[ValueKind]) -> tuple[ValueKind, ...]:
    """Of the kinds allowed those that stand and can be shown."""
    if state.approved or state.destroyed:
        return ()
    return tuple(sorted(kind for kind in state.values if kind in allowed))


def _case_of(reached: Reached) -> CaseId:
    assert reached.state.request is not None, "only a requested placement is reached"
    return reached.state.request.case_id
