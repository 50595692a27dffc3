"""Time stamps: what is asked for, what is accepted, and what both we and `openssl ts` refuse."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.evidence.stamping.provider import is_qualified, provider_kept, provider_shown
from ledger.evidence.stamping.stamp import (
    RootsBroken,
    StampFault,
    StampFound,
    check_stamp,
    stamp_answered,
    stamp_request,
)
from tests.ledger.evidence.sealed_log import leaf, note_over
from trials.time_authority import TimeAuthority, time_authority

NOTE = note_over(leaf(index) for index in range(7)).raw
OTHER = note_over(leaf(index) for index in range(8)).raw


@pytest.fixture(scope="module")
def authority() -> Iterator[TimeAuthority]:
    with TemporaryDirectory() as folder:
        yield time_authority(Path(folder))


@pytest.fixture(scope="module")
def token(authority: TimeAuthority) -> bytes:
    return authority.answer(stamp_request(NOTE).raw)


def test_a_stamp_tells_when_and_by_whom(authority: TimeAuthority, token: bytes) -> None:
    found = check_stamp(NOTE, token, authority.roots)
    assert isinstance(found, StampFound)
    assert found.verified
    assert found.provider == "CN=Stamps,O=Trial"
    assert abs((datetime.now(UTC) - found.at).total_seconds()) < 600
    assert authority.accepts(NOTE, token)


def test_without_roots_only_the_note_is_compared(token: bytes) -> None:
    found = check_stamp(NOTE, token, None)
    assert isinstance(found, StampFound)
    assert not found.verified
    assert check_stamp(OTHER, token, None) is StampFault.OTHER_NOTE


def test_an_answer_must_be_to_this_request(authority: TimeAuthority) -> None:
    asked, other = stamp_request(NOTE), stamp_request(NOTE)
    answer = authority.answer(asked.raw)
    assert isinstance(stamp_answered(asked, NOTE, answer, authority.roots), StampFound)
    assert stamp_answered(other, NOTE, answer, authority.roots) is StampFault.OTHER_REQUEST


def test_the_commands_of_the_page_check_a_stamp(
    authority: TimeAuthority, token: bytes, tmp_path: Path
) -> None:
    page = (Path(__file__).parents[3] / "docs" / "EVIDENCE.md").read_text()
    commands = page.split("## Time stamps", 1)[1].split("```sh\n", 1)[1].split("```", 1)[0]
    for name, content in (("note", NOTE), ("token", token), ("roots", authority.roots)):
        (tmp_path / name).write_bytes(content)
    told = subprocess.run(["sh", "-e", "-c", commands], cwd=tmp_path, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert "Verification: OK" in told.stdout + told.stderr
    assert "Time stamp:" in told.stdout
    (tmp_path / "note").write_bytes(OTHER)
    assert subprocess.run(["sh", "-e", "-c", commands], cwd=tmp_path, capture_output=True).returncode != 0


def corrupted(token: bytes, which: str) -> bytes:
    at = {"instant": token.index(b"Z", token.index(b"\x18\x0f")) - 1, "signature": len(token) - 5}
    place = at[which] if which in at else token.index(b"Trial")
    return token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]


@pytest.mark.parametrize("which", ["instant", "signature", "certificate"])
def test_a_corrupted_stamp_is_refused_here_and_by_openssl(
    authority: TimeAuthority, token: bytes, which: str
) -> None:
    broken = corrupted(token, which)
    assert check_stamp(NOTE, broken, authority.roots) is StampFault.NOT_SIGNED
    assert not authority.accepts(NOTE, broken)


def test_the_stamp_of_another_note_is_refused_here_and_by_openssl(
    authority: TimeAuthority, token: bytes
) -> None:
    assert check_stamp(OTHER, token, authority.roots) is StampFault.OTHER_NOTE
    assert not authority.accepts(OTHER, token)


def test_a_root_that_does_not_vouch_for_it_is_told(token: bytes, tmp_path: Path) -> None:
    assert check_stamp(NOTE, token, time_authority(tmp_path).roots) is StampFault.NOT_SIGNED


def test_a_refusal_is_not_a_stamp(authority: TimeAuthority) -> None:
    answer = authority.answer(b"no request")
    assert check_stamp(NOTE, answer, authority.roots) is StampFault.NOT_GRANTED


@given(st.binary(max_size=200))
def test_any_bytes_are_no_stamp(junk: bytes) -> None:
    assert check_stamp(NOTE, junk, None) in (StampFault.MALFORMED, StampFault.NOT_GRANTED)


def test_no_byte_of_it_can_be_cut_off(authority: TimeAuthority, token: bytes) -> None:
    roots = authority.roots
    found = {check_stamp(NOTE, token[:length], roots) for length in range(len(token))}
    assert found == {StampFault.MALFORMED}
    assert check_stamp(NOTE, token + b"\0", roots) is StampFault.MALFORMED


def test_roots_that_cannot_be_read_are_told(token: bytes) -> None:
    with pytest.raises(RootsBroken):
        check_stamp(NOTE, token, b"none")


def test_a_provider_is_not_qualified_unless_somebody_has_said_so() -> None:
    assert not is_qualified(provider_kept("stamps.example", qualified=False))
    assert "non qualificato" in provider_shown(provider_kept("stamps.example", qualified=False))
    assert is_qualified(provider_kept("stamps.example", qualified=True))
    assert "non qualificato" not in provider_shown(provider_kept("stamps.example", qualified=True))
