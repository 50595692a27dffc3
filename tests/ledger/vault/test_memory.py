"""The vault in memory keeps the contract."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from ledger.vault.memory import MemoryVault
from ledger.vault.wrapping import MasterKeys
from tests.ledger.vault.contract import Age, VaultContract


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vault(clock: Clock) -> MemoryVault:
    return MemoryVault(MasterKeys(os.urandom(32)), os.urandom, clock)


@pytest.fixture
def age(clock: Clock) -> Age:
    async def passes(by: timedelta) -> None:
        clock.now += by

    return passes


class TestMemoryVault(VaultContract):
    pass
