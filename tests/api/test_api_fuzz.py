"""Generated requests against the served OpenAPI document (schemathesis): no defect, and nothing undocumented."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks
from schemathesis.core.failures import Failure, FailureGroup

#: for all operations together, on a quiet machine; of each operation, requests at least and at most
SECONDS, LEAST, MOST = 40, 3, 30
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
_WORDS = ["type", "@context", "epcisBody", "eventList", "jsonrpc", "method", "params", "id", "scope", "uri", "name"]

#: the one never ends; the other would make the server call addresses that nobody chose
_LEFT_OUT = {("GET", "/quality/stream"), ("POST", "/quality/webhooks")}

_PATHS = [
    "/trace/", "/quality/", "/events/", "/proofs/", "/capture/", "/pages/", "/quality/lot/", "/quality/report/lot/",
    "/quality/report/month/", "/quality/residues/", "/quality/certificates/", "/quality/footprint/",
    "/quality/shelf-life/", "/quality/incidents/",
]  # fmt: skip


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
    """Every operation is tried, so often as time allows but at least a few times; all defects are told together."""
    key = server.operator.headers["authorization"]
    end, wrong = time.monotonic() + SECONDS / len(GenerationMode), []
    for number, operation in enumerate(operations):
        share = (end - time.monotonic()) / (len(operations) - number)
        try:
            tried = _try(operation, mode, key, share)
        except (Failure, FailureGroup) as failure:
            parts = failure.exceptions if isinstance(failure, FailureGroup) else [failure]
            wrong += [f"{operation.label}: {part}" for part in parts]
        else:
            assert tried >= LEAST or _is_always_the_same(operation, mode, tried), operation.label
    if wrong:
        pytest.fail("\n\n".join(wrong))


def _is_always_the_same(operation: Any, mode: GenerationMode, tried: int) -> bool:
    """A request that takes nothing, and one in which nothing can be wrong."""
    if mode is GenerationMode.NEGATIVE and not tried:
        return True
    return not (operation.query or operation.path_parameters or operation.headers or operation.body)


class _Enough(Exception):
    """Time is up."""


def _try(operation: Any, mode: GenerationMode, key: str, seconds: float) -> int:
    """How many requests were made. Raises the first failure."""
    tried, end = 0, time.monotonic() + seconds

    @settings(
        max_examples=MOST,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        nonlocal tried
        if tried >= LEAST and time.monotonic() > end:
            raise _Enough
        tried += 1
        response = case.call(headers={"Authorization": key})
        case.validate_response(response, checks=CHECKS)

    with suppress(Unsatisfiable, _Enough):
        run()
    return tried


@pytest.fixture(scope="module")
def captured(server: Any, make: Any) -> Any:
    server.capture(make.document(make.event("fuzz")))
    return server


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(_PATHS),
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
