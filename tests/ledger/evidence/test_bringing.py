"""The log's side: who is asked, what is kept, what is enough; a witness finds a log that lost events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest

from ledger.evidence.notes.signed import KeyKind, Signer
from ledger.evidence.notes.trust import Group, Trust, standing
from ledger.evidence.notes.trust import Witness as Known
from ledger.evidence.sealing.memory import MemorySealedLog
from ledger.evidence.sealing.proving import note_of
from ledger.evidence.stamping.stamp import StampFault, StampFound
from ledger.evidence.stamping.stamping import Provider, ProviderSilent, Stamping
from ledger.evidence.witnessing.bringing import AGAIN_AFTER, Bringing, WitnessAnswer, WitnessSilent
from ledger.evidence.witnessing.judgement import Refused
from ledger.evidence.witnessing.memory_files import MemoryFiles
from ledger.evidence.witnessing.submission import parse_submission
from ledger.evidence.witnessing.witness import Witness
from ledger.log_lines import Line
from tests.ledger.evidence.sealed_log import EPOCH, KEY, ORIGIN, sealed_log
from trials.time_authority import TimeAuthority, time_authority

SIGNERS = {
    name: Signer(f"{name}.example/witness", KeyKind.COSIGNATURE, bytes([number]) * 32)
    for number, name in enumerate(("one", "two", "three"), start=1)
}
TRUST = Trust(
    logs=(KEY.heads.verifier,),
    witnesses={name: Known(name=name, key=signer.verifier, url=name) for name, signer in SIGNERS.items()},
    groups={"most": Group(least=2, members=tuple(SIGNERS))},
    quorum="most",
)


class Clock:
    def __init__(self) -> None:
        self.now = EPOCH + timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.now


class Near:
    """Witnesses without a network between. `silent` do not answer, `bent` answer with another's line."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.silent: set[str] = set()
        self.bent: set[str] = set()
        self.asked: list[str] = []
        self._witnesses: Mapping[str, Witness] = {
            name: Witness(signer, {ORIGIN: (KEY.heads.verifier,)}, MemoryFiles(folder / name), clock)
            for name, signer in SIGNERS.items()
        }
        for name in SIGNERS:
            (folder / name).mkdir()

    async def add_checkpoint(self, url: str, body: bytes) -> WitnessAnswer:
        self.asked.append(url)
        if url in self.silent:
            raise WitnessSilent
        found = self._witnesses[url].add(parse_submission(body))
        if isinstance(found, Refused):
            told = f"{found.size}\n" if found.status is HTTPStatus.CONFLICT else ""
            return WitnessAnswer(status=found.status, body=told.encode())
        if url in self.bent:
            other = Signer(SIGNERS[url].verifier.name, KeyKind.COSIGNATURE, bytes(32))
            found = other.sign(parse_submission(body).note.text, 1)
        return WitnessAnswer(status=200, body=found.text.encode())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def near(tmp_path: Path, clock: Clock) -> Near:
    return Near(tmp_path, clock)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [str(record.msg) for record in caplog.records]


async def quorum_of(sealed: MemorySealedLog) -> bool:
    head = await sealed.head()
    assert head is not None
    return standing(await note_of(sealed, head), TRUST).quorum_reached


@pytest.mark.asyncio
async def test_a_head_is_brought_to_every_witness_and_what_they_sign_is_kept(
    near: Near, clock: Clock
) -> None:
    sealed = await sealed_log([5, 9])
    bringing = Bringing(sealed, TRUST, near, clock)
    assert not await quorum_of(sealed)
    assert await bringing.step() == set(SIGNERS)
    assert await quorum_of(sealed)
    asked = len(near.asked)
    assert await bringing.step() == set(SIGNERS)
    assert len(near.asked) == asked, "a head that is cosigned is not brought again"


@pytest.mark.asyncio
async def test_who_starts_anew_learns_what_the_witnesses_remember(near: Near, clock: Clock) -> None:
    await Bringing(await sealed_log([5]), TRUST, near, clock).step()
    near.asked.clear()
    sealed = await sealed_log([5, 9])
    assert await Bringing(sealed, TRUST, near, clock).step() == set(SIGNERS)
    assert len(near.asked) == 2 * len(SIGNERS), "each is asked twice: it tells its size, then it cosigns"


@pytest.mark.asyncio
async def test_two_of_three_are_enough_and_the_third_is_left_alone_for_a_while(
    near: Near, clock: Clock
) -> None:
    sealed = await sealed_log([5])
    near.silent.add("two")
    bringing = Bringing(sealed, TRUST, near, clock)
    assert await bringing.step() == {"one", "three"}
    assert await quorum_of(sealed)
    near.silent.clear()
    near.asked.clear()
    await bringing.step()
    assert near.asked == []
    clock.now += AGAIN_AFTER
    assert await bringing.step() == set(SIGNERS)


