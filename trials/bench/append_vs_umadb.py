"""Durable appends of a real hold against UmaDB, whose conditions judge the same streams and keys. Printed,
without a bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from trials.bench.append_peers import UmaPeer, ledger_peer, uma_server
from trials.bench.append_rates import compare
from trials.bench.figure import Figure
from trials.stage.ground import folder, ground


def run(smoke: bool) -> Sequence[Figure]:
    with (
        folder() as made,
        uma_server(made) as address,
        ground() as server,
        closing(ledger_peer(server)) as ledger,
        closing(UmaPeer(address)) as peer,
    ):
        print(f"append_vs_umadb: {server.durability()}; umadb as its own default", flush=True)
        return [compare(ledger, peer, name="append_vs_umadb", bar=None, smoke=smoke)]
