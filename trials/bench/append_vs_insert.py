"""Durable appends of a real hold against a bare batched INSERT of the same rows, without any judgement."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from trials.bench.append_peers import insert_peer, ledger_peer
from trials.bench.append_rates import compare
from trials.bench.figure import Figure
from trials.stage.ground import ground

BAR = 0.5


def run(smoke: bool) -> Sequence[Figure]:
    with ground() as server, closing(ledger_peer(server)) as ledger, closing(insert_peer(server)) as peer:
        print(f"append_vs_insert: {server.durability()}", flush=True)
        return [compare(ledger, peer, name="append_vs_insert", bar=BAR, smoke=smoke)]
