"""The body of a request for a place, and what is answered to it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.http.models.answers import EventLine
from api.http.models.fields import Body, Happened, Instant
from domain.coordination.requesting import RequestPlacement
from domain.vocabulary import (
    AgeBand,
    CaseId,
    Channel,
    Feature,
    Household,
    IntakeMode,
    LevelFunction,
    RiskBand,
    Setting,
    Urgency,
    ZoneId,
)
from projections.placement_view import OpenRequestView, PlacementView
from projections.ranking_view import RankingSummary

_BANDS = list(AgeBand)


class HouseholdBody(Body):
    """Who needs a place. No adult at all is answered with the minors' path."""

    adults: Annotated[int, Field(ge=0, le=10, description="The woman and adults who depend on her.")]
    children: Annotated[
        tuple[AgeBand, ...], Field(max_length=15, description="One age band for each child.")
    ] = ()


class PlacementRequestBody(Body):
    """A place is asked for a household: only what ranking reads, and nothing that tells who they are."""

    case_id: Annotated[CaseId | None, Field(description="Left out: a new case is opened.")] = None
    channel: Annotated[Channel, Field(description="Through whom the request arrives.")]
    urgency: Annotated[Urgency, Field(description="U1 now, U2 today, U3 within 72 hours, U4 planned.")]
    intake_mode: IntakeMode = IntakeMode.EMERGENCY
    level: LevelFunction = LevelFunction.EMERGENCY_RECEPTION
    household: HouseholdBody
    features_required: Annotated[tuple[Feature, ...], Field(max_length=len(Feature))] = ()
    zones_to_avoid: Annotated[tuple[ZoneId, ...], Field(max_length=50)] = ()
    risk: Annotated[RiskBand, Field(description="NOT_ASSESSED counts as HIGH.")] = RiskBand.NOT_ASSESSED
    setting: Annotated[Setting | None, Field(description="Where she is now.")] = None
    safe_until: Instant | None = None
    removal_considered: Annotated[
        bool | None, Field(description="Whether removing the perpetrator instead was considered.")
    ] = None
    send_on: Annotated[
        bool, Field(description="Offer to the next house by itself after silence or a plain no.")
    ] = False
    consented_at: Annotated[
        Instant | None, Field(description="When she agreed to the search. Left out: recorded later.")
    ] = None
    occurred_at: Happened = None

    def command(self, now: datetime) -> RequestPlacement:
        return RequestPlacement(
            case_id=self.case_id,
            channel=self.channel,
            urgency=self.urgency,
            intake_mode=self.intake_mode,
            level=self.level,
            household=Household(
                adults=self.household.adults,
                children=tuple(sorted(self.household.children, key=_BANDS.index)),
            ),
            features_required=self.features_required,
            zones_to_avoid=self.zones_to_avoid,
            risk=self.risk,
            setting=self.setting,
            safe_until=self.safe_until,
            removal_considered=self.removal_considered,
            send_on=self.send_on,
            consented_at=self.consented_at,
            occurred_at=self.occurred_at or now,
        )


class RequestResult(enum.StrEnum):
    """How a request for a place ended: none of them is an error."""

    HELD = "held"
    WAITING = "waiting"
    MINOR_ALONE = "minor_alone"


@dataclass(frozen=True, kw_only=True, slots=True)
class MinorsPath:
    """The other path for a girl under eighteen who is alone: a code, and what to do."""

    code: str
    text: str


MINORS_PATH = MinorsPath(
    code="MINOR_ALONE",
    text="Una minorenne sola non entra in una casa rifugio per donne: si attiva subito il percorso per i "
    "minori. Chiama il servizio sociale tutela minori del Comune (di notte il pronto intervento sociale) o "
    "le forze dell'ordine, 112; per orientamento il 114 Emergenza Infanzia. L'autorità che la mette in "
    "sicurezza avvisa la Procura per i minorenni (art. 403 c.c.).",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestAnswer:
    """What became of a request. `placement` and `ranking` are null, and `minors_path` is given, where no
    search was made for want of an adult.
    """

    result: RequestResult
    position: int
    recorded_at: datetime
    events: tuple[EventLine, ...]
    placement: PlacementView | None
    ranking: RankingSummary | None
    minors_path: MinorsPath | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenRequests:
    """Open requests, in the order in which they are owed a place."""

    position: int
    items: tuple[OpenRequestView, ...]
