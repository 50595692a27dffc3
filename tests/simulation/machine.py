"""A night played at random on the real engine, every answer and every event held against the naive model.

Two engines share one store, as two processes would. Commands come one by one or several at once; then the log
says in which order they took effect, and the model follows that order. `Stage` gives the store: `test_nights`
runs the same machine in memory, on PostgreSQL, and on stages with something broken, where it must find it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Protocol
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from api.placing import Engine
from domain.claims import ClaimKind, claim_change
from domain.matching.places import Places
from domain.placement.state import Phase
from domain.refusals import Refusal
from domain.vocabulary import LogKind
from ledger.evidence.invariants import check
from ledger.evidence.rederive import rederive
from ledger.store.ids import Sources
from ledger.store.port import Birth, KeyReused, LogBirth, LogClock, Store, StoredRow
from ledger.store.transact import Done, Recorded, Result, Transactor, recorded
from projections.places_index import PlacesIndex
from tests.simulation import driving
from tests.simulation.drawing import ZONES, Choices, Drawer, Drawn, Seeded
from tests.simulation.driving import NETWORK, Ids, Issue
from tests.simulation.model import Command, Model, must

EVENING = datetime(2026, 1, 16, 20, 0, tzinfo=UTC)
EVERY_FIFTH = 5
"""A fresh fold of the whole log is compared at every fifth step and at the end: it costs more with each."""


Chance = st.DataObject | Seeded
SEARCHES = ("search", "go_on", "accept", "move_on", "send_on", "choose")
"""What looks at all places, which guard it only where some are taken."""


class StagedStore(Store, LogBirth, Protocol):
    """A store whose clock the machine moves."""


class Stage(Protocol):
    """Where a night is played."""

    async def open(self, seed: int) -> StagedStore: ...
    async def close(self) -> None: ...
    def transactor(self, store: Store, sources: Sources) -> Transactor: ...


class Night(RuleBasedStateMachine):
    """One night. What it does is drawn; what it checks is in `_settle` and in the invariants."""

    def __init__(self, stage: Stage, seen: Counter[str]) -> None:
        """`seen` counts the topics that were recorded and the judgements of units, over many nights."""
        super().__init__()
        self._stage = stage
        self._seen = seen
        self._runner = asyncio.Runner()
        self._steps = 0
        self._turns = 0
        self._head = 0
        self._known: dict[UUID, tuple[Issue, Done]] = {}
        self._refused: list[Issue] = []
        self._rows: list[StoredRow] = []
        self._replayed: dict[ClaimKind, dict[UUID, UUID]] = {kind: {} for kind in ClaimKind}

    # --- what happens ---------------------------------------------------------------------------------------

    @initialize(seed=st.integers(min_value=0, max_value=2**32), data=st.data())
    def evening(self, seed: int, data: Chance) -> None:
        """The network is founded; two houses of two rooms each open their doors."""
        self.ids = Ids(seed)
        self.model = Model(EVENING, ZONES)
        self.store = self._runner.run(self._stage.open(seed))
        self._runner.run(self._born())
        drawer = self._drawer(data)
        for _ in range(2):
            self._give([house := drawer.house()])
            for _ in range(3):
                self._give([unit := {**drawer.unit(), "house": house["house"]}])
                open_places = list(unit["places"])
                self._give([{"do": "publish", "unit": unit["unit"], "open": open_places, "at": EVENING}])

    async def _born(self) -> None:
        await self.store.bear(Birth(network=NETWORK, kind=LogKind.EXERCISE, clock=LogClock.VIRTUAL))
        await self.store.move_clock(self.model.now)
        transactors = [self._stage.transactor(self.store, self.ids.sources) for _ in range(2)]
        self.engines = [Engine(transactor, PlacesIndex(self.store)) for transactor in transactors]
        await driving.found(self.engines[0], self.ids)
        self._head = await self.store.head()

    @rule(data=st.data())
    def a_house_or_room_joins(self, data: Chance) -> None:
        drawer = self._drawer(data)
        self._give([_choices(data).one([drawer.house, drawer.unit, drawer.unit])()])

    @rule(data=st.data())
    def a_house_says_how_it_is(self, data: Chance) -> None:
        self._give([self._drawer(data).housework()])

    @rule(data=st.data())
    def a_place_is_asked_for(self, data: Chance) -> None:
        self._give([self._drawer(data).request()])

    @rule(data=st.data())
    def a_placement_goes_on(self, data: Chance) -> None:
        self._give([self._drawer(data).onward()])

    @rule(data=st.data())
    def a_placement_goes_on_and_on(self, data: Chance) -> None:
        """Several steps of one, so that nights also reach the morning."""
        known = self._drawer(data).placement()
        for _ in range(_choices(data).number(3, 7)):
            self._give([self._drawer(data).onward(known)])

    @rule(data=st.data())
    def a_house_says_no_and_the_search_goes_on(self, data: Chance) -> None:
        known, drawer = self._drawer(data).placement(), self._drawer(data)
        for do in ("consent", "send", "refuse", "search", "ask_again", "search"):
            self._give([drawer.of_placement(do, known)])

    @rule(data=st.data())
    def a_household_is_on_its_way(self, data: Chance) -> None:
        known, drawer = self._drawer(data).placement(), self._drawer(data)
        steps = ("consent", "send", "seen", "accept", "accept", "woman", "handover", "missed", "admit")
        for do in steps:
            self._give([drawer.of_placement(do, known)])

    @rule(data=st.data())
    def a_household_is_there_already(self, data: Chance) -> None:
        drawer, known = self._drawer(data), self._drawer(data).placement()
        self._give([drawer.came(_choices(data).one([None, known]))])

    @rule(data=st.data(), count=st.integers(min_value=2, max_value=6))
    def several_things_happen_at_once(self, data: Chance, count: int) -> None:
        drawer = self._drawer(data)
        self._give([drawer.anything() for _ in range(count)])

    @rule(data=st.data(), count=st.integers(min_value=2, max_value=5))
    def many_ask_for_the_same_kind_of_place(self, data: Chance, count: int) -> None:
        wish = self._drawer(data).plain_request()
        self._give([dict(wish) for _ in range(count)])

    @rule(data=st.data())
    def houses_close_while_somebody_asks(self, data: Chance) -> None:
        wish = self._drawer(data).plain_request()
        closing = [{"do": "pause", "house": each, "reason": "STAFF"} for each in self.model.houses]
        self._give([dict(wish), *closing, dict(wish)])
        self._give([{"do": "resume", "house": each} for each in self.model.houses])

    @rule(data=st.data(), count=st.integers(min_value=1, max_value=3))
    def after_a_silence_others_come_first(self, data: Chance, count: int) -> None:
        """Longer than any deadline but the next working day's; who asks now asked first, and is urgent."""
        self._pass(245)
        held = [each for each, state in self.model.placements.items() if state["hold"] is not None]
        offers = [self.model.placements[each]["hold"] for each in held]
        marks = zip(held[-2:], offers[-2:], strict=True)
        self._give([{"do": "unanswered", "placement": each, "offer": offer} for each, offer in marks])
        asked = self._drawer(data).plain_request()
        self._give([{**asked, "urgency": "U1", "at": EVENING - timedelta(hours=1)} for _ in range(count)])

    @rule(data=st.data())
    def one_command_is_given_several_times_at_once(self, data: Chance) -> None:
        drawer = self._drawer(data)
        issue = Issue.new(drawer.anything(), self.ids.new_id())
        others = [Issue.new(drawer.anything(), self.ids.new_id())]
        self._settle([issue, issue, *others, self._under_another_body(issue)])

    @precondition(lambda self: self._known or self._refused)
    @rule(data=st.data())
    def a_command_is_retried(self, data: Chance) -> None:
        before = [issue for issue, _ in self._known.values()]
        self._settle([_choices(data).one((before + self._refused)[-12:])])

    @precondition(lambda self: self._known)
    @rule(data=st.data())
    def a_key_is_used_for_something_else(self, data: Chance) -> None:
        issue, _ = _choices(data).one(list(self._known.values())[-12:])
        self._settle([self._under_another_body(issue)])

    @rule(minutes=st.sampled_from([1, 9, 11, 31, 31, 61, 245, 60 * 13]))
    def time_goes_by(self, minutes: int) -> None:
        self._pass(minutes)

    def _pass(self, minutes: int) -> None:
        self.model.now += timedelta(minutes=minutes)
        self._runner.run(self.store.move_clock(self.model.now))

    def teardown(self) -> None:
        try:
            if hasattr(self, "engines"):
                self._runner.run(self._check_everything())
        finally:
            self._runner.run(self._stage.close())
            self._runner.close()

    # --- what must follow -----------------------------------------------------------------------------------

    def _give(self, commands: Sequence[dict[str, Any]]) -> None:
        self._settle([Issue.new(command, self.ids.new_id()) for command in commands])

    def _settle(self, issues: Sequence[Issue]) -> None:
        """Give the commands at once, then follow the log's order with the model."""
        results = self._runner.run(self._all_at_once(issues))
        alone = len(issues) == 1
        snapshots = {self._head: self.model if alone else self.model.copy()}
        before = dict(self._known)
        fresh = [pair for pair in zip(issues, results, strict=True) if _is_fresh(pair[1])]
        for issue, done in sorted(fresh, key=lambda pair: pair[1].receipt.head):
            must(issue.command_id not in self._known, "a command is recorded once")
            if done.events:
                self._follow(issue, done, snapshots)
                self._head = done.receipt.head
                snapshots[self._head] = self.model if alone else self.model.copy()
            self._known[issue.command_id] = issue, done
        for issue, result in zip(issues, results, strict=True):
            self._explain(issue, result, before, list(snapshots.values()), snapshots)

    async def _all_at_once(self, issues: Sequence[Issue]) -> list[Any]:
        self._turns += 1
        engines = [self.engines[(self._turns + index) % 2] for index in range(len(issues))]
        return await asyncio.gather(*(driving.put(*pair) for pair in zip(engines, issues, strict=True)))

    def _follow(self, issue: Issue, done: Done, snapshots: dict[int, Model]) -> None:
        """The events of one command, judged where the log says that it took effect."""
        self._seen += driving.topics(done)
        command, told = issue.command, driving.told(done)
        certificate = driving.certificate(done)
        if certificate is None:
            self._follow_plain(command, done)
            return
        judged = self.model.judge(command)
        must(certificate.position in snapshots, "a ranking is of a position between commands")
        ranked_on = snapshots[certificate.position]
        if command["do"] == "request":
            command = {**command, "case": told["case"]}
        must(certificate.decided_at == self.model.now, "a ranking is of its own moment")
        ranked = ranked_on.ranked_for(command, told["placement"], certificate.decided_at)
        asks = self.model.placements.get(told["placement"], {"asks": command})["asks"]
        told["reasons"] = ranked.reasons
        driving.compare(certificate, ranked)
        self._seen.update(each or "FREE" for each in ranked.reasons.values())
        if command["do"] == "accept":
            denied = ranked_on.denied(command, certificate.decided_at)
            self._follow_plain({**command, "denied": denied}, done, ranked.reasons)
            return
        self._seen["SEVERAL_UNITS"] += len(told["units"]) > 1
        ranked_on.check_choice(command, ranked, told)
        self.model.check_still_open(asks, told)
        must(ranked_on.judge(issue.command), "nothing was to follow")
        expected = self.model.searched(command, judged, told)
        must(expected == driving.topics(done), f"{command['do']}: {expected} was to follow")
        self.model.apply(command, told)

    def _follow_plain(self, command: Command, done: Done, reasons: dict[Any, Any] | None = None) -> None:
        """What searches for nothing. A late yes may have been ranked all the same, with these reasons."""
        told = {**driving.told(done), "reasons": reasons}
        must(self.model.judge(command) == driving.topics(done), f"{command} was to be followed otherwise")
        must(self.model.tells(command, told), f"a late yes took nothing for another reason: {told}")
        self.model.apply(command, told)

    def _explain(
        self,
        issue: Issue,
        result: Result,
        before: dict[UUID, tuple[Issue, Done]],
        lived_through: list[Model],
        snapshots: dict[int, Model],
    ) -> None:
        """Whether the answer is one that the command could be given while it was on its way."""
        known = self._known.get(issue.command_id)
        if isinstance(result, KeyReused):
            must(known is not None and known[0].digest != issue.digest, "its key was not used before")
        elif isinstance(result, Refusal):
            must(issue.command_id not in before, "what is recorded is not refused afterwards")
            must(
                any(each.judge(issue.command) == result.name for each in lived_through), f"refused: {result}"
            )
            self._refused.append(issue)
        elif known is None or known[0].digest != issue.digest:
            must(False, "a key stands for one command")
        elif result.receipt.repeated:
            must(
                replace(known[1], receipt=replace(known[1].receipt, repeated=True)) == result,
                "a retry is answered like the first time",
            )
        elif not result.events:
            at = lived_through if issue.command["do"] in SEARCHES else [snapshots[result.receipt.head]]
            must(any(each.judge(issue.command) == Counter() for each in at), "something was to follow")

    # --- what is always true --------------------------------------------------------------------------------

    @invariant()
    def everything_holds(self) -> None:
        if hasattr(self, "engines"):
            self._steps += 1
            self.model.check()
            self._runner.run(self._check_log())
            if self._steps % EVERY_FIFTH == 0:
                self._runner.run(self._check_replay())

    async def _check_log(self) -> None:
        """New rows stand in order; the second guard, its replay and the model agree."""
        rows = await self.store.read_all(after=len(self._rows), limit=10_000)
        latest = {row.stream: row.version for row in self._rows}
        for row in rows:
            must(row.position == len(self._rows) + 1, "positions are consecutive")
            must(row.version == latest.get(row.stream, 0) + 1, "versions are consecutive")
            must(not self._rows or row.recorded_at >= self._rows[-1].recorded_at, "time never steps back")
            latest[row.stream] = row.version
            self._rows.append(row)
        for _, command in groupby(rows, key=lambda row: row.metadata):
            self._replay_claims([recorded(row) for row in command])
        places, cases = await self.store.claims(ClaimKind.PLACE), await self.store.claims(ClaimKind.CASE)
        must(dict(places) == self.model.claims_on_places(), "the guard of places is the model's")
        must(dict(cases) == self.model.claims_on_cases(), "the guard of cases is the model's")
        must(dict(places) == self._replayed[ClaimKind.PLACE], "replay gives the guard of places")
        must(dict(cases) == self._replayed[ClaimKind.CASE], "replay gives the guard of cases")

    def _replay_claims(self, command: Sequence[Recorded]) -> None:
        change = claim_change((each.stream, each.event) for each in command)
        for claim in change.frees:
            must(self._replayed[claim.kind].pop(claim.key, None) == claim.holder, "freed by its holder")
        for claim in change.takes:
            must(claim.key not in self._replayed[claim.kind], "a claim is taken that another has")
            self._replayed[claim.kind][claim.key] = claim.holder

    async def _check_replay(self) -> None:
        """A fold of the log from its beginning is what both processes live with, and what the model knows."""
        fresh = await PlacesIndex(self.store).catch_up()
        for engine in self.engines:
            live = await engine.index.catch_up()
            must(_kept(live.places) == _kept(fresh.places), "replay equals live")
        places = fresh.places
        must(places.network.minors_signposted == self.model.minors, "minors alone are counted")
        opened = {each for each, placement in self.model.placements.items() if not placement["ended"]}
        must(set(places.placements) == opened, "the index has the open placements")
        for known, state in places.placements.items():
            must(state.phase is Phase(self.model.phase(known)), f"{state.phase} is not the model's phase")
        for unit_id, unit in places.units.items():
            must(dict(unit.taken) == self.model.units[unit_id]["taken"], "who is where is the model's")

    async def _check_everything(self) -> None:
        await self._check_replay()
        tables = {kind: await self.store.claims(kind) for kind in ClaimKind}
        rows = await self.store.read_all(after=0, limit=100_000)
        verdict = check(rows, tables)
        must(verdict.sound, f"the log is not sound: {verdict.findings}")
        derived = rederive(rows)
        must(derived.agrees, f"not every decision follows from the log: {derived.deviations}")
        endings = Counter(row.stream for row in self._rows if row.topic == "placement.ended.1")
        must(all(count == 1 for count in endings.values()), "a placement ends once")

    def _drawer(self, data: Chance) -> Drawer:
        return Drawer(_choices(data), self.model, self.ids.new_id)

    def _under_another_body(self, issue: Issue) -> Issue:
        return replace(issue, digest=bytes(32))


