"""Batches: the header under which an organisation records many commitments, its hashes, its signature. Pure."""

from __future__ import annotations

from ledger.batch.header import (
    Domain,
    Header,
    OpenItem,
    batch_root,
    digest,
    encode_items,
    header_hash,
    items_hash,
    organisation_id,
)
from ledger.batch.signing import recover_digest, recover_signer, sign_digest, sign_header, signer_address

__all__ = [
    "Domain",
    "Header",
    "OpenItem",
    "batch_root",
    "digest",
    "encode_items",
    "header_hash",
    "items_hash",
    "organisation_id",
    "recover_digest",
    "recover_signer",
    "sign_digest",
    "sign_header",
    "signer_address",
]
