"""Browser windows at a town: a telephone by default, with what went wrong in it kept for the end of the test.

    def test_…(own_town: Town, windows: Windows) -> None:
        her = windows.open(own_town, Role.COORDINATOR)          # signed in, 390 × 844, it-IT, Europe/Rome
        house = windows.open(own_town, Role.SHELTER_OPERATOR, "mimosa", night=True)
        nobody = windows.open(own_town)                         # nobody is signed in
        plain = windows.open(own_town, Role.COORDINATOR, scripts=False)
        her.go("/turno")                                        # her.page is Playwright's own
        her.tap("Invia l’offerta")                              # a button or a link by its words

Errors of scripts, violations of the content policy and answers 5xx fail the test that opened the window, as
do missing files; `her.excuse("…")` forgives what a test provokes. See also `offline`, `slow`, `kinds`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Locator, Page, Response
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import TimeoutError as TooLate

from domain.permissions import Role
from tests.browser.town import PIN, SignedIn, Town

TELEPHONE = (390, 844)
HEIGHTS: Mapping[int, int] = {320: 568, 390: 844, 1280: 800}
PROGRAM = "APPRODO_CHROMIUM"
PATIENCE = 10_000.0
"""Milliseconds for which an expectation is awaited: the machine that tests is shared and slow at times."""
_TELL_VIOLATIONS = """addEventListener("securitypolicyviolation", e =>
    console.error("content policy: " + e.violatedDirective + " " + e.blockedURI))"""


def chromium() -> str | None:
    """Where the browser is: `APPRODO_CHROMIUM`, else Debian's, else what is called so."""
    given = os.environ.get(PROGRAM)
    found = (given,) if given else ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in found if name and (path := shutil.which(name))), None)


@dataclass
class Window:
    """One browser context with one page. `troubles` is what went wrong in it so far."""

    town: Town
    context: BrowserContext
    page: Page
    signed_in: SignedIn | None = None
    troubles: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    """Every address that was asked for."""
    _excused: list[str] = field(default_factory=list)

    def go(self, path: str) -> Response | None:
        """Open an address of the town and wait until the page stands. A page that was still on its way when
        this one was asked for may end the asking: then it is asked for once more.
        """
        try:
            return self.page.goto(self.town.url + path)
        except BrowserError as cut_off:
            if "net::ERR_ABORTED" not in cut_off.message:
                raise
            self.page.wait_for_load_state()
            return self.page.goto(self.town.url + path)

    def tap(self, words: str, nth: int = 0) -> None:
        """Tap the button or the link with these words."""
        self.button(words, nth).click()

    def button(self, words: str, nth: int = 0) -> Locator:
        page = self.page
        return page.get_by_role("button", name=words).or_(page.get_by_role("link", name=words)).nth(nth)

    def sees(self, words: str, *, within: float = PATIENCE) -> None:
        """Wait until these words are shown. Errors: `AssertionError` with what is shown instead."""
        try:
            self.page.get_by_text(words).first.wait_for(timeout=within)
        except TooLate:
            raise AssertionError(f"{words!r} is not shown, but: {self.text}") from None

    @property
    def text(self) -> str:
        """What is shown, in one line."""
        return " ".join(self.page.locator("body").inner_text().split())

    @property
    def her_name(self) -> str:
        """By which whoever opened it is chosen at its device."""
        assert self.signed_in is not None
        return self.signed_in.name

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.town.url)

    def offline(self, cut: bool = True) -> None:
        """Cut the network, or give it back."""
        self.context.set_offline(cut)
        self.excuse("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to fetch", "ERR_NETWORK_IO_SUSPENDED")

    def slow(self, *, kilobits: int = 400, milliseconds: int = 300) -> None:
        """A bad connection from now on."""
        rate = kilobits * 1000 / 8
        said = {
            "offline": False,
            "latency": milliseconds,
            "downloadThroughput": rate,
            "uploadThroughput": rate,
        }
        self.devtools("Network.enable")
        self.devtools("Network.emulateNetworkConditions", said)

    def devtools(self, method: str, parameters: dict[str, Any] | None = None) -> Any:
        """A command of the browser's own protocol."""
        return self.session.send(method, parameters)

    @cached_property
    def session(self) -> CDPSession:
        """The one session of this window in the browser's own protocol."""
        return self.context.new_cdp_session(self.page)

    def excuse(self, *words: str) -> None:
        """Forgive troubles that hold any of these words."""
        self._excused += words

    @property
    def unexcused(self) -> list[str]:
        return [each for each in self.troubles if not any(words in each for words in self._excused)]

    def _listen(self) -> None:
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))
        self.context.on("response", self._answered)
        self.context.on("request", lambda request: self.requests.append(request.url))

    def _heard(self, message: ConsoleMessage) -> None:
        # What the browser says of an answer's status is judged by `_answered`.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.troubles.append(f"console: {message.text}")

    def _answered(self, answer: Response) -> None:
        kind, status = answer.request.resource_type, answer.status
        if status >= 500 or (status == 404 and kind not in ("document", "fetch", "xhr")):
            self.troubles.append(f"answer: {status} to {kind} {answer.url}")


class Windows:
    """Opens windows and closes them at the end of the test. The fixture `windows` of conftest gives one."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._opened: list[Window] = []

    def open(
        self,
        town: Town,
        role: Role | None = None,
        *houses: str,
        width: int = TELEPHONE[0],
        night: bool = False,
        scripts: bool = True,
        workers: Literal["allow", "block"] = "block",
        language: str = "it",
        theme: str | None = None,
        pin: str | None = PIN,
    ) -> Window:
        """A window of its own, with cookies and storage of its own. `workers="allow"` lets the service
        worker in, which only the tests without a network need.
        """
        context = self._browser.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, TELEPHONE[1])},
            locale="it-IT",
            timezone_id="Europe/Rome",
            color_scheme="dark" if night else "light",
            has_touch=width < 1000,
            is_mobile=width < 1000,
            java_script_enabled=scripts,
            service_workers=workers,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        if scripts:
            context.add_init_script(_TELL_VIOLATIONS)
        signed_in = town.sign_in(role, *houses, pin=pin) if role is not None else None
        cookies = dict(signed_in.cookies) if signed_in is not None else {}
        if language != "it":
            cookies["approdo-lingua"] = language
        if theme is not None:
            cookies["approdo-tema"] = theme
        context.add_cookies(
            [{"name": name, "value": value, "url": town.url} for name, value in cookies.items()]
        )
        window = Window(town, context, context.new_page(), signed_in)
        window._listen()
        self._opened.append(window)
        return window

    def beside(self, window: Window) -> Window:
        """Another tab of the same browser."""
        return Window(window.town, window.context, window.context.new_page(), window.signed_in)

    def close(self) -> list[str]:
        """Close them all; what went wrong in them and was not excused."""
        troubles = []
        for window in self._opened:
            window.context.close()
            troubles += window.unexcused
        return troubles
