"""Sending on a bad network, twice, and late: nothing typed is lost, nothing is sent that nobody sent, nothing
is recorded twice.
"""

from __future__ import annotations

from playwright.sync_api import Route, expect

from domain.permissions import Role
from tests.browser.town import PIN, Town
from tests.browser.windows import Window, Windows

FORM, FIELD, TYPED = "/ingressi/diretto", "adulte", "7"
NOT_SENT = "Non inviato"


def _at_a_form(town: Town, windows: Windows) -> Window:
    her = windows.open(town, Role.COORDINATOR)
    her.go(FORM)
    her.page.fill(f"#{FIELD}", TYPED)
    return her


def _sent(window: Window) -> list[str]:
    """The forms that the browser has sent from now on."""
    sent: list[str] = []
    window.page.on("request", lambda each: sent.append(each.url) if each.method == "POST" else None)
    return sent


def _send(window: Window) -> None:
    window.page.locator("#modulo button[type=submit], button[form=modulo]:not(#blocca)").last.click()


def test_without_a_network_the_page_says_so_and_keeps_what_was_typed(town: Town, windows: Windows) -> None:
    her = _at_a_form(town, windows)
    her.offline()
    _send(her)
    expect(her.page.locator("#rete")).to_contain_text(NOT_SENT)
    expect(her.page.locator("#rete")).to_have_attribute("role", "alert")
    assert (her.path, her.page.input_value(f"#{FIELD}")) == (FORM, TYPED)
    sent = _sent(her)
    her.offline(cut=False)
    her.page.wait_for_timeout(1500)
    assert sent == [], "nothing is sent by itself when the network is back"
    her.tap("Riprova")
    her.page.wait_for_timeout(500)
    assert len([each for each in sent if each.endswith(FORM)]) == 1


def test_an_answer_that_never_comes_leaves_the_page_as_it_was(town: Town, windows: Windows) -> None:
    her = _at_a_form(town, windows)

    def lost(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("connectionreset")
        else:
            route.continue_()

    her.excuse("ERR_CONNECTION_RESET")
    her.page.route(f"**{FORM}", lost)
    _send(her)
    expect(her.page.locator("#rete")).to_contain_text(NOT_SENT)
    assert her.page.input_value(f"#{FIELD}") == TYPED


def test_a_double_tap_sends_once(town: Town, windows: Windows) -> None:
    her = _at_a_form(town, windows)
    sent = _sent(her)
    her.page.locator("#modulo button[type=submit], button[form=modulo]:not(#blocca)").last.dblclick()
    her.page.wait_for_timeout(1000)
    assert len([each for each in sent if each.endswith(FORM)]) == 1


def test_what_was_wrong_is_said_on_the_page_and_what_was_typed_stands(town: Town, windows: Windows) -> None:
    her = _at_a_form(town, windows)
    _send(her)
    expect(her.page.locator("[role=alert], .errore").first).to_be_visible()
    assert her.page.input_value(f"#{FIELD}") == TYPED


def test_an_idle_screen_locks_itself_and_the_draft_waits(town: Town, windows: Windows) -> None:
    her = _at_a_form(town, windows)
    her.page.evaluate("document.body.dataset.bloccaDopo = '1'")
    her.sees("Schermo bloccato")
    assert "Ingresso" not in her.page.title()
    assert her.page.locator(f"#{FIELD}").count() == 0
    her.page.fill("[name=pin]", PIN)
    her.page.press("[name=pin]", "Enter")
    expect(her.page.locator(f"#{FIELD}")).to_have_value(TYPED)


def test_an_idle_screen_is_covered_also_where_nobody_can_be_told(town: Town, windows: Windows) -> None:
    her = _at_a_form(town, windows)
    her.offline()
    her.page.evaluate("document.body.dataset.bloccaDopo = '1'")
    expect(her.page.locator("main h1")).to_be_hidden()
    expect(her.page.locator("#rete")).to_contain_text(NOT_SENT)
    her.offline(cut=False)
    her.tap("Riprova")
    her.sees("Schermo bloccato")


def test_what_the_browser_keeps_is_the_page_of_telephone_numbers(own_town: Town, windows: Windows) -> None:
    her = windows.open(own_town, Role.COORDINATOR, workers="allow")
    her.go("/turno")
    kept = her.page.evaluate(
        """async () => { await navigator.serviceWorker.ready; const kept = [];
        for (const name of await caches.keys())
            for (const each of await (await caches.open(name)).keys()) kept.push(new URL(each.url).pathname);
        return kept.sort(); }"""
    )
    assert kept == ["/senza-rete", "/statiche/approdo.css"]
    her.offline()
    her.go("/turno")
    her.sees("Non c’è rete")
    assert [each.get_attribute("href") for each in her.page.locator("a[href^='tel:']").all()] == [
        "tel:112",
        "tel:1522",
        "tel:114",
    ]
    her.go("/fine")
    assert her.text == ""
