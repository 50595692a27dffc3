"""`approdo witness`: the doors of a witness, until it is told to stop. It opens no ledger."""

from __future__ import annotations

import asyncio
import re
import socket
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from api.commands.listening import listening
from api.commands.serving import StoppingServer
from api.secret import kept_beside
from api.settings import WrongSettings
from api.trust_file import trust_in
from api.witness.app import witness_app
from ledger.evidence.notes.signed import KeyBroken, KeyKind, NoteBroken, Signer, VerifierKey, parse_vkey
from ledger.evidence.witnessing.judgement import Logs
from ledger.evidence.witnessing.memory_files import MemoryFiles
from ledger.evidence.witnessing.witness import Witness

GRACE_SECONDS = 5
_is_seed = re.compile(rb"[0-9a-fA-F]{64}").fullmatch


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """How to run."""

    folder: Path
    name: str
    key: Path
    vkeys: tuple[str, ...]
    trust: Path | None
    host: str
    port: int
    print_key: bool


async def witness(asked: Asked) -> None:
    """Witness until SIGTERM or Ctrl-C. Errors: `WrongSettings`, `CannotListen`, `WitnessTaken`."""
    signer = _signer(asked.name, asked.key)
    if asked.print_key:
        print(signer.verifier.vkey)
        return
    logs = _logs(asked)
    memory = MemoryFiles(asked.folder)
    with memory.alone(), listening(asked.host, asked.port) as listener:
        await _serve(Witness(signer, logs, memory), listener, _ready(listener, signer, logs))


def _signer(name: str, key: Path) -> Signer:
    try:
        seed = kept_beside(key.parent, key.name)
    except OSError as cause:
        raise WrongSettings(f"The key in {key} cannot be drawn: {cause.strerror}.") from None
    if _is_seed(seed) is None:
        raise WrongSettings(f"{key} is not a key: 64 hexadecimal digits (openssl rand -hex 32).")
    try:
        return Signer(name, KeyKind.COSIGNATURE, bytes.fromhex(seed.decode()))
    except NoteBroken as broken:
        raise WrongSettings(f"--name {name!r}: {broken}.") from None


def _logs(asked: Asked) -> Logs:
    keys = [*map(_vkey, asked.vkeys), *(trust_in(asked.trust).logs if asked.trust is not None else ())]
    logs: dict[str, list[VerifierKey]] = {}
    for key in keys:
        if key.kind is KeyKind.NOTE:
            logs.setdefault(key.name, []).append(key)
    if not logs:
        raise WrongSettings("Name a log whose heads are taken: --log VKEY, or --trust FILE.")
    return logs


def _vkey(text: str) -> VerifierKey:
    try:
        return parse_vkey(text)
    except KeyBroken as broken:
        raise WrongSettings(f"--log {text}: {broken}") from None


async def _serve(served: Witness, listener: socket.socket, ready: str) -> None:
    config = uvicorn.Config(
        witness_app(served),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    await StoppingServer(config, ready, asyncio.Event()).serve(sockets=[listener])


def _ready(listener: socket.socket, signer: Signer, logs: Logs) -> str:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"approdo witnesses at http://{shown}:{port} ({len(logs)} logs) as {signer.verifier.vkey}"
