"""A projection written with the `eventsourcing` library alone follows our ledger while it grows."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.persistence import Tracking
from eventsourcing.popo import POPOTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner

from domain.codes import ReleaseCause
from domain.unit import UnitHeld, UnitReleased
from domain.vocabulary import PlaceId, PlacementId
from ledger.store.codec import encode
from ledger.store.port import Receipt
from ledger.store.postgres import PostgresStore
from tests.ledger.store.appends import an_append, an_event
from tests.ledger.store.library_env import library_env
from tests.support.postgres import Database

SALT = bytes(16)


class Occupation(POPOTrackingRecorder):
    """How often each place was held, and which units are held now."""

    def __init__(self) -> None:
        super().__init__()
        self.holds: Counter[UUID] = Counter()
        self.held: set[UUID] = set()
        self.versions: list[int] = []


class OccupationProjection(Projection[Occupation]):
    name = "occupation"
    topics = (UnitHeld.TOPIC, UnitReleased.TOPIC)

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        raise AssertionError((type(domain_event), tracking))

    @process_event.register
    def _(self, event: UnitHeld, tracking: Tracking) -> None:
        self.view.holds.update(event.places)
        self.view.held.add(event.originator_id)  # type: ignore[attr-defined]
        self.view.versions.append(event.originator_version)  # type: ignore[attr-defined]
        self.view.insert_tracking(tracking)

    @process_event.register
    def _(self, event: UnitReleased, tracking: Tracking) -> None:
        self.view.held.discard(event.originator_id)  # type: ignore[attr-defined]
        self.view.insert_tracking(tracking)


class OurLedger(Application[UUID]):
    name = "ledger"


async def _hold_and_release(database: Database, units: list[UUID], bed: PlaceId) -> int:
    """Each unit is held and released in turn; the last stays held. The position of the last event."""
    head = 0
    async with PostgresStore(database.dsn("app")) as store:
        for unit in units:
            placement = PlacementId(uuid.uuid4())
            held = UnitHeld(placement_id=placement, places=(bed,))
            released = UnitReleased(
                placement_id=placement, places=(bed,), cause=ReleaseCause.DECLINED_BY_WOMAN
            )
            events = [
                an_event(unit, 1, topic=held.TOPIC, state=encode(held, SALT)),
                an_event(uuid.uuid4(), 1),
            ]
            if unit != units[-1]:
                events.append(an_event(unit, 2, topic=released.TOPIC, state=encode(released, SALT)))
            outcome = await store.append(an_append(*events))
            assert isinstance(outcome, Receipt)
            head = outcome.head
    return head


def test_a_projection_of_the_library_follows_our_ledger(database: Database) -> None:
    bed = PlaceId(uuid.uuid4())
    units = [uuid.uuid4() for _ in range(40)]
    env = library_env(database) | {
        "LEDGER_PERSISTENCE_MODULE": "ledger.store.library",
        "OCCUPATION_PERSISTENCE_MODULE": "eventsourcing.popo",
    }
    asyncio.run(_hold_and_release(database, units[:10], bed))
    runner = ProjectionRunner(
        application_class=OurLedger,
        projection_class=OccupationProjection,
        view_class=Occupation,
        env=env,
    )
    with runner:
        head = asyncio.run(_hold_and_release(database, units[10:], bed))
        runner.wait(head - 1, timeout=20)
    assert runner.view.holds == {bed: 40}
    assert runner.view.held == {units[9], units[-1]}
    assert runner.view.versions == [1] * 40
