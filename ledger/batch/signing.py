"""Signing a header and finding who signed it: secp256k1 over the EIP-712 digest, 65 bytes r ‖ s ‖ v.

One signature has one form here: v is 27 or 28 and s lies in the lower half of the curve's order (as EIP-2 has it for
transactions), so a stranger cannot make a second valid signature from a first. A signature is still no identifier of
anything.
"""

from __future__ import annotations

from coincurve import PrivateKey, PublicKey
from eth_hash.auto import keccak

from ledger.batch.header import Domain, Header, digest
from ledger.errors import InvalidInput

SIGNATURE_SIZE = 65
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def sign_header(header: Header, domain: Domain, private_key: bytes) -> bytes:
    """The signature of `header` for the ledger `domain`; deterministic (RFC 6979)."""
    return sign_digest(digest(header, domain), private_key)


def recover_signer(header: Header, domain: Domain, signature: bytes) -> bytes:
    """The address whose key signed; InvalidInput for a signature in any but the one accepted form."""
    return recover_digest(digest(header, domain), signature)


def sign_digest(digest_: bytes, private_key: bytes) -> bytes:
    signature = _key(private_key).sign_recoverable(digest_, hasher=None)
    return signature[:64] + bytes([27 + signature[64]])


def recover_digest(digest_: bytes, signature: bytes) -> bytes:
    if len(signature) != SIGNATURE_SIZE:
        raise InvalidInput(f"a signature of {len(signature)} bytes", expected=f"{SIGNATURE_SIZE} bytes r ‖ s ‖ v")
    if signature[64] not in (27, 28):
        raise InvalidInput(f"v is {signature[64]}", where="signature", expected="27 or 28")
    if int.from_bytes(signature[32:64], "big") > _ORDER // 2:
        raise InvalidInput("s is in the upper half", where="signature", expected="the low-s form of the signature")
    try:
        key = PublicKey.from_signature_and_message(signature[:64] + bytes([signature[64] - 27]), digest_, hasher=None)
    except Exception as error:  # coincurve raises bare Exception when no key fits
        raise InvalidInput("no key can have made it", where="signature") from error
    return address_of(key)


def address_of(key: PublicKey) -> bytes:
    """The Ethereum address of a public key."""
    return keccak(key.format(compressed=False)[1:])[-20:]


def signer_address(private_key: bytes) -> bytes:
    """The address that signatures of `private_key` recover to."""
    return address_of(_key(private_key).public_key)


def _key(private_key: bytes) -> PrivateKey:
    number = int.from_bytes(private_key, "big")
    if len(private_key) != 32 or not 0 < number < _ORDER:
        raise InvalidInput("not a private key", expected="32 bytes, a number below the order of secp256k1")
    return PrivateKey(private_key)
