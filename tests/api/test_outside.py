"""The ways out over real HTTP: a witness in a process of its own, a provider of stamps, and bad servers."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from api.adapters import outside
from api.adapters.outside import HttpProvider, HttpWitnesses, outside_client
from api.settings import Settings, WrongSettings, read_settings
from api.wiring_outside import outside_loops
from ledger.evidence.notes.signed import SignatureLine, VerifierKey, parse_vkey
from ledger.evidence.notes.trust import Trust, Witness
from ledger.evidence.sealing.port import SealedHead, Stamp
from ledger.evidence.stamping.provider import provider_shown
from ledger.evidence.stamping.stamp import LONGEST_STAMP, StampFound, check_stamp
from ledger.evidence.stamping.stamping import Provider, ProviderSilent, Stamping
from ledger.evidence.witnessing.bringing import Bringing, WitnessSilent
from ledger.postgres.sealed import PostgresSealedLog
from tests.api.commands.program import EXERCISE, NETWORK, ROOT, approdo, environment
from tests.api.commands.test_witnessing import arguments, witnessing
from tests.ledger.evidence.sealed_log import KEY, sealed_log
from tests.support.postgres import Database
from trials.time_authority import served, time_authority


@contextmanager
def answering(status: int, body: bytes, headers: dict[str, str] | None = None) -> Iterator[str]:
    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return  # whoever asked has heard enough

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library has it
            """Nothing is logged."""

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        turning = Thread(target=server.serve_forever)
        turning.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            turning.join()


async def key_of(folder: Path) -> VerifierKey:
    printed = await asyncio.to_thread(approdo, {}, *arguments(folder), "--print-key")
    return parse_vkey(printed.out.strip())


@pytest.mark.asyncio
async def test_a_witness_of_its_own_cosigns_what_is_brought_over_http(tmp_path: Path) -> None:
    with witnessing(tmp_path) as (url, _):
        key = await key_of(tmp_path)
        trust = Trust(
            logs=(KEY.heads.verifier,),
            witnesses={"one": Witness(name="one", key=key, url=f"{url}/")},
            quorum="one",
        )
        sealed = await sealed_log([5, 9])
        async with outside_client() as client:
            bringing = Bringing(sealed, trust, HttpWitnesses(client))
            assert await bringing.step() == {"one"}
        (kept,) = await sealed.cosignatures(9)
        assert key.is_of(kept.line)


@pytest.mark.asyncio
async def test_a_provider_stamps_over_http(tmp_path: Path) -> None:
    authority, sealed = time_authority(tmp_path), await sealed_log([5])
    agreed = Provider(kept_as="here", roots=authority.roots, every=timedelta(hours=1))
    with served(authority) as url:
        async with outside_client() as client:
            found = await Stamping(sealed, agreed, HttpProvider(client, url)).step()
    assert isinstance(found, StampFound)
    assert found.verified


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [(500, b"", {}), (302, b"", {"Location": "http://127.0.0.1/"}), (200, b"x" * (LONGEST_STAMP + 1), {})],
)
async def test_a_bad_answer_is_no_answer(status: int, body: bytes, headers: dict[str, str]) -> None:
    with answering(status, body, headers) as url:
        async with outside_client() as client:
            with pytest.raises(ProviderSilent):
                await HttpProvider(client, url).stamped(b"query")


@pytest.mark.asyncio
async def test_who_does_not_answer_in_time_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        async with outside_client() as client:
            with pytest.raises(WitnessSilent):
                await HttpWitnesses(client).add_checkpoint(url, b"")
    async with outside_client() as client:
        with pytest.raises(WitnessSilent):
            await HttpWitnesses(client).add_checkpoint(url, b"")


# --- the settings -------------------------------------------------------------------------------------------


def settings(folder: Path, **given: object) -> Settings:
    return read_settings(data_dir=folder, **given)


@pytest.mark.asyncio
async def test_what_is_not_set_is_not_there_and_what_is_wrong_is_named(tmp_path: Path) -> None:
    sealed, key = await sealed_log([5]), await key_of(tmp_path)
    witnesses, roots = tmp_path / "witnesses", tmp_path / "roots"
    assert outside_loops(settings(tmp_path), sealed) == ()
    witnesses.write_text(f"witness one {key.vkey}\nquorum one\n")
    with pytest.raises(WrongSettings, match="one without an address"):
        outside_loops(settings(tmp_path, witnesses_file=witnesses), sealed)
    witnesses.write_text("quorum none\n")
    with pytest.raises(WrongSettings, match="no witness"):
        outside_loops(settings(tmp_path, witnesses_file=witnesses), sealed)
    witnesses.write_text(f"witness one {key.vkey} https://one.example\nquorum one\n")
    assert len(outside_loops(settings(tmp_path, witnesses_file=witnesses), sealed)) == 1
    with pytest.raises(WrongSettings, match="APPRODO_STAMP_ROOTS_FILE"):
        outside_loops(settings(tmp_path, stamp_url="https://stamps.example"), sealed)
    given = {"stamp_url": "https://stamps.example", "stamp_roots_file": roots}
    with pytest.raises(WrongSettings, match="cannot be read"):
        outside_loops(settings(tmp_path, **given), sealed)
    roots.write_text("nothing")
    with pytest.raises(WrongSettings, match="no certificates"):
        outside_loops(settings(tmp_path, **given), sealed)
    (tmp_path / "drawn").mkdir()
    roots.write_bytes(time_authority(tmp_path / "drawn").roots)
    assert len(outside_loops(settings(tmp_path, **given), sealed)) == 1
    with pytest.raises(WrongSettings, match="http or https"):
        settings(tmp_path, stamp_url="ftp://stamps.example")


def test_the_password_of_a_provider_does_not_print(tmp_path: Path) -> None:
    given = settings(tmp_path, stamp_url="https://name:hunter2@stamps.example")
    assert "hunter2" not in repr(given)


# --- the process that seals ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_sealing_process_has_its_head_cosigned_and_stamped(database: Database, tmp_path: Path) -> None:
    app = {"APPRODO_DATABASE_URL": database.dsn()}
    assert approdo(app, "init", NETWORK, *EXERCISE).status == 0
    (tmp_path / "log.key").write_text("07" * 32)
    (tmp_path / "tsa").mkdir()
    authority = time_authority(tmp_path / "tsa")
    sealing = {
        "APPRODO_SEALER_DATABASE_URL": database.dsn("sealer"),
        "APPRODO_LOG_KEY_FILE": str(tmp_path / "log.key"),
        "APPRODO_SEALED_HEAD_FILE": str(tmp_path / "sealed-head"),
    }
    log = approdo(sealing, "seal", "--print-key").out.split()[0]
    with witnessing(tmp_path, log) as (witness, _), served(authority) as stamps:
        key = approdo({}, *arguments(tmp_path), "--print-key").out.strip()
        (tmp_path / "witnesses").write_text(f"witness one {key} {witness}\nquorum one\n")
        outside = {
            "APPRODO_WITNESSES_FILE": str(tmp_path / "witnesses"),
            "APPRODO_STAMP_URL": stamps,
            "APPRODO_STAMP_ROOTS_FILE": str(authority.roots_file),
        }
        command = [sys.executable, "-m", "api.commands.main", "seal"]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment(os.environ, {**sealing, **outside})
        ) as process:
            try:
                head, line, stamp = asyncio.run(_vouched(database))
            finally:
                process.terminate()
    assert parse_vkey(key).has_signed(head.signed.text, line)
    assert isinstance(check_stamp(head.note, stamp.token, authority.roots), StampFound)
    assert stamp.provider == "127.0.0.1"
    assert "non qualificato" in provider_shown(stamp.provider)


async def _vouched(database: Database) -> tuple[SealedHead, SignatureLine, Stamp]:
    """The head, once a witness and the provider have vouched for it."""
    async with PostgresSealedLog(database.dsn()) as sealed, asyncio.timeout(60):
        while True:
            head, stamp = await sealed.head(), await sealed.last_stamp()
            lines = await sealed.cosignatures(head.size) if head is not None else ()
            if head is not None and stamp is not None and lines:
                return head, lines[0].line, stamp
            await asyncio.sleep(0.2)
