"""Codes of cases for paper forms: issued before a night in which nothing else works, and found again by
whoever enters later what was written under them.
"""

from __future__ import annotations

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import ask
from api.http.documenting import documented
from api.http.entering import enter
from api.http.models.case_codes import CaseCodesAnswer, CaseCodesBody
from api.http.reading import read_body
from domain.case import CaseOpened
from domain.coordination.issuing import OpenCases, open_cases
from domain.permissions import Action
from domain.vocabulary import CaseId
from projections.case_codes import CaseCode, CaseCodes, as_printed, code_of

router = APIRouter()
_TAG = "case-codes"
MOST_LISTED = 100


@router.post(
    "/case-codes",
    **documented(
        "issue_case_codes",
        "Cases opened with nobody in them yet, each with a code to print on a paper form.",
        CaseCodesAnswer,
        tag=_TAG,
        status=201,
        body=CaseCodesBody,
        example={"count": 3},
        description="A request or a direct admission entered later names the case (`case_id`). — Casi aperti "
        "in anticipo per i moduli di carta.",
    ),
)
async def issue(request: Request) -> Response:
    entered = await enter(request, Action.ISSUE_CASE_CODES)
    body = await read_body(request, CaseCodesBody)
    asked, command = ask(entered, body), OpenCases(count=body.count)
    done = await asked.run(lambda world, context: open_cases(command, world, context))
    opened = (each.stream for each in done.events if isinstance(each.event, CaseOpened))
    answer = CaseCodesAnswer(
        position=done.position,
        recorded_at=done.receipt.recorded_at,
        items=tuple(CaseCode(code=code_of(each), case_id=CaseId(each)) for each in opened),
    )
    return as_json(answer, status=201)


@router.get(
    "/case-codes",
    **documented(
        "list_case_codes",
        "Codes that were issued and wait for what was written under them, the latest first.",
        CaseCodes,
        tag=_TAG,
        description="With `code` only that one, if it waits: hyphens and small letters do not matter. A code "
        "that is mistyped, was used, or was never issued is not among them.",
    ),
)
async def show(
    request: Request,
    code: Annotated[str | None, Query(max_length=40, description="As it stands on the form.")] = None,
) -> Response:
    entered = await enter(request, Action.ISSUE_CASE_CODES)
    index = await entered.doors.engine.index.catch_up()
    waiting = index.issued.waiting
    wanted = list(islice(reversed(waiting), MOST_LISTED)) if code is None else [as_printed(code) or ""]
    found = tuple(CaseCode(code=each, case_id=waiting[each]) for each in wanted if each in waiting)
    return as_json(CaseCodes(position=index.places.position, waiting=len(waiting), items=found))