def _kept(places: Places) -> dict[str, Any]:
    """What the index knows, without its notes for whoever ranks faster."""
    return {name: known for name, known in vars(places).items() if not name.startswith("changed_")}


def _is_fresh(result: Result) -> bool:
    return isinstance(result, Done) and not result.receipt.repeated


def _choices(data: Chance) -> Choices:
    return data if isinstance(data, Seeded) else Drawn(data)


def play_seeded(stage: Stage, seed: int, steps: int, seen: Counter[str]) -> None:
    """One night without Hypothesis: the same steps and checks, chosen from a seed. A failure names it."""
    night, chance = Night(stage, seen), Seeded(seed)
    try:
        night.evening(seed=seed, data=chance)
        for _ in range(steps):
            night.everything_holds()
            _step(night, chance)
        night.everything_holds()
    except BaseException as failure:
        failure.add_note(f"the night of seed {seed}")
        raise
    finally:
        night.teardown()


def _step(night: Night, chance: Seeded) -> None:
    match chance.number(1, 15):
        case 1:
            night.a_house_or_room_joins(data=chance)
        case 2:
            night.a_house_says_how_it_is(data=chance)
        case 3 | 4:
            night.a_place_is_asked_for(data=chance)
        case 5 | 6:
            night.a_placement_goes_on_and_on(data=chance)
        case 7:
            night.several_things_happen_at_once(data=chance, count=chance.number(2, 6))
        case 8:
            night.many_ask_for_the_same_kind_of_place(data=chance, count=chance.number(2, 5))
        case 9:
            night.houses_close_while_somebody_asks(data=chance)
        case 10:
            night.after_a_silence_others_come_first(data=chance, count=chance.number(1, 3))
        case 11:
            night.one_command_is_given_several_times_at_once(data=chance)
            night.a_command_is_retried(data=chance)
        case 12:
            night.a_house_says_no_and_the_search_goes_on(data=chance)
        case 13:
            night.a_household_is_on_its_way(data=chance)
        case 14:
            night.a_household_is_there_already(data=chance)
        case _:
            night.time_goes_by(minutes=chance.one([1, 9, 11, 31, 31, 61, 245, 60 * 13]))
