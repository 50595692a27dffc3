"""The engine that places: turns inside a process, conflicts between two, and everything in one append."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from api.placing import Engine
from domain import network
from domain.claims import ClaimKind
from domain.matching.places import Places
from domain.network import AdoptPolicy, BearNetwork
from domain.placement.events import CandidatesRanked, HoldExpired, HoldPlaced, LeftWaiting, OfferSent
from domain.policy import START_POLICY
from domain.refusals import Refusal
from domain.unit import UnitHeld, UnitReleased
from domain.vocabulary import LogKind
from domain.world import Context, Decided, Decision, World, on_stream
from ledger.store.memory import MemoryStore
from ledger.store.port import Append, Birth, KeyReused, LogClock, Outcome
from ledger.store.postgres import PostgresStore
from ledger.store.transact import Done, Result, TooManyConflicts, Transactor
from projections.places_index import PlacesIndex
from tests.simulation.driving import NETWORK, SETUP_DAY, Ids, Issue, certificate, found, put, told
from tests.simulation.interleaved import InterleavedStore
from tests.support.postgres import Database

NIGHT = datetime(2026, 1, 16, 20, 0, tzinfo=UTC)
ZONES = (UUID(int=100), UUID(int=101))

pytestmark = pytest.mark.asyncio
AnyStore = MemoryStore | PostgresStore


class NotingStore(InterleavedStore):
    """Remembers every append, and lets a test do something before one."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__(lambda: NIGHT, seed)
        self.appends: list[Append] = []
        self.rivals: list[Any] = []

    async def append(self, append: Append) -> Outcome:
        self.appends.append(append)
        if self.rivals:
            await self.rivals.pop(0)()
        return await super().append(append)


class Night:
    """Engines on one store, each as in a process of its own, and houses on it."""

    def __init__(self, store: AnyStore, *, patience_seconds: float = 5.0) -> None:
        self.store = store
        self.ids = Ids(3)
        self.patience_seconds = patience_seconds
        self.engines = [self.engine() for _ in range(2)]

    def engine(self) -> Engine:
        transactor = Transactor(self.store, self.ids.sources, NETWORK, patience_seconds=self.patience_seconds)
        return Engine(transactor, PlacesIndex(self.store))

    async def begin(self) -> None:
        await self.store.bear(Birth(network=NETWORK, kind=LogKind.EXERCISE, clock=LogClock.VIRTUAL))
        await self.store.move_clock(NIGHT)
        await found(self.engines[0], self.ids)

    async def house(self, *units: int) -> tuple[UUID, list[dict[str, Any]]]:
        """A house with one unit of so many beds for each number, all open."""
        house = self.ids.new_id()
        registered = {"do": "register_house", "house": house, "modes": ("EMERGENCY",), "from": SETUP_DAY}
        await self.do(registered)
        made = []
        for beds in units:
            unit = {
                "do": "register_unit",
                "unit": self.ids.new_id(),
                "house": house,
                "places": {self.ids.new_id(): "BED" for _ in range(beds)},
                "exclusive": False,
                "modes": ("EMERGENCY",),
                "level": "EMERGENCY_RECEPTION",
                "features": (),
                "zones": ZONES,
            }
            await self.do(unit)
            await self.publish(unit, NIGHT)
            made.append(unit)
        return house, made

    async def publish(self, unit: dict[str, Any], at: datetime) -> None:
        await self.do({"do": "publish", "unit": unit["unit"], "open": list(unit["places"]), "at": at})

    async def do(self, command: dict[str, Any], engine: int = 0) -> Done:
        done = await put(self.engines[engine], Issue.new(command, self.ids.new_id()))
        assert isinstance(done, Done), done
        return done

    async def ask(self, count: int, engines: Sequence[Engine] | None = None, **wish: Any) -> list[Result]:
        """So many requests at once, spread over the engines."""
        chosen = engines or self.engines
        asked = [Issue.new(a_request(**wish), self.ids.new_id()) for _ in range(count)]
        return await asyncio.gather(
            *(put(chosen[index % len(chosen)], issue) for index, issue in enumerate(asked))
        )

    async def check_indexes(self) -> None:
        fresh = await PlacesIndex(self.store).catch_up()
        for engine in self.engines:
            assert folded((await engine.index.catch_up()).places) == folded(fresh.places)


