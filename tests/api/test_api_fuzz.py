"""Generated requests against the served OpenAPI document (schemathesis): no defect, and nothing undocumented."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks

SECONDS = 30
_WORDS = ["type", "@context", "epcisBody", "eventList", "jsonrpc", "method", "params", "id", "scope", "uri", "name"]

#: the one never ends; the other would make the server call addresses that nobody chose
_LEFT_OUT = {("GET", "/quality/stream"), ("POST", "/quality/webhooks")}

_PATHS = ["/trace/", "/quality/", "/events/", "/proofs/", "/capture/", "/pages/"]


def _json_text(value: Any) -> bytes:
    """With NaN, Infinity and lone surrogates where there are some."""
    return json.dumps(value).encode()


@pytest.fixture(scope="module")
def operations(server: Any, make: Any) -> list[Any]:
    server.capture(make.document(make.event("in"), make.mixing(["in"], "out")))
    schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    return [each for each in operations if (each.method.upper(), each.path) not in _LEFT_OUT]


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_generated_requests(server: Any, operations: list[Any], mode: GenerationMode) -> None:
    tried = 0
    end = time.monotonic() + SECONDS / 2
    http = server.operator
    for operation in operations:
        share = (end - time.monotonic()) / (len(operations) - operations.index(operation))
        tried += _try(http, operation, mode, share)
    assert tried > len(operations)


def _try(http: httpx.Client, operation: Any, mode: GenerationMode, seconds: float) -> int:
    cases = operation.as_strategy(generation_mode=mode)
    tried, end = 0, time.monotonic() + seconds

    @settings(
        max_examples=30,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def run(case: Any) -> None:
        nonlocal tried
        if not tried or time.monotonic() < end:  # each at least once, on however slow a machine
            tried += 1
            response = case.call(headers={"Authorization": http.headers["authorization"]})
            case.validate_response(
                response,
                checks=[
                    checks.not_a_server_error,
                    checks.status_code_conformance,
                    checks.content_type_conformance,
                    checks.response_schema_conformance,
                ],
            )

    with suppress(Unsatisfiable):  # nothing can be wrong in a request that takes nothing
        run()
    return tried


@pytest.fixture(scope="module")
def captured(server: Any, make: Any) -> Any:
    server.capture(make.document(make.event("fuzz")))
    return server


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/trace/", "/quality/", "/events/", "/proofs/", "/capture/", "/pages/"]),
    raw=st.binary(max_size=60),
)
def test_any_bytes_in_a_path(captured: Any, path: str, raw: bytes) -> None:
    encoded = "".join(f"%{byte:02X}" for byte in raw)
    response = captured.operator.get(path + encoded)
    assert response.status_code in (200, 400, 404)
    response.json() if response.headers["content-type"].endswith("json") else response.text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(st.characters(), max_size=10),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_WORDS), inner, max_size=4),
    ).map(_json_text),
    path=st.sampled_from(["/capture?organisation=orchard", "/rpc", "/keys", "/organisations"]),
)
def test_any_body(captured: Any, body: bytes, path: str) -> None:
    response = captured.operator.post(path, content=body, headers={"content-type": "application/json"})
    assert response.status_code in ((200, 204) if path == "/rpc" else (400,))
