"""Events to bytes and back: the golden bytes, what the decoder refuses, and how an old version is lifted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, cast, get_args, get_type_hints
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalogue import EVENT_TYPES
from domain.event import Event, stored
from domain.placement.events import OfferSeen, OfferSent, PlacementRequested
from domain.shelter import IntakeResumed
from domain.unit import UnitHeld
from domain.vocabulary import OfferId, PlaceId, PlacementId
from ledger import state_bytes
from ledger.faults import BrokenEvent, UnknownTopic
from ledger.state_bytes import StateParts
from ledger.store import codec
from ledger.store.codec import Codec
from ledger.store.lifts import Json
from tests.vectors import generate
from tests.vectors.lifted import LIFTED
from tests.vectors.named import BED, OFFER, PLACEMENT, WHOLE_SECOND
from tests.vectors.samples import SAMPLES

VECTORS: dict[str, Any] = json.loads(generate.EVENTS.read_text())
CODES: dict[str, str] = json.loads(generate.CODES.read_text())
SALT = bytes(range(16))

FIRST_VECTORS = (161, "c3ca91734c160925a74d8018977817951797853433d338ec27382d7686bf40cd")
"""How many entries stood in the file when it was last pinned, and the digest over them: they never change."""


# --- golden bytes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_an_event_is_stored_as_exactly_these_bytes(name: str) -> None:
    entry = VECTORS[name]
    assert codec.encode(SAMPLES[name], bytes.fromhex(entry["salt"])).hex() == entry["state"]


@pytest.mark.parametrize("name", VECTORS)
def test_the_stored_bytes_are_read_for_ever(name: str) -> None:
    entry = VECTORS[name]
    decoded = codec.decode(entry["topic"], bytes.fromhex(entry["state"]))
    expected = LIFTED[name] if generate.is_lifted(entry) else SAMPLES[name]
    assert decoded == expected
    assert type(decoded) is type(expected)


def test_an_earlier_version_is_read_as_the_newest_and_never_made_again() -> None:
    lifted = {name for name, entry in VECTORS.items() if generate.is_lifted(entry)}
    assert lifted == LIFTED.keys()
    assert not lifted & SAMPLES.keys()
    for name in lifted:
        newest = LIFTED[name]
        assert codec.decode(newest.TOPIC, codec.encode(newest, SALT)) == newest


def test_every_event_class_has_golden_bytes() -> None:
    assert {entry["topic"] for entry in VECTORS.values()} == EVENT_TYPES.keys() | codec.LIFTS.keys()


def test_no_golden_bytes_ever_leave_or_change() -> None:
    count, digest = FIRST_VECTORS
    first = dict(list(VECTORS.items())[:count])
    assert hashlib.sha256(json.dumps(first).encode()).hexdigest() == digest


def test_the_generator_agrees_with_the_files_and_has_nothing_to_add() -> None:
    assert generate.added(VECTORS, generate.events()) == VECTORS
    assert generate.added(CODES, generate.codes()) == CODES


def test_the_generator_adds_at_the_end() -> None:
    assert list(generate.added({"b": 1}, {"a": 2, "b": 1})) == ["b", "a"]


@pytest.mark.parametrize("made", [{}, {"a": 2}, {"b": 1}])
def test_the_generator_refuses_to_change_or_drop_an_entry(made: dict[str, int]) -> None:
    with pytest.raises(generate.WouldChange, match="a"):
        generate.added({"a": 1}, made)


@pytest.mark.parametrize("name", VECTORS)
def test_an_event_whose_golden_bytes_were_removed_would_be_noticed(name: str) -> None:
    """The control of the four tests above: without any one entry at least one of them fails."""
    fewer = {other: entry for other, entry in VECTORS.items() if other != name}
    first = dict(list(fewer.items())[: FIRST_VECTORS[0]])
    assert hashlib.sha256(json.dumps(first).encode()).hexdigest() != FIRST_VECTORS[1]


@pytest.mark.parametrize("topic", EVENT_TYPES)
def test_every_kind_of_field_is_exercised(topic: str) -> None:
    """None and a value, an empty and a filled list, both truths."""
    samples = [event for event in SAMPLES.values() if type(event) is EVENT_TYPES[topic]]
    for name, hint in get_type_hints(EVENT_TYPES[topic]).items():
        if name not in {field.name for field in fields(cast("Any", EVENT_TYPES[topic]))}:
            continue
        values = [getattr(event, name) for event in samples]
        if type(None) in get_args(hint):
            assert None in values, name
            assert any(value is not None for value in values), name
        if getattr(hint, "__origin__", None) is tuple:
            assert {bool(value) for value in values} == {True, False}, name
        if bool in (hint, *get_args(hint)):
            assert {value for value in values if value is not None} == {True, False}, name


# --- round trip ---------------------------------------------------------------------------------------------

for _kind, _values in {
    datetime: st.datetimes(timezones=st.just(UTC)),
    int: st.integers(min_value=-(2**63), max_value=2**63 - 1),
    str: st.text(st.characters(codec="utf-8"), max_size=20),
}.items():
    st.register_type_strategy(_kind, _values)

ANY_EVENT = st.sampled_from(sorted(EVENT_TYPES)).flatmap(lambda topic: st.from_type(EVENT_TYPES[topic]))


@settings(max_examples=400)
@given(event=ANY_EVENT, salt=st.binary(min_size=16, max_size=16))
def test_decoding_gives_back_what_was_encoded(event: Event, salt: bytes) -> None:
    state = codec.encode(event, salt)
    decoded = codec.decode(event.TOPIC, state)
    assert decoded == event
    assert codec.encode(decoded, salt) == state


@settings(max_examples=400)
@given(data=st.data(), name=st.sampled_from(sorted(VECTORS)))
def test_changed_bytes_are_broken_or_tell_something_else(data: st.DataObject, name: str) -> None:
    """Only the declared faults; never the same event unless it was the salt or the way JSON is written."""
    state = bytes.fromhex(VECTORS[name]["state"])
    at = data.draw(st.integers(min_value=0, max_value=len(state) - 1))
    changed = bytes(
        (*state[:at], state[at] ^ data.draw(st.integers(min_value=1, max_value=255)), *state[at + 1 :])
    )
    try:
        codec.decode(VECTORS[name]["topic"], changed)
    except BrokenEvent:
        return
    assert state_bytes.split(changed) != state_bytes.split(state)


@settings(max_examples=300)
@given(topic=st.sampled_from(sorted(EVENT_TYPES)), state=st.binary(max_size=200))
def test_arbitrary_bytes_raise_declared_faults_only(topic: str, state: bytes) -> None:
    with pytest.raises(BrokenEvent):
        codec.decode(topic, state)


# --- what is refused ----------------------------------------------------------------------------------------

SENT: dict[str, Any] = {
    "offer_id": "019b0000-0008-7000-8000-000000000001",
    "deadline": "2026-01-17T01:42:00Z",
}
HELD: tuple[dict[str, Any], dict[str, Any]] = ({"places": [str(BED)]}, {"placement_id": str(PLACEMENT)})


def _state(shown: object, hidden: object) -> bytes:
    return state_bytes.join(
        StateParts(open=json.dumps(shown).encode(), reserved=SALT + json.dumps(hidden).encode())
    )


def test_the_table_below_starts_from_good_events() -> None:
    assert codec.decode("placement.offer-sent.1", _state(SENT, {})) == OfferSent(
        offer_id=OFFER, deadline=WHOLE_SECOND
    )
    assert codec.decode("unit.held.1", _state(*HELD)) == UnitHeld(placement_id=PLACEMENT, places=(BED,))


@pytest.mark.parametrize(
    "offer_id",
    [
        "019B0000-0008-7000-8000-00000000000A",
        "019b000000087000800000000000000001",
        "019b0000-0008-7000-8000-0000000000_1",
        "019b0000-0008-7000-8000-0000000000 1",
        "019b00000008-7000-8000-00000000000-1",
        "019b0000-0008-7000-8000-00000000000g",
        "0x9b0000-0008-7000-8000-000000000001",
        "{19b0000-0008-7000-8000-00000000000}",
        "019b0000-0008-7000-8000-00000000000١",
        "019b0000000870008000000000000000000001",
        "019b0000-0008-7000-8000-000000000001\n",
        "",
        None,
        7,
        [],
        True,
    ],
)
def test_an_id_not_in_its_one_form_is_broken(offer_id: object) -> None:
    with pytest.raises(BrokenEvent):
        codec.decode("placement.offer-sent.1", _state({**SENT, "offer_id": offer_id}, {}))


@pytest.mark.parametrize(
    "deadline",
    [
        "2026-01-17T01:42:00",
        "2026-01-17T01:42:00+00:00",
        "2026-01-17T02:42:00+01:00",
        "2026-01-17T01:42Z",
        "2026-01-17 01:42:00Z",
        "20260117T014200Z",
        "2026-W03-6T01:42:00Z",
        "2026-01-17T01:42:00.000000Z",
        "2026-01-17T01:42:00.5Z",
        "2026-01-17T01:42:00z",
        "2026-01-17T24:00:00Z",
        "2026-02-30T01:42:00Z",
        "2026-01-17",
        1768614120,
        None,
        [],
        {},
    ],
)
def test_an_instant_not_in_its_one_form_is_broken(deadline: object) -> None:
    with pytest.raises(BrokenEvent):
        codec.decode("placement.offer-sent.1", _state({**SENT, "deadline": deadline}, {}))


@pytest.mark.parametrize(
    "valid_to", ["20260117", "2026-W03-6", "2026-01-17T00:00:00Z", "2026-13-01", 20260117, None]
)
def test_a_day_not_in_its_one_form_is_broken(valid_to: object) -> None:
    member = {"member_id": "019b0000-0002-7000-8000-000000000001", "valid_to": valid_to}
    with pytest.raises(BrokenEvent):
        codec.decode("network.member-left.1", _state(member, {}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("position", True),
        ("position", 1.0),
        ("position", "1"),
        ("position", None),
        ("position", 2**64),
        ("ranker", 1),
        ("ranker", None),
        ("excluded", {}),
        ("excluded", None),
        ("excluded", [{"code": "OCCUPIED"}]),
        ("excluded", [{"code": "OCCUPIED", "units": 1, "more": 1}]),
        ("excluded", [["OCCUPIED", 1]]),
        ("excluded", "no"),
    ],
)
def test_a_value_of_another_type_is_broken(field: str, value: object) -> None:
    entry = VECTORS["candidates ranked, some to be confirmed"]
    parts = state_bytes.split(bytes.fromhex(entry["state"]))
    shown = {**json.loads(parts.open), field: value}
    with pytest.raises(BrokenEvent):
        codec.decode(entry["topic"], _state(shown, json.loads(parts.reserved[16:])))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("urgency", "U5"),
        ("urgency", "u1"),
        ("urgency", 1),
        ("urgency", []),
        ("send_on", 1),
        ("send_on", "true"),
        ("setting", "NOWHERE"),
        ("household", {"adults": 1}),
        ("household", None),
        ("features_required", ["ANY", 1]),
        ("removal_considered", 0),
    ],
)
def test_a_word_that_is_not_in_its_list_is_broken(field: str, value: object) -> None:
    entry = VECTORS["placement requested, all said"]
    parts = state_bytes.split(bytes.fromhex(entry["state"]))
    shown = {**json.loads(parts.open), field: value}
    with pytest.raises(BrokenEvent):
        codec.decode(entry["topic"], _state(shown, json.loads(parts.reserved[16:])))


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [
        ({}, HELD[1]),
        (HELD[0], {}),
        ({**HELD[0], "more": 1}, HELD[1]),
        (HELD[0], {**HELD[1], "more": 1}),
        ({**HELD[0], **HELD[1]}, {}),
        ({}, {**HELD[0], **HELD[1]}),
        ({**HELD[0], **HELD[1]}, HELD[1]),
        (HELD[0], {**HELD[0], **HELD[1]}),
        (HELD[1], HELD[0]),
        ([], HELD[1]),
        ("places", HELD[1]),
        (None, HELD[1]),
        (HELD[0], []),
        (HELD[0], None),
    ],
)
def test_each_field_stands_once_in_its_own_part(shown: object, hidden: object) -> None:
    with pytest.raises(BrokenEvent):
        codec.decode("unit.held.1", _state(shown, hidden))


@pytest.mark.parametrize(
    ("shown", "hidden"), [([], {}), ("", {}), ({}, []), ({}, ""), (None, {}), ({}, None)]
)
def test_an_event_without_fields_still_has_two_objects(shown: object, hidden: object) -> None:
    assert codec.decode("shelter.intake-resumed.1", _state({}, {})) == IntakeResumed()
    with pytest.raises(BrokenEvent):
        codec.decode("shelter.intake-resumed.1", _state(shown, hidden))


@pytest.mark.parametrize(
    "damage",
    [
        lambda state: state[:0],
        lambda state: state[:-1],
        lambda state: state + b"\x00",
        lambda state: state + b" ",
        lambda state: b"\xff" + state[1:],
        lambda state: state[:4] + b"\xef\xbb\xbf" + state[4:],
        lambda state: state_bytes.join(replace(state_bytes.split(state), open=b"\xff\xfe")),
        lambda state: state_bytes.join(replace(state_bytes.split(state), open=b"[" * 2000)),
        lambda state: state_bytes.join(replace(state_bytes.split(state), reserved=SALT)),
        lambda state: state_bytes.join(replace(state_bytes.split(state), reserved=SALT[:15])),
    ],
)
def test_state_whose_frame_is_damaged_is_broken(damage: Any) -> None:
    with pytest.raises(BrokenEvent):
        codec.decode("unit.held.1", damage(_state(*HELD)))


def test_a_broken_event_never_says_what_it_held() -> None:
    with pytest.raises(BrokenEvent) as fault:
        codec.decode("unit.held.1", _state({"places": ["casa-rosa"]}, HELD[1]))
    assert "casa-rosa" not in str(fault.value)
    assert fault.value.__cause__ is None
    assert fault.value.__suppress_context__


def test_an_unknown_topic_says_so() -> None:
    with pytest.raises(UnknownTopic, match=r"unit\.painted\.1"):
        codec.decode("unit.painted.1", _state({}, {}))


@pytest.mark.parametrize(
    "deadline",
    [
        datetime(2026, 1, 17, 1, 42),  # noqa: DTZ001 - what must be refused
        datetime(2026, 1, 17, 1, 42, tzinfo=ZoneInfo("Europe/Rome")),
        datetime(2026, 1, 17, 1, 42, tzinfo=timezone(timedelta(seconds=1))),
    ],
)
def test_an_instant_that_is_not_utc_is_never_written(deadline: datetime) -> None:
    with pytest.raises(AssertionError, match="deadline is not UTC"):
        codec.encode(OfferSent(offer_id=OFFER, deadline=deadline), SALT)


def test_every_spelling_of_utc_is_written_alike() -> None:
    for zone in (UTC, timezone(timedelta()), ZoneInfo("UTC")):
        event = OfferSent(offer_id=OFFER, deadline=WHOLE_SECOND.astimezone(zone))
        assert codec.encode(event, SALT) == codec.encode(
            OfferSent(offer_id=OFFER, deadline=WHOLE_SECOND), SALT
        )


def test_an_optional_instant_is_looked_at_too() -> None:
    naive = datetime(2026, 1, 17, 1, 42)  # noqa: DTZ001 - what must be refused
    requested = cast("PlacementRequested", SAMPLES["placement requested, all said"])
    with pytest.raises(AssertionError, match="safe_until is not UTC"):
        codec.encode(replace(requested, safe_until=naive), SALT)


def test_an_id_of_a_drivers_own_class_is_written_like_any_other() -> None:
    class DriverId(UUID):
        """What a database driver gives for a UUID."""

    event = OfferSeen(offer_id=OfferId(DriverId(str(OFFER))))
    assert codec.encode(event, SALT) == codec.encode(OfferSeen(offer_id=OFFER), SALT)


@pytest.mark.parametrize("salt", [b"", b"0" * 15, b"0" * 17])
def test_a_salt_has_sixteen_bytes(salt: bytes) -> None:
    with pytest.raises(AssertionError):
        codec.encode(OfferSeen(offer_id=OFFER), salt)


# --- which classes can be stored ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """A value with an instant inside."""

    begins_at: datetime


def test_a_class_that_cannot_be_stored_is_refused_at_import() -> None:
    @stored("test.weighed.1")
    class Weighed(Event):
        grams: float

    @stored("test.shifted.1")
    class Shifted(Event):
        shifts: tuple[Shift, ...]

    for kind, reason in ((Weighed, "float"), (Shifted, "an instant inside")):
        with pytest.raises(TypeError, match=reason):
            Codec({kind.TOPIC: kind}, {})


# --- lifting old versions -----------------------------------------------------------------------------------


@stored("test.key-given.3", reserved=("place_id",))
class KeyGiven(Event):
    """A fictional event in its third version: it began with a count, then a bed, then a place and a day."""

    place_id: PlaceId
    keys: int
    day: date


def _first_to_second(shown: Json, hidden: Json) -> tuple[str, Json, Json]:
    return "test.key-given.2", {"keys": shown["count"]}, {"bed_id": hidden["bed_id"]}


def _second_to_third(shown: Json, hidden: Json) -> tuple[str, Json, Json]:
    return "test.key-given.3", {**shown, "day": "1970-01-01"}, {"place_id": hidden["bed_id"]}


LIFTING = Codec(
    {"test.key-given.3": KeyGiven},
    {"test.key-given.1": _first_to_second, "test.key-given.2": _second_to_third},
)
GIVEN = KeyGiven(place_id=BED, keys=2, day=date(1970, 1, 1))


@pytest.mark.parametrize(
    ("topic", "shown", "hidden"),
    [
        ("test.key-given.1", {"count": 2}, {"bed_id": str(BED)}),
        ("test.key-given.2", {"keys": 2}, {"bed_id": str(BED)}),
        ("test.key-given.3", {"keys": 2, "day": "1970-01-01"}, {"place_id": str(BED)}),
    ],
)
def test_every_version_there_ever_was_is_read_as_the_newest(topic: str, shown: Json, hidden: Json) -> None:
    assert LIFTING.decode(topic, _state(shown, hidden)) == GIVEN


def test_only_the_newest_version_is_written() -> None:
    assert LIFTING.decode("test.key-given.3", LIFTING.encode(GIVEN, SALT)) == GIVEN
    with pytest.raises(AssertionError, match="no longer written"):
        Codec({"test.key-given.3": KeyGiven}, {"test.key-given.3": _second_to_third})


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [({}, {"bed_id": str(BED)}), ({"count": 2}, {}), ([], {}), ({"count": "2"}, {"bed_id": str(BED)})],
)
def test_old_bytes_that_are_damaged_are_broken(shown: object, hidden: object) -> None:
    with pytest.raises(BrokenEvent):
        LIFTING.decode("test.key-given.1", _state(shown, hidden))


def test_a_version_from_the_future_is_unknown() -> None:
    with pytest.raises(UnknownTopic):
        LIFTING.decode("test.key-given.4", _state({}, {}))


def test_a_placement_id_is_never_in_the_open_part() -> None:
    """What a court's copy must not show stands in the reserved part alone."""
    state = codec.encode(UnitHeld(placement_id=PlacementId(PLACEMENT), places=(BED,)), SALT)
    assert str(PLACEMENT).encode() not in state_bytes.split(state).open
    assert str(PLACEMENT).encode() in state_bytes.split(state).reserved