def a_request(**changes: Any) -> dict[str, Any]:
    wish = {
        "do": "request",
        "case": None,
        "channel": "CAV",
        "urgency": "U1",
        "mode": "EMERGENCY",
        "level": "EMERGENCY_RECEPTION",
        "adults": 1,
        "children": (),
        "boy": "NOT_SAID",
        "risk": "NOT_ASSESSED",
        "met": (),
        "apart": (),
        "barred": (),
        "features": (),
        "zones": (),
        "consent": True,
        "send_on": False,
        "at": NIGHT,
    }
    return {**wish, **changes}


def folded(places: Places) -> dict[str, Any]:
    """What was folded; what has changed since the last ranking is a ranker's note to itself."""
    return {name: value for name, value in vars(places).items() if not name.startswith("changed_")}


def held(result: Result) -> bool:
    assert isinstance(result, Done), result
    kinds = {type(each.event) for each in result.events}
    assert (HoldPlaced in kinds) != (LeftWaiting in kinds)
    return HoldPlaced in kinds


@pytest.fixture(params=["memory", "postgres"])
def where(request: pytest.FixtureRequest) -> Database | None:
    """A database, or none: in memory."""
    database: Database | None = request.getfixturevalue("database") if request.param == "postgres" else None
    return database


@pytest_asyncio.fixture
async def night(where: Database | None) -> AsyncIterator[Night]:
    if where is None:
        begun = Night(NotingStore())
        await begun.begin()
        yield begun
    else:
        async with PostgresStore(where.dsn("app")) as store:
            begun = Night(store)
            await begun.begin()
            yield begun


class TestRaces:
    @pytest.mark.parametrize("engines", [1, 2])
    async def test_of_two_who_want_the_last_place_one_has_it_and_the_other_waits(
        self, night: Night, engines: int
    ) -> None:
        _, (unit,) = await night.house(1)
        results = await night.ask(2, night.engines[:engines])
        assert sorted(map(held, results)) == [False, True]
        winner = next(told(each)["placement"] for each in results if isinstance(each, Done) and held(each))
        assert await night.store.claims(ClaimKind.PLACE) == {next(iter(unit["places"])): winner}
        await night.check_indexes()

    @pytest.mark.parametrize("engines", [1, 2])
    async def test_as_many_are_held_as_there_are_places(self, night: Night, engines: int) -> None:
        await night.house(2, 1)
        await night.house(1)
        results = await night.ask(12, night.engines[:engines])
        assert sum(map(held, results)) == 4
        assert len(await night.store.claims(ClaimKind.PLACE)) == 4
        assert len(await night.store.claims(ClaimKind.CASE)) == 12
        await night.check_indexes()

    async def test_one_case_has_one_open_placement_whoever_asks_first(self, night: Night) -> None:
        await night.house(3)
        (first,) = await night.ask(1)
        assert isinstance(first, Done)
        case = told(first)["case"]
        await night.do({"do": "withdraw", "placement": told(first)["placement"]})
        results = await night.ask(4, case=case)
        assert sum(isinstance(each, Done) for each in results) == 1
        assert sum(each is Refusal.CASE_HAS_OPEN_PLACEMENT for each in results) == 3

    async def test_a_household_with_minors_alone_is_counted_while_others_ask(self, night: Night) -> None:
        await night.house(2)
        results = await asyncio.gather(
            night.ask(3, adults=0, children=("AGE_3_5",)),
            night.ask(3),
            night.ask(3, adults=0, children=("AGE_3_5",) * 2),
        )
        assert all(isinstance(each, Done) for group in results for each in group)
        assert sum(map(held, results[1])) == 2
        index = await night.engines[1].index.catch_up()
        assert index.places.network.minors_signposted == 6

    async def test_one_key_given_many_times_at_once_is_one_command(self, night: Night) -> None:
        await night.house(3)
        issue = Issue.new(a_request(), night.ids.new_id())
        results = await asyncio.gather(*(put(night.engines[turn % 2], issue) for turn in range(6)))
        assert all(isinstance(each, Done) for each in results)
        assert [each.receipt.repeated for each in results if isinstance(each, Done)].count(False) == 1
        assert len({each.events for each in results if isinstance(each, Done)}) == 1
        assert len(await night.store.claims(ClaimKind.PLACE)) == 1


