"""One command at fault in several ways at once, the first of the list on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.refusals import Refusal
from tests.support.night import (
    ASKED,
)
from tests.support.spec import Scene


@dataclass(frozen=True)
class Rung:
    """With these changes to the command, in this world, it is refused so."""

    refusal: Refusal
    changes: dict[str, Any]
    scene: Scene | None = None


@dataclass(frozen=True)
class Ladder:
    """`command` applies in `scene`; every rung adds its fault to those of the rungs below it."""

    command: Any
    scene: Scene
    rungs: tuple[Rung, ...]
    on: UUID = ASKED


def rung(refusal: Refusal, scene: Scene | None = None, **changes: Any) -> Rung:
    return Rung(refusal, changes, scene)
