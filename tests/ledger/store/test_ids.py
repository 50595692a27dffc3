"""Ids: ordered by time within a process, random otherwise, and repeatable from a seed."""

from __future__ import annotations

import os
import time
from uuid import RFC_4122, UUID

from ledger.store.ids import SeededBytes, TimeOrderedIds, seeded_sources, system_sources, uuid_4, uuid_8


def milliseconds(made: UUID) -> int:
    return made.int >> 80


def test_ids_are_version_7_and_carry_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = system_sources().new_id()
    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= milliseconds(made) <= time.time_ns() // 1_000_000


def test_each_id_is_greater_than_the_one_before_also_within_a_millisecond() -> None:
    new_id = TimeOrderedIds(os.urandom, lambda: 1_700_000_000_000)
    made = [new_id() for _ in range(5000)]
    assert made == sorted(set(made))
    assert {each.version for each in made} == {7}


def test_a_clock_that_steps_back_or_random_bytes_that_are_all_ones_keep_the_order() -> None:
    clock = iter([1000, 1001, 5, 5, 1001, 1002, 1002, 1002])
    new_id = TimeOrderedIds(lambda size: b"\xff" * size, lambda: next(clock))
    made = [new_id() for _ in range(8)]
    assert made == sorted(set(made))
    assert {(each.version, each.variant) for each in made} == {(7, RFC_4122)}


def test_two_processes_do_not_meet() -> None:
    one, two = (TimeOrderedIds(os.urandom, lambda: 1) for _ in range(2))
    assert not {one() for _ in range(1000)} & {two() for _ in range(1000)}


def test_a_seed_gives_the_same_ids_and_salts_again() -> None:
    def drawn(seed: str) -> tuple[list[UUID], bytes]:
        sources = seeded_sources(seed, lambda: 7)
        return [sources.new_id() for _ in range(20)], sources.random_bytes(40)

    assert drawn("1") == drawn("1")
    assert drawn("1") != drawn("2")
    assert [len(SeededBytes("1")(size)) for size in (0, 1, 32, 33)] == [0, 1, 32, 33]


def test_other_versions_say_which_they_are() -> None:
    assert (uuid_4(os.urandom).version, uuid_4(os.urandom).variant) == (4, RFC_4122)
    assert str(uuid_8(bytes(16))) == "00000000-0000-8000-8000-000000000000"
    assert str(uuid_8(b"\xff" * 32)) == "ffffffff-ffff-8fff-bfff-ffffffffffff"
