"""What a run says at its end: who was placed and how soon, what went wrong on the way, and two judgements.

Figures are of virtual time. The share placed stands beside that of first come, first fit on the same
arrivals, stays and answers (`first_fit`): a share is only as good as what it is compared with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median, quantiles

from domain.codes import PlacementOutcome, RefusalGroup
from domain.matching.places import Places
from domain.vocabulary import Urgency
from trials.simulate.first_fit import Ask
from trials.simulate.journeys import Journey
from trials.simulate.judge import LeftOut

_COMPARED = """\
first come, first fit: the same arrivals, patience, stays, houses' days, and answers to the same offer. A
household stays as long wherever it is placed; one placed only there occupies that place for its own stay. It
takes one unit for a household, the first that fits, and takes back no late yes."""
_HEAD = """\
                                        request to held      request to admitted     ever    still
urgency   asked   placed     first fit     median       p90    median       p90   waiting  waiting"""


@dataclass(kw_only=True, slots=True)
class Occupancy:
    """The share of units taken, noted once a day at most."""

    shares: list[float] = field(default_factory=list)
    _day: int = -1

    def look(self, places: Places, now: datetime) -> None:
        if now.hour >= 12 and now.toordinal() != self._day:
            self._day = now.toordinal()
            taken = sum(bool(unit.taken) for unit in places.units.values())
            self.shares.append(taken / len(places.units))


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """What there is to report of a run."""

    journeys: Sequence[Journey]
    first_fit: Sequence[Ask]
    occupancy: Occupancy
    refused: Counter[str]
    judged: int
    left_out: Sequence[LeftOut]
    looked: int
    standing: Sequence[LeftOut]


def lines(ended: Ended) -> Iterator[str]:
    """The report, line by line."""
    yield _HEAD
    for urgency in (*Urgency, None):
        yield _of_urgency(ended, urgency)
    yield ""
    yield from _on_the_way(ended)
    yield ""
    yield _COMPARED
    yield (
        f"U1/U2 still waiting beside an eligible free place after the engine's loops: {len(ended.standing)} "
        f"of {ended.looked} looks, one every half hour at each who waited"
    )
    yield (
        f"U1/U2 left out while an eligible place was free: {len(ended.left_out)} of {ended.judged} decisions "
        "that left one waiting"
    )


def _of_urgency(ended: Ended, urgency: Urgency | None) -> str:
    ours = [each for each in ended.journeys if urgency in (None, each.arrival.urgency)]
    theirs = [each for each in ended.first_fit if urgency in (None, each.arrival.urgency)]
    held = _spans(ours, [each.held_at for each in ours])
    admitted = _spans(ours, [each.admitted_at for each in ours])
    still = sum(each.outcome is None and each.admitted_at is None for each in ours)
    return (
        f"{urgency or 'all':7} {len(ours):7} {_share([each.admitted_at is not None for each in ours])}"
        f"{_share([each.admitted for each in theirs])} {_median_p90(held)} {_median_p90(admitted)}"
        f"{sum(each.waited for each in ours):10} {still:8}"
    )


def _on_the_way(ended: Ended) -> Iterator[str]:
    journeys = ended.journeys
    refusals = Counter(group for each in journeys for group in each.refusals)
    declined = sum(each.declined for each in journeys)
    noes = refusals.total() + declined
    groups = " · ".join(f"{group} {refusals[group]}" for group in RefusalGroup)
    yield f"noes {noes}: of houses {groups} · hers {declined}{f' ({declined / noes:.0%})' if noes else ''}"
    yield (
        f"unanswered {sum(each.unanswered for each in journeys)} · "
        f"displaced {sum(each.displaced for each in journeys)} · "
        f"late yes that took nothing {sum(each.late_yes for each in journeys)} · "
        f"did not arrive {sum(each.no_shows for each in journeys)} · "
        f"consent withdrawn {sum(each.outcome is PlacementOutcome.CONSENT_WITHDRAWN for each in journeys)}"
    )
    shares = ended.occupancy.shares
    if shares:
        mean = sum(shares) / len(shares)
        yield f"units taken at noon: mean {mean:.0%}, {min(shares):.0%} to {max(shares):.0%}"
    if ended.refused:
        yield "commands refused: " + " · ".join(
            f"{name} {count}" for name, count in ended.refused.most_common()
        )


def _spans(journeys: Sequence[Journey], ends: Sequence[datetime | None]) -> list[timedelta]:
    return [end - each.asked_at for each, end in zip(journeys, ends, strict=True) if end is not None]


def _share(placed: Sequence[bool]) -> str:
    return f"{sum(placed):6} {sum(placed) / len(placed):6.1%}" if placed else f"{0:6}      -"


def _median_p90(spans: Sequence[timedelta]) -> str:
    if not spans:
        return f"{'-':>9} {'-':>9}"
    tenth = quantiles(spans_seconds(spans), n=10)[-1] if len(spans) > 1 else spans[0].total_seconds()
    return f"{_told(median(spans_seconds(spans))):>9} {_told(tenth):>9}"


def spans_seconds(spans: Iterable[timedelta]) -> list[float]:
    return [span.total_seconds() for span in spans]


def _told(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes / 60:.1f} h" if minutes < 48 * 60 else f"{minutes / 1440:.1f} d"
