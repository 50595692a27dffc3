"""Bearer tokens: one good way in, and every way that others were fooled refused."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from api.identity.caller import Unauthenticated
from api.identity.key_file import BadKeyFile, KeyFile
from api.identity.tokens import LONGEST_TOKEN, Tokens

ISSUER, AUDIENCE = "https://issuer.invalid", "approdo"
NOW = datetime(2026, 11, 21, 1, 13, tzinfo=UTC)
EDWARDS = OKPKey.generate_key("Ed25519", {"kid": "edwards"})
ELLIPTIC = ECKey.generate_key("P-256", {"kid": "elliptic"})
STRANGER = OKPKey.generate_key("Ed25519", {"kid": "edwards"})
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "somebody",
    "exp": int(NOW.timestamp()) + 600,
    "nbf": int(NOW.timestamp()) - 5,
}
HEADER = {"alg": "Ed25519", "kid": "edwards", "typ": "at+jwt"}
ANY = jws.JWSRegistry(algorithms=["HS256", "RS256", "Ed25519", "ES256", "ES384"], strict_check_header=False)


def key_set(path: Path, *keys: Key) -> Path:
    path.write_text(json.dumps({"keys": [key.as_dict(private=False) for key in keys]}))
    return path


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def signed(claims: dict[str, Any], header: dict[str, Any] = HEADER, key: Key = EDWARDS) -> str:
    return jws.serialize_compact(header, json.dumps(claims), key, registry=ANY)


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    keys = KeyFile(key_set(tmp_path / "keys.json", EDWARDS, ELLIPTIC))
    return Tokens(keys, issuer=ISSUER, audience=AUDIENCE, clock=lambda: NOW)


def refused(tokens: Tokens, token: str) -> str:
    with pytest.raises(Unauthenticated) as told:
        tokens.check(token)
    return told.value.code


def test_a_good_token_says_who_and_never_what_they_may_do(tokens: Tokens) -> None:
    proved = int(NOW.timestamp()) - 60
    bearer = tokens.check(signed({**CLAIMS, "auth_time": proved, "approdo_role": "LEAD_BODY"}))
    assert (bearer.issuer, bearer.subject, bearer.authenticated_at) == (ISSUER, "somebody", proved)
    assert tokens.check(signed(CLAIMS)).authenticated_at is None
    assert "LEAD" not in repr(bearer)


@pytest.mark.parametrize(
    ("algorithm", "key"), [("EdDSA", EDWARDS), ("Ed25519", EDWARDS), ("ES256", ELLIPTIC)]
)
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_the_allowed_algorithms_are_accepted(tokens: Tokens, algorithm: str, key: Key) -> None:
    registry = jws.JWSRegistry(algorithms=[algorithm])
    header = {"alg": algorithm, "kid": key.kid, "typ": "application/at+jwt"}
    token = jws.serialize_compact(
        header, json.dumps({**CLAIMS, "aud": ["other", AUDIENCE]}), key, registry=registry
    )
    assert tokens.check(token).subject == "somebody"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"iss": "https://other.invalid"}, "TOKEN_ISSUER_WRONG"),
        ({"iss": None}, "TOKEN_ISSUER_WRONG"),
        ({"aud": "another"}, "TOKEN_AUDIENCE_WRONG"),
        ({"aud": ["another"]}, "TOKEN_AUDIENCE_WRONG"),
        ({"aud": None}, "TOKEN_AUDIENCE_WRONG"),
        ({"sub": ""}, "TOKEN_SUBJECT_MISSING"),
        ({"sub": 7}, "TOKEN_SUBJECT_MISSING"),
        ({"exp": CLAIMS["exp"] - 631}, "TOKEN_EXPIRED"),
        ({"exp": None}, "TOKEN_EXP_WRONG"),
        ({"exp": True}, "TOKEN_EXP_WRONG"),
        ({"exp": "2099-01-01"}, "TOKEN_EXP_WRONG"),
        ({"exp": 1e300}, "TOKEN_EXP_WRONG"),
        ({"nbf": CLAIMS["nbf"] + 36}, "TOKEN_NOT_YET_VALID"),
        ({"nbf": "soon"}, "TOKEN_NBF_WRONG"),
        ({"iat": CLAIMS["nbf"] + 3600}, "TOKEN_NOT_YET_VALID"),
        ({"auth_time": "now"}, "TOKEN_AUTH_TIME_WRONG"),
        ({"auth_time": int(NOW.timestamp()) + 600}, "TOKEN_NOT_YET_VALID"),
    ],
)
def test_a_signed_token_with_wrong_claims_is_refused(
    tokens: Tokens, change: dict[str, Any], code: str
) -> None:
    assert refused(tokens, signed({**CLAIMS, **change})) == code


def test_the_leeway_is_thirty_seconds_either_way(tokens: Tokens) -> None:
    at = int(NOW.timestamp())
    assert tokens.check(signed({**CLAIMS, "exp": at - 29, "nbf": at + 29})).subject == "somebody"
    assert refused(tokens, signed({**CLAIMS, "exp": at - 30})) == "TOKEN_EXPIRED"
    assert refused(tokens, signed({**CLAIMS, "nbf": at + 31})) == "TOKEN_NOT_YET_VALID"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"typ": "JWT"}, "TOKEN_TYPE_WRONG"),
        ({"typ": None}, "TOKEN_TYPE_WRONG"),
        ({"kid": "nobody's"}, "TOKEN_KEY_UNKNOWN"),
        ({"kid": "../edwards"}, "TOKEN_KEY_UNKNOWN"),
        ({"kid": 1}, "TOKEN_KEY_MISSING"),
        ({"kid": "elliptic"}, "TOKEN_SIGNATURE_WRONG"),
        ({"crit": ["exp"]}, "TOKEN_CRITICAL_UNKNOWN"),
        ({"crit": []}, "TOKEN_CRITICAL_UNKNOWN"),
        ({"b64": False}, "TOKEN_HEADER_UNKNOWN"),
        ({"jku": "https://evil.invalid/keys"}, "TOKEN_HEADER_UNKNOWN"),
        ({"jwk": STRANGER.as_dict(private=False)}, "TOKEN_HEADER_UNKNOWN"),
        ({"alg": "ES256"}, "TOKEN_SIGNATURE_WRONG"),
        ({"alg": "none"}, "TOKEN_ALGORITHM_REFUSED"),
        ({"alg": "RS256"}, "TOKEN_ALGORITHM_REFUSED"),
        ({"alg": "HS256"}, "TOKEN_ALGORITHM_REFUSED"),
        ({"alg": None}, "TOKEN_ALGORITHM_REFUSED"),
    ],
)
def test_a_token_with_another_header_is_refused(tokens: Tokens, change: dict[str, Any], code: str) -> None:
    _, payload, signature = signed(CLAIMS).split(".")
    assert refused(tokens, f"{part({**HEADER, **change})}.{payload}.{signature}") == code


def test_a_missing_key_id_is_refused_also_where_there_is_one_key(tmp_path: Path) -> None:
    alone = Tokens(
        KeyFile(key_set(tmp_path / "one.json", EDWARDS)), issuer=ISSUER, audience=AUDIENCE, clock=lambda: NOW
    )
    header = {"alg": "Ed25519", "typ": "at+jwt"}
    assert refused(alone, signed(CLAIMS, header)) == "TOKEN_KEY_MISSING"
    assert alone.check(signed(CLAIMS)).subject == "somebody"


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(tokens: Tokens) -> None:
    public = OctKey.import_key(EDWARDS.as_dict(private=False)["x"].encode())  # type: ignore[union-attr]
    forged = signed(CLAIMS, {**HEADER, "alg": "HS256"}, public)
    assert refused(tokens, forged) == "TOKEN_ALGORITHM_REFUSED"


def test_a_token_without_signature_is_refused(tokens: Tokens) -> None:
    unsigned = f"{part({**HEADER, 'alg': 'none'})}.{part(CLAIMS)}."
    assert refused(tokens, unsigned) == "TOKEN_ALGORITHM_REFUSED"
    assert refused(tokens, f"{part(HEADER)}.{part(CLAIMS)}.") == "TOKEN_SIGNATURE_WRONG"


def test_a_token_of_another_key_under_the_same_id_is_refused(tokens: Tokens) -> None:
    assert refused(tokens, signed(CLAIMS, key=STRANGER)) == "TOKEN_SIGNATURE_WRONG"


def test_a_token_whose_claims_were_changed_is_refused(tokens: Tokens) -> None:
    header, _, signature = signed(CLAIMS).split(".")
    forged = part({**CLAIMS, "sub": "somebody else"})
    assert refused(tokens, f"{header}.{forged}.{signature}") == "TOKEN_SIGNATURE_WRONG"


def test_claims_named_twice_are_refused(tokens: Tokens) -> None:
    twice = json.dumps(CLAIMS)[:-1] + ', "sub": "somebody else"}'
    token = jws.serialize_compact(HEADER, twice, EDWARDS, registry=ANY)
    assert refused(tokens, token) == "TOKEN_MALFORMED"


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b",
        "a.b.c.d",
        "é.é.é",
        "🙂",
        "null.null.null",
        "\x00" * 40,
        f"{part([])}.{part({})}.",
        f"{base64.urlsafe_b64encode(b'[' * 3000).decode()}.a.b",
        f"{part(HEADER)[:-3]}.{part(CLAIMS)}.x",
    ],
)
def test_what_is_not_a_token_is_refused(tokens: Tokens, token: str) -> None:
    assert refused(tokens, token) == "TOKEN_MALFORMED"


def test_an_oversized_token_is_refused_before_it_is_read(tokens: Tokens) -> None:
    assert refused(tokens, "a" * (LONGEST_TOKEN + 1)) == "TOKEN_TOO_LONG"
    assert refused(tokens, signed({**CLAIMS, "more": "x" * LONGEST_TOKEN})) == "TOKEN_TOO_LONG"


class Moving:
    """A clock that a test moves."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