@pytest.mark.asyncio
async def test_a_line_that_is_not_the_witnesss_own_is_not_kept(near: Near, clock: Clock) -> None:
    sealed = await sealed_log([5])
    near.bent |= {"one", "two"}
    assert await Bringing(sealed, TRUST, near, clock).step() == {"three"}
    assert len(await sealed.cosignatures(5)) == 1


@pytest.mark.asyncio
async def test_an_hour_without_a_quorum_is_told_once_an_hour(
    near: Near, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    sealed = await sealed_log([5])
    near.silent |= {"one", "two"}
    bringing = Bringing(sealed, TRUST, near, clock)
    for _ in range(130):
        await bringing.step()
        clock.now += timedelta(minutes=1)
    assert said(caplog).count(Line.WITNESSES_MISSING) == 2
    assert bringing.missing_since is not None
    near.silent.clear()
    await bringing.step()
    assert bringing.missing_since is None


@pytest.mark.parametrize(
    ("sizes", "changed", "told"),
    [
        ([3], None, Line.WITNESS_SAW_MORE),
        ([5, 9], 2, Line.WITNESS_SAW_OTHERS),
        ([5], 2, Line.WITNESS_SAW_OTHERS),
    ],
)
@pytest.mark.asyncio
async def test_a_log_that_was_rolled_back_or_written_anew_gets_no_cosignature_and_is_told(
    near: Near,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    sizes: list[int],
    changed: int | None,
    told: Line,
) -> None:
    await Bringing(await sealed_log([5]), TRUST, near, clock).step()
    other = await sealed_log(sizes, changed=changed)
    assert await Bringing(other, TRUST, near, clock).step() == set()
    assert said(caplog) == [told] * len(SIGNERS)
    assert {record.levelno for record in caplog.records} == {logging.ERROR}


# --- time stamps --------------------------------------------------------------------------------------------


class NearProvider:
    def __init__(self, authority: TimeAuthority) -> None:
        self.authority = authority
        self.silent = False
        self.asked = 0
        self.replayed: bytes | None = None

    async def stamped(self, query: bytes) -> bytes:
        self.asked += 1
        if self.silent:
            raise ProviderSilent
        if self.replayed is not None:
            return self.replayed
        return await asyncio.to_thread(self.authority.answer, query)


@pytest.fixture
def provider(tmp_path: Path) -> NearProvider:
    return NearProvider(time_authority(tmp_path))


def stamping(sealed: MemorySealedLog, near: NearProvider, clock: Clock) -> Stamping:
    agreed = Provider(kept_as="stamps.example", roots=near.authority.roots, every=timedelta(hours=1))
    return Stamping(sealed, agreed, near, clock)


@pytest.mark.asyncio
async def test_each_head_is_stamped_once_and_no_more_often_than_agreed(provider: NearProvider) -> None:
    clock = Clock()
    clock.now = datetime.now(EPOCH.tzinfo)
    sealed = await sealed_log([5])
    assert isinstance(await stamping(sealed, provider, clock).step(), StampFound)
    (kept,) = await sealed.stamps()
    head = await sealed.head()
    assert head is not None
    assert (kept.size, kept.provider) == (5, "stamps.example")
    assert provider.authority.accepts(head.note, kept.token)
    again = stamping(sealed, provider, clock)
    assert await again.step() is None
    clock.now += timedelta(hours=2)
    assert await again.step() is None, "the same head is not stamped again"
    assert provider.asked == 1


@pytest.mark.asyncio
async def test_a_provider_that_is_silent_is_asked_again_later(
    provider: NearProvider, caplog: pytest.LogCaptureFixture
) -> None:
    clock, sealed = Clock(), await sealed_log([5])
    provider.silent = True
    waiting = stamping(sealed, provider, clock)
    assert await waiting.step() is None
    assert await waiting.step() is None
    assert provider.asked == 1
    assert said(caplog) == [Line.STAMP_MISSING]
    provider.silent = False
    clock.now += timedelta(minutes=5)
    assert isinstance(await waiting.step(), StampFound)


@pytest.mark.asyncio
async def test_an_old_answer_that_is_given_again_is_not_kept(
    provider: NearProvider, caplog: pytest.LogCaptureFixture
) -> None:
    clock, sealed = Clock(), await sealed_log([5])
    await stamping(sealed, provider, clock).step()
    other = await sealed_log([5])
    provider.replayed = (await sealed.stamps())[0].token
    assert await stamping(other, provider, clock).step() is StampFault.OTHER_REQUEST
    assert await other.stamps() == ()
    assert said(caplog) == [Line.STAMP_REFUSED]
