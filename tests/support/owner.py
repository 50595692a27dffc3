"""A program that owns an embedded server until it is killed: `owner.py DIRECTORY LEASH [SECONDS]`.

Prints the server's process id and socket folder. The leash "none" is the control: a server that nothing ties
to its owner. Needs the standard library and the package `ledger` alone, so it runs for any user and any
Python.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ledger.postgres.settings import Profile
from ledger.postgres.supervisor import EmbeddedPostgres


class Leashed(EmbeddedPostgres):
    """The product's supervisor but for the way the server's life is tied to its owner's."""

    def __init__(self, data_dir: Path, leash: str) -> None:
        super().__init__(data_dir, profile=Profile.SCRATCH)
        self._leash = leash


if __name__ == "__main__":
    server = Leashed(Path(sys.argv[1]), sys.argv[2])
    server.start()
    print(server.pid, server.socket_dir, flush=True)
    time.sleep(60)
