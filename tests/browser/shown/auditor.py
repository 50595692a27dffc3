"""The pages of the desk of a verifier."""

from __future__ import annotations

from tests.browser.shown.entry import Shown

SHOWN: tuple[Shown, ...] = ()