class TestRetries:
    async def test_a_retry_is_answered_like_the_first_time_by_any_process(self, night: Night) -> None:
        await night.house(1)
        issue = Issue.new(a_request(), night.ids.new_id())
        first = await put(night.engines[0], issue)
        again = await put(night.engines[1], issue)
        assert isinstance(first, Done)
        assert again == replace(first, receipt=replace(first.receipt, repeated=True))

    async def test_a_retry_that_would_now_be_refused_is_still_answered(self, night: Night) -> None:
        await night.house(2)
        (opened,) = await night.ask(1)
        assert isinstance(opened, Done)
        await night.do({"do": "withdraw", "placement": told(opened)["placement"]})
        issue = Issue.new(a_request(case=told(opened)["case"]), night.ids.new_id())
        first = await put(night.engines[0], issue)
        again = await put(night.engines[1], issue)
        assert isinstance(first, Done)
        assert isinstance(again, Done)
        assert again.events == first.events
        other = replace(issue, digest=bytes(32))
        assert isinstance(await put(night.engines[1], other), KeyReused)


class TestExpiry:
    async def test_a_silent_hold_gives_way_in_one_append(self, night: Night) -> None:
        """Both placements and the unit in one append: the place never belongs to both."""
        await night.house(1)
        (silent,) = await night.ask(1, urgency="U2")
        later = NIGHT + timedelta(minutes=31)
        await night.store.move_clock(later)
        (urgent,) = await night.ask(1, engines=[night.engines[1]], urgency="U1", at=later)
        assert isinstance(silent, Done)
        assert isinstance(urgent, Done)
        expired = [each for each in urgent.events if isinstance(each.event, HoldExpired)]
        assert [each.stream for each in expired] == [told(silent)["placement"]]
        kinds = [type(each.event) for each in urgent.events]
        assert kinds.index(UnitReleased) < kinds.index(UnitHeld)
        assert set((await night.store.claims(ClaimKind.PLACE)).values()) == {told(urgent)["placement"]}
        await night.check_indexes()

    async def test_a_conversation_begun_elsewhere_saves_the_hold(self, night: Night) -> None:
        await night.house(1)
        (silent,) = await night.ask(1, urgency="U2")
        assert isinstance(silent, Done)
        placement, offer, units = (told(silent)[each] for each in ("placement", "offer", "units"))
        await night.do({"do": "send", "placement": placement, "units": units})
        later = NIGHT + timedelta(minutes=31)
        await night.store.move_clock(later)
        urgent, talk = await asyncio.gather(
            night.ask(1, engines=[night.engines[0]], urgency="U1", at=later),
            put(
                night.engines[1],
                Issue.new({"do": "talk", "placement": placement, "offer": offer}, night.ids.new_id()),
            ),
        )
        assert held(urgent[0]) is (talk is Refusal.OFFER_NO_LONGER_HELD)
        assert len(await night.store.claims(ClaimKind.PLACE)) == 1

    async def test_a_place_that_is_free_again_is_found_though_the_ranking_reads_like_the_last(
        self, night: Night
    ) -> None:
        _, (unit,) = await night.house(1)
        (silent,) = await night.ask(1, urgency="U2")
        later = NIGHT + timedelta(minutes=31)
        await night.store.move_clock(later)
        (urgent,) = await night.ask(1, urgency="U1", at=later)
        assert isinstance(silent, Done)
        assert isinstance(urgent, Done)
        await night.do({"do": "withdraw", "placement": told(urgent)["placement"]})
        await night.publish(unit, later)
        again = await night.do({"do": "search", "placement": told(silent)["placement"]})
        before, after = certificate(silent), certificate(again)
        assert before is not None
        assert after is not None
        assert before.digest == after.digest
        assert held(again)


