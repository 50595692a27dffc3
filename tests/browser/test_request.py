"""A request made on a telephone: in three screens, with scripts, without, by the keyboard alone, on a cut
network; and a placement that follows by itself what happens in a house.
"""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import expect

from domain.permissions import Role
from tests.browser.town import Town
from tests.browser.windows import Window, Windows

SCREENS = 3
SOON = 5_000.0
"""Milliseconds within which another window must have followed, on the slowest of machines."""


def coordinator(town: Town, windows: Windows, **how: Any) -> Window:
    window = windows.open(town, Role.COORDINATOR, **how)
    window.go("/turno")
    return window


def ask(her: Window) -> int:
    """From the first screen of the shift to the place; how many screens it took."""
    screens, page = 0, her.page
    her.tap("Nuova richiesta")
    her.sees("Schermata 1 di 3")
    screens += 1
    page.get_by_role("group", name="Può parlare").get_by_label("No", exact=True).check()
    page.get_by_label("Sì, lo ha detto adesso").check()
    page.get_by_label("Centro antiviolenza", exact=True).check()
    her.tap("Avanti: chi ha bisogno")
    her.sees("Schermata 2 di 3")
    screens += 1
    page.get_by_role("group", name="Figli 3–5 anni").get_by_label("1", exact=True).first.check(force=True)
    her.tap("Avanti: dov’è adesso")
    her.sees("Schermata 3 di 3")
    screens += 1
    page.get_by_label("ancora 1 ora").check()
    page.get_by_label("No, o non so").check()
    her.tap("Cerca un posto")
    her.sees("Posto trovato e tenuto per lei.")
    return screens


def finish(her: Window) -> None:
    """By telephone to the arrival."""
    page = her.page
    her.tap("Invia l’offerta")
    her.sees("Offerta inviata alla casa. Telefona anche")
    her.tap("La casa ha risposto")
    her.tap("Sì, accolgono")
    her.sees("Sì della casa registrato.")
    her.tap("Chiedi a lei")
    page.get_by_label("Le regole della casa").check()
    page.get_by_label("Sì, ne ho parlato con la casa").check()
    her.tap("Lei dice sì")
    her.sees("Sì di lei registrato.")
    her.tap("Concorda l’arrivo")
    page.get_by_label("fra mezz’ora").check()
    page.get_by_label("Forze dell’ordine").check()
    her.tap("Accordo preso")
    her.sees("Solo carta: queste caselle non si salvano da nessuna parte.")
    her.tap("Torna alla richiesta", 1)
    her.tap("Sono arrivate")
    her.sees("Sono arrivate: segnato.")


def test_three_screens_and_then_by_telephone_to_the_arrival(own_town: Town, windows: Windows) -> None:
    her = coordinator(own_town, windows)
    assert ask(her) <= SCREENS
    finish(her)


def test_the_same_without_scripts(own_town: Town, windows: Windows) -> None:
    her = coordinator(own_town, windows, scripts=False)
    assert ask(her) <= SCREENS
    finish(her)


def test_by_the_keyboard_alone(own_town: Town, windows: Windows) -> None:
    her = coordinator(own_town, windows)
    her.go("/richieste/nuova")
    keys = her.page.keyboard
    for name in ("consenso", "canale"):
        _tab_to(her, f'input[name="{name}"]')
        keys.press("Space")
    for screen in (2, 3):
        _tab_to(her, 'button[name="vai"]:not([formnovalidate])')
        keys.press("Enter")
        her.sees(f"Schermata {screen} di 3")
    for name in ("sicura", "zone"):
        _tab_to(her, f'input[name="{name}"]')
        keys.press("ArrowUp")  # the last of the group: not known
    _tab_to(her, 'button[value="cerca"]')
    keys.press("Enter")
    her.sees("Posto trovato e tenuto per lei.")


def _tab_to(her: Window, what: str) -> None:
    """Press Tab until the focus is on it."""
    for _ in range(120):
        her.page.keyboard.press("Tab")
        if her.page.evaluate("what => document.activeElement.matches(what)", what):
            return
    raise AssertionError(f"Tab never reaches {what}")


def test_a_cut_network_keeps_what_was_typed_and_asks_once(own_town: Town, windows: Windows) -> None:
    her = coordinator(own_town, windows)
    her.go("/richieste/nuova")
    her.page.get_by_label("Sì, lo ha detto adesso").check()
    her.page.get_by_label("Centro antiviolenza", exact=True).check()
    her.tap("Avanti: chi ha bisogno")
    her.tap("Avanti: dov’è adesso")
    her.page.get_by_label("ancora 1 ora").check()
    her.page.get_by_label("No, o non so").check()
    her.offline()
    her.tap("Cerca un posto")
    her.sees("Non inviato")
    expect(her.page.get_by_label("ancora 1 ora")).to_be_checked()
    her.offline(False)
    her.page.get_by_role("button", name="Riprova").click()
    her.sees("Posto trovato e tenuto per lei.")
    queue = own_town.doors(Role.COORDINATOR).get("/placement-requests?status=open")
    assert len(queue["items"]) == 1


def test_what_a_house_does_is_on_her_page_by_itself(own_town: Town, windows: Windows) -> None:
    placement, house = own_town.offered()
    her = windows.open(own_town, Role.COORDINATOR)
    her.go(f"/posti/{placement}")
    her.page.wait_for_timeout(500)  # the stream of news is open
    for step, body, words in (
        ("seen", {}, "La casa l’ha letta."),
        ("conversation", {}, "La casa decide entro"),
        ("acceptance", {"channel": "SCREEN"}, "Chiedi a lei"),
    ):
        own_town.do(placement, step, body, house)
        since = time.monotonic()
        expect(her.page.get_by_text(words).first).to_be_visible(timeout=SOON)
        print(f"{step}: seen in the other window after {(time.monotonic() - since) * 1000:.0f} ms")
