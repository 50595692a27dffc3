"""The `eventsourcing` library's own tests of a recorder, passed by ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from eventsourcing.tests import persistence

from tests.ledger.store.blocking import BlockingApplicationRecorder, BlockingRecorder
from tests.support.postgres import Database


class OnOurTable:
    """Gives the library's test cases a recorder on a fresh database."""

    @pytest.fixture(autouse=True)
    def _recorders(self, database: Database) -> Iterator[None]:
        self._dsn = database.dsn("app")
        self._opened: list[BlockingRecorder] = []
        yield
        for recorder in self._opened:
            recorder.close()

    def opened(self, kind: type[BlockingRecorder]) -> BlockingRecorder:
        recorder = kind(self._dsn)
        self._opened.append(recorder)
        return recorder


class TestAsAggregateRecorder(OnOurTable, persistence.AggregateRecorderTestCase):
    def create_recorder(self) -> BlockingRecorder:
        return self.opened(BlockingRecorder)


class TestAsApplicationRecorder(
    OnOurTable, persistence.ApplicationRecorderTestCase[BlockingApplicationRecorder]
):
    def create_recorder(self) -> BlockingApplicationRecorder:
        recorder = self.opened(BlockingApplicationRecorder)
        assert isinstance(recorder, BlockingApplicationRecorder)
        return recorder


class TestPositionsAreNotInterleaved(OnOurTable, persistence.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> BlockingApplicationRecorder:
        recorder = self.opened(BlockingApplicationRecorder)
        assert isinstance(recorder, BlockingApplicationRecorder)
        return recorder
