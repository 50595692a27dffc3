"""`approdo dossier`: a copy of one case for a court, as it was ordered and, the annex, approved at the doors.

Everything is made in memory first; then its issue is recorded; then it is written. What a crash after the
record leaves behind: a copy that counts as made and was not, for which another is ordered.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from api.dossier.making import Made, Source, make_reserved, make_shown
from api.http.refusal_texts import REFUSAL_TEXTS
from api.log_key import log_seeds
from api.loops.automatic import Automatic
from api.settings import Settings
from api.wiring import VERSION, OpenLedger, open_ledger
from domain import case
from domain.case import CaseState, Dossier
from domain.case.copying import IssueDossier, decide
from domain.codes import DossierKind
from domain.event import folded
from domain.refusals import Refusal
from domain.vocabulary import CaseId, DossierId
from domain.world import Context, Decided, World, on_stream
from ledger.evidence.dossier.checking import is_closed
from ledger.evidence.dossier.recipient import Recipient, recipient_of
from ledger.evidence.export.folder import new_folder, refuse_taken
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.notes.signed import Signer
from ledger.evidence.sealing.log_key import log_key
from ledger.evidence.sealing.port import NotSealed, SealedHead
from ledger.faults import LedgerFault
from ledger.store.transact import recorded

LOOKS, LOOK_SECONDS = 50, 0.1
"""How long a sealer has to seal what was ordered."""


_NO_KEY = (
    "This machine does not have the log's key (APPRODO_LOG_KEY_FILE), so nothing would show that a copy of a "
    "case that is not closed is whole. Make it where the key is."
)


class DossierRefused(LedgerFault):
    """This copy is not made."""


async def write_dossier(
    settings: Settings, dossier_id: DossierId, folder: Path, certificate: Path | None
) -> None:
    """Errors: `DossierRefused`, `RecipientUnfit`, `NotSealed`, `ExportNotWritten`, `PagesNotMade` (all else
    is written), and all of `open_ledger`.
    """
    refuse_taken(folder)
    async with open_ledger(settings, join=True) as ledger:
        case_id, dossier = await _found(ledger, dossier_id)
        recipient = _recipient(certificate)
        await _refuse_early(ledger, case_id, dossier_id, recipient)
        head = await _head(ledger)
        made = await _made(ledger, case_id, dossier, head, recipient)
        if made.evidence.statement is None and not is_closed(made.evidence):
            raise DossierRefused(_NO_KEY)
        await _issue(ledger, case_id, dossier_id, head, recipient)
    with new_folder(folder) as new:
        for name, content in made.files.items():
            new.write(name, content)
    kind = "reserved annex" if recipient is not None else "copy that may be shown"
    print(f"wrote the {kind} of order {dossier.ordered.reference}, up to event {head.size}, to {folder}")
    if made.pages_missing is not None:
        raise made.pages_missing


async def _found(ledger: OpenLedger, dossier_id: DossierId) -> tuple[CaseId, Dossier]:
    found = (await ledger.engine.index.catch_up()).preservation.dossier(dossier_id)
    if found is None:
        raise DossierRefused(_told(Refusal.DOSSIER_UNKNOWN))
    return found


def _recipient(certificate: Path | None) -> Recipient | None:
    """Valid today, also where an exercise plays on another day."""
    if certificate is None:
        return None
    return recipient_of(_read(certificate), datetime.now(UTC))


def _read(certificate: Path) -> bytes:
    try:
        return certificate.read_bytes()
    except OSError as cause:
        raise DossierRefused(f"{certificate} cannot be read: {cause.strerror}") from None


async def _refuse_early(
    ledger: OpenLedger, case_id: CaseId, dossier_id: DossierId, recipient: Recipient | None
) -> None:
    """Before anything is made; recording it decides again."""
    state = await _case(ledger, case_id)
    command = _command(dossier_id, await ledger.store.head(), recipient)
    refusal = decide(command, state, ledger.opened.sources.new_id)
    if isinstance(refusal, Refusal):
        raise DossierRefused(_told(refusal))


async def _case(ledger: OpenLedger, case_id: CaseId) -> CaseState:
    rows = (await ledger.store.read_streams((case_id,))).get(case_id, ())
    return folded("case", (recorded(row).event for row in rows), case.initial, case.evolve)


async def _head(ledger: OpenLedger) -> SealedHead:
    """The last head, once it covers what was ordered, if a sealer is there to make it so."""
    sealed, wanted = ledger.opened.sealed, await ledger.store.head()
    for _ in range(LOOKS):
        if await sealed.head_covering(wanted) is not None:
            break
        await asyncio.sleep(LOOK_SECONDS)
    head = await sealed.head()
    if head is None or head.size < wanted:
        raise NotSealed("the order is not sealed yet: `approdo serve` or `approdo seal` does it")
    return head


async def _made(
    ledger: OpenLedger, case_id: CaseId, dossier: Dossier, head: SealedHead, recipient: Recipient | None
) -> Made:
    source = Source(
        store=ledger.store,
        sealed=ledger.opened.sealed,
        signers=_signers(ledger),
        random_bytes=ledger.opened.sources.random_bytes,
        time_zone=ledger.engine.index.places.network.zone.key,
    )
    if dossier.ordered.kind is DossierKind.OSTENSIBLE:
        return await make_shown(source, case_id, dossier.ordered.reference, head)
    assert recipient is not None, "the case has refused an annex to nobody"
    return await make_reserved(source, case_id, dossier.ordered.reference, head, recipient)


def _signers(ledger: OpenLedger) -> tuple[Signer, ...]:
    """Of the log's key, where this machine has it. Errors: `WrongSettings`."""
    seeds = log_seeds(ledger.opened.settings)
    if seeds is None:
        return ()
    origin = origin_of(ledger.birth.kind, ledger.birth.network)
    given = [seeds.present, *([seeds.former] if seeds.former is not None else [])]
    return tuple(log_key(origin, seed).heads for seed in given)


async def _issue(
    ledger: OpenLedger, case_id: CaseId, dossier_id: DossierId, head: SealedHead, recipient: Recipient | None
) -> None:
    command = _command(dossier_id, head.size, recipient)

    def decided(world: World, context: Context) -> Decided:
        return on_stream(case_id, decide(command, world.case(case_id), context.new_id))

    automatic = Automatic(network_id=ledger.network_id, app_version=VERSION)
    once = f"issue-dossier {ledger.opened.sources.new_id()}"  # of two at once, each its own, one is late
    result = await ledger.engine.run(automatic.command(once, dossier_id, case_id), decided)
    if isinstance(result, Refusal):
        raise DossierRefused(_told(result))


def _command(dossier_id: DossierId, upto: int, recipient: Recipient | None) -> IssueDossier:
    fingerprint = recipient.fingerprint if recipient is not None else None
    return IssueDossier(dossier_id=dossier_id, upto=upto, recipient=fingerprint)


def _told(refusal: Refusal) -> str:
    words = REFUSAL_TEXTS[refusal].en
    return f"{words.title} {words.detail}"
