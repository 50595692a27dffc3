"""The documents say what the code says: topics, commands, files and links that are named exist."""

from __future__ import annotations

import re
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import get_args

import pytest

from domain import coordination
from domain.case.copying import CopyingCommand
from domain.case.guarding import GuardingCommand
from domain.case.keeping import KeepingCommand
from domain.case.preserving import PreservingCommand
from domain.catalogue import EVENT_TYPES
from domain.desk import DeskCommand
from domain.inquiry import InquiryCommand
from domain.network import ExportCommand, NetworkCommand
from domain.placement.alarms import AlarmCommand
from domain.placement.bridging import BridgingCommand
from domain.placement.commands import AcceptHeldOffer, PlacementCommand
from domain.shelter import ShelterCommand
from domain.unit import UnitCommand

ROOT = Path(__file__).parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
ARCHITECTURE = (ROOT / "docs" / "ARCHITECTURE.md").read_text()
COMMANDS = {
    kind.__name__
    for union in (
        NetworkCommand,
        ExportCommand,
        ShelterCommand,
        UnitCommand,
        PlacementCommand,
        BridgingCommand,
        AlarmCommand,
        KeepingCommand,
        DeskCommand,
        GuardingCommand,
        PreservingCommand,
        CopyingCommand,
        InquiryCommand,
    )
    for kind in get_args(union)
    if kind is not AcceptHeldOffer
} | {
    name
    for found in iter_modules(coordination.__path__, f"{coordination.__name__}.")
    for module in [import_module(found.name)]
    for name, kind in vars(module).items()
    if isinstance(kind, type) and kind.__module__ == module.__name__ and is_dataclass(kind)
}


def table_rows() -> list[str]:
    section = ARCHITECTURE.split("## Every command", 1)[1].split("\n## ", 1)[0]
    return [line for line in section.splitlines() if line.startswith("| `")]


def test_the_table_of_commands_names_every_topic_there_is_and_no_other() -> None:
    named = set(re.findall(r"`([a-z]+\.[a-z-]+\.\d+)`", "\n".join(table_rows())))
    assert named == set(EVENT_TYPES)


def test_the_table_of_commands_names_every_command_there_is_and_no_other() -> None:
    first_cells = [row.split("|")[1] for row in table_rows()]
    named = {name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)}
    assert named == COMMANDS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_a_document_names_exists(document: Path) -> None:
    text = document.read_text()
    links = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    missing = [target for target in links if not (document.parent / target).exists()]
    named = re.findall(r"`((?:domain|ledger|projections|api|trials|tests|docs)/[\w./-]+)`", text)
    missing += [path for path in named if not (ROOT / path).exists()]
    assert missing == []
