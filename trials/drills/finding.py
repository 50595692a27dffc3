"""What a drill found: whether it was reached, the counters that make it worth anything, and its control."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """`wrong` must be 0, every counter in `needed` above 0, and the control must have failed (`control` above
    0).
    """

    name: str
    wrong: int
    needed: Mapping[str, int]
    control: int
    control_said: str
    settings: str
    said: str = ""
    complaints: tuple[str, ...] = field(default=())

    @property
    def reached(self) -> bool:
        return self.wrong == 0 and self.control > 0 and all(self.needed.values())

    def line(self) -> str:
        """The one line of this drill."""
        verdict = "reached" if self.reached else "NOT reached"
        counters = " ".join(f"{name}={number}" for name, number in self.needed.items())
        parts = (
            f"wrong={self.wrong}",
            counters,
            self.said,
            f"control: {self.control_said}",
            self.settings,
            verdict,
        )
        return f"{self.name:<14}  {'  '.join(filter(None, parts))}"
