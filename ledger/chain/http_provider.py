"""web3's HTTP provider with bounded patience: reads are tried again, sends never; a failure is a ChainUnavailable.

web3's own retries include eth_sendRawTransaction and leave dropped connections out; here a send whose answer is lost is
the durable sender's business, which sends the same bytes again. Messages name the host only: paths and queries may
carry keys.
"""

from __future__ import annotations

import random
import time
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from web3 import HTTPProvider
from web3.types import RPCEndpoint, RPCResponse

from ledger.errors import ChainUnavailable, InvalidInput

ATTEMPTS = 4
FIRST_PAUSE = 0.2  # seconds, doubled each time
CONNECT_TIMEOUT = 5.0
TRANSIENT = {408, 425, 429, 500, 502, 503, 504}


class PatientProvider(HTTPProvider):
    def __init__(self, url: str, *, timeout: float = 20.0, attempts: int = ATTEMPTS) -> None:
        self.shown = shown_url(url)
        self._attempts = attempts
        self._timeout = timeout
        super().__init__(
            url,
            request_kwargs={"timeout": (CONNECT_TIMEOUT, timeout), "allow_redirects": False},
            exception_retry_configuration=None,
        )

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        attempts = 1 if method.startswith("eth_send") else self._attempts
        for attempt in range(attempts):
            try:
                return self._once(method, params)
            except _TransientError as failure:
                if attempt + 1 == attempts:
                    raise self._unavailable(f"{failure}, after {attempts} attempt(s)") from None
            time.sleep(FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.0))  # noqa: S311  # jitter, no secret
        raise AssertionError("no attempt was made")

    def _once(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        try:
            response: Any = super().make_request(method, params)
        except requests.HTTPError as error:
            status = 0 if error.response is None else error.response.status_code
            if status in TRANSIENT:
                raise _TransientError(f"the node answers HTTP {status}") from None
            raise self._unavailable(f"the node answers HTTP {status}") from None
        except requests.Timeout:
            raise _TransientError(f"the node does not answer within {self._timeout:g} s") from None
        except requests.ConnectionError as error:
            what = (
                "refuses the connection" if "refused" in str(error) else "cannot be reached, or dropped the connection"
            )
            raise _TransientError(f"the node {what}") from None
        except (
            requests.RequestException,
            OSError,
            ValueError,
        ):  # web3 raises its own kind of ValueError on what is no JSON
            raise self._unavailable("the answer is not JSON-RPC") from None
        if not isinstance(response, dict) or not ("result" in response or isinstance(response.get("error"), dict)):
            raise self._unavailable("the answer is not JSON-RPC")
        return cast(RPCResponse, response)

    def _unavailable(self, message: str) -> ChainUnavailable:
        return ChainUnavailable(
            message,
            where=self.shown,
            expected="an Ethereum JSON-RPC node",
            advice="Check the chain's URL and that the node runs; nothing was lost, and trying again is safe.",
        )


class _TransientError(Exception):
    """Trying again may help."""


def shown_url(url: str) -> str:
    """Scheme, host and port alone; InvalidInput if it is not the URL of a node."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not host:
        raise InvalidInput("this is not a chain's URL", expected="embedded, or http(s)://host[:port][/path]")
    bracketed = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{bracketed}" + (f":{port}" if port else "")
