"""The register of operators: who acts for whom in which role, entered and ended by the lead body; a name
opened by order.

Not events of the log: the register stands apart from it, and says itself who entered and ended whom. The same
request again finds what stands.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import idempotency_key, invalid
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.models.identity import (
    EndedAnswer,
    NameAnswer,
    NameOpeningBody,
    NoBody,
    OperatorAnswer,
    OperatorBody,
    OperatorLine,
    OperatorList,
    ProgramBody,
    ProgramKeyBody,
    TermsBody,
)
from api.http.problems import Problem
from api.http.reading import read_body
from api.http.stepping_up import must_have_stepped_up
from api.http.trouble_texts import Trouble
from api.identity.enrolling import SEES_NO_CASE, BadPublicKey, NotForPrograms, NotToEnter, Terms
from domain.permissions import Action, Role
from ledger.register.port import Engagement

router = APIRouter()
_TAG = "register"
_TERMS = {"member_id": "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d77", "role": "COORDINATOR"}
_KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}


@router.post(
    "/operators",
    **documented(
        "enter_operator",
        "Somebody acts for a body in a role from now on; what stood for them before ends.",
        OperatorAnswer,
        tag=_TAG,
        status=201,
        body=OperatorBody,
        example={"issuer": "https://accesso.example.invalid", "subject": "a81f", **_TERMS},
    ),
)
async def enter_person(request: Request) -> Response:
    entered = await enter(request, Action.KEEP_REGISTER)
    body = await read_body(request, OperatorBody)
    idempotency_key(request)
    identity = entered.doors.identity
    standing = await identity.register.of_subject(identity.subjects.key_of(body.issuer, body.subject))
    must_keep(entered, Role(body.role), standing)
    try:
        engaged = await entered.doors.identity.enrolling.enter_person(
            body.issuer,
            body.subject,
            await _terms(entered, body),
            name=body.full_name,
            by=entered.caller.actor,
        )
    except NotToEnter:
        raise Problem(Trouble.NOT_ONESELF) from None
    return as_json(OperatorAnswer(operator=_line(engaged)), status=201)


@router.post(
    "/programs",
    **documented(
        "enter_program",
        "A program that proves who it is with a key of its own acts for a body from now on.",
        OperatorAnswer,
        tag=_TAG,
        status=201,
        body=ProgramBody,
        example={**_TERMS, "role": "REGION", "public_key": _KEY},
    ),
)
async def enter_program(request: Request) -> Response:
    entered = await enter(request, Action.KEEP_REGISTER)
    body = await read_body(request, ProgramBody)
    idempotency_key(request)
    must_keep(entered, Role(body.role))
    identity = entered.doors.identity
    try:
        engaged = await identity.enrolling.enter_program(
            body.public_key.model_dump(exclude_none=True),
            await _terms(entered, body),
            by=entered.caller.actor,
        )
    except NotForPrograms:
        raise invalid(
            "/role",
            "ROLE_OF_PERSONS",
            "In questo ruolo agisce solo una persona.",
            "Only a person acts in this role.",
        ) from None
    except BadPublicKey:
        raise _key_invalid() from None
    return as_json(OperatorAnswer(operator=_line(engaged), audience=identity.programs.issuer), status=201)


@router.post(
    "/programs/{actor_id}/key",
    **documented(
        "change_program_key",
        "Another key in place of a program's.",
        EndedAnswer,
        tag=_TAG,
        body=ProgramKeyBody,
        example={"public_key": _KEY},
    ),
)
async def change_key(request: Request, actor_id: UUID) -> Response:
    entered = await enter(request, Action.KEEP_REGISTER)
    body = await read_body(request, ProgramKeyBody)
    idempotency_key(request)
    described = body.public_key.model_dump(exclude_none=True)
    try:
        changed = await entered.doors.identity.enrolling.change_key(actor_id, described)
    except BadPublicKey:
        raise _key_invalid() from None
    if not changed:
        raise Problem(Trouble.NOT_FOUND)
    return as_json(EndedAnswer(ended=True))


@router.get(
    "/operators",
    **documented("list_operators", "Every period of everybody, by ids alone.", OperatorList, tag=_TAG),
)
async def show(request: Request) -> Response:
    entered = await enter(request, Action.KEEP_REGISTER)
    found = await entered.doors.identity.register.engagements()
    return as_json(OperatorList(operators=tuple(map(_line, found))))


@router.post(
    "/operators/{actor_id}/end",
    **documented(
        "end_operator",
        "From the next request on this is nobody, in every process, and no passkey of theirs counts. Ended "
        "already: nothing.",
        EndedAnswer,
        tag=_TAG,
        body=NoBody,
        example={},
        required=False,
    ),
)
async def end(request: Request, actor_id: UUID) -> Response:
    entered = await enter(request, Action.KEEP_REGISTER)
    await read_body(request, NoBody)
    idempotency_key(request)
    identity = entered.doors.identity
    must_keep(entered, None, await identity.register.of_actor(actor_id))
    ended = await identity.enrolling.end(actor_id, by=entered.caller.actor)
    if ended and identity.passkeys is not None:
        await identity.passkeys.forget(actor_id)
    return as_json(EndedAnswer(ended=ended))


@router.post(
    "/operators/{actor_id}/name-openings",
    **documented(
        "open_operator_name",
        "Whose name stands behind an id. The order is recorded before the name is shown.",
        NameAnswer,
        tag=_TAG,
        body=NameOpeningBody,
        example={"reason": "JUDICIAL_ORDER", "order": "R.G. 1/2026"},
    ),
)
async def open_name(request: Request, actor_id: UUID) -> Response:
    entered = await enter(request, Action.NAME_OPERATOR)
    must_have_stepped_up(entered)
    body = await read_body(request, NameOpeningBody)
    idempotency_key(request)
    name = await entered.doors.identity.enrolling.open_name(
        actor_id, by=entered.caller.actor, reason=body.reason, order=body.order
    )
    if name is None:
        raise Problem(Trouble.NOT_FOUND)
    return as_json(NameAnswer(actor=actor_id, full_name=name))


def must_keep(entered: Entered, role: Role | None, standing: Engagement | None = None) -> None:
    """An administrator keeps those who see no case; all others are the lead body's. Errors: problem 403."""
    kept = {role} if role is not None else set()
    kept |= {standing.role} if standing is not None else set()
    if entered.role is Role.SYSTEM_ADMINISTRATOR and not kept <= SEES_NO_CASE:
        raise Problem(Trouble.FORBIDDEN)


