"""Who asks what is known of a person, and what is answered (art. 15 GDPR, L. 241/1990): a queue that a person
reviews.

No door here reads a case, a placement or a house: an answer is the same whether or not anything is known of
the person, and nothing in it tells a house, a place or a time. Whoever looks a person up does that elsewhere,
with a purpose that is recorded.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import Asked, ask
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.models.inquiries import InquiryBody, InquiryDecisionBody, InquiryOpeningBody
from api.http.models.inquiries_answers import InquiryAnswer, InquiryOpened
from api.http.problems import Problem
from api.http.reading import read_body
from api.http.stepping_up import must_have_stepped_up
from api.http.trouble_texts import Trouble
from api.keeping import Keeping, Named, Opened, OpeningOver
from api.placing import Decide
from domain.inquiry import DecideInquiry, InquiryCommand, InquiryReceived, OpenInquiry, ReceiveInquiry, decide
from domain.kept import ValueKind
from domain.permissions import Action
from domain.refusals import Refusal
from domain.vocabulary import InquiryId
from domain.world import Context, Decided, World, on_stream
from ledger.store.transact import Done
from projections.inquiries_view import Inquiries, inquiries, inquiry_view

router = APIRouter()
_TAG = "inquiries"
MOST_ANSWERED = 200
"""Inquiries that were answered: so many are listed, the latest."""


@router.get(
    "/inquiries",
    **documented(
        "list_inquiries",
        "Who asked what is known of somebody: those that wait first. Never who, nor of whom.",
        Inquiries,
        tag=_TAG,
    ),
)
async def show(request: Request) -> Response:
    entered = await enter(request, Action.RECEIVE_INQUIRY, Action.ANSWER_INQUIRY)
    engine = entered.doors.engine
    known = (await engine.index.catch_up()).preservation.inquiries
    answered = [each for each, state in known.items() if state.decided is not None]
    wanted = [each for each, state in known.items() if state.decided is None] + answered[-MOST_ANSWERED:]
    return as_json(inquiries(await engine.transactor.store.read_streams(tuple(wanted))))


@router.post(
    "/inquiries",
    **documented(
        "receive_inquiry",
        "Write down that somebody asks what is known of a person. The answer tells nothing of the person.",
        InquiryAnswer,
        tag=_TAG,
        status=201,
        body=InquiryBody,
        example={
            "asker": "CO_PARENT",
            "reference": "2026/0004321",
            "details": "Chi chiede, di chi, e come è stato identificato.",
        },
    ),
)
async def receive(request: Request) -> Response:
    entered = await enter(request, Action.RECEIVE_INQUIRY)
    body = await read_body(request, InquiryBody)
    asked = ask(entered, body)
    inquiry_id = await _inquiry_of(asked)

    def decided(named: Named) -> Decide:
        ((_, details),) = named
        command = ReceiveInquiry(asker=body.asker, reference=body.reference, details=details)
        return _on_inquiry(inquiry_id, command)

    values = [(ValueKind.INQUIRY_DETAILS, body.details)]
    result = await _keeping(entered).keep(asked.command, inquiry_id, values, decided)
    return await _answer(asked, inquiry_id, asked.done(result), status=201)


@router.post(
    "/inquiries/{inquiry_id}/openings",
    **documented(
        "open_inquiry",
        "Read who asks about whom, to answer. Recorded before it is shown.",
        InquiryOpened,
        tag=_TAG,
        body=InquiryOpeningBody,
        example={"purpose": "ANSWER_INQUIRY"},
    ),
)
async def open_it(request: Request, inquiry_id: UUID) -> Response:
    entered = await enter(request, Action.ANSWER_INQUIRY)
    must_have_stepped_up(entered)
    body = await read_body(request, InquiryOpeningBody)
    asked, known = ask(entered, body, inquiry_id), InquiryId(inquiry_id)
    decided = _on_inquiry(known, OpenInquiry(purpose=body.purpose))
    try:
        opened = await _keeping(entered).open(asked.command, inquiry_id, decided)
    except OpeningOver:
        raise Problem(Trouble.OPENING_OVER) from None
    if not isinstance(opened, Opened):
        raise asked.problem(opened)
    if not opened.values:
        raise Problem(Refusal.VALUE_NOT_KEPT)
    answer = InquiryOpened(
        position=opened.done.position,
        recorded_at=opened.done.receipt.recorded_at,
        inquiry_id=known,
        details="\n".join(opened.values.values()),
    )
    return as_json(answer)


@router.post(
    "/inquiries/{inquiry_id}/decision",
    **documented(
        "decide_inquiry",
        "What is answered, and under which number it left. The text is the same for all who are answered so.",
        InquiryAnswer,
        tag=_TAG,
        body=InquiryDecisionBody,
        example={"outcome": "NOTHING_TO_SAY", "reference": "2026/0004400"},
    ),
)
async def decide_it(request: Request, inquiry_id: UUID) -> Response:
    entered = await enter(request, Action.ANSWER_INQUIRY)
    body = await read_body(request, InquiryDecisionBody)
    asked, known = ask(entered, body, inquiry_id), InquiryId(inquiry_id)
    command = DecideInquiry(outcome=body.outcome, reference=body.reference)
    return await _answer(asked, known, await asked.run(_on_inquiry(known, command)))


async def _inquiry_of(asked: Asked) -> InquiryId:
    """A fresh id; of a command that comes again, the one it had: its details are sealed for that alone."""
    transactor = asked.entered.doors.engine.transactor
    known = await transactor.store.receipt(asked.command.command_id)
    if known is not None:
        for each in (await transactor.done(known[1])).events:
            if isinstance(each.event, InquiryReceived):
                return InquiryId(each.stream)
    return InquiryId(asked.new_id())


def _on_inquiry(inquiry_id: InquiryId, command: InquiryCommand) -> Decide:
    def decided(world: World, _: Context) -> Decided:
        return on_stream(inquiry_id, decide(command, world.inquiry(inquiry_id)))

    return decided


async def _answer(asked: Asked, inquiry_id: InquiryId, done: Done, *, status: int = 200) -> Response:
    store = asked.entered.doors.engine.transactor.store
    rows = (await store.read_streams((inquiry_id,), upto=done.position)).get(inquiry_id, ())
    answer = InquiryAnswer(
        position=done.position,
        recorded_at=done.receipt.recorded_at,
        inquiry=inquiry_view(inquiry_id, rows),
    )
    return as_json(answer, status=status)


def _keeping(entered: Entered) -> Keeping:
    return Keeping(entered.doors.vault, entered.doors.engine)
