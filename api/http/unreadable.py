"""What is answered to bytes that are no HTTP request: a problem like every other, below the application.

Given to the server by `api.commands.serving`. Nobody has said a language yet, so it is Italian.
"""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.http import problems
from api.http.edge import EVERY_ANSWER
from api.http.problems import Problem
from api.http.texts import Language
from api.http.trouble_texts import Trouble

LARGEST_HEAD = 256 * 1024
"""The library's parser has no limit of its own: whoever connects could fill the memory with one header."""


class Protocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, except for what it says to a request it cannot read, or whose head does not end."""

    _head: int | None = None
    """Bytes of a head that has not ended; None outside of one."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > LARGEST_HEAD and not self.transport.is_closing():
                self.send_400_response("")

    def on_message_begin(self) -> None:
        self._head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the library's words, for nobody
        self.transport.write(_answer())
        self.transport.close()


def _answer() -> bytes:
    response = problems.response(Problem(Trouble.HTTP_MALFORMED), Language.IT)
    headers = [*response.raw_headers, *EVERY_ANSWER, (b"connection", b"close")]
    lines = [b"HTTP/1.1 400 Bad Request", *(b"%s: %s" % pair for pair in headers), b"", b""]
    return b"\r\n".join(lines) + bytes(response.body)
