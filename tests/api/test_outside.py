"""The ways out over real HTTP: a witness in a process of its own, a provider of stamps, and bad servers."""

from __future__ import annotations

import asyncio
import socket
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
from ledger.evidence.notes.signed import VerifierKey, parse_vkey
from ledger.evidence.notes.trust import Trust, Witness
from ledger.evidence.stamping.stamp import LONGEST_STAMP, StampFound
from ledger.evidence.stamping.stamping import Provider, ProviderSilent, Stamping
from ledger.evidence.witnessing.bringing import Bringing, WitnessSilent
from tests.api.commands.program import approdo
from tests.api.commands.test_witnessing import arguments, witnessing
from tests.ledger.evidence.sealed_log import KEY, sealed_log
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
