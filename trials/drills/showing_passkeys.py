"""Passkeys of the drill `tokens`: answers of an authenticator that were made for something else, by somebody
else, or before. Each gets in where its check is taken away, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from trials.drills.knocking import Browser
from trials.stage.authenticator import FLAG, Authenticator
from trials.stage.ledger_on import PUBLIC_ORIGIN

_MAKE, _SHOW = "/identity/passkeys", "/identity/session/passkey"


@dataclass(frozen=True, kw_only=True, slots=True)
class PasskeyScene:
    """What the drill gives: browsers, each time an invitation of somebody else, checks to take, a tally."""

    browser: Callable[[], Browser]
    invited: Callable[[], str]
    taking: Callable[[str], AbstractContextManager[None]]
    attack: Callable[[str, bool], None]
    twin: Callable[[str, bool], None]


def passkeys(on: PasskeyScene) -> None:
    key = Authenticator(origin=PUBLIC_ORIGIN, host="localhost")
    on.twin("a passkey made with an invitation", _makes(on.browser(), on.invited(), key))
    on.twin("a passkey shown", _shows(on.browser(), key))
    stranger = ec.generate_private_key(ec.SECP256R1())
    wrong: tuple[tuple[str, dict[str, Any]], ...] = (
        ("a passkey's answer signed by another key", {"signed_by": stranger}),
        ("a passkey's answer to another page", {"origin": "https://elsewhere.invalid"}),
        ("a passkey's answer for another host", {"host": "elsewhere.invalid"}),
        ("a passkey's answer to another question", {"challenge": "A" * 43}),
        ("a passkey's answer without the person", {"flags": FLAG.UP}),
    )
    for name, changes in wrong:
        with on.taking("passkey_answer"):
            on.attack(name, _shows(on.browser(), key, **changes))
    _again(on)
    with on.taking("passkey_counter"):
        key.counter = 0
        on.attack("a copied passkey", _shows(on.browser(), key))
    _invitation_twice(on)


def _again(on: PasskeyScene) -> None:
    """The same answer, in the same browser, of an authenticator that counts nothing."""
    key = Authenticator(origin=PUBLIC_ORIGIN, host="localhost", counts=False)
    assert _makes(on.browser(), on.invited(), key)
    first = on.browser()
    answer = {"credential": key.shown(_asked(first, _SHOW, {}))}
    second = first.copy()
    on.twin("a passkey's answer the first time", first.post(_SHOW, answer).status == 201)
    with on.taking("assertion_once"):
        on.attack("a passkey's answer again", second.post(_SHOW, answer).status == 201)


def _invitation_twice(on: PasskeyScene) -> None:
    code, browsers = on.invited(), (on.browser(), on.browser())
    asked = [_asked(browser, _MAKE, {"invitation": code}) for browser in browsers]
    keys = [Authenticator(origin=PUBLIC_ORIGIN, host="localhost") for _ in browsers]
    on.twin(
        "an invitation the first time",
        browsers[0].post(_MAKE, {"credential": keys[0].made(asked[0])}).status == 201,
    )
    with on.taking("invitation_once"):
        made = browsers[1].post(_MAKE, {"credential": keys[1].made(asked[1])})
        on.attack("an invitation again", made.status == 201)


def _asked(browser: Browser, path: str, body: dict[str, str]) -> dict[str, Any]:
    answer = browser.post(f"{path}/options", body)
    assert answer.status == 200, answer
    options: dict[str, Any] = answer.json["options"]
    return options


def _makes(browser: Browser, code: str, key: Authenticator) -> bool:
    asked = _asked(browser, _MAKE, {"invitation": code})
    return browser.post(_MAKE, {"credential": key.made(asked)}).status == 201


def _shows(browser: Browser, key: Authenticator, **wrong: Any) -> bool:
    return browser.post(_SHOW, {"credential": key.shown(_asked(browser, _SHOW, {}), **wrong)}).status == 201
