"""Checking a whole log: its leaves, its tree and its heads, against one SHA-256 call for each leaf.

The leaves are random bytes of the sizes that leaves of played requests have, in bundles as an export has
them. The product grows the tree from the bundles and holds each head against it (`heads_hold`); a second
figure, printed only, has it read and verify every signed note of a head as well. The other side has the same
leaves cut out beforehand and does nothing but call SHA-256 on each.

`verify_memory` is of the whole of `approdo verify`, decisions included, over exports of a simulated log: the
peak memory at five times as many events against that at once as many.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from ledger.evidence.leaf import leaf_of
from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import SignedNote, VerifierKey, parse_note, signers_of
from ledger.evidence.sealing.log_key import log_key
from ledger.evidence.tree.merkle import CompactRange, leaf_hash
from ledger.evidence.tree.tiles import WIDTH, bundle_of, leaves_in
from ledger.evidence.verifying.tree_walk import heads_hold
from trials.bench.exported_log import Verifying, verifying
from trials.bench.figure import Figure, interleaved, ratio_of
from trials.bench.journeys import journeys

LEAVES, ROUNDS, SEED = 1_000_000, 5, 20_261_123
LEAVES_IN_A_HEAD = 100
BAR, MEMORY_BAR = 0.3, 1.5
EXPORTED = (20_000, 100_000)
ORIGIN = "approdo.exercise/00000000-0000-4000-8000-000000000001"


class NotHeld(AssertionError):
    """The product does not find what was built, or does not miss what was spoiled."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Log:
    """What is checked. `heads` are sizes and roots, `notes` the same as signed."""

    bundles: Sequence[bytes]
    heads: Sequence[tuple[int, bytes]]
    notes: Sequence[bytes]
    key: VerifierKey
    leaves: int
    in_bytes: int


def run(smoke: bool) -> Sequence[Figure]:
    log = _log(5_000 if smoke else LEAVES)
    _require_told(log)
    taken = interleaved(
        1 if smoke else ROUNDS,
        {
            "calls": lambda: _calls(log),
            "log": lambda: _checked(log),
            "signed": lambda: _signed(log),
        },
    )
    calls, whole, signed = taken["calls"], taken["log"], taken["signed"]
    said = (
        f"{log.leaves:,} leaves of {log.in_bytes / log.leaves:.0f} bytes and {len(log.heads):,} heads: "
        f"{min(whole):.2f} s, SHA-256 alone {min(calls):.2f} s"
    )
    with_notes = [roots + notes for roots, notes in zip(whole, signed, strict=True)]
    return (
        ratio_of("verify_log", calls, whole, bar=BAR, said=said),
        ratio_of(
            "verify_log_signed",
            calls,
            with_notes,
            bar=None,
            said=f"with every note read and verified: {min(with_notes):.2f} s, "
            f"{1e6 * min(signed) / len(log.notes):.0f} µs a note",
        ),
        _whole((300, 600) if smoke else EXPORTED),
    )


def _whole(sizes: Sequence[int]) -> Figure:
    with TemporaryDirectory() as folder:
        small, large = verifying(Path(folder), sizes, LEAVES_IN_A_HEAD)
    return ratio_of(
        "verify_memory",
        [large.megabytes],
        [small.megabytes],
        bar=MEMORY_BAR,
        at_most=True,
        said=f"approdo verify: {_told(small)}; {_told(large)}",
    )


def _told(cost: Verifying) -> str:
    return f"{cost.events:,} events {cost.seconds:.1f} s {cost.megabytes:.0f} MB"


def _log(leaves: int) -> Log:
    random, key = Random(SEED), log_key(ORIGIN, bytes(32))
    sizes = [len(leaf_of(row)) for row in asyncio.run(journeys(12))]
    tree, bundles, heads = CompactRange(), [], []
    for first in range(0, leaves, WIDTH):
        bundle = [random.randbytes(random.choice(sizes)) for _ in range(min(WIDTH, leaves - first))]
        for leaf in bundle:
            tree.append(leaf_hash(leaf))
            if tree.size % LEAVES_IN_A_HEAD == 0 or tree.size == leaves:
                heads.append((tree.size, tree.root()))
        bundles.append(bundle_of(bundle))
    texts = [Checkpoint(origin=ORIGIN, size=size, root=root).text for size, root in heads]
    return Log(
        bundles=bundles,
        heads=heads,
        notes=[SignedNote(text=text, signatures=(key.heads.sign(text),)).raw for text in texts],
        key=key.heads.verifier,
        leaves=leaves,
        in_bytes=sum(map(len, bundles)) - 2 * leaves,
    )


def _require_told(log: Log) -> None:
    """That the whole log holds, and that one changed bit in its middle is found at the first head over it."""
    if heads_hold(log.bundles, log.heads).held != len(log.heads):
        raise NotHeld
    middle = len(log.bundles) // 2
    spoiled = bytearray(log.bundles[middle])
    spoiled[-1] ^= 1
    changed = (middle + 1) * WIDTH
    over = next(size for size, _ in log.heads if size >= changed)
    found = heads_hold([*log.bundles[:middle], bytes(spoiled), *log.bundles[middle + 1 :]], log.heads)
    if found.wrong != over:
        raise NotHeld


def _calls(log: Log) -> float:
    """Seconds in SHA-256 calls; cutting the leaves out is not counted."""
    took, hashed = 0.0, sha256
    for leaves in _cut(log.bundles):
        began = time.perf_counter()
        for leaf in leaves:
            hashed(leaf).digest()
        took += time.perf_counter() - began
    return took


def _cut(bundles: Sequence[bytes]) -> Iterator[list[bytes]]:
    return (leaves_in(bundle) for bundle in bundles)


def _checked(log: Log) -> float:
    began = time.perf_counter()
    found = heads_hold(log.bundles, log.heads)
    took = time.perf_counter() - began
    if found.held != len(log.heads):
        raise NotHeld
    return took


def _signed(log: Log) -> float:
    began = time.perf_counter()
    for raw, head in zip(log.notes, log.heads, strict=True):
        note = parse_note(raw)
        said = parse_checkpoint(note.text)
        if (said.size, said.root) != head or not signers_of(note, [log.key]):
            raise NotHeld
    return time.perf_counter() - began
