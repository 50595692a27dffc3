"""What the lead body keeps of a house: its agreements and its standing in the regional register."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.commanding import ask
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.models.answers import ShelterAnswer
from api.http.models.fields import Body
from api.http.models.houses import AgreementBody, AgreementEndBody, RegisterStatusBody
from api.http.reading import read_body
from api.http.shelters import shelter_answer
from domain import shelter
from domain.permissions import Action
from domain.refusals import Refusal
from domain.shelter import ChangeRegisterStatus, EndAgreement, ShelterCommand, SignAgreement
from domain.vocabulary import ShelterId
from domain.world import Context, Decided, World, on_stream

router = APIRouter()
_TAG = "shelters"
_DISTRICT = "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d22"


@router.post(
    "/shelters/{shelter_id}/agreements",
    **documented(
        "sign_agreement",
        "The house works under an agreement with an Ambito.",
        ShelterAnswer,
        tag=_TAG,
        body=AgreementBody,
        example={"district_id": _DISTRICT, "valid_from": "2027-01-01"},
        etag=True,
    ),
)
async def sign(request: Request, shelter_id: UUID) -> Response:
    entered = await enter(request, Action.KEEP_AGREEMENTS)
    body = await read_body(request, AgreementBody)
    command = SignAgreement(district_id=body.district_id, valid_from=body.valid_from)
    return await _changed(entered, body, ShelterId(shelter_id), command)


@router.post(
    "/shelters/{shelter_id}/agreements/end",
    **documented(
        "end_agreement",
        "An agreement of the house ends.",
        ShelterAnswer,
        tag=_TAG,
        body=AgreementEndBody,
        example={"district_id": _DISTRICT, "valid_to": "2027-12-31"},
        etag=True,
    ),
)
async def end(request: Request, shelter_id: UUID) -> Response:
    entered = await enter(request, Action.KEEP_AGREEMENTS)
    body = await read_body(request, AgreementEndBody)
    command = EndAgreement(district_id=body.district_id, valid_to=body.valid_to)
    return await _changed(entered, body, ShelterId(shelter_id), command)


@router.post(
    "/shelters/{shelter_id}/register-status",
    **documented(
        "change_register_status",
        "The house's standing in the regional register is another from now on.",
        ShelterAnswer,
        tag=_TAG,
        body=RegisterStatusBody,
        example={"register_status": "COMPLIANT"},
        etag=True,
    ),
)
async def change_status(request: Request, shelter_id: UUID) -> Response:
    entered = await enter(request, Action.CHANGE_REGISTER_STATUS)
    body = await read_body(request, RegisterStatusBody)
    command = ChangeRegisterStatus(register_status=body.register_status)
    return await _changed(entered, body, ShelterId(shelter_id), command)


async def _changed(entered: Entered, body: Body, house: ShelterId, command: ShelterCommand) -> Response:
    asked = ask(entered, body, house)

    def decided(world: World, context: Context) -> Decided:
        state = world.shelter(house)
        named = command.district_id if isinstance(command, SignAgreement) else None
        if state.registered is not None and named is not None and not world.network().has_district(named):
            return Refusal.DISTRICT_UNKNOWN
        return on_stream(house, shelter.decide(command, state, context.now))

    return await shelter_answer(asked, house, await asked.run(decided))
