"""A network made for load: as many houses and rooms as are asked for, all alike. Not a scenario."""

from __future__ import annotations

from datetime import date

from api.network_file.schema import NetworkFile
from trials.stage.answering import ALWAYS_ANSWERED

_ZONES = ("z1", "z2")


def plain_network(*, shelters: int, units: int, beds: int) -> NetworkFile:
    """`shelters` houses of `units` rooms with `beds` beds each, free and open for emergencies."""
    return NetworkFile.model_validate(
        {
            "network": {
                "code": "trial",
                "time_zone": "Europe/Rome",
                "valid_from": date(2024, 10, 1),
                "request_channels": ("CAV",),
                "zones": _ZONES,
            },
            "districts": ({"code": "busto-arsizio", "municipalities": ("012026",)},),
            "members": ({"code": "lead", "kind": "LEAD"}, {"code": "houses", "kind": "SHELTER_BODY"}),
            "levels": ({"code": "emergency", "function": "EMERGENCY_RECEPTION", "days": 8},),
            "shelters": tuple(_shelter(number, units, beds) for number in range(shelters)),
            **ALWAYS_ANSWERED,
        }
    )


def _shelter(number: int, units: int, beds: int) -> dict[str, object]:
    return {
        "code": f"house-{number}",
        "member": "houses",
        "district": "busto-arsizio",
        "register_status": "COMPLIANT",
        "address_class": "SECRET",
        "intake_modes": ("EMERGENCY",),
        "fictitious": True,
        "units": tuple(
            {
                "code": f"room-{room}",
                "level": "emergency",
                "intake_modes": ("EMERGENCY",),
                "beds": beds,
                "exclusive": False,
                "unsuitable_zones": _ZONES,
            }
            for room in range(units)
        ),
    }
