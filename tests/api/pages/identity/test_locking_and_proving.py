"""The locked screen without a device, and proving anew: what was begun waits for its person alone."""

from __future__ import annotations

from domain.permissions import Role
from tests.api.pages.ground import PIN, Page, Reader, played
from tests.api.pages.house.stage import told
from tests.api.pages.house.test_entrusted import OPENED, entrusted
from tests.api.pages.identity.stage import Network, keep, network, shown
from trials.stage.authenticator import Authenticator

WORD = "ancora-verde"


@played
async def test_without_a_device_a_passkey_unlocks_and_the_draft_is_back() -> None:
    async with network() as net:
        reader, key = await net.with_passkey(await net.enter())
        page = await reader.open("/turno")
        locked = await reader.send(page.form("/blocca"), parola=WORD, _torna="/turno")
        assert locked.h1 == "Schermo bloccato" and WORD not in locked.html
        assert 'name="pin"' not in locked.html, "nobody has a PIN without a device"
        page = await shown(reader, locked.form("/sblocca"), key)
        assert page.status == 200 and page.h1 == "Turno"
        assert (await reader.open("/turno")).h1 == "Turno"


@played
async def test_another_person_who_unlocks_never_gets_the_draft() -> None:
    async with network() as net:
        reader, _ = await net.with_passkey(await net.enter())
        _, other_key = await net.with_passkey(await net.enter())
        page = await reader.open("/turno")
        locked = await reader.send(page.form("/blocca"), parola=WORD, _torna="/turno")
        page = await shown(reader, locked.form("/sblocca"), other_key)
        assert page.path == "/turno" and WORD not in page.html


@played
async def test_who_signed_in_in_another_tab_goes_on_here() -> None:
    async with network() as net:
        ada = await net.enter()
        reader, key = await net.with_passkey(ada)
        page = await reader.open("/turno")
        locked = await reader.send(page.form("/blocca"), parola=WORD, _torna="/turno")
        still = await reader.send(locked.form("/sblocca"), modo="ente")
        assert still.h1 == "Schermo bloccato" and "È ancora bloccato" in still.text
        tab = await reader.open("/accesso")
        await shown(reader, tab.form("/accesso/passkey"), key)
        page = await reader.send(still.form("/sblocca"), modo="ente")
        assert page.status == 200 and page.h1 == "Turno"


@played
async def test_a_draft_or_a_pending_form_that_was_made_up_is_nothing() -> None:
    async with network() as net:
        reader, key = await net.with_passkey(await net.enter())
        page = await reader.open("/turno")
        locked = await reader.send(page.form("/blocca"), _torna="//altrove.invalid")
        assert "altrove" not in locked.html
        page = await shown(reader, locked.form("/sblocca"), key, _bozza="gAAAA", _torna="https://x.invalid")
        assert page.path.startswith("/turno") or page.h1 == "Turno"
        for away in (
            "//altrove.invalid",
            "/%09/altrove.invalid",
            "/%5Caltrove.invalid",
            "/%0A/altrove.invalid",
        ):
            page = await reader.open(f"/conferma?torna={away}")
            assert "altrove" not in page.html
        page = await shown(reader, page.form("/conferma"), key, _bozza="gAAAA")
        assert "non vale più" in page.text


async def _begun(net: Network) -> tuple[Reader, Authenticator, Page]:
    """An operator who has tapped on a value, and nobody knows when she last proved who she is."""
    path = await entrusted(net.there)
    actor = await net.enter(Role.SHELTER_OPERATOR, "ginepro", body="case")
    reader, key = await net.with_passkey(actor)
    await net.unproved(reader, actor)
    page = await reader.open(path)
    return (
        reader,
        key,
        await reader.send(next(form for form in page.forms if form.action.endswith("/affidati"))),
    )


@played
async def test_what_was_begun_goes_on_by_itself_after_the_passkey() -> None:
    async with network() as net:
        reader, key, page = await _begun(net)
        assert page.h1 == "Conferma che sei tu" and await told(net.there, OPENED) == 0
        page = await shown(reader, page.form("/conferma"), key)
        assert "corbezzolo" in page.text and await told(net.there, OPENED) == 1


@played
async def test_what_somebody_began_is_never_sent_for_another() -> None:
    async with network() as net:
        reader, _, page = await _begun(net)
        other = await net.enter(Role.SHELTER_OPERATOR, "ginepro", body="case")
        _, other_key = await net.with_passkey(other)
        page = await shown(reader, page.form("/conferma"), other_key)
        assert "non vale più" in page.text and await told(net.there, OPENED) == 0


@played
async def test_a_pin_proves_anew_on_a_shared_device_and_a_wrong_one_is_told() -> None:
    async with network() as net:
        ada = await net.enter()
        await net.with_pin(ada, "Ada", PIN)
        reader = await net.shared()
        page = await reader.open(f"/accesso/{ada}")
        await reader.send(page.form(button="Entra"), pin=PIN)
        page = await reader.open("/conferma?torna=/io")
        wrong = await reader.send(page.form("/conferma"), pin="1111")
        assert wrong.status in (401, 422) and "Non è riuscito" in wrong.text
        page = await reader.send(wrong.form("/conferma"), pin=PIN)
        assert page.path == "/io"
        keep(reader, "approdo-session", "x")
        assert (await reader.open("/conferma")).path == "/accesso"


@played
async def test_a_proof_in_another_tab_counts_here_and_none_is_asked_for_again() -> None:
    async with network() as net:
        reader, key, page = await _begun(net)
        still = await reader.send(page.form("/conferma"), modo="ente")
        assert still.h1 == "Conferma che sei tu" and await told(net.there, OPENED) == 0
        tab = await reader.open("/conferma?torna=/io")
        await shown(reader, tab.form("/conferma"), key)
        page = await reader.send(still.form("/conferma"), modo="ente")
        assert "corbezzolo" in page.text and await told(net.there, OPENED) == 1
