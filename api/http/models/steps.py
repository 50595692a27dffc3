"""The bodies of the steps of a placement: consent, offer, answers, arrival, end."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.http.models.fields import Body, Code, Happened, Instant
from domain.codes import (
    AskAgainReason,
    ChoiceReason,
    CorrectionReason,
    DeclineGroup,
    DischargeOutcome,
    Escort,
    PlacementOutcome,
    RefusalGroup,
    ReleaseCause,
    Told,
)
from domain.vocabulary import AnswerChannel, OfferId, UnitId
from domain.withheld import DeclineCode, RefusalCode

_ChosenOffer = Annotated[
    OfferId | None, Field(description="Left out: the current offer, where exactly one is.")
]
_Units = Annotated[tuple[UnitId, ...], Field(min_length=1, max_length=3)]
_ShownPosition = Annotated[
    int | None,
    Field(ge=0, le=2**63 - 1, description="The position of the log that the page before her showed."),
]
_Page = Annotated[Code | None, Field(description="Which page she had before her, with its version.")]
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
    """The coordinator taps a named candidate, out of what she had before her."""

    units: Annotated[_Units, Field(description="Exactly the units held, in their order.")]
    reason: Annotated[
        ChoiceReason | None, Field(description="Why this one, where it is not the first candidate.")
    ] = None
    shown_position: _ShownPosition = None
    page: _Page = None


class AnotherChoiceBody(Body):
    """Another candidate than the one held, by its units as the ranking lists them."""

    units: _Units
    reason: Annotated[ChoiceReason | None, Field(description="Why this one: needed.")] = None
    shown_position: _ShownPosition = None
    page: _Page = None


class AcceptanceBody(Body):
    """The house says yes."""

    offer_id: _ChosenOffer = None
    channel: _Channel
    occurred_at: Happened = None


class RefusalBody(Body):
    """The house says no. Give exactly one of `code` and `shown`. The record keeps the group that a code is
    shown as; the code itself can tell where a house is, and goes to the vault.
    """

    offer_id: _ChosenOffer = None
    channel: _Channel
    code: Annotated[
        RefusalCode | None, Field(description="For the vault alone. OTHER is for the coordination to record.")
    ] = None
    shown: Annotated[RefusalGroup | None, Field(description="SAFETY stops the search and asks a person.")] = (
        None
    )
    occurred_at: Happened = None

    def kept(self) -> Body:
        """The group in place of the code."""
        return self if self.code is None else self.model_copy(update=_group(self.code))


class WomanAcceptanceBody(Body):
    """She says yes to this place, told what it is like."""

    offer_id: _ChosenOffer = None
    proximity_checked_by_voice: Annotated[
        bool, Field(description="False: the distance from the perpetrator is NOT verified.")
    ]
    told: Annotated[tuple[Told, ...], Field(max_length=len(Told))] = ()
    occurred_at: Happened = None


class DeclineBody(Body):
    """She says no to this place. It never counts against her. Give a `code`, whose group the record keeps and
    the vault the code itself, or `shown`, or neither: she need not say.
    """

    offer_id: _ChosenOffer = None
    code: Annotated[DeclineCode | None, Field(description="For the vault alone.")] = None
    shown: DeclineGroup | None = None
    occurred_at: Happened = None

    def kept(self) -> Body:
        """The group in place of the code."""
        return self if self.code is None else self.model_copy(update=_group(self.code))


class ReleaseBody(Body):
    """A hold is given back by hand."""

    offer_id: _ChosenOffer = None
    cause: Literal[ReleaseCause.RELEASED_BY_COORDINATOR, ReleaseCause.NOT_ARRIVED] = (
        ReleaseCause.RELEASED_BY_COORDINATOR
    )


class AskingAgainBody(Body):
    """Units that had said no, or that she had declined, may be asked again within this request."""

    units: Annotated[tuple[UnitId, ...], Field(min_length=1, max_length=60)]
    reason: AskAgainReason


class HandoverBody(Body):
    """How and when they come. Where to is spoken, never written."""

    offer_id: _ChosenOffer = None
    expected_at: Instant
    escort: Escort
    occurred_at: Happened = None


class NoShowBody(Body):
    """They have not come. The places are kept until a person decides otherwise."""

    offer_id: _ChosenOffer = None
    welfare_check_asked: Annotated[
        bool, Field(description="Whether somebody was asked to look for her: the coordination's to say.")
    ] = False
    occurred_at: Happened = None


class ClosureBody(Body):
    """Why no place of this network is sought any more."""

    outcome: Literal[
        PlacementOutcome.PLACED_BY_NEIGHBOUR,
        PlacementOutcome.OTHER_SOLUTION,
        PlacementOutcome.PERPETRATOR_REMOVED,
        PlacementOutcome.UNREACHABLE,
        PlacementOutcome.ENTERED_IN_ERROR,
    ]
    occurred_at: Happened = None


class CorrectionBody(Body):
    """An entry of this placement is declared wrong; it stays as it is. `version` as the history counts."""

    version: Annotated[int, Field(ge=1, le=2**63 - 1)]
    reason: CorrectionReason
    true_occurred_at: Annotated[
        Instant | None, Field(description="With WRONG_TIME: when it really happened.")
    ] = None


class SearchBody(Body):
    """Search again."""

    resume: Annotated[
        bool, Field(description="True: a person has decided to go on after the search had stopped.")
    ] = False


class DischargeBody(Body):
    """The household has left."""

    outcome: DischargeOutcome
    occurred_at: Happened = None


def _group(code: RefusalCode | DeclineCode) -> dict[str, object]:
    return {"code": None, "shown": code.shown}
