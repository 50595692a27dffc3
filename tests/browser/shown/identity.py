"""The pages of signing in, the shared device, the locked screen."""

from __future__ import annotations

from tests.browser.shown.entry import Shown

SHOWN: tuple[Shown, ...] = ()
