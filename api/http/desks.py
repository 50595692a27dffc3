"""The contact book: desks under ids and codes; the number of each, which the vault keeps, written by whoever
answers there and opened by a POST that is recorded before the number is shown.

Whose desk somebody may write or know of is asked here and nowhere else.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.contact_values import fits_log, is_telephone
from api.http.answering import as_json
from api.http.commanding import Asked, ask, invalid
from api.http.desk_values import keep_value, opened_values
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.models.contacts import DeskBody, DeskClosingBody, DeskOpeningBody, DeskValueBody
from api.http.models.contacts_answers import DeskAnswer, OpenedValue, OpeningAnswer
from api.http.problems import Problem
from api.http.reading import read_body
from api.http.states import book_after
from api.http.trouble_texts import Trouble
from domain.codes import DeskKind
from domain.coordination.contacts import close_desk, open_desk, open_values
from domain.desk import CloseDesk, DeskOpened, OpenDesk, OpenDeskValues
from domain.kept import ValueKind
from domain.permissions import Action, Role
from domain.refusals import Refusal
from domain.vocabulary import DeskId, ShelterId
from ledger.store.transact import Done
from projections.contact_book import ContactBookView, contact_book, desk_view, on_duty_at

router = APIRouter()
_TAG = "contacts"
_WHOLE = (Role.COORDINATOR, Role.LEAD_BODY)


def houses_known(entered: Entered) -> frozenset[ShelterId] | None:
    """The houses whose desks the caller may know of; None: all of them, and the zones'."""
    return None if entered.role in _WHOLE else entered.houses or frozenset()


@router.get(
    "/desks",
    **documented(
        "list_desks",
        "The contact book: whom each desk reaches and what it keeps, never a number.",
        ContactBookView,
        tag=_TAG,
    ),
)
async def show(request: Request) -> Response:
    entered = await enter(request, Action.OPEN_CONTACTS, Action.KEEP_CONTACTS)
    engine = entered.doors.engine
    places, now = (await engine.index.catch_up()).places, await engine.transactor.store.now()
    return as_json(contact_book(places, now, houses_known(entered)))


@router.post(
    "/desks",
    **documented(
        "open_desk",
        "A desk: where a house, a service, a neighbour or the coordination is reached, or what a zone means.",
        DeskAnswer,
        tag=_TAG,
        status=201,
        body=DeskBody,
        example={
            "kind": "SERVICE",
            "code": "pronto-intervento-sociale",
            "member_id": "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d11",
        },
    ),
)
async def add(request: Request) -> Response:
    entered = await enter(request, Action.ADOPT_ROTA)
    body = await read_body(request, DeskBody)
    command = OpenDesk(
        kind=body.kind,
        code=body.code,
        member_id=body.member_id,
        shelter_id=body.shelter_id,
        zone_id=body.zone_id,
    )
    asked = ask(entered, body)
    fresh = DeskId(asked.new_id())
    done = await asked.place(lambda world, _, places: open_desk(fresh, command, world, places))
    desk_id = next(each.stream for each in done.events if isinstance(each.event, DeskOpened))
    return await _desk_answer(asked, DeskId(desk_id), done, status=201)


@router.post(
    "/desks/{desk_id}/closing",
    **documented(
        "close_desk",
        "Nobody is reached here any longer. Not while the rota names it.",
        DeskAnswer,
        tag=_TAG,
        body=DeskClosingBody,
        required=False,
    ),
)
async def close(request: Request, desk_id: UUID) -> Response:
    entered = await enter(request, Action.ADOPT_ROTA)
    body = await read_body(request, DeskClosingBody)
    asked, known = ask(entered, body, desk_id), DeskId(desk_id)
    done = await asked.run(lambda world, _: close_desk(known, CloseDesk(), world))
    return await _desk_answer(asked, known, done)


@router.post(
    "/desks/{desk_id}/values",
    **documented(
        "keep_desk_value",
        "The desk's number, or what a zone means, goes to the vault; the log learns that it stands there.",
        DeskAnswer,
        tag=_TAG,
        description="A house writes its own number, and nobody else does; the lead body writes every other "
        "number and what zones mean. In an EXERCISE a number begins with +39 000 and rings nowhere.",
        body=DeskValueBody,
        example={"kind": "ON_CALL_NUMBER", "value": "+39 000 0000 001"},
    ),
)
async def keep(request: Request, desk_id: UUID) -> Response:
    entered = await enter(request, Action.KEEP_CONTACTS)
    known = DeskId(desk_id)
    await _must_keep(entered, known)
    body = await read_body(request, DeskValueBody)
    _must_fit(entered, body)
    asked = ask(entered, body, desk_id)
    done = await keep_value(asked, known, body.kind, body.value)
    return await _desk_answer(asked, known, done)


@router.post(
    "/desks/{desk_id}/openings",
    **documented(
        "open_desk_value",
        "Open the number of a desk, to ring it. Recorded before it is shown.",
        OpeningAnswer,
        tag=_TAG,
        description="A house's number only while something is held or offered there; a service's, a "
        "neighbour's and the coordination's always.",
        body=DeskOpeningBody,
        example={"purpose": "CALL_HOUSE"},
    ),
)
async def open_it(request: Request, desk_id: UUID) -> Response:
    entered = await enter(request, Action.OPEN_CONTACTS)
    body = await read_body(request, DeskOpeningBody)
    asked, known = ask(entered, body, desk_id), DeskId(desk_id)
    command = OpenDeskValues(purpose=body.purpose)
    done = await asked.place(lambda world, _, places: open_values(known, command, world, places))
    ((_, values),) = (await opened_values(asked, done)).items()
    answer = OpeningAnswer(
        position=done.position,
        recorded_at=done.receipt.recorded_at,
        values=tuple(OpenedValue(desk_id=known, zone_id=None, value=each) for each in values),
    )
    return as_json(answer)


async def _must_keep(entered: Entered, desk_id: DeskId) -> None:
    """Errors: problem 404 where there is no such desk, or it is another house's; 403 where it is a house's
    and the caller is not of it.
    """
    places = (await entered.doors.engine.index.catch_up()).places
    state = places.desks.get(desk_id)
    if state is None or state.opened is None:
        raise Problem(Refusal.DESK_UNKNOWN)
    entered.must_reach_house(state.opened.shelter_id, Refusal.DESK_UNKNOWN)
    if state.opened.kind is DeskKind.HOUSE and entered.houses is None:
        raise Problem(Trouble.FORBIDDEN)


def _must_fit(entered: Entered, body: DeskValueBody) -> None:
    """Errors: problem 422 for what is no telephone number; 409 for one that may not be in such a log."""
    if body.kind is not ValueKind.ON_CALL_NUMBER:
        return
    if not is_telephone(body.value):
        raise invalid(
            "/value",
            "NOT_A_TELEPHONE",
            "Un numero di telefono e nient'altro: cifre e spazi.",
            "A telephone number and nothing else: digits and spaces.",
        )
    if not fits_log(body.value, entered.doors.log_kind):
        raise Problem(Trouble.LOG_OF_ANOTHER_KIND, pointer="/value")


async def _desk_answer(asked: Asked, desk_id: DeskId, done: Done, *, status: int = 200) -> Response:
    engine = asked.entered.doors.engine
    await engine.index.at_least(done.position)
    places = await book_after(engine, done)
    answer = DeskAnswer(
        position=done.position,
        recorded_at=done.receipt.recorded_at,
        desk=desk_view(places, desk_id, on_duty_at(places, done.receipt.recorded_at)),
    )
    location = f"/desks/{desk_id}" if status == 201 else None
    return as_json(answer, status=status, location=location)
