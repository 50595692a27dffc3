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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from domain.permissions import Role
from projections.board_bands import free_units
from trials.drills.finding import Finding
from trials.drills.locate_attack import Case, Rule, cases, learned, successes
from trials.drills.locate_town import HOUSES_SEEN, REQUESTERS, Town, town
from trials.drills.locate_views import Seen, Spoil, Watching, everybody

RUNS, TRAINING, CONTROLS, DAYS, CONTROL_DAYS = 15, 5, 9, 365, 120
REDUCED, REDUCED_TRAINING, REDUCED_CONTROLS, REDUCED_DAYS = 3, 1, 6, 60
FIRST_SEED = 4_100
QUANTILE = 2.5758
"""Of the normal distribution, for an interval of 99 %."""
HOUSES, OUTSIDE = "HOUSES", "REQUESTERS"
TOLD = (Role.COORDINATOR.value, Role.AUDITOR.value, HOUSES, OUTSIDE)


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """What an attacker in each role makes of one run; the run itself is forgotten."""

    by_role: Mapping[str, Sequence[Case]]
    requests: int
    answers: int
    refused: int


def run(rounds: int, reduced: bool) -> Finding:
    """`rounds` is how many runs, a third of them to learn from; 0 is the drill's own number."""
    runs = rounds or (REDUCED if reduced else RUNS)
    training = max(runs // 3, 1) if rounds else (REDUCED_TRAINING if reduced else TRAINING)
    days = REDUCED_DAYS if reduced else DAYS
    played = [year(FIRST_SEED + number, days) for number in range(runs)]
    rates = attacked(played[:training], played[training:])
    many = REDUCED_CONTROLS if reduced else CONTROLS
    spoilt = [year(FIRST_SEED + number, min(days, CONTROL_DAYS), by_district) for number in range(many)]
    giving = [rate for rate in attacked(spoilt[: many // 3], spoilt[many // 3 :]) if rate.gives_away]
    return Finding(
        name="locate",
        wrong=sum(rate.gives_away for rate in rates),
        needed={
            "runs": len(played),
            "requests": sum(each.requests for each in played),
            "answers": sum(each.answers for each in played),
            "refused_for_proximity": sum(each.refused for each in played),
            "roles": sum(rate.tried > 0 for rate in rates),
            "targets": sum(rate.tried for rate in rates),
        },
        control=len(giving),
        control_said="boards by district: " + ("; ".join(map(str, giving)) or "nothing given away"),
        settings=f"{days} virtual days, memory store",
        said="; ".join(str(rate) for rate in rates if rate.who in TOLD),
        complaints=tuple(str(rate) for rate in rates if rate.gives_away),
    )


def year(seed: int, days: int, spoilt: Spoil | None = None) -> Year:
    """Play a run and let every role's attacker read what it was shown."""
    seen = asyncio.run(_played(seed, days, spoilt))
    by_role: dict[str, list[Case]] = {}
    for who in everybody(seen.town):
        role = HOUSES if who.startswith(HOUSES_SEEN) else OUTSIDE if who in REQUESTERS[1:] else who
        by_role.setdefault(role, []).extend(cases(seen, who))
    return Year(
        by_role=by_role,
        requests=len(seen.asked_by),
        answers=len(seen.shown),
        refused=seen.town.secrets.refused,
    )


async def _played(seed: int, days: int, spoilt: Spoil | None) -> Seen:
    return await Watching(await town(seed, days), spoilt).play()


def attacked(training: Sequence[Year], tried: Sequence[Year]) -> list[Rate]:
    """Every role's rate; the operators of houses together, and those who ask from outside."""
    return [_rate(who, _of(training, who), _of(tried, who)) for who in tried[0].by_role]


def _of(years: Sequence[Year], who: str) -> list[Case]:
    return [case for each in years for case in each.by_role.get(who, ())]


def _rate(who: str, training: Sequence[Case], tried: Sequence[Case]) -> Rate:
    chance = random.Random(f"attack {who}")
    rule = learned(training, chance) if training else None
    named = successes(tried, rule, chance) if rule is not None else 0
    by_chance = sum(1 / len(case.target.among) for case in tried) / max(len(tried), 1)
    return Rate(who=who, named=named, tried=len(tried), chance=by_chance, rule=rule)


def by_district(watched: Town) -> Any:
    """The control's board: free places by the district in which their house really stands."""
    counts: Counter[str] = Counter()
    for each in free_units(watched.simulation.engine.index.places, watched.now):
        counts[watched.district_of(watched.secrets.true_zone[each.shelter_id])] += each.fits
    return {"items": [{"district": district, "places": free} for district, free in sorted(counts.items())]}
