"""The judge of the drill `owed` sees what it is there to see; nothing else can take the rule away."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from api.loops.running import stepped
from api.network_file.writing import found
from api.placing import Engine
from api.settings import Settings
from domain.case import RuleOverridden
from domain.codes import OverrideReason
from domain.coordination.overriding import OverrideRule, override
from domain.matching import rank_1, rankers
from domain.matching.rank_1 import owing
from domain.matching.ranking import request_of
from domain.placement.state import Phase
from domain.policy import LARGEST_WEIGHT, RANKERS, START_POLICY, Policy, Weights, is_applicable
from domain.vocabulary import AgeBand, Household, LogKind, NetworkId, PlacementId, Urgency
from ledger.store.ids import Sources, system_sources
from ledger.store.memory import MemoryStore
from ledger.store.port import LogClock, StoredRow
from ledger.store.transact import Done, Transactor
from projections.places_index import PlacesIndex
from trials.drills.owed import network_file
from trials.drills.owed_asking import Asking
from trials.drills.owed_judge import Verdict, judge
from trials.drills.owed_without import keep_nothing
from trials.stage.in_process import APP_VERSION, emergency

pytestmark = pytest.mark.asyncio
NIGHT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
FOUR = Household(adults=1, children=(AgeBand.AGE_6_10,) * 3)
ONE = Household(adults=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Night:
    """One house with one shared room of four beds, and an engine whose loops nobody turns."""

    store: MemoryStore
    asking: Asking

    @property
    def engine(self) -> Engine:
        return self.asking.engine

    async def ask(self, urgency: Urgency, household: Household) -> PlacementId:
        asked = replace(emergency(household, await self.store.now()), urgency=urgency)
        result = await self.asking.request(asked)
        assert isinstance(result, Done)
        return PlacementId(result.events[0].stream)

    async def withdraw(self, placement_id: PlacementId) -> None:
        await self.asking.withdraw(placement_id, await self.store.now())

    def phase(self, placement_id: PlacementId) -> Phase:
        return self.engine.index.places.placements[placement_id].phase

    async def rows(self) -> list[StoredRow]:
        return list(await self.store.read_all(after=0, limit=5000))

    async def judged(self) -> Verdict:
        rows = await self.rows()
        return judge(rows, {rows[-1].position: await self.store.now()})


@pytest_asyncio.fixture
async def night() -> AsyncIterator[Night]:
    store, sources = MemoryStore(), system_sources()
    file = network_file()
    house = tuple(shelter for shelter in file.shelters if shelter.code == "acero")
    founded = await found(
        file.model_copy(update={"shelters": house}),
        store,
        sources,
        kind=LogKind.EXERCISE,
        clock=LogClock.VIRTUAL,
        app_version=APP_VERSION,
        starts_at=NIGHT,
    )
    yield Night(store=store, asking=_asking(store, sources, founded.ids.network))


def _asking(store: MemoryStore, sources: Sources, network: Any) -> Asking:
    transactor = Transactor(store, sources, NetworkId(network))
    return Asking(Engine(transactor, PlacesIndex(store)), network, sources)


async def _freed_while_one_waits(night: Night) -> tuple[PlacementId, PlacementId]:
    """A U1 that waits for the whole room, which then frees; and a U3 that asks for one bed of it."""
    holds, waits = await night.ask(Urgency.U3, FOUR), await night.ask(Urgency.U1, FOUR)
    assert night.phase(waits) is Phase.WAITING
    await night.withdraw(holds)
    return waits, await night.ask(Urgency.U3, ONE)


# --- the judge --------------------------------------------------------------------------------------------


async def test_one_who_asks_later_and_less_urgently_is_not_given_what_is_owed(night: Night) -> None:
    _, later = await _freed_while_one_waits(night)
    assert night.phase(later) is Phase.WAITING
    verdict = await night.judged()
    assert (verdict.violations, verdict.out_of_order, verdict.unlike, verdict.doubled) == (0, 0, 0, 0)
    assert (verdict.holds, verdict.owed) == (1, 1)


async def test_the_judge_says_that_somebody_starves_until_the_place_is_proposed(night: Night) -> None:
    waits, later = await _freed_while_one_waits(night)
    assert (await night.judged()).starving == 1
    for loop in stepped(night.engine, APP_VERSION):
        await loop.step()
    assert (night.phase(waits), night.phase(later)) == (Phase.HELD, Phase.WAITING)
    verdict = await night.judged()
    assert (verdict.wrong, verdict.proposals, verdict.still_waiting) == (0, 1, 1)


async def test_where_nothing_is_kept_the_judge_says_who_was_passed_over(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rank_1, "promised_before", owing.promised_before)
    monkeypatch.setattr(rankers, "RANKERS", rankers.RANKERS)
    keep_nothing()
    waits, later = await _freed_while_one_waits(night)
    assert night.phase(later) is Phase.HELD
    verdict = await night.judged()
    assert (verdict.violations, verdict.passed_over) == (1, {str(waits)})


async def test_who_goes_against_the_order_and_says_so_breaks_none_and_who_does_not_say_so_does(
    night: Night,
) -> None:
    _, later = await _freed_while_one_waits(night)
    (unit_id,) = night.engine.index.places.units
    against = OverrideRule(placement_id=later, unit_id=unit_id, reason=OverrideReason.IMMEDIATE_DANGER)
    done = await night.asking.place(lambda *given: override(against, *given))
    assert isinstance(done, Done)
    (told,) = [each.event for each in done.events if isinstance(each.event, RuleOverridden)]
    assert told.rules == ("OWED",)
    verdict = await night.judged()
    assert (verdict.against, verdict.violations, verdict.out_of_order) == (1, 0, 0)
    rows = [row for row in await night.rows() if row.topic != RuleOverridden.TOPIC]
    assert judge(rows, {}).violations == 1


async def test_a_second_hold_of_one_request_is_seen_as_a_double(night: Night) -> None:
    await night.ask(Urgency.U3, FOUR)
    rows = await night.rows()
    (held,) = [row for row in rows if row.topic.startswith("placement.hold-placed.")]
    again = replace(held, position=rows[-1].position + 1)
    assert judge([*rows, again], {}).doubled == 1


# --- no setting takes the rule away -----------------------------------------------------------------------


async def test_no_setting_of_the_product_speaks_of_what_is_owed() -> None:
    spoken = re.compile("owed|promis|rank|wait|order|preced")
    assert [name for name in Settings.model_fields if spoken.search(name)] == []


def _policies() -> list[Policy]:
    """The start policy with each number of it as small and as large as a policy may have it."""
    numbers = [each.name for each in fields(Policy) if isinstance(getattr(START_POLICY, each.name), int)]
    changed: list[dict[str, Any]] = [{name: number} for name in numbers for number in (0, 1, 23, 24 * 60)]
    made = [replace(START_POLICY, **change) for change in changed]
    for number in (0, LARGEST_WEIGHT):
        weights = Weights(**{field.name: number for field in fields(Weights)})
        made.append(replace(START_POLICY, weights=weights))
    made += [replace(START_POLICY, ranker=name) for name in sorted(RANKERS)]
    return [policy for policy in made if is_applicable(policy)]


async def test_no_policy_that_can_be_adopted_takes_it_away(night: Night) -> None:
    _, later = await _freed_while_one_waits(night)
    places, now = night.engine.index.places, await night.store.now()
    request = request_of(later, places.placements[later])
    policies = _policies()
    assert len({astuple(policy) for policy in policies}) > 20
    for policy in policies:
        assert len(rankers.promised(request, places, policy, now)) == 4
        assert not rankers.rank(request, places, policy, now).best


async def test_a_ranker_without_the_step_that_is_taken_out_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(rank_1, "promised_before")
    with pytest.raises(AssertionError, match="no longer takes the step"):
        keep_nothing()
