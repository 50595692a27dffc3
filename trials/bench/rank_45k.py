"""Ranking among 45,000 units: the fast ranker against the normative one, with the same certificates.

The network is drawn by chance (`trials.drills.rankers_agree_networks`): four fifths of the units have guests,
some holds stand or are overdue, and requests wait, so that what is owed is worked out in each ranking. Of
the normative ranker the requests that wait are ranked once for all requests asked at one position and
instant, as it would find the same for each; the ratio is of whole rankings.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median, quantiles

from api.commands.serving import GARBAGE_BEFORE_A_LOOK
from domain.matching import fast_1, rank_1
from domain.matching.certificate import certify
from domain.matching.rank_1.judging import judge
from domain.matching.rank_1.order import best
from domain.matching.rank_1.owing import Owed, kept_from, owed_to, waiting_before
from domain.matching.rank_1.wanted import wanted_of
from domain.matching.ranking import BEST, Ranking, RankRequest
from trials.bench.figure import Figure, interleaved, ratio_of
from trials.drills.rankers_agree_networks import Growing

UNITS, WAITING, HOLDS = 45_000, 20, 30
REQUESTS, AT_ONCE = 1_000, 200
ROUNDS, IN_A_ROUND = 3, 2
ALARM_MS, FAR_MS = 5.0, 1.0


class Differ(AssertionError):
    """The two rankers certify different things."""


def run(smoke: bool) -> Sequence[Figure]:
    growing = network(300 if smoke else UNITS)
    with _settled_memory():
        return _figures(growing, smoke)


@contextmanager
def _settled_memory() -> Iterator[None]:
    """As in `serve` once it listens: the network stays, and is not walked for cycles during a ranking."""
    usual = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_BEFORE_A_LOOK)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _figures(growing: Growing, smoke: bool) -> Sequence[Figure]:
    compared = _require_same(growing, 20 if smoke else REQUESTS, 10 if smoke else AT_ONCE)
    each = _milliseconds(growing, 20 if smoke else REQUESTS)
    idle = _idle(20 if smoke else REQUESTS)
    asked = [growing.request() for _ in range(1 if smoke else IN_A_ROUND)]
    taken = interleaved(
        1 if smoke else ROUNDS,
        {
            "normative": lambda: _seconds(rank_1.rank, growing, asked),
            "fast": lambda: _seconds(fast_1.rank, growing, asked),
        },
    )
    said = "  ".join((_network_said(growing, compared), _latency_said(each, idle)))
    return (ratio_of("rank_45k", taken["normative"], taken["fast"], bar=20.0, said=said),)


def _network_said(growing: Growing, compared: str) -> str:
    places = growing.places
    return (
        f"{len(places.units)} units in {len(places.shelters)} houses, {len(places.waiting)} requests waiting "
        f"and {len(places.overdue(growing.now))} with a hold overdue; the same: {compared}"
    )


def _latency_said(each: Sequence[float], idle: Sequence[float]) -> str:
    """Milliseconds of the fast ranker, one change of the network before each ranking."""
    p99, quiet = (quantiles(took, n=100)[98] for took in (each, idle))
    verdict = "far goal reached" if p99 <= FAR_MS else "no alarm" if p99 <= ALARM_MS else "ALARM"
    return (
        f"fast median {median(each):.2f} ms p99 {p99:.2f} ms, alarm {ALARM_MS:g} ms: {verdict} "
        f"(idle baseline {median(idle):.2f} ms p99 {quiet:.2f} ms)"
    )


def network(units: int) -> Growing:
    """Houses of two to eight units, registered one after another."""
    growing = Growing(45_000)
    while len(growing.places.units) < units:
        house = growing.house()
        for _ in range(growing.random.choice((2, 3, 5, 5, 8))):
            unit_id = growing.unit(house)
            if growing.random.random() < 0.8:
                growing.guests(unit_id)
    for _ in range(HOLDS):
        growing.wait()
        growing.hold()
    while len(growing.places.waiting) < WAITING:
        growing.wait()
    return growing


def _require_same(growing: Growing, requests: int, at_once: int) -> str:
    """What was compared. Errors: `Differ`."""
    compared = 0
    for _ in range(requests // at_once):
        _change(growing)
        owed = _Owed(growing)
        for request in [growing.request() for _ in range(at_once)]:
            fast = fast_1.rank(request, growing.places, growing.policy, growing.now)
            if certify(fast) != certify(owed.rank(request)):
                raise Differ(str(request.placement_id))
            compared += 1
    return f"{compared} certificates, {at_once} after each of {requests // at_once} changes of the network"


class _Owed:
    """The normative ranker at one position and instant: what waits is ranked once, in its order."""

    def __init__(self, growing: Growing) -> None:
        self._growing = growing
        self._chain: list[Owed] = []
        self._ranked = 0

    def rank(self, request: RankRequest) -> Ranking:
        places, policy, now = self._growing.places, self._growing.policy, self._growing.now
        before = waiting_before(request, places, now)
        for rival in before[self._ranked :]:
            kept = kept_from(rival, self._chain, places)
            wanted = wanted_of(rival, places, policy, now, kept)
            self._chain += [owed_to(rival, candidate) for candidate in best(wanted, judge(wanted).fits, 1)]
            self._ranked += 1
        ahead = [owed for owed in self._chain if owed.request.precedence < request.precedence]
        wanted = wanted_of(request, places, policy, now, kept_from(request, ahead, places))
        judged = judge(wanted)
        return Ranking(
            position=places.position,
            ranker=rank_1.NAME,
            policy=policy.version,
            decided_at=now,
            units_seen=len(places.vacancies),
            excluded=tuple(judged.excluded.items()),
            eligible=judged.eligible,
            to_be_confirmed=judged.to_be_confirmed,
            best=best(wanted, judged.fits, BEST),
        )


def _milliseconds(growing: Growing, requests: int) -> list[float]:
    """How long each of so many rankings takes, one change of the network before each."""
    took = []
    for _ in range(requests):
        _change(growing)
        request = growing.request()
        began = time.perf_counter()
        fast_1.rank(request, growing.places, growing.policy, growing.now)
        took.append(1000 * (time.perf_counter() - began))
    return took


def _change(growing: Growing) -> None:
    """A house tells what is open, or somebody comes whom the engine did not send."""
    unit_id = growing.random.choice(growing.known)
    growing.random.choice((growing.publish, growing.guests))(unit_id)


def _idle(times: int) -> list[float]:
    """The same small piece of work over and over: what the machine itself adds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        sum(range(40_000))
        took.append(1000 * (time.perf_counter() - began))
    return took


def _seconds(rank: Callable[..., Ranking], growing: Growing, requests: Sequence[RankRequest]) -> float:
    """How long the rankings take, one change of the network before each."""
    took = 0.0
    for request in requests:
        _change(growing)
        began = time.perf_counter()
        rank(request, growing.places, growing.policy, growing.now)
        took += time.perf_counter() - began
    return took
