"""Encrypting to one person: CMS EnvelopedData (RFC 5652) with AES-256-CBC, for an X.509 certificate.

`openssl cms -decrypt -inform DER` opens it. The library wraps the content key with RSA (PKCS #1 v1.5) alone,
so the recipient needs an RSA certificate. An envelope keeps secret and does not vouch: what is inside carries
its own proofs and signatures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

from ledger.faults import LedgerFault

SMALLEST_KEY = 2048
"""In bits."""


class RecipientUnfit(LedgerFault):
    """This recipient's certificate cannot be used."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who alone can open it."""

    certificate: x509.Certificate

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hexadecimal."""
        return self.certificate.fingerprint(SHA256()).hex()

    def enveloped(self, content: bytes) -> bytes:
        """In DER."""
        builder = PKCS7EnvelopeBuilder().set_data(content).add_recipient(self.certificate)
        sealed = builder.set_content_encryption_algorithm(AES256)
        return sealed.encrypt(Encoding.DER, [PKCS7Options.Binary])


def recipient_of(pem: bytes, now: datetime) -> Recipient:
    """Errors: `RecipientUnfit`."""
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        key = certificate.public_key()
    except ValueError:
        raise RecipientUnfit("not an X.509 certificate in PEM") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < SMALLEST_KEY:
        raise RecipientUnfit(f"it has no RSA key of {SMALLEST_KEY} bits or more")
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise RecipientUnfit("it is not valid now")
    return Recipient(certificate)
