"""The ledger's durable appends against one peer: three interleaved rounds, each at its best of 1, 4, 16, 64
clients.

Used by the three append figures. Fails (`AssertionError`) when two peers given the same holds give back other
events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ledger.store.port import Append
from trials.bench.append_peers import Peer, holds_per_second
from trials.bench.figure import Figure, ratio_of
from trials.bench.hold_set import HoldSet, hold_set, real_hold

ROUNDS = 3
CLIENTS = (1, 4, 16, 64)
Plan = Mapping[str, Sequence[int]]
"""By a peer's name, how many holds it appends with each number of clients, so that each takes about a second.
"""

PLAN: Plan = {
    "ledger": (500, 1500, 4000, 8000),
    "insert": (500, 1500, 4000, 8000),
    "library": (400, 600, 600, 600),
    "umadb": (400, 1000, 3000, 6000),
}


def compare(ledger: Peer, peer: Peer, *, name: str, bar: float | None, smoke: bool) -> Figure:
    """The figure of one peer; with `smoke`, a few holds and the comparison of what was written."""
    model = real_hold()
    _assert_same_outputs(ledger, peer, hold_set(model, 8, seed=0))
    rates: dict[str, list[float]] = {ledger.name: [], peer.name: []}
    best: dict[str, list[int]] = {ledger.name: [], peer.name: []}
    for number in range(1 if smoke else ROUNDS):
        for each in (ledger, peer):
            rate, clients = _best(each, model, 1 + number, smoke)
            rates[each.name].append(rate)
            best[each.name].append(clients)
    said = ", ".join(
        f"{each} {sorted(rates[each])[len(rates[each]) // 2]:.0f} holds/s at {best[each]} clients"
        for each in rates
    )
    return ratio_of(name, rates[ledger.name], rates[peer.name], bar=bar, said=said)


def _best(peer: Peer, model: Append, number: int, smoke: bool) -> tuple[float, int]:
    rates = []
    for clients, holds in zip(CLIENTS, PLAN[peer.name], strict=True):
        given = hold_set(model, 2 * clients if smoke else holds, seed=number * 100 + clients)
        rates.append((holds_per_second(peer, given, clients), clients))
    return max(rates)


def _assert_same_outputs(one: Peer, other: Peer, given: HoldSet) -> None:
    for peer in (one, other):
        holds_per_second(peer, given, 1)
    expected = list(given.groundwork) + [event for hold in given.holds for event in hold.events]
    told = [(e.stream, e.version, e.topic, e.state + e.metadata) for e in expected]
    for peer in (one, other):
        assert peer.written() == told, f"{peer.name} gives back other events than it was given"
