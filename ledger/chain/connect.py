"""One way to connect, by URL: `embedded` (a file of this machine) or `http(s)://…` (any Ethereum node)."""

from __future__ import annotations

from pathlib import Path

from ledger.errors import InvalidInput

from .http_provider import PatientProvider, shown_url
from .port import Chain
from .web3_chain import Web3Chain

EMBEDDED = "embedded"


def connect(
    url: str,
    *,
    path: Path | None = None,
    carrier: bytes | None = None,
    finality_depth: int | None = None,
    timeout: float = 20.0,
) -> Chain:
    """The chain at `url`, which has answered.

    `embedded` needs `path`, its SQLite file (or `embedded:<path>`), and, to make a new chain there, `carrier`: the
    address it funds. On a node, a block is final as its `finalized` tag says, or after `finality_depth` further blocks.
    """
    scheme, _, rest = url.partition(":")
    if scheme == EMBEDDED:
        file = Path(rest) if rest else path
        if file is None:
            raise InvalidInput("the embedded chain needs a file", where=url, expected="embedded:<path>")
        return _embedded(file, carrier)
    return Web3Chain(PatientProvider(url, timeout=timeout), shown_url(url), finality_depth=finality_depth)


def _embedded(path: Path, carrier: bytes | None) -> Chain:
    # py-evm takes a second to import, which a connection to a node does without
    from .embedded.node import EmbeddedNode
    from .embedded.provider import EmbeddedProvider

    return Web3Chain(EmbeddedProvider(EmbeddedNode(path, carrier)), EMBEDDED)
