"""Exceptions to the rule: a case kept from somebody, the glass broken, an officer entrusted, a place held
against a rule. Each acts at once, by one person, for a reason; a second is told, and looks at it afterwards.
"""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json, placement_answer
from api.http.commanding import Asked, ask
from api.http.documenting import documented
from api.http.entering import enter
from api.http.models.answers import PlacementAnswer
from api.http.models.fields import Body
from api.http.models.guarding import EscortBody, GlassBody, OverrideBody, PersonBody
from api.http.models.guarding_answers import GlassAnswer, GuardedAnswer
from api.http.problems import Problem
from api.http.reaching import reach
from api.http.reaching_cases import reach_case
from api.http.reading import read_body
from api.http.states import case_after
from api.http.stepping import step
from api.http.stepping_up import must_have_stepped_up
from api.http.trouble_texts import Trouble
from domain.case.guarding import (
    BreakGlass,
    EntrustEscort,
    GuardingCommand,
    RestoreAccess,
    RestrictAccess,
    decide,
)
from domain.coordination.overriding import OverrideRule, override
from domain.permissions import Action, may_keep_from
from domain.vocabulary import CaseId, PlacementId
from domain.world import Context, Decided, World, on_stream
from ledger.store.transact import Done

router = APIRouter()
_TAG = "exceptions"
_Body = TypeVar("_Body", bound=Body)
_PERSON = "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d77"


@router.post(
    "/cases/{case_id}/access-restrictions",
    **documented(
        "restrict_access",
        "A conflict of interest: for this person the case is not there, from now on and at every door.",
        GuardedAnswer,
        tag=_TAG,
        body=PersonBody,
        example={"actor": _PERSON},
        description="She may name herself. Not even broken glass shows the case to them; reviews stay where "
        "they are. Nobody names an auditor or the data protection officer, and only the lead body names its "
        "own. — Da ora per questa persona il caso non esiste, nemmeno rompendo il vetro.",
    ),
)
async def restrict(request: Request, case_id: UUID) -> Response:
    asked, body = await _asked(request, case_id, PersonBody, Action.RESTRICT_ACCESS)
    whom = await asked.entered.doors.identity.register.of_actor(body.actor)
    if not may_keep_from(asked.entered.role, whom.role if whom is not None else None):
        raise Problem(Trouble.FORBIDDEN, pointer="/actor")
    return await _guarded(asked, case_id, RestrictAccess(actor=body.actor))


@router.post(
    "/cases/{case_id}/access-restorations",
    **documented(
        "restore_access",
        "The conflict of interest is over, or was none.",
        GuardedAnswer,
        tag=_TAG,
        body=PersonBody,
        example={"actor": _PERSON},
    ),
)
async def restore(request: Request, case_id: UUID) -> Response:
    asked, body = await _asked(request, case_id, PersonBody, Action.RESTRICT_ACCESS)
    return await _guarded(asked, case_id, RestoreAccess(actor=body.actor))


@router.post(
    "/cases/{case_id}/glass",
    **documented(
        "break_glass",
        "See for four hours a case in which one has no part. The lead body is told at once and reviews it.",
        GlassAnswer,
        tag=_TAG,
        body=GlassBody,
        example={"reason": "DANGER_TO_LIFE"},
        description="Who has just proved who they are. Each look is recorded before anything is shown, and "
        "each answer about the case says until when (header `Glass-Until`). What nobody has reviewed after "
        "72 hours suspends whoever broke it. — Ogni sguardo è registrato prima di mostrare qualcosa; senza "
        "revisione entro 72 ore l'accesso di chi ha rotto il vetro è sospeso.",
    ),
)
async def break_glass(request: Request, case_id: UUID) -> Response:
    entered = await enter(request, Action.BREAK_GLASS)
    await reach_case(entered, CaseId(case_id))
    must_have_stepped_up(entered)
    body = await read_body(request, GlassBody)
    asked, actor = ask(entered, body, case_id), entered.caller.actor
    done = await _done(asked, case_id, BreakGlass(actor=actor, reason=body.reason))
    state = await case_after(entered.doors.engine, CaseId(case_id), done)
    broken = [each for each in state.breakings.values() if each.actor == actor][-1]
    entered.visit.glass_until = broken.until
    answer = GlassAnswer(
        position=done.position,
        recorded_at=done.receipt.recorded_at,
        case_id=case_id,
        breaking_id=broken.breaking_id,
        glass_until=broken.until,
        review_by=broken.review_by,
    )
    return as_json(answer)


@router.post(
    "/placements/{placement_id}/escort",
    **documented(
        "entrust_escort",
        "This officer brings the household: until then they may know when and where to, never the house.",
        GuardedAnswer,
        tag=_TAG,
        body=EscortBody,
        example={"actor": _PERSON, "until": "2026-11-22T06:00:00Z"},
        description="For twenty-four hours at most. Where to is opened like every value kept for her.",
    ),
)
async def entrust(request: Request, placement_id: UUID) -> Response:
    entered = await enter(request, Action.ENTRUST_ESCORT)
    reached = await reach(entered, PlacementId(placement_id))
    body = await read_body(request, EscortBody)
    asked = ask(entered, body, placement_id)
    assert reached.state.request is not None, "only a requested placement is reached"
    command = EntrustEscort(actor=body.actor, placement_id=reached.placement_id, until=body.until)
    return await _guarded(asked, reached.state.request.case_id, command)


@router.post(
    "/placements/{placement_id}/override",
    **documented(
        "override_rule",
        "Hold a unit although rules exclude it, and say why: at once, told to the lead body, reviewed after.",
        PlacementAnswer,
        tag=_TAG,
        body=OverrideBody,
        example={"unit_id": "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55", "reason": "HOUSE_AGREED_BY_VOICE"},
        description="An eligible unit is chosen instead (`another-choice`): that is no override. Nobody goes "
        "against SAFETY, against what is occupied or too small, or against a house's own word.",
        etag=True,
    ),
)
async def override_rule(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, OverrideBody, Action.OVERRIDE_RULE)
    command = OverrideRule(placement_id=known, unit_id=body.unit_id, reason=body.reason)
    done = await asked.place(lambda world, context, places: override(command, world, context, places))
    return await placement_answer(asked, known, done)


async def _asked(request: Request, case_id: UUID, model: type[_Body], action: Action) -> tuple[Asked, _Body]:
    entered = await enter(request, action)
    await reach_case(entered, CaseId(case_id))
    body = await read_body(request, model)
    return ask(entered, body, case_id), body


async def _guarded(asked: Asked, case_id: UUID, command: GuardingCommand) -> Response:
    done = await _done(asked, case_id, command)
    answer = GuardedAnswer(position=done.position, recorded_at=done.receipt.recorded_at, case_id=case_id)
    return as_json(answer)


async def _done(asked: Asked, case_id: UUID, command: GuardingCommand) -> Done:
    def decided(world: World, context: Context) -> Decided:
        return on_stream(case_id, decide(command, world.case(CaseId(case_id)), context.now, context.new_id))

    return await asked.run(decided)
