"""Every event there is, by topic. The codec, the golden bytes and `docs/ARCHITECTURE.md` are checked against
this list.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

from domain.case import CaseEvent
from domain.desk import DeskEvent
from domain.event import Event
from domain.inquiry import InquiryEvent
from domain.network import NetworkEvent
from domain.placement.events import PlacementEvent
from domain.shelter import ShelterEvent
from domain.unit import UnitEvent

EVENT_TYPES: Mapping[str, type[Event]] = MappingProxyType(
    {
        event.TOPIC: event
        for union in (
            NetworkEvent,
            ShelterEvent,
            UnitEvent,
            CaseEvent,
            PlacementEvent,
            DeskEvent,
            InquiryEvent,
        )
        for event in get_args(union)
    }
)
