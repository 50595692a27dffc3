"""Checking an export, whole: files, events, tree, heads, keys, witnesses, stamps, decisions, earlier heads.

It reads the export as a stream, keeps nothing that grows with the bytes of the log, needs no database and no
network, and answers with findings. Each check is a method of its own. Called by `approdo verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.network import NetworkBorn
from domain.vocabulary import LogKind
from ledger.evidence.daily.finding import HeadFound
from ledger.evidence.export.layout import KEYS, TRUST, ExportBroken, Manifest
from ledger.evidence.export.reading import ExportFiles
from ledger.evidence.invariants import Checker
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.notes.signed import KeyBroken, NoteBroken
from ledger.evidence.notes.trust import NONE, Trust, TrustBroken, parse_trust
from ledger.evidence.rederive import Rederivation, Way
from ledger.evidence.rederive_verdict import Rederived
from ledger.evidence.stamping.stamp import certificates
from ledger.evidence.verdict import Verdict
from ledger.evidence.verifying.contents import Contents, RowReader
from ledger.evidence.verifying.earlier import hold_earlier
from ledger.evidence.verifying.finding import Findings, Kind
from ledger.evidence.verifying.heads import Heads, HeadsSeen
from ledger.evidence.verifying.keys import KeyRing
from ledger.evidence.verifying.stamps import Stamped, stamped
from ledger.faults import BrokenEvent, UnknownTopic
from ledger.store import codec
from ledger.store.port import StoredRow

LONGEST_TRUST = 1_000_000

Tell = Callable[[int, int | None], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What somebody wants to be checked, and what they know themselves.

    `trust`: whom they believe (None: whom the export names). `earlier`: heads they kept. `authorities`:
    certificates (PEM) of those who may vouch for stamps. `way` None: decisions are not derived again.
    """

    trust: Trust | None = None
    earlier: Sequence[HeadFound] = ()
    authorities: bytes | None = None
    way: Way | None = Way.NORMATIVE


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """What an export was found to be. What is None could not be looked at, or was not asked for."""

    findings: Findings
    manifest: Manifest | None = None
    trust: Trust | None = None
    trust_given: bool = False
    rows: int = 0
    root: bytes | None = None
    heads: HeadsSeen | None = None
    heads_held: int = 0
    verdict: Verdict | None = None
    decisions: Rederived | None = None
    stamps: tuple[Stamped, ...] = ()
    earlier_fit: int = 0

    @property
    def is_exercise(self) -> bool:
        return self.manifest is not None and self.manifest.kind is LogKind.EXERCISE

    @property
    def status(self) -> int:
        return self.findings.status


