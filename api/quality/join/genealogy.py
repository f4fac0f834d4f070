"""The genealogy of items as edges "went into": what root cause, footprints and mass balances walk along.

One edge per input and output of a transformation. Aggregation and association make none; they only say what a
container held when it was consumed. How much of a mixture each input is, says `composition`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from api.quality.columns import GENEALOGY, TIME_DTYPE, empty
from api.quality.join.transformations import Transformations, transformations_of


def edges_of(
    events: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    inside: pd.DataFrame | None = None,
    lots: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """A frame with the columns `GENEALOGY`, in order of time; arguments as `transformations_of` takes them.

    `event` and `time` are those of the input, `quantity` the part of it that went into this child: all of it, or over
    several outputs in proportion to their amounts (NaN where these do not compare). `certainty` is 'possible' for a lot
    that several transformations consumed or made, and where the output came before the input.
    """
    return edges(transformations_of(events, mentions, inside=inside, lots=lots))


def edges(transformations: Transformations) -> pd.DataFrame:
    """The same, of transformations that are at hand."""
    inputs = transformations.inputs[transformations.inputs["traced"]]
    outputs = transformations.outputs[transformations.outputs["traced"]]
    outputs = outputs.assign(part=_parts(transformations.outputs)[outputs.index])
    pairs = inputs.merge(outputs, on="transformation", suffixes=("", "_out"))
    pairs = pairs[pairs["item"] != pairs["item_out"]]
    if pairs.empty:
        return empty(GENEALOGY)
    doubt = pairs["first"] > pairs["last_out"]
    doubt |= pairs["item"].isin(_repeated(transformations.inputs)) | pairs["item_out"].isin(
        _repeated(transformations.outputs)
    )
    quantity = pairs["quantity"] * pairs["part"]
    found = pd.DataFrame(
        {
            "parent": pairs["item"],
            "child": pairs["item_out"],
            "event": pairs["event"],
            "time": pairs["first"].astype(TIME_DTYPE),
            "quantity": quantity.astype("float64"),
            "uom": pairs["uom"].where(pairs["uom"].notna(), None),
            "certainty": np.where(doubt, "possible", "certain"),
        },
        columns=list(GENEALOGY),
    )
    return found.sort_values(["time", "event", "parent", "child"], kind="stable").reset_index(drop=True)


def _parts(outputs: pd.DataFrame) -> pd.Series[float]:
    """The part of its transformation's outcome that each output is; 1 for a single one, NaN where not known."""
    groups = outputs.groupby("transformation")
    alike = groups["dimension"].transform("nunique") == 1
    total = groups["amount"].transform("sum")
    known = alike & ~groups["amount"].transform(lambda each: each.isna().any()).astype(bool) & (total > 0)
    part = (outputs["amount"] / total.where(total > 0)).where(known)
    return part.mask(groups["item"].transform("size") == 1, 1.0).astype("float64")


def _repeated(gates: pd.DataFrame) -> set[str]:
    """The lots (what an event counts, and what is named as a lot) that several transformations name."""
    is_lot = gates["counted"] | gates["item"].str.contains("/10/", regex=False).astype(bool)
    several = gates.groupby("item")["transformation"].transform("nunique") > 1
    return set(gates["item"][is_lot & several])
