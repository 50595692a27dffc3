"""A desk: where a house, a service or a neighbouring network is reached, under a random id; its number stands
in the vault. The rota of the network says which desks answer when.
"""

from __future__ import annotations

from domain.desk.commands import CloseDesk, DeskCommand, KeepDeskValues, OpenDesk, OpenDeskValues
from domain.desk.decide import KEEPS, OPENS, decide
from domain.desk.events import DeskClosed, DeskEvent, DeskOpened, DeskValueKept, DeskValuesOpened
from domain.desk.state import DeskState, evolve, initial

__all__ = [
    "KEEPS",
    "OPENS",
    "CloseDesk",
    "DeskClosed",
    "DeskCommand",
    "DeskEvent",
    "DeskOpened",
    "DeskState",
    "DeskValueKept",
    "DeskValuesOpened",
    "KeepDeskValues",
    "OpenDesk",
    "OpenDeskValues",
    "decide",
    "evolve",
    "initial",
]
