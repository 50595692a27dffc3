"""`python -m trials.bench [--only NAME[,NAME]] [--smoke]`: one line for each figure.

The exit status is 0 only where every figure asked for is reached. `--smoke` runs each as small as it can be:
it fails when one does not run or its outputs differ, never on a figure.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import cast

from trials.bench.figure import Figure

Bench = Callable[[bool], Sequence[Figure]]
BENCHES: Mapping[str, str] = {
    "append_vs_library": "trials.bench.append_vs_library",
    "append_vs_insert": "trials.bench.append_vs_insert",
    "append_vs_umadb": "trials.bench.append_vs_umadb",
    "hold_vs_commit": "trials.bench.hold_vs_commit",
    "http_vs_empty": "trials.bench.http_vs_empty",
    "replay_vs_library": "trials.bench.replay_vs_library",
    "rank_45k": "trials.bench.rank_45k",
    "projection_lag": "trials.bench.projection_lag",
    "seal_lag": "trials.bench.seal_lag",
    "verify_log": "trials.bench.verify_log",
}
"""By name, the module whose `run(smoke)` gives the figures."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="trials.bench", description=__doc__)
    parser.add_argument("--only", default=",".join(BENCHES), help="figures by name, with commas between them")
    parser.add_argument("--smoke", action="store_true", help="as small as can be, as in `make test`")
    asked = parser.parse_args(arguments)
    names = [name for name in asked.only.split(",") if name]
    if unknown := [name for name in names if name not in BENCHES]:
        parser.error(f"no figure {', '.join(unknown)}: there are {', '.join(BENCHES)}")
    reached = [_run(name, asked.smoke) for name in names]
    return 0 if asked.smoke or all(reached) else 1


def _run(name: str, smoke: bool) -> bool:
    bench = cast("Bench", import_module(BENCHES[name]).run)
    figures = bench(smoke)
    for figure in figures:
        print(figure.line(), flush=True)
    return all(figure.reached for figure in figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
