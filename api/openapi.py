"""The OpenAPI document: FastAPI's, with the errors that are really answered and examples as they are.

FastAPI documents a 422 of its own on every route, which is never answered here, and leaves out of examples every
member that is null.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from api.models.common import Model
from api.problem import ProblemDetails


def openapi(app: FastAPI) -> dict[str, Any]:
    """The document of `app`, made once."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    document = FastAPI.openapi(app)
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    details = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= details.pop("$defs") | {"ProblemDetails": details}
    for name, examples in _examples(Model).items():
        if name in schemas:
            schemas[name]["examples"] = examples
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
    return document


def _examples(model: type[Model]) -> dict[str, list[Any]]:
    """The examples of all models derived from `model`."""
    found: dict[str, list[Any]] = {}
    for each in model.__subclasses__():
        extra = each.model_config.get("json_schema_extra")
        if isinstance(extra, dict) and "json_schema_extra" in each.__dict__.get("model_config", {}):
            found[each.__name__] = list(extra["examples"])  # type: ignore[arg-type]  # a list, see `example`
        found |= _examples(each)
    return found
