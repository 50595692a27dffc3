"""What a page does by itself with what it hears: it changes, it counts down, it says when it is old."""

from __future__ import annotations

import os
import re
import signal
from datetime import timedelta
from time import monotonic

from playwright.sync_api import expect

from domain.permissions import Role
from tests.browser.town import Town
from tests.browser.windows import PATIENCE, Window, Windows

NEWS_SECONDS = 1.0
OLD_MILLISECONDS = 30_000.0
OLD = "Dati non aggiornati"


def _cards(window: Window) -> int:
    return window.page.locator("#coda article").count()


def test_a_change_elsewhere_is_seen_within_a_second(own_town: Town, windows: Windows) -> None:
    her = windows.open(own_town, Role.COORDINATOR)
    her.go("/turno")
    her.page.wait_for_timeout(1000)
    there = _cards(her)
    own_town.ask()
    committed = monotonic()
    expect(her.page.locator("#coda article")).to_have_count(there + 1)
    assert monotonic() - committed < NEWS_SECONDS
    assert [each for each in her.requests if each.endswith("/turno")], "asked again by itself"


def test_news_take_no_focus_and_close_nothing_that_is_open(own_town: Town, windows: Windows) -> None:
    own_town.ask()
    her = windows.open(own_town, Role.COORDINATOR)
    her.go("/turno")
    her.page.evaluate(
        """() => { const more = document.createElement("details");
        more.innerHTML = "<summary>Altro ancora</summary><p>Aperto</p>";
        document.querySelector("#coda").append(more); more.open = true; }"""
    )
    her.page.locator("#coda article a").first.focus()
    focused = her.page.evaluate("document.activeElement.textContent")
    there = _cards(her)
    own_town.ask()
    expect(her.page.locator("#coda article")).to_have_count(there + 1)
    assert her.page.evaluate("document.activeElement.textContent") == focused


def test_a_cut_connection_makes_the_page_say_that_it_is_old(town: Town, windows: Windows) -> None:
    her = windows.open(town, Role.COORDINATOR)
    her.go("/turno")
    her.page.wait_for_timeout(1000)
    expect(her.page.locator("#rete")).to_be_hidden()
    her.offline()
    expect(her.page.locator("#rete")).to_contain_text(OLD, timeout=OLD_MILLISECONDS)
    her.offline(cut=False)
    expect(her.page.locator("#rete")).to_be_hidden(timeout=OLD_MILLISECONDS)


def test_a_server_that_is_silent_makes_the_page_say_that_it_is_old(own_town: Town, windows: Windows) -> None:
    """No connection breaks: only nothing comes any more."""
    her = windows.open(own_town, Role.COORDINATOR)
    her.go("/turno")
    her.page.wait_for_timeout(1000)
    os.kill(own_town.served.pid, signal.SIGSTOP)
    try:
        expect(her.page.locator("#rete")).to_contain_text(OLD, timeout=OLD_MILLISECONDS)
    finally:
        os.kill(own_town.served.pid, signal.SIGCONT)
    expect(her.page.locator("#rete")).to_be_hidden(timeout=OLD_MILLISECONDS)


def _minutes(window: Window) -> int:
    said = window.page.locator("time.scade").first.inner_text()
    found = re.search(r"(\d+) min", said)
    assert found is not None, said
    return int(found[1])


def test_the_countdown_asks_the_servers_clock_and_not_the_telephones(
    own_town: Town, windows: Windows
) -> None:
    own_town.offered()
    her = windows.open(own_town, Role.COORDINATOR)
    her.page.clock.install()
    her.go("/turno")
    before, said = _minutes(her), her.page.evaluate("Date.now()")
    her.page.clock.set_system_time(said + timedelta(minutes=40).total_seconds() * 1000)
    assert her.page.evaluate("Date.now()") - said > timedelta(minutes=39).total_seconds() * 1000
    her.page.wait_for_timeout(2500)
    assert before - 1 <= _minutes(her) <= before


def test_the_countdown_warns_once_when_two_minutes_are_left(own_town: Town, windows: Windows) -> None:
    own_town.offered()
    own_town.move(minutes=7, seconds=56)
    her = windows.open(own_town, Role.COORDINATOR)
    her.go("/turno")
    left = her.page.locator("time.scade").first
    assert not her.page.locator("[role=alert]:visible").count()
    expect(her.page.locator("[role=alert]:visible")).to_contain_text("2 minuti", timeout=PATIENCE)
    expect(left).to_have_class(re.compile("scade--presto"))
    expect(her.page.locator("#annunci")).to_contain_text("2 minuti")
    expect(left).to_contain_text("1 min 5")
    assert her.page.locator("[role=alert]:visible").count() == 1
    assert not left.evaluate("each => each.closest('[aria-live], [role=status], [role=alert]')"), "no chatter"
