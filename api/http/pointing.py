"""Which field of a body a refusal is about, where that depends on what was sent.

The domain says what is wrong; the table of texts names the field where it is always the same one. What an
address names and does not exist is 404; the same id inside a body is 422, in words of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from types import MappingProxyType

from pydantic import BaseModel

from api.http.problems import FieldFault, Problem
from api.http.trouble_texts import Trouble
from domain.horizon import FARTHEST, FARTHEST_WHEN_PRESSING
from domain.refusals import Refusal
from domain.vocabulary import RiskBand

_PAST = ("occurred_at", "consented_at", "observed_at", "true_occurred_at", "assessed_on")
_AHEAD = ("check_at", "until", "expected_at")
_AWAITED = ("check_at", "expected_at", "safe_until")
_FIELDS: Mapping[Refusal, tuple[str, ...]] = MappingProxyType(
    {
        Refusal.PLACE_UNKNOWN: ("places", "open_places", "occupancies", "units"),
        Refusal.PLACE_REPEATED: ("places", "open_places", "occupancies", "units"),
        Refusal.ZONE_UNKNOWN: ("zones_to_avoid", "unsuitable_zones"),
        Refusal.DISTRICT_UNKNOWN: ("district_id", "continuity_with"),
        Refusal.CONTINUITY_ONLY_PLANNED: ("continuity_with",),
        Refusal.HOUSEHOLD_EMPTY: ("household",),
        Refusal.HOUSEHOLD_WITHOUT_HER: ("household",),
        Refusal.SPLIT_DOES_NOT_ADD_UP: ("apart",),
        Refusal.BRIDGE_OVER_BEFORE_CHECK: ("check_at",),
        Refusal.CODE_NOT_VALID_FOR_URGENCY: ("code",),
        Refusal.REASON_NEEDED: ("reason",),
        Refusal.CANDIDATE_NOT_ELIGIBLE: ("units",),
        Refusal.AGREEMENT_UNKNOWN: ("district_id",),
        Refusal.NEIGHBOUR_UNKNOWN: ("member_id",),
        Refusal.NEIGHBOUR_NOT_ASKED: ("member_id",),
        Refusal.ENTRY_UNKNOWN: ("version",),
    }
)
"""The field is the first of these that says something, else the first that the body has."""
_NAMED: Mapping[Refusal, tuple[tuple[str, ...], str, str]] = MappingProxyType(
    {
        Refusal.SHELTER_UNKNOWN: (
            ("shelter_id", "houses_barred"),
            "Nessuna casa della rete ha questo id.",
            "No house of the network has this id.",
        ),
        Refusal.CASE_UNKNOWN: (
            ("case_id", "apart_from"),
            "Nessun caso ha questo id; per un caso nuovo ometti case_id.",
            "No case has this id; leave case_id out to open a new case.",
        ),
        Refusal.UNIT_UNKNOWN: (
            ("units",),
            "Nessuna unità di questa casa ha questo id.",
            "No unit of this house has this id.",
        ),
    }
)
"""What else stands in an address, with the fields of bodies that name it."""


def problem_of(refusal: Refusal, body: BaseModel) -> Problem:
    """The refusal as the problem of who sent this body."""
    fields, it, en = _NAMED.get(refusal, ((), "", ""))
    named = _first(fields, body)
    if named is not None:
        fault = FieldFault(pointer=named, code=refusal.name, it=it, en=en)
        return Problem(Trouble.REQUEST_INVALID, faults=(fault,))
    return Problem(refusal, pointer=_field(refusal, body))


def _field(refusal: Refusal, body: BaseModel) -> str | None:
    match refusal:
        case Refusal.OCCURRED_IN_THE_FUTURE:
            given = _moments(_PAST, body)
            return max(given, key=given.__getitem__, default=None)
        case Refusal.NOT_IN_THE_FUTURE:
            given = _moments(_AHEAD, body)
            return min(given, key=given.__getitem__, default=None)
        case Refusal.TOO_FAR_AHEAD:
            return _too_far(body)
        case Refusal.CODE_MALFORMED:
            return _contradicting(body)
        case _:
            return _first(_FIELDS.get(refusal, ()), body)


def _too_far(body: BaseModel) -> str | None:
    """What is awaited first; but where a bridge ends so long after its look that this alone would be refused,
    its end.
    """
    awaited, until = _moments(_AWAITED, body), _moments(("until",), body)
    alone = FARTHEST - FARTHEST_WHEN_PRESSING
    return next(
        (pointer for pointer, end in until.items() if end - min(awaited.values(), default=end) > alone),
        max(awaited, key=awaited.__getitem__, default=None),
    )


def _contradicting(body: BaseModel) -> str | None:
    """A body's codes are labels as far as its model says: what is left is what does not go with another."""
    said = {name: value for _, name, value in _fields(body)}
    if said.get("risk") is RiskBand.NOT_ASSESSED and said.get("assessed") is not None:
        return _first(("risk",), body)
    return _first(("apart_from",), body) if said.get("apart_from") else None


def _first(names: tuple[str, ...], body: BaseModel) -> str | None:
    """The pointer of the first of these that says something, else of the first there is."""
    there = [(name, pointer, value) for pointer, name, value in _fields(body) if name in names]
    there.sort(key=lambda each: (not each[2], names.index(each[0])))
    return there[0][1] if there else None


def _moments(names: tuple[str, ...], body: BaseModel) -> dict[str, datetime]:
    """The moments that the body gives under these names, by their pointers; a day as its beginning."""
    return {
        pointer: value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)
        for pointer, name, value in _fields(body)
        if name in names and isinstance(value, date)
    }


def _fields(body: BaseModel, within: str = "") -> Iterator[tuple[str, str, object]]:
    """Every field of the body and of the objects in it: pointer, name, value."""
    for name in type(body).model_fields:
        value = getattr(body, name)
        yield f"{within}/{name}", name, value
        if isinstance(value, BaseModel):
            yield from _fields(value, f"{within}/{name}")
