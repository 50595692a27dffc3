"""An auditor's morning, also without scripts: the night as it was, a journey, its decisions, a file."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest

from domain.permissions import Role
from tests.browser.town import ALONE, TOO_MANY, Town
from tests.browser.windows import Windows

ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize("scripts", [False, True])
def test_the_night_is_seen_as_it_was(own_town: Town, windows: Windows, scripts: bool) -> None:
    town = own_town
    town.ask(TOO_MANY)
    placement, house = town.offered(ALONE)
    queue = town.doors(Role.COORDINATOR).get("/on-call-queue")
    then = town.now.astimezone(ROME)
    town.move(minutes=30)
    town.do(placement, "acceptance", {"channel": "SCREEN"}, house)
    town.do(placement, "withdrawal", {})
    auditor = windows.open(town, Role.AUDITOR, scripts=scripts)
    auditor.go("/verifica")
    page = auditor.page
    assert page.locator("[aria-labelledby=coda] tbody tr").count() == 1
    page.get_by_label("Giorno").fill(f"{then:%Y-%m-%d}")
    page.get_by_label("Ora, con i secondi").fill(f"{then:%H:%M:%S}")
    auditor.tap("Mostra com’era")
    assert page.locator("[aria-labelledby=coda] tbody tr").count() == len(queue["items"]) == 2
    with page.expect_download() as taken:
        auditor.tap("Tutto, per programmi (JSON)")
    was = json.loads(taken.value.path().read_text())
    assert was["queue"] == queue["items"]
    page.locator(f"a[href^='/verifica/posti/{placement}']").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Un percorso, voce per voce"
    known = page.locator("li.scheda").count()
    auditor.tap("Leggi fino in fondo")
    assert page.locator("li.scheda").count() > known
    auditor.tap("Decisioni")
    auditor.sees("Rifatta dal registro, viene identica.")


def test_nothing_can_be_changed_from_any_page(own_town: Town, windows: Windows) -> None:
    placement, _ = own_town.offered(ALONE)
    auditor = windows.open(own_town, Role.AUDITOR)
    for path in ("/verifica", f"/verifica/posti/{placement}", f"/verifica/posti/{placement}/decisioni"):
        auditor.go(path)
        changing = auditor.page.locator("form[method=post i]").evaluate_all(
            "forms => forms.map(each => new URL(each.action).pathname)"
        )
        assert set(changing) <= {"/blocca", "/esci", "/preferenze"}, path
        assert auditor.page.locator("[hx-post], [hx-put], [hx-delete], [formaction]").count() == 0


def test_keys_and_roots_are_shown_sign_by_sign(own_town: Town, windows: Windows) -> None:
    """A letter that only looks like a capital is another key to whoever compares it with paper."""
    own_town.ask(ALONE)
    own_town.seal(seen=True)
    auditor = windows.open(own_town, Role.AUDITOR)
    auditor.go("/verifica/sigillo")
    codes = auditor.page.locator(".codice")
    transformed = "found => found.map(each => getComputedStyle(each, '::first-letter').textTransform)"
    assert codes.count() == 5, "root, name, witness, two keys"
    assert set(codes.evaluate_all(transformed)) == {"none"}
    assert "testimone.example/w1" in auditor.page.locator("dd.codice").inner_text()
    with auditor.page.expect_download() as taken:
        auditor.tap("L’ultima testa, con tutte le firme")
    assert taken.value.path().read_text().startswith("approdo.exercise/")