def test_a_token_seen_before_still_expires(tmp_path: Path) -> None:
    clock = Moving()
    tokens = Tokens(
        KeyFile(key_set(tmp_path / "keys.json", EDWARDS)), issuer=ISSUER, audience=AUDIENCE, clock=clock
    )
    token = signed(CLAIMS)
    assert tokens.check(token) is tokens.check(token)
    clock.now = NOW + timedelta(seconds=631)
    assert refused(tokens, token) == "TOKEN_EXPIRED"


def test_a_key_taken_out_of_the_file_opens_nothing_any_more(tmp_path: Path) -> None:
    path = key_set(tmp_path / "keys.json", EDWARDS, ELLIPTIC)
    tokens = Tokens(KeyFile(path), issuer=ISSUER, audience=AUDIENCE, clock=lambda: NOW)
    token = signed(CLAIMS)
    tokens.check(token)
    key_set(path, ELLIPTIC)
    assert refused(tokens, token) == "TOKEN_KEY_UNKNOWN"
    key_set(path, EDWARDS, ELLIPTIC)
    assert tokens.check(token).subject == "somebody"


def test_a_file_that_turns_bad_leaves_the_keys_in_force_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = key_set(tmp_path / "keys.json", EDWARDS)
    tokens = Tokens(KeyFile(path), issuer=ISSUER, audience=AUDIENCE, clock=lambda: NOW)
    path.write_text("{")
    assert tokens.check(signed(CLAIMS)).subject == "somebody"
    path.unlink()
    assert tokens.check(signed({**CLAIMS, "sub": "another"})).subject == "another"
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]


