"""Old topics, and how each is lifted to the next version. Once here, an entry stays.

A field that an old version did not have gets what was true then: nothing said, nothing asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]
Lift = Callable[[Json, Json], tuple[str, Json, Json]]
"""Turns (open, reserved) of an old topic into (newer topic, open, reserved)."""


def _requested_1(shown: Json, reserved: Json) -> tuple[str, Json, Json]:
    unsaid: Json = {"urgency_set_by": None, "oldest_boy": "NOT_SAID", "criteria_met": [], "assessed": None}
    nobody: Json = {"apart_from": [], "houses_barred": [], "continuity_with": None}
    return "placement.requested.2", {**shown, **unsaid}, {**reserved, **nobody}


def _ranked_1(shown: Json, reserved: Json) -> tuple[str, Json, Json]:
    best = [{**candidate, "to_confirm": []} for candidate in reserved["best"]]
    return "placement.candidates-ranked.2", {**shown, "to_be_confirmed": 0}, {**reserved, "best": best}


def _adopted_1(shown: Json, reserved: Json) -> tuple[str, Json, Json]:
    policy = shown["policy"]
    unweighed = {"extra_unit": 0, "pending_offer": 0, "wrong_availability": 0, "other_district": 0}
    alarms = {
        "no_place_minutes": 20,
        "silent_offers": 2,
        "safe_until_lead_minutes": 60,
        "arrival_grace_minutes": 60,
    }
    lifted = {**policy, "weights": {**policy["weights"], **unweighed}, **alarms}
    return "network.policy-adopted.2", {**shown, "policy": lifted}, reserved


LIFTS: Mapping[str, Lift] = {
    "placement.requested.1": _requested_1,
    "placement.candidates-ranked.1": _ranked_1,
    "network.policy-adopted.1": _adopted_1,
}
