"""The socket a server listens on, taken before anything else is started."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


class CannotListen(Exception):
    """The address cannot be listened on. The message says which and why."""


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A bound socket; nobody can connect before the server listens on it. Errors: `CannotListen`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as cause:
        raise CannotListen(f"{host} is not an address to listen on: {cause.strerror}.") from None
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as cause:
            said = f"{host} port {port} cannot be listened on: {cause.strerror}. Choose another with --port."
            raise CannotListen(said) from None
        yield listener
