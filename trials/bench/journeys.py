"""A log of whole journeys made by the real engine on the store in memory: what replay is measured on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from api.placing import Decide, Engine
from domain.codes import DischargeOutcome, Told
from domain.coordination.alone import decide_alone
from domain.coordination.answering import AcceptOffer, accept
from domain.coordination.requesting import request_placement
from domain.coordination.staying import AdmitHousehold, DischargeHousehold, admit, discharge
from domain.matching.places import Places
from domain.placement.commands import AcceptAsWoman, OpenConversation, PlacementCommand, SendOffer
from domain.placement.events import PlacementRequested
from domain.vocabulary import AgeBand, AnswerChannel, Household, OfferId, PlacementId, Side
from domain.world import Context, Decided, World
from ledger.store.ids import Sources, seeded_sources
from ledger.store.memory import MemoryStore
from ledger.store.port import StoredRow
from ledger.store.transact import Command, Done, Result
from trials.stage.in_process import Founded, command, emergency, found_engine
from trials.stage.plain_network import plain_network

_HOUSEHOLD = Household(adults=1, children=(AgeBand.AGE_3_5, AgeBand.AGE_6_10))
_TOLD = tuple(Told)


class _Journeys:
    def __init__(self, founded: Founded, sources: Sources, at: datetime) -> None:
        self._founded, self._sources, self._at = founded, sources, at

    async def one(self, *, leaves: bool) -> None:
        """From the request to the admission and, where she leaves, to the end."""
        placement_id = await self._request()
        held = self._engine.index.places.placements[placement_id].held
        assert held is not None, "the network has room for every journey"
        units = tuple(unit.unit_id for unit in held.units)
        await self._alone(placement_id, SendOffer(units=units))
        await self._alone(placement_id, OpenConversation(offer_id=held.offer_id, side=Side.HOUSE))
        await self._accept(placement_id, held.offer_id)
        yes = AcceptAsWoman(proximity_checked_by_voice=False, told=_TOLD, occurred_at=self._at)
        await self._alone(placement_id, yes)
        admission = AdmitHousehold(placement_id=placement_id, occurred_at=self._at)
        await self._run(lambda world, context: admit(admission, world, context))
        if leaves:
            goal = DischargeOutcome.GOALS_REACHED
            end = DischargeHousehold(placement_id=placement_id, outcome=goal, occurred_at=self._at)
            await self._run(lambda world, context: discharge(end, world, context))

    @property
    def _engine(self) -> Engine:
        return self._founded.engine

    async def _request(self) -> PlacementId:
        asked = emergency(_HOUSEHOLD, self._at)

        def decide(world: World, context: Context, places: Places) -> Decided:
            return request_placement(asked, world, context, places)

        done = _done(await self._engine.place(self._command(), decide))
        return next(
            PlacementId(each.stream) for each in done.events if isinstance(each.event, PlacementRequested)
        )

    async def _accept(self, placement_id: PlacementId, offer_id: OfferId) -> None:
        yes = AcceptOffer(
            placement_id=placement_id,
            offer_id=offer_id,
            channel=AnswerChannel.TELEPHONE,
            occurred_at=self._at,
        )
        _done(
            await self._engine.place(
                self._command(), lambda world, context, places: accept(yes, world, context, places)
            )
        )

    async def _alone(self, placement_id: PlacementId, asked: PlacementCommand) -> None:
        await self._run(lambda world, context: decide_alone(placement_id, asked, world, context))

    async def _run(self, decide: Decide) -> None:
        _done(await self._engine.run(self._command(), decide))

    def _command(self) -> Command:
        return command(self._founded.network_id, UUID(int=1), self._sources)


def _done(result: Result) -> Done:
    assert isinstance(result, Done), result
    return result


async def journeys(number: int) -> tuple[StoredRow, ...]:
    """The log of a founding and `number` journeys; one in four stays in the house."""
    at = datetime(2026, 11, 21, 1, 40, tzinfo=UTC)
    store = MemoryStore(clock=lambda: at)
    sources = seeded_sources("journeys", lambda: int(at.timestamp() * 1000))
    founded = await found_engine(plain_network(shelters=4, units=4, beds=min(50, number)), store, sources)
    telling = _Journeys(founded, sources, at - timedelta(minutes=1))
    for index in range(number):
        await telling.one(leaves=index % 4 != 0)
    return await store.read_all(after=0, limit=1_000_000)
