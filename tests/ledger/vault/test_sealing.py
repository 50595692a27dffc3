"""Sealed values keep their format: golden bytes, and an account of the commitment made with other means."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kept import ValueKind
from domain.withheld import DeclineCode, RefusalCode
from ledger.store.ids import SeededBytes
from ledger.vault.port import LARGEST_VALUE_BYTES, ValueBroken
from ledger.vault.sealing import SealedValue, seal, unseal
from ledger.vault.wrapping import MasterKeys, MasterKeyUnknown, WrappedKey

GOLDEN = json.loads((Path(__file__).parents[2] / "vectors" / "vault-1.json").read_text())
SUBJECT, OTHER = UUID(int=1), UUID(int=2)


VALUES = [pytest.param(each, id=each["kind"]) for each in GOLDEN["values"]]


def sealed(key: bytes, kind: ValueKind = ValueKind.NOTES, value: str = "a riparo") -> SealedValue:
    return seal(key, SUBJECT, kind, value, os.urandom)


@pytest.mark.parametrize("golden", VALUES)
def test_what_was_sealed_once_opens_for_ever(golden: dict[str, str]) -> None:
    value = SealedValue(
        commitment=bytes.fromhex(golden["commitment"]), sealed=bytes.fromhex(golden["sealed"])
    )
    key, subject, kind = bytes.fromhex(golden["key"]), UUID(golden["subject"]), ValueKind(golden["kind"])
    assert unseal(key, subject, kind, value) == golden["value"]


@pytest.mark.parametrize("golden", VALUES)
def test_the_same_random_bytes_give_the_same_seal(golden: dict[str, str]) -> None:
    key, subject, kind = bytes.fromhex(golden["key"]), UUID(golden["subject"]), ValueKind(golden["kind"])
    made = seal(key, subject, kind, golden["value"], SeededBytes(golden["seed"]))
    assert (made.commitment.hex(), made.sealed.hex()) == (golden["commitment"], golden["sealed"])


@pytest.mark.parametrize("golden", VALUES)
def test_a_commitment_can_be_reckoned_from_what_a_court_is_given(golden: dict[str, str]) -> None:
    """RFC 5869 and RFC 2104 by the standard library alone; the salt is the first thing drawn."""
    key, salt = bytes.fromhex(golden["key"]), SeededBytes(golden["seed"])(32)
    extracted = hmac.digest(bytes(32), key, "sha256")
    derived = hmac.digest(extracted, b"approdo vault 1 commit\x01", "sha256")
    kind, text = golden["kind"].encode(), golden["value"].encode()
    said = b"\x01" + salt + len(kind).to_bytes(2) + kind + len(text).to_bytes(2) + text
    assert hmac.new(derived, said, hashlib.sha256).hexdigest() == golden["commitment"]


@pytest.mark.parametrize("golden", GOLDEN["keys"])
def test_a_wrapped_key_opens_for_ever(golden: dict[str, str]) -> None:
    wrapped = WrappedKey(master=bytes.fromhex(golden["name"]), wrapped=bytes.fromhex(golden["wrapped"]))
    master, subject = MasterKeys(bytes.fromhex(golden["master"])), UUID(golden["subject"])
    assert master.unwrap(subject, wrapped).hex() == golden["key"]
    assert master.wrap(subject, bytes.fromhex(golden["key"])) == wrapped


@given(value=st.text(st.characters(exclude_categories=["Cs"]), max_size=300), kind=st.sampled_from(ValueKind))
def test_every_value_comes_back(value: str, kind: ValueKind) -> None:
    key = os.urandom(32)
    assert unseal(key, SUBJECT, kind, sealed(key, kind, value)) == value


@given(at=st.integers(min_value=0, max_value=172), bit=st.integers(min_value=0, max_value=7))
def test_no_bit_of_a_sealed_value_can_be_changed(at: int, bit: int) -> None:
    key = os.urandom(32)
    value = sealed(key)
    changed = bytearray(value.sealed)
    changed[at % len(changed)] ^= 1 << bit
    with pytest.raises(ValueBroken):
        unseal(key, SUBJECT, ValueKind.NOTES, SealedValue(commitment=value.commitment, sealed=bytes(changed)))


def test_a_sealed_value_opens_only_where_it_belongs() -> None:
    key = os.urandom(32)
    value, twin = sealed(key), sealed(key)
    moved = SealedValue(commitment=twin.commitment, sealed=value.sealed)
    cut = SealedValue(commitment=value.commitment, sealed=value.sealed[:20])
    for opening in (
        (key, OTHER, ValueKind.NOTES, value),
        (key, SUBJECT, ValueKind.ALIAS, value),
        (key, SUBJECT, ValueKind.NOTES, moved),
        (key, SUBJECT, ValueKind.NOTES, cut),
        (os.urandom(32), SUBJECT, ValueKind.NOTES, value),
    ):
        with pytest.raises(ValueBroken):
            unseal(*opening)


def test_no_code_can_be_told_from_another_by_its_length() -> None:
    key = os.urandom(32)
    lengths = {len(sealed(key, ValueKind.REFUSAL_CODE, code).sealed) for code in [*RefusalCode, *DeclineCode]}
    assert len(lengths) == 1


def test_the_same_value_twice_looks_like_two() -> None:
    key = os.urandom(32)
    assert sealed(key) != sealed(key)
    assert sealed(key).commitment != sealed(key).commitment


def test_the_longest_value_is_sealed_and_a_longer_one_is_not() -> None:
    key = os.urandom(32)
    longest = "a" * LARGEST_VALUE_BYTES
    assert unseal(key, SUBJECT, ValueKind.NOTES, sealed(key, value=longest)) == longest
    with pytest.raises(AssertionError):
        sealed(key, value=longest + "a")


def test_a_wrapped_key_is_no_other_subjects() -> None:
    master, key = MasterKeys(os.urandom(32)), os.urandom(32)
    wrapped = master.wrap(SUBJECT, key)
    assert master.unwrap(SUBJECT, wrapped) == key
    with pytest.raises(ValueBroken):
        master.unwrap(OTHER, wrapped)
    with pytest.raises(ValueBroken):
        master.unwrap(SUBJECT, WrappedKey(master=wrapped.master, wrapped=wrapped.wrapped[:-8]))
    with pytest.raises(MasterKeyUnknown):
        MasterKeys(os.urandom(32)).unwrap(SUBJECT, wrapped)
