"""What was asked, entered anew: urgency, risk, household, safety, and where she waits.

Where the places held no longer do, they are given back with it; the search for the next follows by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import placement_answer
from api.http.commanding import Asked
from api.http.documenting import documented
from api.http.models.answers import PlacementAnswer
from api.http.models.revising import (
    HouseholdRevisionBody,
    HouseholdSplitBody,
    RiskAssessmentBody,
    SafetyBody,
    SafeUntilBody,
    UrgencyBody,
)
from api.http.naming_cases import reachable
from api.http.stepping import step
from domain.coordination.revising import (
    AgreeHouseholdSplit,
    AssessRisk,
    ChangeUrgency,
    ReviseHousehold,
    ReviseSafety,
    ReviseSafeUntil,
    Revision,
    revise,
)
from domain.matching.places import Places
from domain.permissions import Action
from domain.vocabulary import PlacementId
from domain.world import Context, Decided, World

router = APIRouter()
_TAG = "revisions"
_COORDINATE = Action.COORDINATE_PLACEMENT
_HOUSEHOLD = {"adults": 1, "children": ["AGE_3_5", "AGE_11_13"]}


class _Dated(Protocol):
    """A body that may say when it happened."""

    @property
    def occurred_at(self) -> datetime | None: ...


@router.post(
    "/placements/{placement_id}/urgency",
    **documented(
        "change_urgency",
        "A person raises or lowers the urgency: the order changes by itself.",
        PlacementAnswer,
        tag=_TAG,
        body=UrgencyBody,
        example={"urgency": "U1", "set_by": "POLICE_OFFICER", "reason": "PERPETRATOR_RELEASED"},
        etag=True,
    ),
)
async def change_urgency(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, UrgencyBody, _COORDINATE)
    return await _revised(
        asked,
        known,
        body,
        lambda at: ChangeUrgency(
            placement_id=known,
            urgency=body.urgency,
            set_by=body.set_by,
            reason=body.reason,
            occurred_at=at,
        ),
    )


@router.post(
    "/placements/{placement_id}/risk-assessment",
    **documented(
        "assess_risk",
        "A professional assessed the risk, for the first time or anew.",
        PlacementAnswer,
        tag=_TAG,
        body=RiskAssessmentBody,
        example={
            "risk": "HIGH",
            "assessed": {
                "tool": "SARA_S",
                "tool_version": "2",
                "assessor": "CAV_WORKER",
                "assessed_on": "2026-11-22",
            },
        },
        etag=True,
    ),
)
async def assess_risk(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, RiskAssessmentBody, _COORDINATE)
    return await _revised(
        asked,
        known,
        body,
        lambda at: AssessRisk(
            placement_id=known, risk=body.risk, assessed=body.assessed.assessment(), occurred_at=at
        ),
    )


@router.post(
    "/placements/{placement_id}/household",
    **documented(
        "revise_household",
        "Who needs the place, and what they need, entered anew.",
        PlacementAnswer,
        tag=_TAG,
        body=HouseholdRevisionBody,
        example={
            "household": _HOUSEHOLD,
            "oldest_boy": "AGE_11_13",
            "features_required": ["GROUND_FLOOR"],
            "criteria_met": [],
            "reason": "CHILD_JOINED",
        },
        etag=True,
    ),
)
async def revise_household(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, HouseholdRevisionBody, _COORDINATE)
    return await _revised(
        asked,
        known,
        body,
        lambda at: ReviseHousehold(
            placement_id=known,
            household=body.household.household(),
            oldest_boy=body.oldest_boy,
            features_required=body.features_required,
            criteria_met=body.criteria_met,
            reason=body.reason,
            occurred_at=at,
        ),
    )


@router.post(
    "/placements/{placement_id}/household-split",
    **documented(
        "agree_household_split",
        "By the mother's own choice part of the household goes elsewhere.",
        PlacementAnswer,
        tag=_TAG,
        body=HouseholdSplitBody,
        example={
            "household": {"adults": 1, "children": ["AGE_3_5"]},
            "oldest_boy": "AGE_3_5",
            "apart": {"adults": 0, "children": ["AGE_14_17"]},
            "destination": "RELATIVES",
        },
        etag=True,
    ),
)
async def agree_split(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, HouseholdSplitBody, _COORDINATE)
    return await _revised(
        asked,
        known,
        body,
        lambda at: AgreeHouseholdSplit(
            placement_id=known,
            household=body.household.household(),
            oldest_boy=body.oldest_boy,
            apart=body.apart.household(),
            destination=body.destination,
            occurred_at=at,
        ),
    )


@router.post(
    "/placements/{placement_id}/safety",
    **documented(
        "revise_safety",
        "Where she must not be placed, entered anew.",
        PlacementAnswer,
        tag=_TAG,
        body=SafetyBody,
        example={
            "zones_to_avoid": ["0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d33"],
            "apart_from": [],
            "houses_barred": [],
        },
        etag=True,
    ),
)
async def revise_safety(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, SafetyBody, _COORDINATE)
    meant = reachable(asked)
    return await _revised(
        asked,
        known,
        body,
        lambda at: ReviseSafety(
            placement_id=known,
            zones_to_avoid=body.zones_to_avoid,
            apart_from=tuple(meant(each) for each in body.apart_from),
            houses_barred=body.houses_barred,
            occurred_at=at,
        ),
    )


@router.post(
    "/placements/{placement_id}/safe-until",
    **documented(
        "revise_safe_until",
        "Where she waits, and until when she is safe there.",
        PlacementAnswer,
        tag=_TAG,
        body=SafeUntilBody,
        example={"setting": "EMERGENCY_DEPARTMENT", "safe_until": "2026-11-22T07:00:00Z"},
        etag=True,
    ),
)
async def revise_safe_until(request: Request, placement_id: UUID) -> Response:
    asked, known, body = await step(request, placement_id, SafeUntilBody, _COORDINATE)
    return await _revised(
        asked,
        known,
        body,
        lambda at: ReviseSafeUntil(
            placement_id=known, setting=body.setting, safe_until=body.safe_until, occurred_at=at
        ),
    )


async def _revised(
    asked: Asked, known: PlacementId, body: _Dated, revision: Callable[[datetime], Revision]
) -> Response:
    def decided(world: World, context: Context, places: Places) -> Decided:
        return revise(revision(body.occurred_at or context.now), world, context, places)

    return await placement_answer(asked, known, await asked.place(decided))
