"""The certificate: its digest by the bytes as documented, and that nothing said escapes it."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.codes import ToConfirm
from domain.matching.certificate import certify, digest
from domain.matching.ranking import ExclusionCode, Ranking
from domain.placement.events import ExclusionCount, RankedCandidate
from domain.vocabulary import HeldUnit, PlaceId, PlacementId, ShelterId, UnitId
from tests.support.spec import NOW

CANDIDATE = RankedCandidate(
    shelter_id=ShelterId(UUID(int=0x21)),
    units=(HeldUnit(unit_id=UnitId(UUID(int=0x31)), places=(PlaceId(UUID(int=1)), PlaceId(UUID(int=2)))),),
    penalty=13,
    spare_places=1,
    availability_age_minutes=75,
    expires=(PlacementId(UUID(int=0x52)),),
    to_confirm=(ToConfirm.AVAILABILITY_OLD, ToConfirm.DOCUMENTS_SEEN),
)
BITMAPS = dict.fromkeys(ExclusionCode, 0) | {ExclusionCode.LEVEL: 0b1000_0000_1, ExclusionCode.SAFETY: 0b10}
RANKING = Ranking(
    position=7,
    ranker="rank_1",
    policy="start-1",
    decided_at=NOW,
    units_seen=9,
    excluded=tuple(BITMAPS.items()),
    eligible=0b0110_1110_0,
    to_be_confirmed=0b0001_0000_0,
    best=(CANDIDATE, replace(CANDIDATE, penalty=20, expires=(), to_confirm=())),
)


def by_the_document(ranking: Ranking) -> str:
    """The digest as an auditor would write it down, from the module's docstring alone."""
    sha, size = hashlib.sha256(), -(-ranking.units_seen // 8)
    words = [(str(code.value), bitmap) for code, bitmap in ranking.excluded]
    words += [("ELIGIBLE", ranking.eligible), ("TO_BE_CONFIRMED", ranking.to_be_confirmed)]
    for word, bitmap in words:
        bits = bytes(sum((bitmap >> (8 * i + j) & 1) << j for j in range(8)) for i in range(size))
        sha.update(struct.pack(f">H{len(word)}sI{size}s", len(word), word.encode("ascii"), size, bits))
    sha.update(struct.pack(">H", len(ranking.best)))
    for one in ranking.best:
        sha.update(struct.pack(">16sH", one.shelter_id.bytes, len(one.units)))
        for unit in one.units:
            sha.update(struct.pack(">16sH", unit.unit_id.bytes, len(unit.places)))
            for place in unit.places:
                sha.update(place.bytes)
        age = one.availability_age_minutes
        sha.update(struct.pack(">qIqH", one.penalty, one.spare_places, age, len(one.expires)))
        for placement in one.expires:
            sha.update(placement.bytes)
        sha.update(struct.pack(">H", len(one.to_confirm)))
        for told in one.to_confirm:
            sha.update(struct.pack(f">H{len(told)}s", len(told), told.value.encode("ascii")))
    return sha.hexdigest()


def test_the_digest_is_over_the_bytes_as_documented() -> None:
    assert digest(RANKING).hex() == by_the_document(RANKING)


def test_the_digest_of_one_ranking_is_fixed_for_ever() -> None:
    assert digest(RANKING).hex() == "d061412cb2fc19eb89280e05a95dd0b62068d39a91ad1906e4df0acddd2377f0"


def test_the_certificate_tells_the_ranking_and_counts_only_what_excluded_somebody() -> None:
    event = certify(RANKING)
    assert (event.position, event.ranker, event.policy, event.decided_at) == (7, "rank_1", "start-1", NOW)
    assert (event.units_seen, event.eligible, event.to_be_confirmed) == (9, 5, 1)
    assert event.excluded == (
        ExclusionCount(code="LEVEL", units=2),
        ExclusionCount(code="SAFETY", units=1),
    )
    assert event.best == RANKING.best
    assert event.digest == digest(RANKING).hex()


OTHER = UUID(int=0x99)
CHANGED = [
    replace(CANDIDATE, shelter_id=ShelterId(OTHER)),
    replace(CANDIDATE, units=()),
    replace(CANDIDATE, units=CANDIDATE.units * 2),
    replace(CANDIDATE, units=(replace(CANDIDATE.units[0], unit_id=UnitId(OTHER)),)),
    replace(CANDIDATE, units=(replace(CANDIDATE.units[0], places=CANDIDATE.units[0].places[:1]),)),
    replace(CANDIDATE, units=(replace(CANDIDATE.units[0], places=CANDIDATE.units[0].places[::-1]),)),
    replace(CANDIDATE, penalty=-1),
    replace(CANDIDATE, spare_places=0),
    replace(CANDIDATE, availability_age_minutes=76),
    replace(CANDIDATE, expires=()),
    replace(CANDIDATE, expires=(PlacementId(OTHER),)),
    replace(CANDIDATE, to_confirm=()),
    replace(CANDIDATE, to_confirm=CANDIDATE.to_confirm[:1]),
    replace(CANDIDATE, to_confirm=CANDIDATE.to_confirm[::-1]),
    replace(CANDIDATE, to_confirm=(ToConfirm.BOYS_AGE, ToConfirm.DOCUMENTS_SEEN)),
]


@pytest.mark.parametrize("changed", CHANGED)
def test_the_digest_changes_with_anything_said_of_a_candidate(changed: RankedCandidate) -> None:
    assert digest(replace(RANKING, best=(changed, *RANKING.best[1:]))) != digest(RANKING)


@pytest.mark.parametrize(
    "changed",
    [
        replace(RANKING, best=RANKING.best[:1]),
        replace(RANKING, best=RANKING.best[::-1]),
        replace(RANKING, units_seen=17),
        replace(RANKING, excluded=RANKING.excluded[:-1]),
    ],
)
def test_the_digest_changes_with_what_was_ranked(changed: Ranking) -> None:
    assert digest(changed) != digest(RANKING)


@for_all(st.integers(0, 8), st.sampled_from([*ExclusionCode, "eligible", "to_be_confirmed"]))
def test_the_digest_changes_with_the_judgement_of_any_one_unit(index: int, code: ExclusionCode | str) -> None:
    bit = 1 << index
    if code == "eligible":
        changed = replace(RANKING, eligible=RANKING.eligible ^ bit)
    elif code == "to_be_confirmed":
        changed = replace(RANKING, to_be_confirmed=RANKING.to_be_confirmed ^ bit)
    else:
        assert isinstance(code, ExclusionCode)
        changed = replace(RANKING, excluded=tuple((BITMAPS | {code: BITMAPS[code] ^ bit}).items()))
    assert digest(changed) != digest(RANKING)
    assert digest(changed).hex() == by_the_document(changed)


def test_a_network_without_units_has_a_certificate_too() -> None:
    empty = replace(
        RANKING,
        units_seen=0,
        excluded=tuple((code, 0) for code in ExclusionCode),
        eligible=0,
        to_be_confirmed=0,
        best=(),
    )
    assert digest(empty).hex() == by_the_document(empty)
    assert certify(empty).excluded == ()
