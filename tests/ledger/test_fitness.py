"""A REAL log is kept only on a server whose own log is silent and which keeps what it acknowledged."""

from __future__ import annotations

import asyncio
import logging

import pytest

from domain.vocabulary import LogKind
from ledger.faults import StoreUnreachable
from ledger.log_lines import JsonLines
from ledger.postgres.faults import ServerUnfit
from ledger.postgres.fitness import Fitness, fitness
from ledger.postgres.settings import LASTING, SILENT, Profile, server_settings
from ledger.postgres.supervisor import EmbeddedPostgres
from tests.support.postgres import Database, administer, clone

WRONG = {
    "log_min_messages": "error",
    "log_min_error_statement": "error",
    "log_error_verbosity": "default",
    "log_statement": "all",
    "log_min_duration_statement": "0",
    "log_min_duration_sample": "10",
    "log_transaction_sample_rate": "0.5",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
    "debug_print_parse": "on",
    "debug_print_rewritten": "on",
    "debug_print_plan": "on",
}


def found(database: Database) -> Fitness:
    return asyncio.run(fitness(database.dsn()))


def test_the_embedded_server_is_silent_in_both_profiles(database: Database) -> None:
    assert found(database).telling == {}
    for profile in Profile:
        told = server_settings(profile, lz4=True, further={})
        assert all(told[name] in right for name, right in SILENT.items() if name in told)
    lasting = server_settings(Profile.DURABLE, lz4=True, further={})
    assert all(lasting[name] in right for name, right in LASTING.items() if name in lasting)


@pytest.mark.parametrize("setting", sorted(WRONG))
def test_a_setting_of_one_database_alone_is_found(database: Database, setting: str) -> None:
    administer(database.server, f"ALTER DATABASE {database.name} SET {setting} = '{WRONG[setting]}'")
    assert found(database).telling == {setting: SILENT[setting][0]}


def test_a_module_that_tells_statements_is_found_where_it_is_loaded(database: Database) -> None:
    for setting, value in (
        ("session_preload_libraries", "auto_explain"),
        ("auto_explain.log_min_duration", "0"),
    ):
        administer(database.server, f"ALTER DATABASE {database.name} SET {setting} = '{value}'")
    told = found(database).telling
    assert told == {"auto_explain.log_min_duration": "-1", "auto_explain.log_parameter_max_length": "0"}


def test_the_server_of_another_room_is_asked_too_where_it_answers(
    database: Database, migrated_server: EmbeddedPostgres
) -> None:
    with clone(migrated_server) as vault:
        administer(vault.server, f"ALTER DATABASE {vault.name} SET log_statement = 'all'")
        nowhere = "postgresql://approdo_vault@127.0.0.1:1/nowhere"
        told = asyncio.run(fitness(database.dsn(), nowhere, vault.dsn("vault"))).telling
    assert told == {"log_statement": "none"}


def test_a_server_that_may_lose_data_is_found(database: Database) -> None:
    """The tests' own server is one: its profile is scratch."""
    assert {"fsync", "full_page_writes", "synchronous_commit"} <= found(database).losing.keys()


def test_a_real_log_is_refused_and_every_setting_named_with_its_right_value(database: Database) -> None:
    administer(database.server, f"ALTER DATABASE {database.name} SET log_statement = 'all'")
    with pytest.raises(ServerUnfit) as refused:
        found(database).require(LogKind.REAL)
    assert "log_statement = none" in str(refused.value)
    assert "fsync = on" in str(refused.value)


def test_an_exercise_goes_on_and_says_what_the_log_would_tell(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    administer(database.server, f"ALTER DATABASE {database.name} SET log_statement = 'all'")
    found(database).require(LogKind.EXERCISE)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    line = JsonLines().format(record)
    assert '"setting":"log_statement","wanted":"none"' in line


def test_a_fit_server_is_told_nothing_of(caplog: pytest.LogCaptureFixture) -> None:
    for kind in LogKind:
        Fitness(telling={}, losing={}).require(kind)
    assert caplog.records == []


def test_a_server_that_does_not_answer_is_a_fault_of_the_ledger() -> None:

    with pytest.raises(StoreUnreachable):
        asyncio.run(fitness("postgresql://approdo_app@127.0.0.1:1/nowhere"))