def _private(path: Path) -> None:
    path.write_text(json.dumps({"keys": [EDWARDS.as_dict(private=True)]}))


def _symmetric(path: Path) -> None:
    path.write_text(json.dumps({"keys": [OctKey.generate_key(256, {"kid": "a"}).as_dict()]}))


def _large_rsa(path: Path) -> None:
    key_set(path, RSAKey.generate_key(2048, {"kid": "a"}))


def _twice(path: Path) -> None:
    key_set(path, EDWARDS, STRANGER)


def _broken_point(path: Path) -> None:
    path.write_text('{"keys": [{"kty": "EC", "crv": "P-256", "kid": "a", "x": "AA", "y": "AA"}]}')


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (Path.exists, "cannot be read"),
        (lambda path: path.write_text("keys"), "not a JSON object"),
        (lambda path: path.write_text('{"keys": []}'), "has no Ed25519 or P-256 key"),
        (lambda path: path.write_text('{"keys": 7}'), "has no Ed25519 or P-256 key"),
        (_large_rsa, "has no Ed25519 or P-256 key"),
        (_private, "public keys alone"),
        (_symmetric, "public keys alone"),
        (_twice, "twice"),
        (_broken_point, "not a valid key"),
    ],
)
def test_a_bad_key_file_is_refused_when_the_program_starts(
    tmp_path: Path, write: Callable[[Path], object], said: str
) -> None:
    path = tmp_path / "keys.json"
    write(path)
    with pytest.raises(BadKeyFile, match=said):
        KeyFile(path)


def test_checking_a_token_seen_before_costs_no_signature(tokens: Tokens) -> None:
    token = signed(CLAIMS)
    tokens.check(token)
    began = time.perf_counter()
    for _ in range(200):
        tokens.check(token)
    assert (time.perf_counter() - began) / 200 < 0.005
