"""Nobody can tell where a house stands: not the coordination among the zones it declares unsuitable, and
nobody else among all zones.

Each run is a year of a network whose houses stand in secret zones; an attacker for each role takes all that
the role is shown at the doors, learns on some runs which signal tells most, and names a zone for each house
of the others. His rate must not lie above chance: the lower end of its 99 % interval may not. The control is
the same with a board by district shown beside the product's own; it must give houses away.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from domain.permissions import Role
from projections.board_bands import free_units
from trials.drills.finding import Finding
from trials.drills.locate_attack import Case, Rule, cases, learned, successes
from trials.drills.locate_town import HOUSES_SEEN, REQUESTERS, Town, town
from trials.drills.locate_views import Seen, Spoil, Watching, everybody

RUNS, TRAINING, CONTROLS, DAYS, CONTROL_DAYS = 15, 5, 6, 365, 120
REDUCED, REDUCED_TRAINING, REDUCED_CONTROLS, REDUCED_DAYS = 3, 1, 4, 75
FIRST_SEED = 4_100
QUANTILE = 2.5758
"""Of the normal distribution, for an interval of 99 %."""
HOUSES, OUTSIDE = "HOUSES", "REQUESTERS"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """How often one role's attacker named the true zone, and how often chance would."""

    who: str
    named: int
    tried: int
    chance: float
    rule: Rule | None

    @property
    def least(self) -> float:
        """The lower end of Wilson's interval."""
        if not self.tried:
            return 0.0
        share, many, z = self.named / self.tried, self.tried, QUANTILE
        middle = share + z * z / (2 * many)
        spread = z * sqrt(share * (1 - share) / many + z * z / (4 * many * many))
        return (middle - spread) / (1 + z * z / many)

    @property
    def gives_away(self) -> bool:
        return self.least > self.chance

    def __str__(self) -> str:
        by = f" by {self.rule.signal}" if self.rule is not None else ""
        share = self.named / self.tried if self.tried else 0.0
        return f"{self.who}: {self.named} of {self.tried} ({share:.3f}, chance {self.chance:.3f}){by}"


def run(rounds: int, reduced: bool) -> Finding:
    """`rounds` is how many runs, a third of them to learn from; 0 is the drill's own number."""
    runs = rounds or (REDUCED if reduced else RUNS)
    training = max(runs // 3, 1) if rounds else (REDUCED_TRAINING if reduced else TRAINING)
    days = REDUCED_DAYS if reduced else DAYS
    played = [asyncio.run(_played(FIRST_SEED + number, days)) for number in range(runs)]
    rates = attacked(played[:training], played[training:])
    many = REDUCED_CONTROLS if reduced else CONTROLS
    spoilt = [
        asyncio.run(_played(FIRST_SEED + number, min(days, CONTROL_DAYS), by_district))
        for number in range(many)
    ]
    control = attacked(spoilt[: many // 3], spoilt[many // 3 :])
    giving = [rate for rate in control if rate.gives_away]
    return Finding(
        name="locate",
        wrong=sum(rate.gives_away for rate in rates),
        needed=_counted(played, rates),
        control=len(giving),
        control_said="boards by district: " + ("; ".join(map(str, giving)) or "nothing given away"),
        settings=f"{days} virtual days, memory store",
        said="; ".join(str(rate) for rate in rates if rate.who in (Role.COORDINATOR, Role.AUDITOR)),
        complaints=tuple(str(rate) for rate in rates if rate.gives_away),
    )


def attacked(training: Sequence[Seen], tried: Sequence[Seen]) -> list[Rate]:
    """Every role's rate; the operators of houses together."""
    known, new = _by_role(training), _by_role(tried)
    return [_rate(who, known.get(who, []), new[who]) for who in new]


def _rate(who: str, training: Sequence[Case], tried: Sequence[Case]) -> Rate:
    chance = random.Random(f"attack {who}")
    rule = learned(training, chance) if training else None
    named = successes(tried, rule, chance) if rule is not None else 0
    by_chance = sum(1 / len(case.target.among) for case in tried) / max(len(tried), 1)
    return Rate(who=who, named=named, tried=len(tried), chance=by_chance, rule=rule)


def _by_role(runs: Iterable[Seen]) -> Mapping[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for seen in runs:
        for who in everybody(seen.town):
            role = HOUSES if who.startswith(HOUSES_SEEN) else OUTSIDE if who in REQUESTERS[1:] else who
            found.setdefault(role, []).extend(cases(seen, who))
    return found


async def _played(seed: int, days: int, spoilt: Spoil | None = None) -> Seen:
    return await Watching(await town(seed, days), spoilt).play()


def by_district(watched: Town) -> Any:
    """The control's board: free units by the district in which their house really stands."""
    free = free_units(watched.simulation.engine.index.places, watched.now)
    counts = Counter(watched.district_of(watched.secrets.true_zone[each.shelter_id]) for each in free)
    return {"items": [{"district": district, "units": units} for district, units in sorted(counts.items())]}


def _counted(played: Sequence[Seen], rates: Sequence[Rate]) -> Mapping[str, int]:
    return {
        "runs": len(played),
        "requests": sum(len(seen.asked_by) for seen in played),
        "answers": sum(len(seen.shown) for seen in played),
        "refused_for_proximity": sum(seen.town.secrets.refused for seen in played),
        "roles": sum(rate.tried > 0 for rate in rates),
        "targets": sum(rate.tried for rate in rates),
    }
