"""The control of the drill `owed`: in this process, the ranker as it would be if nothing were owed.

Not a setting and not a copy: the one step that looks for what is owed is taken out of the product's own
ranker. A step that is no longer there is an error, so that a changed ranker cannot make a control that keeps
its promises.
"""

from __future__ import annotations

from datetime import datetime

from domain.matching import rank_1, rankers
from domain.matching.places import Places
from domain.matching.ranking import RankRequest
from domain.policy import Policy
from domain.vocabulary import PlaceId

_STEP = "promised_before"


def keep_nothing() -> None:
    """For the rest of this process. Errors: `AssertionError` where the ranker no longer has the step."""
    assert callable(getattr(rank_1, _STEP, None)), f"rank_1 no longer takes the step {_STEP}"
    setattr(rank_1, _STEP, _nothing)
    setattr(rankers, "RANKERS", rankers.NORMATIVE)  # noqa: B010 - a constant: assigning it is what is not allowed


def _nothing(_request: RankRequest, _places: Places, _policy: Policy, _at: datetime) -> frozenset[PlaceId]:
    return frozenset()
