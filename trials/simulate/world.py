"""The network a run is played in: invented houses of a scale, as a network file. None stands anywhere.

Levels, intake modes, features, cots and zones are mixed by the seed; the guests of the first day make the
houses as full as the parameters say.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from api.network_file.schema import NetworkFile
from domain.vocabulary import (
    AgeBand,
    Channel,
    Criterion,
    Feature,
    IntakeMode,
    LevelFunction,
    MemberKind,
    RiskBand,
)
from trials.simulate.drawing import Draws, Luck
from trials.simulate.parameters import Parameters, Scale
from trials.stage.answering import ALWAYS_ANSWERED

TIME_ZONE = "Europe/Rome"
VALID_FROM = date(2024, 10, 1)
ZONES_OF_A_NETWORK = 8
LEVELS = {
    LevelFunction.EMERGENCY_RECEPTION: ("pronto-intervento", IntakeMode.EMERGENCY, {"days": 8}),
    LevelFunction.FIRST_LEVEL: ("primo-livello", IntakeMode.PLANNED_URGENT, {"days": 30}),
    LevelFunction.SECOND_LEVEL: ("secondo-livello", IntakeMode.MEDIUM_LONG, {"months": 12}),
}
LARGE = 4
"""Beds from which a unit may be shared."""
NEIGHBOURS = ("neighbour-1", "neighbour-2")


def zones(scale: Scale) -> tuple[str, ...]:
    """Labels of opaque zones; what they mean is known to nobody."""
    return tuple(f"z{number}" for number in range(1, ZONES_OF_A_NETWORK * scale.networks // 4 + 9))


def network_file(scale: Scale, draws: Draws, parameters: Parameters) -> NetworkFile:
    """The whole network, EXERCISE only: every house is fictitious."""
    levels = [
        {"code": code, "function": function.value, **limit} for function, (code, _, limit) in LEVELS.items()
    ]
    return NetworkFile.model_validate(
        {
            "network": {
                "code": f"simulated-{scale.name.lower()}",
                "time_zone": TIME_ZONE,
                "valid_from": VALID_FROM,
                "request_channels": tuple(each.value for each in Channel),
                "zones": zones(scale),
            },
            "districts": tuple(
                {"code": f"ambito-{number}", "municipalities": (f"{999_000 + number:06}",)}
                for number in range(1, scale.networks + 1)
            ),
            "members": (
                {"code": "lead", "kind": MemberKind.LEAD},
                {"code": "houses", "kind": MemberKind.SHELTER_BODY},
                *({"code": code, "kind": MemberKind.NEIGHBOUR_NETWORK} for code in NEIGHBOURS),
            ),
            "levels": tuple(levels),
            "shelters": tuple(_houses(scale, draws, parameters)),
            **ALWAYS_ANSWERED,
        }
    )


def _houses(scale: Scale, draws: Draws, parameters: Parameters) -> list[dict[str, Any]]:
    emergencies = round(scale.houses * parameters.emergency_houses.value)
    rooms = _rooms(scale, draws("rooms"))
    return [
        _house(
            scale, draws(f"house {number}"), parameters, number, rooms[number], emergency=number < emergencies
        )
        for number in range(scale.houses)
    ]


def _rooms(scale: Scale, luck: Luck) -> list[int]:
    """How many units each house has: at least two, all of the scale's."""
    rooms = [2] * scale.houses
    for _ in range(scale.units - sum(rooms)):
        rooms[luck.whole(0, scale.houses - 1)] += 1
    return rooms


def _house(
    scale: Scale, luck: Luck, parameters: Parameters, number: int, rooms: int, *, emergency: bool
) -> dict[str, Any]:
    near = zones(scale)
    first = luck.whole(0, len(near) - 2)
    unsuitable = (near[first], near[first + 1])
    share = luck.even(parameters.occupancy.value)
    levels = parameters.emergency_levels if emergency else parameters.other_levels
    functions = [luck.pick(levels.value) for _ in range(rooms)]
    if emergency:
        functions[0] = LevelFunction.EMERGENCY_RECEPTION
    modes = tuple(dict.fromkeys(LEVELS[function][1].value for function in sorted(functions)))
    return {
        "code": f"casa-{number + 1}",
        "member": "houses",
        "district": f"ambito-{number % scale.networks + 1}",
        "register_status": "COMPLIANT" if luck.happens(parameters.compliant.value) else "TRANSITIONAL",
        "address_class": "SECRET" if luck.happens(parameters.secret.value) else "RESERVED",
        "intake_modes": modes,
        "fictitious": True,
        "units": tuple(
            _unit(luck, parameters, f"stanza-{index + 1}", function, unsuitable, taken=luck.happens(share))
            for index, function in enumerate(functions)
        ),
    }


def _unit(
    luck: Luck,
    parameters: Parameters,
    code: str,
    function: LevelFunction,
    unsuitable: tuple[str, str],
    *,
    taken: bool,
) -> dict[str, Any]:
    level, mode, _ = LEVELS[function]
    beds = luck.pick(parameters.beds.value)
    cots = 1 if luck.happens(parameters.cots.value) else 0
    exclusive = beds < LARGE or not luck.happens(parameters.shared_large_units.value)
    offered = [feature.value for feature in Feature if luck.happens(parameters.features_offered.value)]
    guests = ({"beds": luck.whole(1, beds), "cots": 0},) if taken else ()
    return {
        "code": code,
        "level": level,
        "intake_modes": (mode.value,),
        "beds": beds,
        "cots": cots,
        "exclusive": exclusive,
        "features": tuple(offered),
        "unsuitable_zones": unsuitable,
        "observed_hours_ago": luck.whole(1, 30),
        "opening_guests": guests,
        **_terms(luck, parameters),
    }


def _terms(luck: Luck, parameters: Parameters) -> dict[str, Any]:
    """What the house declares of whom it takes here; most declare nothing."""
    terms: dict[str, Any] = {}
    if luck.happens(parameters.limits_children.value):
        terms["children_most"] = luck.whole(2, 4)
    if luck.happens(parameters.limits_boys.value):
        terms["boys_up_to"] = luck.pick({AgeBand.AGE_6_10: 0.3, AgeBand.AGE_11_13: 0.7})
    if luck.happens(parameters.limits_risk.value):
        terms["risk_up_to"] = RiskBand.HIGH
    if luck.happens(parameters.declares_criteria.value):
        terms["criteria"] = (luck.pick(dict.fromkeys(Criterion, 1.0)),)
    return terms
