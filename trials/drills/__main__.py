"""`python -m trials.drills [--only NAME[,NAME]] [--rounds N] [--reduced]`: one line for each drill.

The exit status is 0 only if every drill asked for was reached and its control failed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from trials.drills.finding import Finding

Drill = Callable[[int, bool], Finding]
DRILLS: Mapping[str, str] = {
    "ordering": "trials.drills.ordering",
    "last_place": "trials.drills.last_place",
    "kill_server": "trials.drills.kill_server",
    "kill_postgres": "trials.drills.kill_postgres",
    "rankers_agree": "trials.drills.rankers_agree",
    "projection_crash": "trials.drills.projection_crash",
    "owed": "trials.drills.owed",
    "permissions": "trials.drills.permissions",
    "shred": "trials.drills.shred",
    "suppression": "trials.drills.suppression",
    "locate": "trials.drills.locate",
    "tokens": "trials.drills.tokens",
    "canary": "trials.drills.canary",
    "seal_crash": "trials.drills.seal_crash",
    "tamper": "trials.drills.tamper",
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="trials.drills", description=__doc__)
    parser.add_argument("--only", default=",".join(DRILLS), help="drills by name, with commas between them")
    parser.add_argument("--rounds", type=int, default=0, help="rounds of each drill; 0: its own number")
    parser.add_argument("--reduced", action="store_true", help="few rounds, as in `make test`")
    asked = parser.parse_args(arguments)
    names = [name for name in asked.only.split(",") if name]
    if unknown := [name for name in names if name not in DRILLS]:
        parser.error(f"no drill {', '.join(unknown)}: there are {', '.join(DRILLS)}")
    findings = [_run(name, asked.rounds, asked.reduced) for name in names]
    return 0 if all(finding.reached for finding in findings) else 1


def _run(name: str, rounds: int, reduced: bool) -> Finding:
    drill = cast("Drill", import_module(DRILLS[name]).run)
    finding = drill(rounds, reduced)
    for complaint in finding.complaints:
        print(f"  {complaint}", flush=True)
    print(finding.line(), flush=True)
    return finding


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
