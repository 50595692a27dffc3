"""Whether what a request names exists (houses, cases and zones), and does not contradict itself. For a
request and for what revises it.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.network import NetworkState
from domain.refusals import Refusal
from domain.vocabulary import CaseId, RiskAssessment, RiskBand, Setting, ShelterId, ZoneId, is_code
from domain.world import World


def unknown_house_or_case(
    houses: tuple[ShelterId, ...], cases: tuple[CaseId, ...], world: World
) -> Refusal | None:
    """SHELTER_UNKNOWN or CASE_UNKNOWN."""
    if any(world.shelter(house).registered is None for house in houses):
        return Refusal.SHELTER_UNKNOWN
    return None if all(world.case(case).opened for case in cases) else Refusal.CASE_UNKNOWN


def undrawn_zone(zones: tuple[ZoneId, ...], network: NetworkState) -> Refusal | None:
    """ZONE_UNKNOWN where one was never drawn."""
    return None if network.zones.issuperset(zones) else Refusal.ZONE_UNKNOWN


def malformed_assessment(risk: RiskBand, assessed: RiskAssessment | None) -> Refusal | None:
    """CODE_MALFORMED where an assessment came to no risk, or the version of its instrument is more than a
    label: the log takes no free text.
    """
    if assessed is None:
        return None
    known = risk is not RiskBand.NOT_ASSESSED and is_code(assessed.tool_version)
    return None if known else Refusal.CODE_MALFORMED


def safe_with_perpetrator(setting: Setting | None, safe_until: datetime | None) -> Refusal | None:
    """NOT_SAFE_WITH_PERPETRATOR: where he is, there is no hour until which she is safe."""
    there = setting is Setting.WITH_PERPETRATOR and safe_until is not None
    return Refusal.NOT_SAFE_WITH_PERPETRATOR if there else None


def assessed_in_the_future(assessed: RiskAssessment | None, now: datetime, zone: ZoneInfo) -> bool:
    """By the civil day where the network is."""
    return assessed is not None and assessed.assessed_on > now.astimezone(zone).date()
