"""A record with fields changed, and the steps by which states follow events."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from domain.event import Event, stored
from domain.evolution import Steps, changed, with_entry
from domain.placement.journey import PlacementState


@dataclass(frozen=True, kw_only=True, slots=True)
class _Room:
    beds: int = 0
    open: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Checked:
    beds: int = 0

    def __post_init__(self) -> None:
        assert self.beds >= 0


@stored("room.opened.1")
class _Opened(Event):
    beds: int


@stored("room.closed.1")
class _Closed(Event):
    pass


def _open(room: _Room, event: _Opened) -> _Room:
    return changed(room, open=True, beds=event.beds)


def _close(room: _Room, event: _Closed) -> _Room:
    return changed(room, open=False)


def test_a_changed_record_is_another_and_the_first_stays_as_it_was() -> None:
    room = _Room(beds=2)
    assert changed(room, open=True) == _Room(beds=2, open=True)
    assert room == _Room(beds=2)


def test_a_changed_record_is_as_frozen_as_the_first_and_equals_a_replaced_one() -> None:
    state = changed(PlacementState(), consent=True, waiting=True)
    assert state == replace(PlacementState(), consent=True, waiting=True)
    assert hash(changed(_Room(), beds=1)) == hash(_Room(beds=1))
    with pytest.raises(FrozenInstanceError):
        state.consent = False  # type: ignore[misc]


def test_a_field_that_does_not_exist_is_not_changed() -> None:
    with pytest.raises(KeyError):
        changed(_Room(), windows=2)  # type: ignore[call-arg]


def test_a_record_that_checks_what_it_is_made_of_is_not_copied_past_its_check() -> None:
    with pytest.raises(AssertionError, match="checks"):
        changed(_Checked(), beds=-1)


def test_an_entry_more_leaves_the_first_mapping_as_it_was() -> None:
    known = {1: "one"}
    assert with_entry(known, 2, "two") == {1: "one", 2: "two"}
    assert with_entry(known, 1, "other") == {1: "other"}
    assert known == {1: "one"}


def test_families_of_steps_are_put_together_whole() -> None:
    opening, closing = Steps[_Room](), Steps[_Room]()
    opening.on(_Opened)(_open)
    closing.on(_Closed)(_close)
    steps = Steps[_Room].of_all(_Opened | _Closed, opening, closing)
    room = steps[_Opened](_Room(), _Opened(beds=3))
    assert (room, steps[_Closed](room, _Closed())) == (_Room(beds=3, open=True), _Room(beds=3))


def test_an_event_without_a_step_is_found_before_anything_is_folded() -> None:
    opening = Steps[_Room]()
    opening.on(_Opened)(_open)
    with pytest.raises(AssertionError, match="each kind"):
        Steps[_Room].of_all(_Opened | _Closed, opening)


def test_an_event_has_one_step() -> None:
    opening = Steps[_Room]()
    opening.on(_Opened)(_open)
    with pytest.raises(AssertionError, match="already"):
        opening.on(_Opened)(_open)
    with pytest.raises(AssertionError, match="one step"):
        Steps[_Room].of_all(_Opened | _Closed, opening, opening)
