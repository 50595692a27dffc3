"""What is sealed, for whoever checks it without trusting us: signed heads, proofs, keys, tiles of the tree.

Hashes, sizes, keys and signatures alone: the events themselves leave the house in an export or a dossier, and
at no door. Formats: C2SP tlog-checkpoint, tlog-proof, tlog-tiles, tlog-policy.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.daily_page import PageOfTheDay, daily_page
from api.http.answering import as_json
from api.http.commanding import invalid
from api.http.documenting import documented
from api.http.doors import Doors
from api.http.entering import enter
from api.http.models.evidence import ConsistencyView, LogKeysView, LogKeyView, SealView
from api.http.problems import Problem
from api.http.standing import seal_view
from api.http.trouble_texts import Trouble
from domain.permissions import Action
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.notes.signed import encoded
from ledger.evidence.notes.trust import rendered
from ledger.evidence.sealing.port import SealedHead
from ledger.evidence.sealing.proving import consistency_of, note_of, proof_of
from ledger.evidence.sealing.stated_keys import stated_keys, verifiers
from ledger.evidence.tree.merkle import LARGEST_SIZE
from ledger.evidence.tree.tiles import HEIGHT, WIDTH, Tile, tile_at

router = APIRouter()
_TAG = "audit"
_TEXT, _BYTES = "text/plain", "application/octet-stream"
_NEVER_ANOTHER = "private, max-age=31536000, immutable"
"""A tile's bytes are never others. Of the browser alone: no cache on the way is told that somebody looks."""
Size = Annotated[
    int | None, Query(ge=1, le=LARGEST_SIZE, description="Of exactly this head; without it, the last.")
]


@router.get(
    "/audit/checkpoint",
    **documented(
        "show_checkpoint",
        "A signed head of the log: its size and root, with every signature under it.",
        None,
        tag=_TAG,
        media=_TEXT,
        description="A C2SP checkpoint: a signed note with the log's signatures, when the log last said that "
        "it stands, and the witnesses' cosignatures. 503 NOT_SEALED_YET before the first. — La testa firmata "
        "del registro: chi la conserva può dimostrare, più tardi, se il registro è stato cambiato.",
    ),
)
async def checkpoint(request: Request, size: Size = None) -> Response:
    entered = await enter(request, Action.HAVE_RECEIPTS)
    head = await _head(entered.doors, size)
    return Response((await note_of(entered.doors.sealed, head)).raw, media_type=_TEXT)


@router.get(
    "/audit/proofs/{position}",
    **documented(
        "show_proof",
        "The receipt of an event: the proof that it stands in the log under a signed head.",
        None,
        tag=_TAG,
        media=_TEXT,
        description="A C2SP tlog-proof, checked without us: hashes and a signed head, nothing of the event. "
        "The leaf's index is the position less one. 404 beyond the log; 503 NOT_SEALED_YET while the seal is "
        "on its way. — La ricevuta di una voce: la prova, verificabile senza di noi, che sta nel registro.",
    ),
)
async def proof(
    request: Request, position: Annotated[int, Path(ge=1, le=LARGEST_SIZE)], size: Size = None
) -> Response:
    entered = await enter(request, Action.HAVE_RECEIPTS)
    doors = entered.doors
    if size is not None and position > size:
        raise invalid("size", "BEFORE_POSITION", "Questa testa viene prima.", "This head comes before it.")
    if position > await doors.engine.transactor.store.head():
        raise Problem(Trouble.NOT_FOUND)
    head = await _head(doors, size)
    if position > head.size:
        raise Problem(Trouble.NOT_SEALED_YET)
    found = await proof_of(doors.sealed, position, head)
    kept = {"Content-Disposition": f'attachment; filename="approdo-{position}.tlog-proof"'}
    return Response(found.raw, media_type=_TEXT, headers=kept)


@router.get(
    "/audit/consistency",
    **documented(
        "show_consistency",
        "The proof that the log of one head begins with all of the log of an earlier head.",
        ConsistencyView,
        tag=_TAG,
        description="For whoever kept a head: that nothing before it was changed, left out or reordered "
        "since. Without `new`, up to the last head. — La prova che, da una testa all'altra, il registro è "
        "solo cresciuto.",
    ),
)
async def consistency(
    request: Request,
    old: Annotated[
        int | None, Query(ge=1, le=LARGEST_SIZE, description="The size of the earlier head. Required.")
    ] = None,
    new: Annotated[
        int | None, Query(ge=1, le=LARGEST_SIZE, description="Of the later head; without it, the last.")
    ] = None,
) -> Response:
    entered = await enter(request, Action.SEE_EVIDENCE)
    doors = entered.doors
    if old is None:
        raise invalid("old", "MISSING", "Indica la prima testa.", "Name the earlier head.")
    later = await _head(doors, new)
    if old > later.size:
        raise invalid("old", "AFTER_NEW", "La prima testa viene dopo l'altra.", "The first comes after.")
    earlier = await _head(doors, old)
    hashes = await consistency_of(doors.sealed, earlier.size, later.size)
    told = ConsistencyView(
        old=earlier.size,
        new=later.size,
        hashes=tuple(map(encoded, hashes)),
        old_note=(await note_of(doors.sealed, earlier)).raw.decode(),
        new_note=(await note_of(doors.sealed, later)).raw.decode(),
    )
    return as_json(told)


