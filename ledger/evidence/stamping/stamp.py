"""One time stamp: the request for it, and whether what came, or what was kept, is a stamp of a note.

A stamp is over the bytes of a head's note as the log keeps it, with the log's signatures and no others, by
SHA-256. The provider's answer (RFC 3161 TimeStampResp, DER) is kept raw: whoever checks it with another
program checks the same bytes. Called by the loop that stamps, the doors that show stamps, `approdo verify`.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography import x509
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, VerifierBuilder, decode_timestamp_response
from rfc3161_client.errors import VerificationError
from rfc3161_client.tsp import PKIStatus, TimeStampResponse

from ledger.faults import LedgerFault

LONGEST_STAMP = 100_000
"""In bytes."""
_SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")


class RootsBroken(LedgerFault):
    """The certificates of those who may vouch for time stamps cannot be read: PEM, one or more."""


class StampFault(enum.StrEnum):
    """Why it is no stamp of this note, in the order in which it is looked for."""

    MALFORMED = "MALFORMED"
    """It cannot be read as an answer of RFC 3161."""
    NOT_GRANTED = "NOT_GRANTED"
    OTHER_REQUEST = "OTHER_REQUEST"
    """It answers another request (its nonce differs)."""
    OTHER_NOTE = "OTHER_NOTE"
    NOT_SIGNED = "NOT_SIGNED"
    """Its signature or its signer's certificate does not hold under the roots."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StampFound:
    """The note was there at `at` (UTC), says `provider` (the subject of the certificate that signs).

    `verified`: the signature holds under roots that were given. Without roots nothing but the note's digest
    was compared, and the rest is what the stamp says of itself.
    """

    at: datetime
    provider: str
    serial: int
    verified: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StampRequest:
    """What is sent to a provider, and what its answer must repeat."""

    raw: bytes
    nonce: int


def stamp_request(note: bytes) -> StampRequest:
    """With a new nonce, and asking for the certificate that signs."""
    built = TimestampRequestBuilder().data(note).hash_algorithm(HashAlgorithm.SHA256).build()
    assert built.nonce is not None and built.cert_req
    return StampRequest(raw=built.as_bytes(), nonce=built.nonce)


def stamp_answered(request: StampRequest, note: bytes, token: bytes, roots: bytes) -> StampFound | StampFault:
    """Whether the answer is a stamp of the note and answers this request. Errors: `RootsBroken`."""
    return _checked(note, token, certificates(roots), request.nonce)


def check_stamp(note: bytes, token: bytes, roots: bytes | None) -> StampFound | StampFault:
    """Whether a kept answer is a stamp of the note. `roots` are certificates in PEM: the provider's root, and
    whatever of its chain is not in the answer. They hold as of the stamp's instant, also when they are past.

    Errors: `RootsBroken`.
    """
    return _checked(note, token, certificates(roots) if roots is not None else None, None)


def certificates(roots: bytes) -> Sequence[x509.Certificate]:
    """Errors: `RootsBroken`."""
    try:
        return x509.load_pem_x509_certificates(roots)
    except ValueError:
        raise RootsBroken from None


def _checked(
    note: bytes, token: bytes, roots: Sequence[x509.Certificate] | None, nonce: int | None
) -> StampFound | StampFault:
    if len(token) > LONGEST_STAMP:
        return StampFault.MALFORMED
    try:
        answer = decode_timestamp_response(token)
        if answer.status != PKIStatus.GRANTED:
            return StampFault.NOT_GRANTED
        told = answer.tst_info
        imprint = told.message_imprint
        if nonce is not None and told.nonce != nonce:
            return StampFault.OTHER_REQUEST
        if (imprint.hash_algorithm, imprint.message) != (_SHA256, sha256(note).digest()):
            return StampFault.OTHER_NOTE
        if roots is not None and not _holds(answer, note, roots):
            return StampFault.NOT_SIGNED
        return StampFound(
            at=told.gen_time,
            provider=_signer(answer),
            serial=told.serial_number,
            verified=roots is not None,
        )
    except (ValueError, x509.InvalidVersion):
        return StampFault.MALFORMED


def _holds(answer: TimeStampResponse, note: bytes, roots: Sequence[x509.Certificate]) -> bool:
    try:
        return VerifierBuilder(roots=list(roots)).build().verify_message(answer, note)
    except VerificationError:
        return False


def _signer(answer: TimeStampResponse) -> str:
    """Of the certificate that the signature names; empty where the answer does not carry it."""
    signers = [(signer.issuer, signer.serial_number) for signer in answer.signed_data.signer_infos]
    for each in answer.signed_data.certificates:
        found = x509.load_der_x509_certificate(each)
        if (found.issuer, found.serial_number) in signers:
            return found.subject.rfc4514_string()
    return ""
