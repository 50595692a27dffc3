"""The bodies of the steps of a placement: consent, offer, answers, arrival, end."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.http.models.fields import Body, Commitment, Happened
from domain.codes import DeclineGroup, DischargeOutcome, RefusalGroup, Told
from domain.vocabulary import AnswerChannel, OfferId, UnitId

_ChosenOffer = Annotated[
    OfferId | None, Field(description="Left out: the current offer, where exactly one is.")
]
_Channel = Annotated[
    AnswerChannel,
    Field(description="SCREEN: the house itself. TELEPHONE: recorded by the coordinator, confirmed later."),
]


class WhenBody(Body):
    """When it happened."""

    occurred_at: Happened = None


class OfferNamedBody(Body):
    """Which offer."""

    offer_id: _ChosenOffer = None


class SendOfferBody(Body):
    """The coordinator taps a named candidate."""

    units: Annotated[
        tuple[UnitId, ...],
        Field(min_length=1, max_length=3, description="Exactly the units held, in their order."),
    ]


class AcceptanceBody(Body):
    """The house says yes."""

    offer_id: _ChosenOffer = None
    channel: _Channel
    occurred_at: Happened = None


class RefusalBody(Body):
    """The house says no: the group that the requester is shown, never the true code."""

    offer_id: _ChosenOffer = None
    channel: _Channel
    shown: Annotated[RefusalGroup, Field(description="SAFETY stops the search and asks a person.")]
    commitment: Commitment | None = None
    occurred_at: Happened = None


class WomanAcceptanceBody(Body):
    """She says yes to this place, told what it is like."""

    offer_id: _ChosenOffer = None
    proximity_checked_by_voice: Annotated[
        bool, Field(description="False: the distance from the perpetrator is NOT verified.")
    ]
    told: Annotated[tuple[Told, ...], Field(max_length=len(Told))] = ()
    occurred_at: Happened = None


class DeclineBody(Body):
    """She says no to this place. It never counts against her."""

    offer_id: _ChosenOffer = None
    shown: DeclineGroup = DeclineGroup.NOT_SAID
    commitment: Commitment | None = None
    occurred_at: Happened = None


class SearchBody(Body):
    """Search again."""

    resume: Annotated[
        bool, Field(description="True: a person has decided to go on after the search had stopped.")
    ] = False


class DischargeBody(Body):
    """The household has left."""

    outcome: DischargeOutcome
    occurred_at: Happened = None