@router.get(
    "/audit/tiles/{level}/{tile:path}",
    **documented(
        "show_tile",
        "A tile of the tree: up to 256 hashes of one level, those that a signed head needs.",
        None,
        tag=_TAG,
        media=_BYTES,
        description="By the paths of C2SP tlog-tiles: `000`, `x001/234`, and `000.p/17` for one that is not "
        "full under some head. A browser may keep it, as it never changes. Bundles of entries are at no "
        "door: they are the log itself. — Gli hash dell'albero, mai le voci.",
    ),
)
async def tile(request: Request, level: Annotated[int, Path(ge=0, le=63)], tile: str) -> Response:
    entered = await enter(request, Action.SEE_EVIDENCE)
    found = tile_at(f"{level}/{tile}")
    if found is None or not await _is_sealed(entered.doors, found):
        raise Problem(Trouble.NOT_FOUND)
    hashes = await entered.doors.sealed.nodes(found.nodes)
    content = b"".join(hashes[node] for node in found.nodes)
    return Response(content, media_type=_BYTES, headers={"Cache-Control": _NEVER_ANOTHER})


@router.get(
    "/audit/keys",
    **documented(
        "show_log_keys",
        "The log's name and the public keys it signs with, one after another, each with its statement.",
        LogKeysView,
        tag=_TAG,
        description="A key that follows another is stated under both. Compare them with those that were "
        "handed over on paper: keys that only come from here prove nothing against us. — Le chiavi pubbliche "
        "del registro, da confrontare con quelle ricevute per un'altra via.",
    ),
)
async def keys(request: Request) -> Response:
    doors = (await enter(request, Action.HAVE_RECEIPTS)).doors
    origin = origin_of(doors.log_kind, doors.network_id)
    statements = await doors.sealed.key_statements()
    stated = stated_keys(origin, statements)
    told = LogKeysView(
        origin=origin,
        keys=tuple(
            LogKeyView(
                since=each.since,
                heads=each.heads.vkey,
                clock=each.clock.vkey,
                statement=statement.note.decode(),
            )
            for each, statement in zip(stated, statements, strict=True)
        ),
        trust=rendered(replace(doors.witnesses, logs=verifiers(stated))),
    )
    return as_json(told)


@router.get(
    "/audit/seal",
    **documented(
        "show_seal",
        "How far the log is sealed, since when what follows waits, and who outside has seen it.",
        SealView,
        tag=_TAG,
        description="`late` where something has waited for its seal for more than ten minutes. — Fin dove il "
        "registro è sigillato, e chi l'ha visto.",
    ),
)
async def seal(request: Request) -> Response:
    doors = (await enter(request, Action.SEE_EVIDENCE)).doors
    return as_json(await seal_view(doors))


@router.get(
    "/audit/daily-page",
    **documented(
        "show_daily_page",
        "The page of the day: the last signed head as text to send by certified mail and to enter in the "
        "register of correspondence.",
        None,
        tag=_TAG,
        media=_TEXT,
        description="In Italian, with a short English part. Nothing of any case is in it. 503 NOT_SEALED_YET "
        "before the first head. — L’impronta del giorno, da inviare per PEC a due enti e da protocollare.",
    ),
)
async def daily(request: Request) -> Response:
    doors = (await enter(request, Action.SEE_EVIDENCE)).doors
    head = await _head(doors, None)
    told = PageOfTheDay(
        note=await note_of(doors.sealed, head),
        kind=doors.log_kind,
        day=datetime.now(UTC),
        sealed_at=head.sealed_at,
        zone=(await doors.engine.index.catch_up()).places.network.zone,
    )
    return Response(daily_page(told), media_type=_TEXT)


async def _head(doors: Doors, size: int | None) -> SealedHead:
    """Errors: problem 404 where none of that size was signed, 503 where none was signed at all."""
    head = await doors.sealed.head() if size is None else await doors.sealed.head_of(size)
    if head is None:
        raise Problem(Trouble.HEAD_UNKNOWN if size is not None else Trouble.NOT_SEALED_YET)
    return head


async def _is_sealed(doors: Doors, tile: Tile) -> bool:
    """Whether a head needs exactly this tile: a full one, or one cut off where that head's tree ends."""
    hashes = tile.number * WIDTH + tile.width
    shift = HEIGHT * tile.level
    if hashes << shift > LARGEST_SIZE:
        return False
    head = await doors.sealed.head_covering(hashes << shift)
    return head is not None and (tile.width == WIDTH or head.size >> shift == hashes)
