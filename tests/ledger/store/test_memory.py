"""The store in memory keeps the contract."""

from __future__ import annotations

import pytest

from ledger.store.memory import MemoryStore
from tests.ledger.store.contract import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()
