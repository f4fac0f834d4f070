"""A web3 provider that asks the embedded chain in this process; the same JSON-RPC as over a network, without one."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from web3._utils.encoding import Web3JsonEncoder
from web3.providers.base import BaseProvider
from web3.types import RPCEndpoint, RPCResponse

from ledger.chain.json_rpc import RpcError
from ledger.errors import ChainUnavailable

from .methods import answer
from .node import EmbeddedNode


class EmbeddedProvider(BaseProvider):
    def __init__(self, node: EmbeddedNode) -> None:
        super().__init__()
        self.node = node

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        plain = json.loads(json.dumps(params, cls=Web3JsonEncoder))  # web3 passes bytes and its own mappings
        try:
            return {"jsonrpc": "2.0", "id": 0, "result": answer(self.node, method, plain)}
        except RpcError as error:
            return {"jsonrpc": "2.0", "id": 0, "error": error.as_dict()}  # type: ignore[typeddict-item]
        except sqlite3.Error as error:
            raise ChainUnavailable(
                f"the embedded chain's file fails: {error}",
                advice="See that the disk has room and the file is intact; the last block stored stays.",
            ) from error

    def is_connected(self, show_traceback: bool = False) -> bool:
        return True

    def close(self) -> None:
        self.node.close()
