"""A superuser of the database changes a sealed log, and an auditor with an export and a key finds it.

A night is played on a real PostgreSQL and sealed, head by head, under witnesses. For each act a copy of the
database is changed with its triggers off, exported, and given to `approdo verify`, a process without
database and settings: it must exit with the status that is documented for it and name the first bad index,
or the stretch between two heads where no more can be known. Control for each act: the same verifier without
the check that finds it must say that all holds.

That a log rewritten with its own key is not found where there are no witnesses and nobody kept a head is
documented; it is shown here as well.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ledger.evidence.daily.finding import heads_in
from ledger.evidence.verifying.finding import ALL_HOLDS
from ledger.evidence.verifying.verification import Asked
from trials.drills.finding import Finding
from trials.drills.tamper_acts import CASES, Attack, Case, Expected
from trials.drills.tamper_night import SealedNight, copied, export, sealed_night
from trials.drills.tamper_without import Careless
from trials.stage.ground import Ground, folder, ground
from trials.stage.programs import PRODUCT, ROOT, environment

EVENTS, REDUCED_EVENTS = 2000, 600
ROUNDS, REDUCED_ROUNDS = 3, 1


@dataclass(slots=True)
class Counted:
    """How one act went, over its rounds."""

    rounds: int = 0
    detected: int = 0
    named: int = 0
    missed: int = 0
    status: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What the verifier answered: the first bad index, or the stretch in which it is."""

    status: int
    first: int
    before: int


def run(rounds: int, reduced: bool) -> Finding:
    times = rounds or (REDUCED_ROUNDS if reduced else ROUNDS)
    with ground() as on, folder() as kept:
        settings = on.durability()
        night = sealed_night(on, kept, REDUCED_EVENTS if reduced else EVENTS)
        drill = _Drill(on, night, kept)
        clean = drill.clean()
        counted = {name: drill.act(name, case, times) for name, case in CASES.items()}
    complaints = [
        f"{name}: {each.detected} of {each.rounds} detected, {each.named} named"
        for name, each in counted.items()
        if min(each.detected, each.named) < each.rounds
    ]
    complaints += [] if clean else ["an export of the untouched log does not hold"]
    return Finding(
        name="tamper",
        wrong=len(complaints) + drill.not_as_documented,
        needed={
            "acts": len(counted),
            "detected": sum(each.detected for each in counted.values()),
            "named": sum(each.named for each in counted.values()),
            "events": night.size,
            "heads": len(night.sizes),
            "sealer_refused": counted["roll_back"].rounds,
            "stolen_key_alone_not_detectable": drill.not_detectable,
        },
        control=min(each.missed for each in counted.values()),
        control_said="a verifier without that check missed "
        f"{sum(each.missed for each in counted.values())} of {sum(each.rounds for each in counted.values())}",
        settings=settings,
        complaints=tuple(complaints),
    )


class _Drill:
    def __init__(self, on: Ground, night: SealedNight, kept: Path) -> None:
        self._on = on
        self._night = night
        self._kept = kept
        self._trust = {witnesses: night.trust_file(kept, witnesses=witnesses) for witnesses in (False, True)}
        self._heads = kept / "clean" / "checkpoints"
        self.not_detectable = 0
        self.not_as_documented = 0

    def clean(self) -> bool:
        """The untouched log holds, also against its own earlier heads and under its witnesses."""
        exported = export(self._on, self._night, self._night.database, self._kept / "clean")
        found = self._verify(exported, witnesses=True, heads=True)
        return found.status == ALL_HOLDS

    def act(self, name: str, case: Case, times: int) -> Counted:
        counted, luck = Counted(), Random(name)
        for number in range(times):
            self._round(f"{name}_{number}", case, luck, counted)
        lacks = " and ".join(sorted(each.value for each in case.lacks))
        print(
            f"  {name:<14}detected {counted.detected}/{counted.rounds} (exit status {counted.status})  "
            f"first bad index named {counted.named}/{counted.rounds}  "
            f"missed without {lacks} {counted.missed}/{counted.rounds}",
            flush=True,
        )
        return counted

    def _round(self, name: str, case: Case, luck: Random, counted: Counted) -> None:
        database = copied(self._on, self._night, name)
        attack = Attack(on=self._on, night=self._night, database=database, folder=self._kept, luck=luck)
        expected = case.act(attack)
        exported = export(self._on, self._night, database, self._kept / name)
        said = self._verify(exported, witnesses=case.witnesses, heads=case.kept_heads)
        counted.rounds += 1
        counted.status = expected.status
        counted.detected += said.status == expected.status
        counted.named += _named(said, expected)
        counted.missed += self._missed(exported, case)
        if case.witnesses:
            self._without_witnesses(exported)

    def _missed(self, exported: Path, case: Case) -> bool:
        """Whether a verifier that lacks the check says that all holds."""
        asked = Asked(
            trust=self._night.trust(witnesses=case.witnesses),
            earlier=heads_in(self._heads.read_bytes()) if case.kept_heads else (),
        )
        return Careless(exported, asked, case.lacks).verified().status == ALL_HOLDS

    def _without_witnesses(self, exported: Path) -> None:
        """As `docs/EVIDENCE.md` says: nothing in the export tells."""
        if self._verify(exported, witnesses=False, heads=False).status == ALL_HOLDS:
            self.not_detectable += 1
            print("  stolen_key    without witnesses or a kept head: NOT detectable, as documented")
        else:
            self.not_as_documented += 1

    def _verify(self, exported: Path, *, witnesses: bool, heads: bool) -> Said:
        """By the product's own program, with no database and no settings of ours."""
        arguments = ["verify", str(exported), "--trust", str(self._trust[witnesses]), "--json"]
        arguments += ["--against", str(self._heads)] if heads else []
        done = subprocess.run(
            [sys.executable, *PRODUCT, *arguments],
            cwd=ROOT,
            env=environment({}),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if "Traceback" in done.stderr or not done.stdout:
            return Said(status=-1, first=-1, before=-1)
        first = json.loads(done.stdout)["first_bad"] or {"index": -1, "before": -1}
        before = first["before"] if first["before"] is not None else first["index"] + 1
        return Said(status=done.returncode, first=first["index"], before=before)


def _named(said: Said, expected: Expected) -> bool:
    return (said.first, said.before) == (expected.first, expected.before)
