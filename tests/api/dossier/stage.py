"""A night on the real engine, sealed, whose cases are copied: what the tests of dossiers read."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from api.dossier.making import Source
from domain.case.copying import OrderDossier, decide
from domain.codes import DossierKind
from domain.placement.events import PlacementRequested
from domain.vocabulary import CaseId, LogKind
from domain.world import on_stream
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.notes.trust import Trust
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.log_key import log_key
from ledger.evidence.sealing.memory import MemorySealedLog
from ledger.evidence.sealing.port import SealedHead
from ledger.evidence.sealing.sealer import Sealer, SealingKeys
from ledger.store import codec
from ledger.store.port import StoredRow
from tests.ledger.evidence.night import Night, played

SEED = bytes(range(32))
SHOWN = OrderDossier(kind=DossierKind.OSTENSIBLE, reference="2029/311", actor=UUID(int=0xA1))
RESERVED = OrderDossier(kind=DossierKind.RESERVED, reference="2029/312", actor=UUID(int=0xA1))


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """A log with several cases, sealed once; `case_id` is the first's."""

    night: Night
    rows: list[StoredRow]
    source: Source
    head: SealedHead
    trust: Trust
    case_id: CaseId
    others: tuple[CaseId, ...]


async def sealed_night() -> Sealed:
    night = await played()
    first, *others = cases(await night.rows())
    for each in (SHOWN, RESERVED):
        await order(night, first, each)
    origin = origin_of(LogKind.EXERCISE, night.network_id)
    key, sealed = log_key(origin, SEED), MemorySealedLog(night.store)
    with tempfile.TemporaryDirectory() as folder:
        keys = SealingKeys(origin=origin, present=key)
        kept = HeadFile(Path(folder) / "sealed-head")
        sealer = Sealer(sealed, keys, kept, lambda: night.now.replace(microsecond=7))
        await sealer.start()
        await sealer.step()
    head = await sealed.head()
    assert head is not None
    rows = await night.rows()
    source = Source(
        store=night.store,
        sealed=sealed,
        signers=(key.heads,),
        random_bytes=os.urandom,
        time_zone="Europe/Rome",
    )
    trust = Trust(logs=(key.heads.verifier,))
    return Sealed(
        night=night,
        rows=rows,
        source=source,
        head=head,
        trust=trust,
        case_id=first,
        others=tuple(others),
    )


async def order(night: Night, case_id: CaseId, command: OrderDossier) -> None:
    await night.run(
        lambda world, context: on_stream(case_id, decide(command, world.case(case_id), context.new_id))
    )


def cases(rows: list[StoredRow]) -> list[CaseId]:
    events = (codec.decode(row.topic, row.state) for row in rows)
    return list(dict.fromkeys(each.case_id for each in events if isinstance(each, PlacementRequested)))


def certificate(*, rsa_key: bool = True, days: int = 30, now: datetime | None = None) -> tuple[bytes, bytes]:
    """A certificate of nobody's and its private key, in PEM."""
    key = rsa.generate_private_key(65537, 2048) if rsa_key else ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "destinatario di prova")])
    begins = (now or datetime.now(UTC)) - timedelta(days=1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(begins).not_valid_after(begins + timedelta(days=days))
    made = builder.sign(key, SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made.public_bytes(Encoding.PEM), private
