"""The decision certificate: a ranking reduced to an event whose digest covers everything the ranker said.

Bytes under the digest, in order, integers big-endian: for every exclusion code in its order, then for the
words ELIGIBLE and TO_BE_CONFIRMED: `u16 length ‖ word ‖ u32 length ‖ bitmap` (little-endian bits,
ceil(units / 8) bytes); then `u16 count` and each candidate as `16 B shelter ‖ u16 units, each (16 B unit ‖
u16 places, each 16 B) ‖ i64 penalty ‖ u32 spare places ‖ i64 age in minutes ‖ u16 expired holds, each 16 B ‖
u16 things to confirm, each u16 length ‖ word`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from struct import pack

from domain.matching.ranking import Ranking
from domain.placement.events import CandidatesRanked, ExclusionCount, RankedCandidate


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
    return hashlib.sha256(b"".join(_parts(ranking))).digest()


def _parts(ranking: Ranking) -> Iterator[bytes]:
    size = (ranking.units_seen + 7) // 8
    for code, bitmap in ranking.excluded:
        yield from _bitmap(code, bitmap, size)
    yield from _bitmap("ELIGIBLE", ranking.eligible, size)
    yield from _bitmap("TO_BE_CONFIRMED", ranking.to_be_confirmed, size)
    yield pack(">H", len(ranking.best))
    for candidate in ranking.best:
        yield from _candidate(candidate)


def _bitmap(word: str, bitmap: int, size: int) -> Iterator[bytes]:
    yield pack(">H", len(word)) + word.encode()
    yield pack(">I", size) + bitmap.to_bytes(size, "little")


def _candidate(candidate: RankedCandidate) -> Iterator[bytes]:
    yield candidate.shelter_id.bytes + pack(">H", len(candidate.units))
    for held in candidate.units:
        yield held.unit_id.bytes + pack(">H", len(held.places))
        yield from (place.bytes for place in held.places)
    yield pack(">qIq", candidate.penalty, candidate.spare_places, candidate.availability_age_minutes)
    yield pack(">H", len(candidate.expires)) + b"".join(holder.bytes for holder in candidate.expires)
    yield pack(">H", len(candidate.to_confirm))
    for word in candidate.to_confirm:
        yield pack(">H", len(word)) + word.encode()