class TestTurns:
    async def test_a_hold_is_guarded_by_its_house_and_everything_read(self) -> None:
        store = NotingStore()
        night = Night(store)
        await night.begin()
        house, units = await night.house(1, 1)
        (done,) = await night.ask(1)
        assert isinstance(done, Done)
        other = next(each["unit"] for each in units if each["unit"] not in told(done)["units"])
        assert {stream for stream, _ in store.appends[-1].guards} == {house, other, NETWORK}

    async def test_inside_one_process_neighbours_wait_and_do_not_lose_to_each_other(self) -> None:
        store = NotingStore()
        night = Night(store)
        await night.begin()
        await night.house(6)
        before = len(store.appends)
        results = await night.ask(6, night.engines[:1])
        assert all(map(held, results))
        assert len(store.appends) - before == 6

    async def test_each_ranks_at_its_turn_on_what_stands_then(self) -> None:
        night = Night(NotingStore())
        await night.begin()
        await night.house(6)
        results = await night.ask(6, night.engines[:1])
        ranked = [certificate(each) for each in results if isinstance(each, Done)]
        firsts = [each.receipt.first for each in results if isinstance(each, Done)]
        assert [each.position + 1 for each in ranked if each is not None] == firsts

    async def test_what_is_appended_here_is_known_here_without_reading(self) -> None:
        night = Night(NotingStore())
        await night.begin()
        await night.house(1)
        (done,) = await night.ask(1)
        assert isinstance(done, Done)
        assert night.engines[0].index.places.position == done.receipt.last
        await night.check_indexes()

    async def test_a_cancelled_command_keeps_nobody_waiting(self) -> None:
        night = Night(NotingStore())
        await night.begin()
        await night.house(4)
        asked = [asyncio.create_task(night.ask(1, night.engines[:1])) for _ in range(3)]
        for _ in range(12):
            await asyncio.sleep(0)
        asked[0].cancel()
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert all(isinstance(each, list | asyncio.CancelledError) for each in results)
        assert held((await night.ask(1, night.engines[:1]))[0])
        await night.check_indexes()

    async def test_who_keeps_losing_gives_up_and_has_written_nothing(self) -> None:
        store = NotingStore()
        night = Night(store, patience_seconds=0.03)
        await night.begin()
        house, _ = await night.house(1)
        rival = Night(store)
        rival.ids = Ids(9)

        async def disturb() -> None:
            paused = (await rival.engines[0].index.catch_up()).places.shelters
            (state,) = paused.values()
            await rival.do({"do": "pause", "house": house, "reason": "STAFF"})
            await rival.do({"do": "resume", "house": house})
            assert state.admits
            store.rivals.append(disturb)

        store.rivals.append(disturb)
        issue = Issue.new(a_request(), night.ids.new_id())
        with pytest.raises(TooManyConflicts):
            await put(night.engines[0], issue)
        store.rivals.clear()
        assert await store.receipt(issue.command_id) is None
        assert await store.claims(ClaimKind.CASE) == {}
        assert held((await night.ask(1))[0])


class TestRules:
    async def test_before_the_network_is_born_nothing_can_be_asked(self) -> None:
        night = Night(NotingStore())
        assert await night.ask(1) == [Refusal.NETWORK_NOT_BORN]
        born = BearNetwork(kind=LogKind.EXERCISE, code="rete", time_zone="Europe/Rome")

        def decide(world: World, context: Context) -> Decided:
            return on_stream(NETWORK, network.decide(born, world.network(), context.now))

        issue = Issue.new({"do": "bear"}, night.ids.new_id())
        assert isinstance(await night.engines[0].run(issue.envelope, decide), Done)
        assert await night.ask(1) == [Refusal.POLICY_NOT_ADOPTED]

    async def test_a_process_that_has_just_begun_decides_under_the_policy_adopted_elsewhere(
        self, night: Night
    ) -> None:
        await night.house(1)
        (asked,) = await night.ask(1, urgency="U1")
        assert isinstance(asked, Done)
        slower = replace(START_POLICY, version="slow-1", offer_minutes_u1=55)
        command = AdoptPolicy(policy=slower, valid_from=date(2026, 1, 2))

        def decide(world: World, context: Context) -> Decided:
            return on_stream(NETWORK, network.decide(command, world.network(), context.now))

        issue = Issue.new({"do": "adopt"}, night.ids.new_id())
        await night.engines[0].run(issue.envelope, decide)
        sent = await put(
            night.engine(),
            Issue.new(
                {"do": "send", "placement": told(asked)["placement"], "units": told(asked)["units"]},
                night.ids.new_id(),
            ),
        )
        assert isinstance(sent, Done)
        _decision, event = (each.event for each in sent.events)
        assert isinstance(event, OfferSent)
        assert event.deadline == NIGHT + timedelta(minutes=55)

    async def test_a_ranking_names_the_policy_and_the_position_it_was_made_under(self, night: Night) -> None:
        await night.house(1)
        head = await night.store.head()
        (asked,) = await night.ask(1)
        assert isinstance(asked, Done)
        (ranked,) = (each.event for each in asked.events if isinstance(each.event, CandidatesRanked))
        assert (ranked.position, ranked.policy, ranked.decided_at) == (head, START_POLICY.version, NIGHT)

    async def test_a_command_that_is_already_true_is_recorded_without_events(self, night: Night) -> None:
        issue = Issue.new({"do": "nothing"}, night.ids.new_id())
        done = await night.engines[0].place(issue.envelope, lambda *_: Decision())
        assert isinstance(done, Done)
        assert done.events == ()
        assert await night.store.receipt(issue.command_id) is not None
