"""What a second person looks at afterwards: the list, and what they found."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import ask
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.models.guarding import ReviewBody
from api.http.models.guarding_answers import ReviewedAnswer
from api.http.problems import Problem
from api.http.reading import read_body
from api.http.second_person import by_another, tied_to_caller
from domain.case import GlassReviewed, OverrideReviewed
from domain.case.guarding import ReviewBreaking, ReviewOverride, decide
from domain.codes import ReviewOutcome
from domain.permissions import Action
from domain.refusals import Refusal
from domain.vocabulary import BreakingId, OverrideId
from domain.world import Context, Decided, World, on_stream
from ledger.store.port import StoredRow
from ledger.store.transact import recorded
from projections.reviews import Review
from projections.reviews_view import OpenReviews, open_reviews, who_acted

router = APIRouter()
_TAG = "exceptions"


@router.get(
    "/reviews",
    **documented(
        "list_reviews",
        "Glass broken and rules gone against that nobody has looked at, the one due first on top.",
        OpenReviews,
        tag=_TAG,
        description="An actor is an id; who that is stands in the register, apart. — Vetri rotti e deroghe "
        "ancora da esaminare, prima quelli in scadenza.",
    ),
)
async def show(request: Request) -> Response:
    entered = await enter(request, Action.REVIEW)
    engine = entered.doors.engine
    index = await engine.index.catch_up()
    wanted = list(index.reviews.open.values())
    streams = await engine.transactor.store.read_streams(tuple({each.case_id for each in wanted}))
    rows = (row for each in streams.values() for row in each)
    return as_json(open_reviews(wanted, rows, await engine.transactor.store.now()))


@router.post(
    "/reviews/{review_id}",
    **documented(
        "review",
        "A second person says what it was. What was said first stands.",
        ReviewedAnswer,
        tag=_TAG,
        body=ReviewBody,
        example={"outcome": "JUSTIFIED"},
    ),
)
async def review(request: Request, review_id: UUID) -> Response:
    entered = await enter(request, Action.REVIEW)
    found = await _reached(entered, review_id)
    body = await read_body(request, ReviewBody)
    asked = ask(entered, body, review_id)
    acted = who_acted(review_id, await _rows(entered, found))
    assert acted is not None, "the index follows the log"
    actor, outcome = entered.caller.actor, body.outcome
    tied = await tied_to_caller(entered)

    def decided(world: World, context: Context) -> Decided:
        state = world.case(found.case_id)
        command: ReviewBreaking | ReviewOverride = (
            ReviewBreaking(breaking_id=BreakingId(review_id), actor=actor, outcome=outcome)
            if found.actor is not None
            else ReviewOverride(override_id=OverrideId(review_id), actor=actor, acted=acted, outcome=outcome)
        )
        return by_another(
            on_stream(found.case_id, decide(command, state, context.now, context.new_id)), acted, tied
        )

    done = await asked.run(decided)
    answer = ReviewedAnswer(
        position=done.position,
        recorded_at=done.receipt.recorded_at,
        review_id=review_id,
        outcome=_said(review_id, await _rows(entered, found)),
    )
    return as_json(answer)


async def _reached(entered: Entered, review_id: UUID) -> Review:
    """Also of a case that is kept from them: nobody hides from a review. Errors: problem 404 where there is
    none.
    """
    index = await entered.doors.engine.index.catch_up()
    found = index.reviews.of(review_id)
    if found is None:
        raise Problem(Refusal.REVIEW_UNKNOWN)
    return found


async def _rows(entered: Entered, found: Review) -> tuple[StoredRow, ...]:
    store = entered.doors.engine.transactor.store
    return (await store.read_streams((found.case_id,)))[found.case_id]


def _said(review_id: UUID, rows: tuple[StoredRow, ...]) -> ReviewOutcome:
    for row in rows:
        match recorded(row).event:
            case (
                GlassReviewed(breaking_id=about, outcome=outcome)
                | OverrideReviewed(override_id=about, outcome=outcome)
            ) if about == review_id:
                return outcome
            case _:
                pass
    raise AssertionError("the command found it reviewed, or reviewed it")
