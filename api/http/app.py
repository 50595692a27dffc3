"""The HTTP application: every route, every handler of problems, and the edge around them. Built by whoever
serves.
"""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.http import (
    agreements,
    answers,
    arrivals,
    as_it_was,
    board,
    bridging,
    case_codes,
    case_openings,
    case_values,
    closing,
    coordinating,
    decisions,
    desks,
    devices,
    direct,
    dossiers,
    events,
    evidence,
    exporting,
    guarding,
    health,
    house_word,
    houses,
    inquiries,
    moving_on,
    operators,
    passkeys,
    pins,
    placement_requests,
    placements,
    preserving,
    probing_notices,
    program_tokens,
    provider,
    queue,
    reviews,
    revising,
    rota,
    sessions,
    shelters,
    statistics,
    timeline,
    units,
    unmet,
    zones,
)
from api.http.doors import Doors
from api.http.edge import Edge, answer_fault, answer_problem, visit_of
from api.http.field_faults import located_fault
from api.http.metering import Metrics
from api.http.openapi import DESCRIPTION, describe
from api.http.problems import Problem
from api.http.trouble_texts import Trouble
from ledger.faults import LedgerFault

_BY_STATUS = {
    405: Trouble.METHOD_NOT_ALLOWED,
    413: Trouble.BODY_TOO_LARGE,
    415: Trouble.MEDIA_TYPE_UNSUPPORTED,
}


def create_app(doors: Doors) -> FastAPI:
    """The application over one ledger. It opens and closes nothing itself."""
    app = FastAPI(
        **DESCRIPTION,
        version=doors.app_version,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Native telemetry would copy the text of validation errors, and with it what was sent.
        telemetry={"logs": False, "tracing": False, "metrics": False},
    )
    for family in (
        placement_requests,
        placements,
        answers,
        coordinating,
        moving_on,
        revising,
        bridging,
        case_codes,
        closing,
        arrivals,
        direct,
        case_values,
        case_openings,
        guarding,
        reviews,
        preserving,
        inquiries,
        exporting,
        dossiers,
        houses,
        shelters,
        agreements,
        units,
        house_word,
        zones,
        desks,
        rota,
        board,
        queue,
        timeline,
        as_it_was,
        evidence,
        decisions,
        unmet,
        statistics,
        probing_notices,
        events,
        operators,
        devices,
        sessions,
        passkeys,
        provider,
        pins,
        program_tokens,
        health,
    ):
        # As they are: `include_router` would make every route a second time, at the first request.
        app.router.routes.extend(family.router.routes)
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(LedgerFault, _on_fault)
    app.add_exception_handler(RequestValidationError, _on_parameters)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_middleware(Edge, doors=doors, metrics=Metrics())
    describe(app)
    return app


async def _on_problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    response: Response = answer_problem(visit_of(request), problem, request)
    return response


async def _on_fault(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, LedgerFault)
    response: Response = answer_fault(visit_of(request), fault, request)
    return response


async def _on_parameters(request: Request, invalid: Exception) -> Response:
    """Path and query are read by FastAPI; bodies are not. An id that is none names nothing."""
    assert isinstance(invalid, RequestValidationError)
    errors = invalid.errors()
    faults = tuple(located_fault(error, str(error["loc"][-1])) for error in errors)
    return await _on_problem(request, Problem(Trouble.REQUEST_INVALID, faults=faults))


async def _on_http(request: Request, raised: Exception) -> Response:
    assert isinstance(raised, HTTPException)
    trouble = _BY_STATUS.get(raised.status_code, Trouble.NOT_FOUND)
    return await _on_problem(request, Problem(trouble, headers=raised.headers))
