"""The decision certificate: a ranking reduced to an event whose digest covers everything the ranker said.

Bytes under the digest, in order, integers big-endian: for every exclusion code in its order, then for the
words ELIGIBLE and TO_BE_CONFIRMED: `u16 length ‖ word ‖ u32 length ‖ bitmap` (little-endian bits,
ceil(units / 8) bytes); then `u16 count` and each candidate as `16 B shelter ‖ u16 units, each (16 B unit ‖
u16 places, each 16 B) ‖ i64 penalty ‖ u32 spare places ‖ i64 age in minutes ‖ u16 expired holds, each 16 B ‖
u16 things to confirm, each u16 length ‖ word`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from struct import Struct
from uuid import UUID

from domain.matching.ranking import Ranking
from domain.placement.events import CandidatesRanked, ExclusionCount, RankedCandidate

_count, _size, _numbers = Struct(">H").pack, Struct(">I").pack, Struct(">qIq").pack


def certify(ranking: Ranking) -> CandidatesRanked:
    """The event that records a ranking."""
    return CandidatesRanked(
        position=ranking.position,
        ranker=ranking.ranker,
        policy=ranking.policy,
        decided_at=ranking.decided_at,
        units_seen=ranking.units_seen,
        eligible=ranking.eligible.bit_count(),
        to_be_confirmed=ranking.to_be_confirmed.bit_count(),
        excluded=tuple(
            ExclusionCount(code=code, units=bitmap.bit_count()) for code, bitmap in ranking.excluded if bitmap
        ),
        best=ranking.best,
        digest=digest(ranking).hex(),
    )


def digest(ranking: Ranking) -> bytes:
    """SHA-256 (32 bytes) over the ranking's bytes."""
    size = (ranking.units_seen + 7) // 8
    parts = [_bitmap(code, bitmap, size) for code, bitmap in ranking.excluded]
    parts.append(_bitmap("ELIGIBLE", ranking.eligible, size))
    parts.append(_bitmap("TO_BE_CONFIRMED", ranking.to_be_confirmed, size))
    parts.append(_count(len(ranking.best)))
    parts += [_candidate(candidate) for candidate in ranking.best]
    return hashlib.sha256(b"".join(parts)).digest()


def _bitmap(word: str, bitmap: int, size: int) -> bytes:
    return _word(word) + _size(size) + bitmap.to_bytes(size, "little")


def _candidate(candidate: RankedCandidate) -> bytes:
    units = [held.unit_id.bytes + _ids(held.places) for held in candidate.units]
    words = [_word(word) for word in candidate.to_confirm]
    numbers = _numbers(candidate.penalty, candidate.spare_places, candidate.availability_age_minutes)
    told = (*units, numbers, _ids(candidate.expires), _count(len(words)), *words)
    return b"".join((candidate.shelter_id.bytes, _count(len(units)), *told))


def _ids(ids: Sequence[UUID]) -> bytes:
    return _count(len(ids)) + b"".join([each.bytes for each in ids])


@cache
def _word(word: str) -> bytes:
    """A word of a closed list, so that remembering each costs nothing."""
    return _count(len(word)) + word.encode()
