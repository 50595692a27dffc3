"""Signing in with a telephone in hand: an invitation, a passkey, a shared device, the locked screen, Esc."""

from __future__ import annotations

from uuid import UUID

from playwright.sync_api import expect

from domain.permissions import Role
from tests.browser.town import PIN, Town
from tests.browser.windows import Window, Windows


def with_authenticator(window: Window) -> None:
    """A telephone that knows its owner's finger, and finds it there at once."""
    window.devtools("WebAuthn.enable")
    said = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    window.devtools("WebAuthn.addVirtualAuthenticator", {"options": said})


def invited(town: Town, role: Role = Role.COORDINATOR, *houses: str) -> tuple[UUID, str]:
    """Somebody who has no way in yet, and the invitation that the lead body gave them."""
    actor = town.sign_in(role, *houses, pin=None).actor
    answer = town.doors(Role.LEAD_BODY).post(f"/operators/{actor}/invitation", {})
    return actor, str(answer["code"])


def with_passkey(town: Town, windows: Windows, role: Role = Role.COORDINATOR, *houses: str) -> Window:
    """A telephone on which somebody has just made their first passkey."""
    _, code = invited(town, role, *houses)
    her = windows.open(town)
    with_authenticator(her)
    her.go("/accesso")
    her.tap("Ho un invito")
    her.page.get_by_label("Codice dell’invito").fill(code)
    her.tap("Crea la passkey")
    her.page.wait_for_url("**/io/codici")
    return her


def test_from_the_invitation_to_the_shift_and_in_again_with_the_passkey(town: Town, windows: Windows) -> None:
    her = with_passkey(town, windows)
    her.tap("Mostra codici nuovi")
    her.sees("Si vedono solo adesso.")
    assert her.page.locator("code").count() > 0
    her.tap("Li ho su carta: adesso il PIN")
    her.page.get_by_label("Come ti chiamano le colleghe").fill("Ada")
    her.page.get_by_label("PIN: da sei a dieci cifre").fill(PIN)
    her.page.get_by_label("Di nuovo il PIN").fill(PIN)
    her.tap("Salva il PIN")
    her.sees("PIN scelto")
    her.page.locator("main form[action='/esci'] button").click()
    her.page.wait_for_url("**/accesso")
    her.tap("Entra con la passkey")
    her.page.wait_for_url("**/turno")


def test_two_taps_and_a_pin_on_a_shared_device(town: Town, windows: Windows) -> None:
    here = windows.open(town, Role.COORDINATOR)
    here.go("/turno")
    here.tap("Blocca")
    here.sees("Schermo bloccato")
    here.tap("Sono un’altra persona")
    here.tap(here.her_name)
    here.page.get_by_label("Il tuo PIN").fill("111111")
    here.tap("Entra")
    here.sees("PIN non giusto")
    here.page.get_by_label("Il tuo PIN").fill(PIN)
    here.tap("Entra")
    here.page.wait_for_url("**/turno")


def test_a_screen_without_a_pin_is_unlocked_by_the_passkey_with_what_was_typed(
    town: Town, windows: Windows
) -> None:
    her = with_passkey(town, windows)
    her.go("/ingressi/diretto")
    field = her.page.get_by_label("Adulte")
    field.fill("3")
    her.tap("Blocca")
    her.sees("Schermo bloccato")
    assert "Il tuo PIN" not in her.text
    her.tap("Continua con la passkey")
    expect(her.page.get_by_label("Adulte")).to_have_value("3")


def test_a_passkey_that_is_not_there_is_told_and_nothing_breaks(town: Town, windows: Windows) -> None:
    her = windows.open(town)
    her.page.add_init_script("navigator.credentials.get = () => Promise.reject(new Error('no'))")
    her.go("/accesso")
    her.tap("Entra con la passkey")
    her.sees("Non è riuscito, oppure hai annullato.")
    assert her.path == "/accesso"


def test_without_scripts_the_page_says_what_works_instead(town: Town, windows: Windows) -> None:
    her = windows.open(town, scripts=False)
    her.go("/accesso")
    assert "Le passkey hanno bisogno di JavaScript" in her.text
    her.tap("Entra con la passkey")
    her.sees("Accesso non riuscito.")
    her.go("/dispositivo")
    her.page.get_by_label("Codice").fill(town.device_code())
    her.tap("Condividi questo dispositivo")
    her.sees("Questo dispositivo adesso è condiviso.")


def test_a_question_is_left_with_esc_and_the_page_stays(own_town: Town, windows: Windows) -> None:
    house = windows.open(own_town, Role.SHELTER_OPERATOR, "mimosa")
    house.go("/io/dispositivi")
    house.tap("Perso o da togliere")
    house.sees("Vuoi togliere questo dispositivo?")
    house.page.keyboard.press("Escape")
    house.sees("Un dispositivo nuovo")
    assert house.path == "/io/dispositivi"
    house.tap("Perso o da togliere")
    house.tap("Sì, togli il dispositivo")
    house.page.wait_for_url("**/accesso")


def test_the_language_is_switched_on_the_spot(town: Town, windows: Windows) -> None:
    her = windows.open(town, Role.POLICE)
    her.go("/richieste/chiedi")
    her.tap("English")
    her.sees("Send the request")
    assert her.path == "/richieste/chiedi"
