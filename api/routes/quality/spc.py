"""Statistical process control: what can be charted, charts, frozen limits, capability. For callers with a key."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from api.access import Reader, Writer
from api.analysis.process_data import Selection, chartable, selection
from api.analysis.spc import capability_of, chart, freeze_limits, frozen_limits, multivariate
from api.bodies import documented_model, json_body
from api.models.capability import CapabilityAnswer
from api.models.spc import Chartable, ChartAnswer, FrozenLimitsAnswer, MultivariateAnswer, NewLimits
from api.problem import responses
from api.quality.spc.charts import Excluded, Specification
from api.quality.spc.multivariate import Method
from api.quality.spc.parameters import Kind
from api.quality.spc.process_series import GroupBy
from api.routes.quality.moments import When, microseconds, timestamp
from api.state import StateDependency

router = APIRouter(tags=["quality"])

Name = Annotated[str, Query(min_length=1, max_length=500, description="what was inspected, or a quantity kind")]
Text = Annotated[str | None, Query(max_length=2000)]
Item = Annotated[str | None, Query(max_length=2000, description="of this item, and all lots and serials below it")]
Bound = Annotated[float | None, Query(allow_inf_nan=False, description="instead of the specification on file")]


def _selected(
    characteristic: Name,
    item: Item = None,
    equipment: Text = None,
    place: Text = None,
    sensor: Text = None,
    start: When = None,
    end: When = None,
    by: Annotated[GroupBy, Query(description="what makes a subgroup")] = "inspection",
) -> Selection:
    return _selection(characteristic, item, equipment, place, sensor, start, end, by)


Selected = Annotated[Selection, Depends(_selected)]


@router.get(
    "/quality/spc",
    response_model=list[Chartable],
    summary="What can be charted",
    responses=responses(401, 403),
)
def get_chartable(state: StateDependency, _: Reader) -> JSONResponse:
    """Characteristics that were inspected, and series among the latest readings."""
    with state.ledger.store.read() as connection:
        return JSONResponse(chartable(connection))


@router.get(
    "/quality/spc/chart",
    response_model=ChartAnswer,
    summary="The control chart of one characteristic",
    responses=responses(400, 401, 403, 404),
)
def get_chart(
    state: StateDependency,
    _: Reader,
    wanted: Selected,
    kind: Annotated[Kind | Literal["auto"], Query(description="`auto`: what suits the data")] = "auto",
    rules: Annotated[
        str | None, Query(max_length=64, description="nelson, nelson_six_increases, western_electric or limits")
    ] = None,
    limits: Annotated[
        str, Query(max_length=16, description="`auto`: frozen if there are any; `own`, `frozen`, or a version")
    ] = "auto",
    last: Annotated[int, Query(ge=1, le=100_000, description="so many of the latest points")] = 1000,
) -> JSONResponse:
    """Against frozen limits (phase II) where there are any for this scope, else against its own (phase I).

    Readings are charted as hourly means; an hour without readings is missing, never in control.
    """
    return JSONResponse(chart(state.ledger.store, wanted, kind=kind, rules=rules, limits=limits, last=last))


@router.get(
    "/quality/spc/multivariate",
    response_model=MultivariateAnswer,
    summary="Several characteristics on one chart",
    responses=responses(400, 401, 403),
)
def get_multivariate(
    state: StateDependency,
    _: Reader,
    characteristic: Annotated[list[str], Query(min_length=2, max_length=50, description="two or more")],
    item: Item = None,
    equipment: Text = None,
    start: When = None,
    end: When = None,
    until: Annotated[
        str | None, Query(max_length=64, description="limits come from the points before; without: from all")
    ] = None,
    method: Annotated[Method, Query(description="`t2`: Hotelling; `pca`: T² and SPE of components")] = "t2",
    components: Annotated[int | None, Query(ge=1, le=50, description="without: 90 % of the variance")] = None,
    alpha: Annotated[float | None, Query(gt=0, lt=0.5, description="share of false alarms")] = None,
    last: Annotated[int, Query(ge=1, le=100_000, description="so many of the latest points")] = 1000,
) -> JSONResponse:
    """A point is an inspection in which all of them were measured. Limits of phase I and II are told apart."""
    wanted = [_selection(name, item, equipment, None, None, start, end, "inspection") for name in characteristic]
    found = multivariate(
        state.ledger.store,
        wanted,
        method=method,
        until=microseconds(until),
        components=components,
        alpha=alpha,
        last=last,
    )
    return JSONResponse(found)


@router.get(
    "/quality/spc/limits",
    response_model=list[FrozenLimitsAnswer],
    summary="Frozen control limits",
    responses=responses(400, 401, 403),
)
def get_frozen_limits(
    state: StateDependency, _: Reader, characteristic: Annotated[str | None, Query(max_length=500)] = None
) -> JSONResponse:
    """Every version there ever was."""
    return JSONResponse(frozen_limits(state.ledger.store, characteristic))


@router.post(
    "/quality/spc/limits",
    status_code=201,
    response_model=FrozenLimitsAnswer,
    summary="Freeze control limits",
    responses=responses(400, 401, 403, 404, 413, 415),
    openapi_extra=documented_model(NewLimits),
)
def post_limits(state: StateDependency, _: Writer, new: Annotated[NewLimits, json_body(NewLimits)]) -> JSONResponse:
    """From all data of the selection but the excluded points, as a new version; older versions stay."""
    wanted = _selection(new.characteristic, new.item, new.equipment, new.place, new.sensor, new.start, new.end, new.by)
    excluded = [Excluded(one.label, one.reason, timestamp(one.time)) for one in new.excluded]
    made = freeze_limits(
        state.ledger.store, wanted, kind=new.kind, rules=new.rules, excluded=excluded, by=new.frozen_by
    )
    return JSONResponse(made, 201)


@router.get(
    "/quality/spc/capability",
    response_model=CapabilityAnswer,
    summary="The capability of a process for one characteristic",
    responses=responses(400, 401, 403, 404),
)
def get_capability(
    state: StateDependency,
    _: Reader,
    wanted: Selected,
    low: Bound = None,
    target: Bound = None,
    high: Bound = None,
    confidence: Annotated[float, Query(ge=0.5, le=0.9999)] = 0.95,
    threshold: Annotated[float, Query(gt=0, le=100, description="what the lower bound must reach")] = 1.33,
) -> JSONResponse:
    """Judged on the lower bound of its interval, against the specification on file unless bounds are given."""
    given = None if low is None and high is None else Specification(low, target, high)
    found = capability_of(state.ledger.store, wanted, specification=given, confidence=confidence, threshold=threshold)
    return JSONResponse(found)


def _selection(
    characteristic: str,
    item: str | None,
    equipment: str | None,
    place: str | None,
    sensor: str | None,
    start: str | None,
    end: str | None,
    by: GroupBy,
) -> Selection:
    more: dict[str, Any] = {"equipment": equipment, "place": place, "sensor": sensor, "by": by}
    moments = {"start": microseconds(start), "end": microseconds(end)}
    return selection(characteristic, item=item, **more, **moments)