class Verification:
    """One check of one export."""

    def __init__(self, folder: Path, asked: Asked, tell: Tell) -> None:
        self.files = ExportFiles(folder)
        self.asked = asked
        self.findings = Findings()
        self._tell = tell
        self._rederivation = Rederivation(asked.way) if asked.way is not None else None

    def verified(self) -> Verified:
        """Errors: `RootsBroken` for certificates that were given and are none."""
        if self.asked.authorities is not None:
            certificates(self.asked.authorities)
        try:
            manifest = self.files.manifest()
            trust = self.asked.trust or self._own_trust()
        except ExportBroken as broken:
            self.findings.add(Kind.UNREADABLE, broken.args[0])
            return Verified(findings=self.findings)
        self.check_files(manifest)
        keys = self.keys(manifest, trust)
        heads = self.heads(manifest, keys)
        birth, checker = _Birth(), Checker()
        contents = self.contents(manifest, [birth, checker, *self._rederiving()])
        contents.check(heads.judged(), self._progress)
        self.check_birth(manifest, birth)
        verdict, decisions = checker.verdict(), self._rederived()
        self.check_events(verdict)
        self.check_decisions(decisions)
        self.check_quorum(heads.seen, trust)
        stamps = tuple(self.stamped(manifest, keys, contents.roots))
        fit = self.check_earlier(manifest, keys, contents.roots)
        return Verified(
            findings=self.findings,
            manifest=manifest,
            trust=trust,
            trust_given=self.asked.trust is not None,
            rows=contents.rows,
            root=contents.root,
            heads=heads.seen,
            heads_held=contents.held,
            verdict=verdict,
            decisions=decisions,
            stamps=stamps,
            earlier_fit=fit,
        )

    # --- the checks, in their order -------------------------------------------------------------------------

    def check_files(self, manifest: Manifest) -> None:
        """Each file is the one that the manifest, and below `tile/` the list, names."""
        try:
            for path, said in manifest.files.items():
                self._check_file(path, said.digest, said.size)
            for path, digest in self.files.sums():
                self._check_file(path, digest)
        except ExportBroken as broken:
            self.findings.add(Kind.UNREADABLE, broken.args[0])

    def keys(self, manifest: Manifest, trust: Trust) -> KeyRing:
        """The keys that are trusted, and those they vouch for."""
        ring = KeyRing(manifest.origin, trust)
        if not ring.known:
            self.findings.add(Kind.NOT_SIGNED, f"no key of the log {manifest.origin} is trusted")
        try:
            for number, raw in enumerate(self.files.notes(KEYS), start=1):
                if not self._stated(ring, raw):
                    said = f"statement number {number} in {KEYS} is of a key that no trusted key vouches for"
                    self.findings.add(Kind.KEY_NOT_TRUSTED, said)
        except ExportBroken as broken:
            self.findings.add(Kind.UNREADABLE, broken.args[0])
        return ring

    def heads(self, manifest: Manifest, keys: KeyRing) -> Heads:
        return Heads(self.files, manifest, keys, self.findings)

    def contents(self, manifest: Manifest, readers: Sequence[RowReader]) -> Contents:
        asked = [head.checkpoint.size for head in self.asked.earlier]
        asked += [stamp.size for stamp in manifest.stamps]
        return Contents(self.files, manifest, self.findings, readers, asked)

    def check_birth(self, manifest: Manifest, birth: _Birth) -> None:
        """The heads say what log it is; so do its first event and the manifest."""
        said = manifest.origin.removeprefix("approdo.").partition("/")[0].upper()
        if birth.origin is None:
            self.findings.add(Kind.CHAIN, "the first event is not the birth of a network", 0)
        elif birth.origin != manifest.origin or said != manifest.kind:
            self.findings.add(Kind.CHAIN, f"by its first event this is the log {birth.origin}", 0)

    def check_events(self, verdict: Verdict) -> None:
        for each in verdict.findings:
            said = f"{each.breach} at position {each.position} in stream {each.stream}"
            self.findings.add(Kind.NOT_SOUND, said, max(0, each.position - 1))

    def check_decisions(self, decisions: Rederived | None) -> None:
        for each in decisions.deviations if decisions is not None else ():
            fields = f" ({', '.join(each.fields)})" if each.fields else ""
            said = f"{each.flaw} at position {each.position} in stream {each.stream}{fields}"
            self.findings.add(Kind.DECISION, said, max(0, each.position - 1))

    def check_quorum(self, seen: HeadsSeen, trust: Trust) -> None:
        if trust.quorum == NONE or seen.last is None:
            return
        if seen.standing is None or not seen.standing.quorum_reached:
            names = ", ".join(sorted(seen.standing.witnessed)) if seen.standing else ""
            before = (
                f"the last head with one is of {seen.with_quorum} events"
                if seen.with_quorum
                else "nor was any"
            )
            said = (
                f"the last head was seen by {names or 'no witness that is trusted'}: not the quorum; {before}"
            )
            self.findings.add(Kind.QUORUM, said, seen.with_quorum, seen.last.size)

    def stamped(self, manifest: Manifest, keys: KeyRing, roots: Mapping[int, bytes]) -> Iterator[Stamped]:
        return stamped(self.files, manifest, keys, roots, self.asked.authorities, self.findings)

    def check_earlier(self, manifest: Manifest, keys: KeyRing, roots: Mapping[int, bytes]) -> int:
        return hold_earlier(self.asked.earlier, manifest, keys, roots, self.findings)

    # --- what they need -------------------------------------------------------------------------------------

    def _own_trust(self) -> Trust:
        try:
            return parse_trust(self.files.read(TRUST, LONGEST_TRUST).decode())
        except (TrustBroken, UnicodeDecodeError) as broken:
            raise ExportBroken(f"{TRUST}: {broken.args[0]}") from None

    def _check_file(self, path: str, digest: str, size: int | None = None) -> None:
        try:
            found = self.files.sum(path)
            if found.digest != digest or size not in (None, found.size):
                self.findings.add(Kind.FILE_DIFFERS, f"{path} was changed after the export was written")
        except ExportBroken as broken:
            self.findings.add(Kind.UNREADABLE, broken.args[0])

    def _stated(self, ring: KeyRing, raw: bytes) -> bool:
        try:
            return ring.state(raw)
        except (NoteBroken, KeyBroken):
            return False

    def _rederiving(self) -> list[RowReader]:
        return [self._rederivation] if self._rederivation is not None else []

    def _rederived(self) -> Rederived | None:
        return self._rederivation.result() if self._rederivation is not None else None

    def _progress(self, rows: int) -> None:
        self._tell(rows, self._rederivation.decisions if self._rederivation is not None else None)


class _Birth:
    """Reads what log it is from its first event."""

    def __init__(self) -> None:
        self.origin: str | None = None
        self._read = False

    def take(self, rows: Sequence[StoredRow]) -> None:
        if self._read:
            return
        self._read = True
        try:
            event = codec.decode(rows[0].topic, rows[0].state)
        except (BrokenEvent, UnknownTopic):
            return
        if isinstance(event, NetworkBorn):
            self.origin = origin_of(event.kind, rows[0].stream)
