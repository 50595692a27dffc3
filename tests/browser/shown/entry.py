"""What an entry of the list of pages is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from domain.permissions import Role
from tests.browser.town import Town
from tests.browser.windows import Window, Windows


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Where a page is reached: a town, and windows that open as they are looked at."""

    town: Town
    windows: Windows
    night: bool = False

    def open(self, role: Role | None = None, *houses: str, language: str = "it") -> Window:
        """Signed in as somebody new of this role; nobody where no role is named."""
        return self.windows.open(self.town, role, *houses, night=self.night, language=language)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page in a state: how it is reached, whether that needs a network of its own, and whether its picture
    stands on the front page, by day or by night.
    """

    name: str
    reach: Callable[[Scene], Window]
    fresh: bool = False
    readme: bool = False
    readme_theme: Literal["light", "dark"] = "light"
