"""A desk: where a house, a service or a neighbouring network is reached, under a random id; its number stands
in the vault. The rota of the network says which desks answer when.
"""

from __future__ import annotations

from domain.desk.events import DeskClosed, DeskEvent, DeskOpened, DeskValueKept, DeskValuesOpened
from domain.desk.state import DeskState, evolve, initial

__all__ = [
    "DeskClosed",
    "DeskEvent",
    "DeskOpened",
    "DeskState",
    "DeskValueKept",
    "DeskValuesOpened",
    "evolve",
    "initial",
]
