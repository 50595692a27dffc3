"""A provider of time stamps (RFC 3161) to try against: `openssl ts` behind a small HTTP server, under a root
that is drawn for the occasion and vouches for nothing. Used by tests and drills.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
_CONFIGURATION = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[stamping]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = here
[here]
serial = serial
signer_digest = sha256
default_policy = 1.3.6.1.4.1.0.1
digests = sha256
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True, slots=True)
class TimeAuthority:
    """What one has drawn lies in `folder`."""

    folder: Path

    @property
    def roots(self) -> bytes:
        return self.roots_file.read_bytes()

    @property
    def roots_file(self) -> Path:
        return self.folder / "root.pem"

    def answer(self, query: bytes) -> bytes:
        """A response to a request, both in DER; one that refuses where the request cannot be granted."""
        (self.folder / "query").write_bytes(query)
        self._openssl(
            "ts -reply -config tsa.cnf -section here -queryfile query -signer stamp.pem -inkey stamp.key "
            "-out reply"
        )
        return (self.folder / "reply").read_bytes()

    def accepts(self, note: bytes, token: bytes) -> bool:
        """Whether `openssl ts -verify` does."""
        (self.folder / "note").write_bytes(note)
        (self.folder / "token").write_bytes(token)
        command = "openssl ts -verify -data note -in token -CAfile root.pem"
        return subprocess.run(command.split(), cwd=self.folder, capture_output=True).returncode == 0

    def _openssl(self, arguments: str) -> None:
        command = ["openssl", *arguments.split(" ")]
        subprocess.run(command, cwd=self.folder, capture_output=True, check=True)


def time_authority(folder: Path) -> TimeAuthority:
    """Drawn in an empty folder."""
    (folder / "tsa.cnf").write_text(_CONFIGURATION)
    (folder / "serial").write_text("01\n")
    drawn = TimeAuthority(folder)
    drawn._openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem "
        "-days 30 -subj /O=Trial/CN=Root -config tsa.cnf -extensions root"
    )
    drawn._openssl(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout stamp.key -out stamp.csr "
        "-subj /O=Trial/CN=Stamps -config tsa.cnf"
    )
    drawn._openssl(
        "x509 -req -in stamp.csr -CA root.pem -CAkey root.key -CAcreateserial -out stamp.pem -days 30 "
        "-extfile tsa.cnf -extensions stamping"
    )
    return drawn


@contextmanager
def served(authority: TimeAuthority) -> Iterator[str]:
    """Its address, on loopback, while the block lasts. It answers one request at a time."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            told = authority.answer(query) if self.headers["Content-Type"] == QUERY else b""
            self.send_response(200 if told else 415)
            self.send_header("Content-Type", REPLY)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library has it
            """Nothing is logged."""

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        turning = Thread(target=server.serve_forever)
        turning.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/stamp"
        finally:
            server.shutdown()
            turning.join()
