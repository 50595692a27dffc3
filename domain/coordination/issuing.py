"""Cases opened ahead of anybody in them, so that their codes can be printed on paper forms before a night in
which nothing else works. A request or an admission entered later names the case, and is bound to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.case import CaseOpened
from domain.refusals import Refusal
from domain.world import Context, Decided, Draft, World


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenCases:
    """So many cases with nobody in them yet."""

    count: int


def open_cases(command: OpenCases, world: World, context: Context) -> Decided:
    """Refuses: NETWORK_NOT_BORN."""
    if world.network().born is None:
        return Refusal.NETWORK_NOT_BORN
    draft = Draft()
    for _ in range(command.count):
        draft.add(context.new_id(), CaseOpened())
    return draft.decision()
