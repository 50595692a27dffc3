"""The bodies about desks, the rota and what is opened of them. No field has room for an address of a house: a
house's desk keeps a telephone number and nothing else.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from api.contact_values import LONGEST_MEANING, is_meaning
from api.http.models.fields import Body, Code, Day
from domain.codes import DeskKind
from domain.kept import OpeningPurpose, ValueKind
from domain.vocabulary import DeskId, MemberId, ShelterId, Weekday, ZoneId

MOST_SHIFTS = 200
MOST_ZONES = 60
_Minute = Annotated[int, Field(ge=0, le=1440, description="Of the local day.")]


def _one_line(text: str) -> str:
    if not is_meaning(text):
        raise PydanticCustomError("value_form", "not a line of text")
    return text


class DeskBody(Body):
    """Where somebody is reached: the house of a HOUSE, the zone of a ZONE, the body of any other."""

    kind: DeskKind
    code: Code
    member_id: MemberId | None = None
    shelter_id: ShelterId | None = None
    zone_id: ZoneId | None = None


class DeskClosingBody(Body):
    """Nobody is reached here any longer."""


class DeskValueBody(Body):
    """What the desk keeps in the vault: a telephone number, or what a zone means. It replaces what was kept,
    and is never shown but by an opening.
    """

    kind: Literal[ValueKind.ON_CALL_NUMBER, ValueKind.ZONE_MEANING]
    value: Annotated[str, Field(min_length=1, max_length=LONGEST_MEANING), AfterValidator(_one_line)]

    def kept(self) -> Body:
        """The digest of a request outlives the value: it is made without it. The vault finds out where the
        same key comes with another value.
        """
        return self.model_copy(update={"value": ""})


class DeskOpeningBody(Body):
    """Why the number is opened. The opening is recorded before the number is shown."""

    purpose: Literal[OpeningPurpose.CALL_HOUSE, OpeningPurpose.CALL_SERVICE, OpeningPurpose.NAME_ZONES]


class ZoneOpeningBody(Body):
    """Which zones somebody must name to her. The opening is recorded before any meaning is shown."""

    zone_ids: Annotated[tuple[ZoneId, ...], Field(min_length=1, max_length=MOST_ZONES)]


class ShiftBody(Body):
    """A desk answers on these days from a minute to another, by wall clock. A night is two shifts."""

    desk_id: DeskId
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=len(Weekday))]
    begins: _Minute
    ends: _Minute


class RotaBody(Body):
    """Which desks answer when; it replaces the rota that stands. Every hour has a COORDINATION desk."""

    valid_from: Day
    shifts: Annotated[tuple[ShiftBody, ...], Field(min_length=1, max_length=MOST_SHIFTS)]
