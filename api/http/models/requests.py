"""The body of a request for a place, and what is answered to it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.http.models.answers import EventLine
from api.http.models.fields import Body, Happened, Instant
from api.http.models.household import (
    AssessedBody,
    CasesApart,
    Criteria,
    Features,
    HouseholdBody,
    HousesBarred,
    Zones,
)
from domain.coordination.requesting import RequestPlacement
from domain.vocabulary import (
    AssessorRole,
    CaseId,
    Channel,
    DistrictId,
    IntakeMode,
    LevelFunction,
    OldestBoy,
    RiskBand,
    Setting,
    Urgency,
)
from projections.open_requests import OpenRequestView
from projections.placement_view import PlacementView
from projections.ranking_view import RankingSummary
from projections.requested_view import RequestedView


class PlacementRequestBody(Body):
    """A place is asked for a household: only what ranking reads, and nothing that tells who they are."""

    case_id: Annotated[CaseId | None, Field(description="Left out: a new case is opened.")] = None
    channel: Annotated[Channel, Field(description="Through whom the request arrives.")]
    urgency: Annotated[Urgency, Field(description="U1 now, U2 today, U3 within 72 hours, U4 planned.")]
    intake_mode: IntakeMode = IntakeMode.EMERGENCY
    level: LevelFunction = LevelFunction.EMERGENCY_RECEPTION
    household: HouseholdBody
    urgency_set_by: Annotated[AssessorRole | None, Field(description="In which task; never who.")] = None
    oldest_boy: Annotated[
        OldestBoy, Field(description="Only because some houses set a limit; a girl's age is never asked.")
    ] = OldestBoy.NOT_SAID
    features_required: Features = ()
    criteria_met: Criteria = ()
    zones_to_avoid: Zones = ()
    apart_from: CasesApart = ()
    houses_barred: HousesBarred = ()
    continuity_with: Annotated[
        DistrictId | None,
        Field(description="The Ambito whose school and work she asks to keep: planned moves (U4) only."),
    ] = None
    risk: Annotated[RiskBand, Field(description="NOT_ASSESSED counts as HIGH.")] = RiskBand.NOT_ASSESSED
    assessed: Annotated[AssessedBody | None, Field(description="How the risk was assessed.")] = None
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
            household=self.household.household(),
            features_required=self.features_required,
            zones_to_avoid=self.zones_to_avoid,
            risk=self.risk,
            urgency_set_by=self.urgency_set_by,
            oldest_boy=self.oldest_boy,
            criteria_met=self.criteria_met,
            assessed=self.assessed.assessment() if self.assessed is not None else None,
            apart_from=self.apart_from,
            houses_barred=self.houses_barred,
            continuity_with=self.continuity_with,
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
class OwnRequestAnswer:
    """The same for who asked from outside the coordination: whether a place is kept, never which."""

    result: RequestResult
    position: int
    recorded_at: datetime
    placement: RequestedView | None
    minors_path: MinorsPath | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnRequests:
    """Open requests of whoever asks, or of their body, oldest first."""

    position: int
    items: tuple[RequestedView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenRequests:
    """Open requests, in the order in which they are owed a place."""

    position: int
    items: tuple[OpenRequestView, ...]
