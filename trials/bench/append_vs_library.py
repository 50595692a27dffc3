"""Durable appends of a real hold against `eventsourcing`'s PostgresApplicationRecorder in its safe default,
given the same events.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from trials.bench.append_peers import ledger_peer, library_peer
from trials.bench.append_rates import compare
from trials.bench.figure import Figure
from trials.stage.ground import ground

BAR = 20.0


def run(smoke: bool) -> Sequence[Figure]:
    with ground() as server, closing(ledger_peer(server)) as ledger, closing(library_peer(server)) as peer:
        print(f"append_vs_library: {server.durability()}", flush=True)
        return [compare(ledger, peer, name="append_vs_library", bar=BAR, smoke=smoke)]
