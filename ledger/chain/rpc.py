"""A chain's blocks for strangers: read-only JSON-RPC 2.0, single and in batches, for whatever server carries it.

Verification thereby uses the same door as on any network. Only the methods listed answer, no request raises, and
nothing here can send a transaction. Limits on bodies and rates are the server's.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from ledger.errors import LotmarkError

from .json_rpc import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    LIMIT_EXCEEDED,
    METHOD_NOT_FOUND,
    PARSE_ERROR,
    RpcError,
)
from .port import Chain

METHODS = frozenset(
    {
        "eth_blockNumber",
        "eth_call",
        "eth_chainId",
        "eth_feeHistory",
        "eth_gasPrice",
        "eth_getBalance",
        "eth_getBlockByHash",
        "eth_getBlockByNumber",
        "eth_getCode",
        "eth_getLogs",
        "eth_getStorageAt",
        "eth_getTransactionByHash",
        "eth_getTransactionCount",
        "eth_getTransactionReceipt",
        "eth_maxPriorityFeePerGas",
        "eth_syncing",
        "net_version",
        "web3_clientVersion",
    }
)
MAX_BATCH = 100
MAX_BATCH_BYTES = 25_000_000  # of answers, as geth has it: requests behind are refused, not done

_log = logging.getLogger(__name__)


def handle(chain: Chain, payload: bytes | str | Any) -> dict[str, Any] | list[dict[str, Any]] | None:
    """The answer to a request body, or to the JSON value in it; None if nothing is to be answered (notifications)."""
    if isinstance(payload, bytes | bytearray | str):
        try:
            payload = json.loads(payload)
        except (ValueError, RecursionError):
            return _failure(None, RpcError(PARSE_ERROR, "the request is not JSON"))
    if not isinstance(payload, list):
        return _answer(chain, payload)
    if not payload or len(payload) > MAX_BATCH:
        return _failure(None, RpcError(INVALID_REQUEST, f"a batch has 1 to {MAX_BATCH} requests"))
    return _answer_batch(chain, payload) or None


def _answer_batch(chain: Chain, requests: list[Any]) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    size = 0
    for request in requests:
        if size < MAX_BATCH_BYTES:
            answer = _answer(chain, request)
        else:
            answer = _failure(_identifier(request), RpcError(LIMIT_EXCEEDED, "the answers of this batch are too large"))
        if answer is not None:
            answers.append(answer)
            size += len(json.dumps(answer))
    return answers


def _answer(chain: Chain, request: Any) -> dict[str, Any] | None:
    identifier = _identifier(request)
    try:
        method, params = _parse(request)
        response = _ask(chain, method, params)
    except RpcError as error:
        return _failure(identifier, error)
    if "id" not in request:
        return None
    return {"jsonrpc": "2.0", "id": identifier} | response


def _identifier(request: Any) -> str | int | None:
    """The request's id, if it can be given back: a string of Unicode characters, or an integer."""
    found = request.get("id") if isinstance(request, dict) else None
    if isinstance(found, str) and not any("\ud800" <= character <= "\udfff" for character in found):
        return found
    return found if isinstance(found, int) else None


def _parse(request: Any) -> tuple[str, list[Any]]:
    if not isinstance(request, dict) or request.get("jsonrpc") != "2.0" or not isinstance(request.get("method"), str):
        raise RpcError(INVALID_REQUEST, "not a JSON-RPC 2.0 request")
    method, params = request["method"], request.get("params", [])
    if method not in METHODS:
        raise RpcError(METHOD_NOT_FOUND, f"the method {method!r:.100} does not exist/is not available")
    if params is None:
        params = []
    if not isinstance(params, list):
        raise RpcError(INVALID_PARAMS, "params must be an array")
    return method, params


def _ask(chain: Chain, method: str, params: list[Any]) -> dict[str, Any]:
    try:
        response = chain.make_request(method, params)
    except LotmarkError as error:
        raise RpcError(INTERNAL_ERROR, str(error)) from error
    except Exception as error:  # strangers' input must never end the server's request with a traceback
        _log.exception("%s failed", method)
        raise RpcError(INTERNAL_ERROR, "internal error") from error
    return {"error": response["error"]} if "error" in response else {"result": response.get("result")}


def _failure(identifier: Any, error: RpcError) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": identifier, "error": error.as_dict()}
