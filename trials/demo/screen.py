"""How the night looks on a terminal: calm, aligned, one line for each event. It knows no word of it."""

from __future__ import annotations

import sys
import textwrap
from typing import TextIO

WIDTH = 118
_CLOCK, _WHO, _PLACE = 7, 24, 8
_DESK, _WINDOW, _ADDRESS = 34, 24, 42


class Screen:
    """Prints to a stream; colours only on a terminal."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out
        self._colours = out.isatty()

    def title(self, text: str) -> None:
        self._print("")
        self._print(self._painted("1", text))
        self._print("─" * WIDTH)

    def note(self, text: str) -> None:
        for line in textwrap.wrap(text, WIDTH - 2):
            self._print(f"  {self._painted('2', line)}")

    def progress(self, text: str) -> None:
        self._print(f"  · {text}")

    def step(self, clock: str, text: str) -> None:
        """A new moment of the night: who does what."""
        self._print("")
        self._print(f"{self._painted('1;36', clock)}{'':<{_CLOCK - len(clock)}}{self._painted('1', text)}")

    def fact(self, clock: str, who: str, text: str, position: int, id_: str) -> None:
        """One event: when it was recorded, whose it is, what it says, its id and its place in the log."""
        room = WIDTH - _CLOCK - _WHO - _PLACE - len(id_)
        first, *more = textwrap.wrap(text, room - 1, break_on_hyphens=False) or [""]
        where = self._painted("2", f"{id_} #{position:>5}")
        self._print(
            f"{self._painted('2', clock)}{'':<{_CLOCK - len(clock)}}{who:<{_WHO}}{first:<{room}}{where}"
        )
        for line in more:
            self._print(f"{'':<{_CLOCK + _WHO}}{line}")

    def gap(self) -> None:
        self._print("")

    def desk(self, name: str, window: str, address: str, code: str) -> None:
        """One device that is not there yet: whose, in which window, where, and what to type there."""
        self._print(f"  {name:<{_DESK}}{window:<{_WINDOW}}{address:<{_ADDRESS}}{self._painted('1', code)}")

    def good(self, text: str) -> None:
        self._print(f"{'':<{_CLOCK}}{self._painted('32', '✓')} {text}")

    def quoted(self, text: str) -> None:
        """What another program of ours printed."""
        for line in text.rstrip().splitlines():
            indent = " " * (len(line) - len(line.lstrip()) + 2)
            for part in textwrap.wrap(line, WIDTH - _CLOCK - 2, subsequent_indent=indent) or [""]:
                self._print(f"{'':<{_CLOCK}}│ {part}".rstrip())

    def _painted(self, code: str, text: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._colours else text

    def _print(self, line: str) -> None:
        print(line, file=self._out, flush=True)
