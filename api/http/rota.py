"""The rota: who answers now, the week, whom to ring about a placement. Codes and kinds, never a number."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import ask
from api.http.desks import houses_known
from api.http.documenting import documented
from api.http.entering import enter
from api.http.models.contacts import RotaBody
from api.http.models.contacts_answers import RotaAnswer
from api.http.reaching import reach
from api.http.reading import read_body
from api.http.states import book_after
from domain.coordination.contacts import AdoptRota, adopt_rota
from domain.permissions import Action
from domain.vocabulary import PlacementId, RotaShift
from projections.contact_book import OnCallView, RotaView, on_call_view, rota_view

router = APIRouter()
_TAG = "contacts"


@router.get(
    "/rota",
    **documented(
        "show_rota",
        "Who answers now, and the week.",
        RotaView,
        tag=_TAG,
        description="By the wall clock where the network is. The desks of houses are shown to the "
        "coordination and the lead body, to a house its own.",
    ),
)
async def show(request: Request) -> Response:
    entered = await enter(request, Action.SEE_ROTA)
    engine = entered.doors.engine
    places, now = (await engine.index.catch_up()).places, await engine.transactor.store.now()
    return as_json(rota_view(places, now, houses_known(entered)))


@router.post(
    "/rota",
    **documented(
        "adopt_rota",
        "Which desks answer when. It replaces the rota that stands; every hour has a COORDINATION desk.",
        RotaAnswer,
        tag=_TAG,
        body=RotaBody,
        example={
            "valid_from": "2026-01-01",
            "shifts": [
                {
                    "desk_id": "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55",
                    "weekdays": ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"],
                    "begins": 0,
                    "ends": 1440,
                }
            ],
        },
    ),
)
async def adopt(request: Request) -> Response:
    entered = await enter(request, Action.ADOPT_ROTA)
    body = await read_body(request, RotaBody)
    shifts = tuple(
        RotaShift(desk_id=each.desk_id, weekdays=each.weekdays, begins=each.begins, ends=each.ends)
        for each in body.shifts
    )
    command = AdoptRota(shifts=shifts, valid_from=body.valid_from)
    asked = ask(entered, body)
    done = await asked.run(lambda world, context: adopt_rota(command, world, context))
    await entered.doors.engine.index.at_least(done.position)
    places = await book_after(entered.doors.engine, done)
    answer = RotaAnswer(
        position=done.position,
        recorded_at=done.receipt.recorded_at,
        rota=rota_view(places, done.receipt.recorded_at, houses_known(entered)),
    )
    return as_json(answer)


@router.get(
    "/placements/{placement_id}/on-call",
    **documented(
        "show_on_call",
        "Whom to ring about a placement now: the house that holds places, the coordination, services, "
        "neighbours.",
        OnCallView,
        tag="placements",
        description="Desks by id and code. POST /desks/{id}/openings gives the number, and is recorded.",
    ),
)
async def on_call(request: Request, placement_id: UUID) -> Response:
    entered = await enter(request, Action.COORDINATE_PLACEMENT)
    found = await reach(entered, PlacementId(placement_id))
    engine = entered.doors.engine
    now = await engine.transactor.store.now()
    return as_json(on_call_view(found.placement_id, found.state, engine.index.places, now))
