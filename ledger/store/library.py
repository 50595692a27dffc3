"""The ledger as a persistence module of the `eventsourcing` library:
`PERSISTENCE_MODULE=ledger.store.library`.

Read-only: who knows the library reads on with its notification log, its subscriptions and its
`ProjectionRunner`; what is recorded is recorded by `ledger.append` alone. Nothing of ours calls this. The
address is given by the library's own variables (`POSTGRES_DBNAME`, `POSTGRES_HOST`, `POSTGRES_USER`, …); the
user may be one that can only SELECT. A projection's own tables are elsewhere, under the library's prefixed
variables (`MYPROJECTION_PERSISTENCE_MODULE`, …).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import Any, cast
from uuid import UUID

from eventsourcing import postgres
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, ProgrammingError, StoredEvent, Transcoder
from eventsourcing.utils import Environment, EnvType

from domain.event import Event
from ledger.store.codec import decode

SCHEMA = "ledger"
TABLE = "stored_events"
POLL_SECONDS = 0.25
_WHERE = ("originator_id", "originator_version")


class LedgerMapper(Mapper[UUID]):
    """Gives the ledger's typed events, each with the stream and version it stands at."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        raise ProgrammingError(f"the ledger is read-only here, also for {type(domain_event).__name__}")

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """An object of the event's own type, so that `process_event` can be registered for it, with
        `originator_id` and `originator_version` besides.

        Errors: `UnknownTopic`, `BrokenEvent`.
        """
        event = decode(stored_event.topic, stored_event.state)
        standing = _standing(cast("Any", type(event)))
        found = object.__new__(standing)
        for field in fields(event):
            object.__setattr__(found, field.name, getattr(event, field.name))
        for name in _WHERE:
            object.__setattr__(found, name, getattr(stored_event, name))
        return cast("DomainEventProtocol[UUID]", found)


@cache
def _standing(kind: type[Event]) -> type[Event]:
    return type(kind.__name__, (kind,), {"__slots__": _WHERE, "__module__": __name__})


class LedgerSubscription(postgres.PostgresSubscription):
    """The library's subscription, which also looks by itself: a word missed before it listened delays nothing
    for ever.
    """

    def _loop_on_pull(self) -> None:
        try:
            while not self._has_been_stopped:
                self._pull()
                self._has_been_notified.wait(POLL_SECONDS)
        except BaseException as fault:  # noqa: BLE001 - handed to the thread that iterates
            self._thread_error = self._thread_error or fault
            self.stop()


class LedgerReader(postgres.PostgresApplicationRecorder):
    """The library's recorder on the ledger's table, without its writing half."""

    def create_table(self) -> None:
        """The table is made by the ledger's migrations."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        del stored_events, kwargs
        raise ProgrammingError("the ledger is read-only here")

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> LedgerSubscription:
        return LedgerSubscription(recorder=self, gt=gt, topics=topics)


class LedgerFactory(postgres.PostgresFactory):
    """What the library finds here. The table's place is the ledger's, whatever the application is called."""

    application_recorder_class = LedgerReader

    def __init__(self, env: Environment | EnvType | None) -> None:
        given = env if isinstance(env, Environment) else Environment(env=env)
        own = {self.POSTGRES_SCHEMA: SCHEMA, self.CREATE_TABLE: "no"}
        unprefixed = {key: value for key, value in given.items() if not key.endswith(tuple(own))}
        super().__init__(Environment(given.name, {**unprefixed, **own}))

    def application_recorder(self) -> LedgerReader:
        return LedgerReader(self.datastore, events_table_name=TABLE)

    def mapper(
        self,
        transcoder: Transcoder | None = None,
        mapper_class: type[Mapper[Any]] | None = None,
    ) -> Mapper[Any]:
        return super().mapper(transcoder, mapper_class or LedgerMapper)