async def _terms(entered: Entered, body: TermsBody) -> Terms:
    """Errors: problem 422 for a body or a house that is not in the network, a period that ends before it
    begins, or houses of somebody who has none.
    """
    places = (await entered.doors.engine.index.catch_up()).places
    if body.member_id not in {each.member_id for each in places.network.members}:
        raise invalid("/member_id", "MEMBER_UNKNOWN", "Nessun ente ha questo id.", "No member has this id.")
    if not places.shelters.keys() >= set(body.houses):
        raise invalid("/houses", "SHELTER_UNKNOWN", "Nessuna casa ha questo id.", "No house has this id.")
    begins = body.valid_from or entered.doors.identity.sessions.now()
    if body.valid_to is not None and body.valid_to <= begins:
        raise invalid(
            "/valid_to",
            "PERIOD_ENDS_FIRST",
            "Il periodo finisce prima di iniziare.",
            "The period ends before it begins.",
        )
    if bool(body.houses) is not (body.role is Role.SHELTER_OPERATOR):
        raise invalid(
            "/houses",
            "HOUSES_OF_AN_OPERATOR",
            "Le case vanno indicate per un'operatrice di casa, e solo per lei.",
            "Houses are given for a house's operator, and for nobody else.",
        )
    return Terms(
        member=body.member_id,
        role=Role(body.role),
        houses=frozenset(body.houses),
        valid_from=body.valid_from,
        valid_to=body.valid_to,
    )


def _key_invalid() -> Problem:
    return invalid(
        "/public_key",
        "PUBLIC_KEY_INVALID",
        "Questa non è una chiave pubblica Ed25519 o P-256.",
        "This is not a public Ed25519 or P-256 key.",
    )


def _line(engagement: Engagement) -> OperatorLine:
    return OperatorLine(
        actor=engagement.actor,
        member_id=engagement.member,
        role=engagement.role,
        houses=tuple(sorted(engagement.houses)),
        program=engagement.program,
        valid_from=engagement.valid_from,
        valid_to=engagement.valid_to,
        entered_by=engagement.entered_by,
        entered_at=engagement.entered_at,
        ended_by=engagement.ended_by,
        ended_at=engagement.ended_at,
    )
