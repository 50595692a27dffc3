"""The pages of the desk of the lead body."""

from __future__ import annotations

from tests.browser.shown.entry import Shown

SHOWN: tuple[Shown, ...] = ()
