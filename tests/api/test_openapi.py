"""The documentation is true: examples fit their schemas, errors are documented, and what is answered fits too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs
import pytest

from api.quality.intake.files import LAYOUTS

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def openapi(server: Any) -> dict[str, Any]:
    return dict(server.client().get("/openapi.json").json())


@pytest.fixture(scope="module")
def check(openapi: dict[str, Any]) -> Callable[[Any, dict[str, Any]], None]:
    """Assert that a value fits a schema of the document."""

    def fits(value: Any, schema: dict[str, Any]) -> None:
        whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": openapi["components"]}
        errors = [error.message for error in jsonschema_rs.validator_for(whole | schema).iter_errors(value)]
        assert errors == []

    return fits


def _operations(openapi: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in openapi["paths"].items():
        for method, operation in operations.items():
            yield path, method, operation


def test_everything_is_there(openapi: dict[str, Any]) -> None:
    assert {(method.upper(), path) for path, method, _ in _operations(openapi)} == {
        ("POST", "/capture"),
        ("GET", "/capture"),
        ("GET", "/capture/{captureID}"),
        ("GET", "/events/{eventID}"),
        ("GET", "/trace/{item}"),
        ("GET", "/quality/{item}"),
        ("GET", "/quality/shelf-life/{item}"),
        ("GET", "/quality/residues/{item}"),
        ("GET", "/quality/retests"),
        ("GET", "/quality/certificates/{item}"),
        ("GET", "/quality/mass-balance"),
        ("GET", "/quality/footprint/{item}"),
        ("GET", "/quality/imports"),
        ("GET", "/quality/models"),
        ("POST", "/quality/models"),
        *(("POST", f"/quality/{kind}") for kind in LAYOUTS),
        ("POST", "/quality/archive"),
        ("GET", "/quality/lot/{item}"),
        ("GET", "/quality/report/lot/{item}"),
        ("GET", "/quality/report/month/{month}"),
        ("GET", "/quality/root-cause"),
        ("POST", "/quality/root-cause"),
        ("GET", "/quality/table"),
        ("GET", "/quality/touched"),
        ("GET", "/quality/pipeline"),
        ("PUT", "/quality/pipeline"),
        ("GET", "/quality/spc"),
        ("GET", "/quality/spc/chart"),
        ("GET", "/quality/spc/limits"),
        ("GET", "/quality/spc/multivariate"),
        ("POST", "/quality/spc/limits"),
        ("GET", "/quality/spc/capability"),
        ("GET", "/quality/sampling/plan"),
        ("GET", "/quality/sampling/oc"),
        ("GET", "/quality/sampling/find"),
        ("GET", "/quality/oee"),
        ("GET", "/quality/yield"),
        ("GET", "/quality/suppliers"),
        ("GET", "/quality/gage"),
        ("POST", "/quality/gage"),
        ("GET", "/quality/calibration"),
        ("GET", "/quality/incidents"),
        ("GET", "/quality/incidents/{id}"),
        ("POST", "/quality/incidents/{id}/acknowledge"),
        ("POST", "/quality/incidents/{id}/owner"),
        ("POST", "/quality/incidents/{id}/close"),
        ("GET", "/quality/holds"),
        ("POST", "/quality/holds"),
        ("POST", "/quality/holds/{id}/release"),
        ("GET", "/quality/rules"),
        ("POST", "/quality/rules"),
        ("DELETE", "/quality/rules/{name}"),
        ("GET", "/quality/dead-letters"),
        ("GET", "/quality/webhooks"),
        ("POST", "/quality/webhooks"),
        ("DELETE", "/quality/webhooks/{id}"),
        ("GET", "/quality/stream"),
        ("GET", "/proofs"),
        ("GET", "/proofs/{commitment}"),
        ("GET", "/organisations"),
        ("POST", "/organisations"),
        ("GET", "/keys"),
        ("POST", "/keys"),
        ("DELETE", "/keys/{id}"),
        ("GET", "/health"),
        ("POST", "/rpc"),
        ("GET", "/pages/start.json"),
    }


def test_every_example_fits_its_schema(openapi: dict[str, Any], check: Callable[..., None]) -> None:
    shown = 0
    for name, schema in openapi["components"]["schemas"].items():
        for example in schema.get("examples", ()):
            check(example, {"$ref": f"#/components/schemas/{name}"})
            shown += 1
        for field in schema.get("properties", {}).values():
            for example in field.get("examples", ()):
                check(example, field)
                shown += 1
    for _, _, operation in _operations(openapi):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            check(content["example"], content["schema"])
            shown += 1
        for parameter in operation.get("parameters", ()):
            for example in parameter.get("examples", ()) or parameter["schema"].get("examples", ()):
                check(example, parameter["schema"])
                shown += 1
    assert shown > 30


def test_every_answer_has_an_example(openapi: dict[str, Any]) -> None:
    schemas = openapi["components"]["schemas"]
    for path, method, operation in _operations(openapi):
        for status, answer in operation["responses"].items():
            for media_type, content in answer.get("content", {}).items():
                if media_type == "application/json" and "/proofs" not in path and path != "/rpc":
                    reference = content["schema"].get("items", content["schema"])["$ref"].rpartition("/")[2]
                    assert schemas[reference]["examples"], (method, path, status)


def test_errors_are_problem_details(openapi: dict[str, Any]) -> None:
    for path, method, operation in _operations(openapi):
        answers = {int(status): answer for status, answer in operation["responses"].items()}
        assert 422 not in answers, (method, path)
        for status, answer in answers.items():
            if status >= 400:
                assert answer["content"] == {PROBLEM: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
        if operation.get("security"):
            assert 401 in answers, (method, path)
        if "requestBody" in operation:
            assert {413, 415} <= answers.keys(), (method, path)
        if operation.get("parameters") and "/keys/" not in path:
            assert 400 in answers, (method, path)


def test_the_capture_example_is_captured(server: Any, openapi: dict[str, Any]) -> None:
    content = openapi["paths"]["/capture"]["post"]["requestBody"]["content"]
    assert server.capture(content["application/json"]["example"])["captured"] == 1


@pytest.mark.parametrize("kind", LAYOUTS)
def test_the_examples_of_tables_are_imported(server: Any, openapi: dict[str, Any], kind: str) -> None:
    path, csv = f"/quality/{kind}", {"content-type": "text/csv"}
    content = openapi["paths"][path]["post"]["requestBody"]["content"]
    answer = server.operator.post(path, content=content["text/csv"]["example"], headers=csv).json()
    assert (answer["imported"], answer["known"], answer["conflicting"]) == (1, 0, 0)
    again = server.operator.post(path, json=content["application/json"]["example"]).json()
    assert (again["imported"], again["known"], again["conflicting"]) == (0, 1, 0)
    imports = server.operator.get("/quality/imports").json()
    assert [file["format"] for file in imports if file["kind"] == kind] == ["json", "csv"]


def test_answers_fit_their_schemas(server: Any, make: Any, openapi: dict[str, Any], check: Callable[..., None]) -> None:
    job = server.capture(make.document(make.event("in"), make.mixing(["in"], "out")))
    csv = f"time,sensor,place,quantity_kind,value,unit\n2026-06-01T06:00:00Z,s,{make.place},Temperature,4,CEL\n"
    server.operator.post("/quality/readings", content=csv, headers={"content-type": "text/csv"})
    server.settle()
    trace = server.operator.get("/trace/(01)09521000010017(10)in").json()
    assert trace["quality"]
    for path, template in {
        "/trace/(01)09521000010017(10)in": "/trace/{item}",
        "/trace/(01)09521000010017(10)in?depth=0": "/trace/{item}",
        "/quality/(01)09521000010017(10)in": "/quality/{item}",
        f"/events/{trace['events'][0]['commitment']}": "/events/{eventID}",
        f"/capture/{job['captureID']}": "/capture/{captureID}",
        "/capture": "/capture",
        "/organisations": "/organisations",
        "/health": "/health",
        "/pages/start.json": "/pages/start.json",
        "/keys": "/keys",
        "/quality/imports": "/quality/imports",
    }.items():
        content = openapi["paths"][template]["get"]["responses"]["200"]["content"]
        check(server.operator.get(path).json(), content["application/json"]["schema"])
    for path in ("/trace/x", "/events/urn:none", "/capture/none", "/proofs/1", "/nope"):
        check(server.operator.get(path).json(), {"$ref": "#/components/schemas/ProblemDetails"})
