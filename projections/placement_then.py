"""What stood around a placement at an instant: the policy, its place in the queue, how old the words were.

It says of one placement what the network as it was says of all, from the same lines. Pure; the door of a
placement's history calls it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.vocabulary import PlacementId
from projections.as_it_was import NetworkAsItWas
from projections.data_ages import AgeLine
from projections.on_call_queue import QueueLine


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementThen:
    """As judged at `as_of`. `queue` is its line where it still sought or held a place, `before_it` how many
    came before it in the order; `policy` and `ranker` were in force, `ages` how old the houses' words were.
    """

    as_of: datetime
    policy: str | None
    ranker: str | None
    queue: QueueLine | None
    before_it: int | None
    ages: tuple[AgeLine, ...]


def placement_then(placement_id: PlacementId, was: NetworkAsItWas) -> PlacementThen:
    order = [line.placement_id for line in was.queue]
    place = order.index(placement_id) if placement_id in order else None
    return PlacementThen(
        as_of=was.as_of,
        policy=was.policy,
        ranker=was.ranker,
        queue=was.queue[place] if place is not None else None,
        before_it=place,
        ages=was.ages,
    )
