"""Three walks over one history tell the same: the trace's, the join's on frames, and the one that bounds a read."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from api.analysis.genealogy import history_of_store
from api.analysis.quality_table import members_in
from api.analysis.reach import history_reaching, items_at
from api.quality.frames import timestamps
from api.quality.join.containment import containment
from api.quality.join.members import members_of
from api.quality.join.touched import Measurement, touched_lots
from ledger.trace import trace

SEEDS = range(6)


@pytest.mark.parametrize("direction", ["backward", "forward"])
def test_members_are_those_of_the_trace(random_history: Any, direction: Any) -> None:
    """Of lots and serial items where no pallet is consumed: the trace has the pallet as an edge of its own."""
    columns = ["item", "relation", "level"]
    for seed in SEEDS:
        random_history.tell(seed, consumes_pallets=False)
        history = history_of_store(random_history.connection)
        inside, made = containment(history.events, history.mentions), history.transformations()
        for item in sorted(set(history.mentions["item"]) - set(random_history.pallets)):
            expected = members_in(trace(random_history.connection, item, direction=direction))
            found = members_of(made, inside, item, direction=direction)
            assert sorted(found[columns].itertuples(index=False)) == sorted(
                expected[columns].itertuples(index=False)
            ), f"seed {seed}, {item}"


def test_what_is_touched_is_the_same_with_the_reach_alone_as_with_the_whole_store(random_history: Any) -> None:
    for seed in SEEDS[:2]:
        random_history.tell(seed)
        connection, minute = random_history.connection, random_history.minute
        history = history_of_store(connection)
        time = timestamps([5 * minute], missing=-1).iloc[0]
        asked = [Measurement(time, item, None, whole) for item in random_history.items for whole in (True, False)]
        asked += [Measurement(time, None, place) for place in random_history.places]
        for one in asked:
            there = {one.item} if one.item else items_at(connection, str(one.place), 5 * minute)
            bounded = history_reaching(connection, there)
            assert set(bounded.events["event"]) <= set(history.events["event"])
            pd.testing.assert_frame_equal(_touched(bounded, one), _touched(history, one), obj=f"seed {seed}, {one}")


def _touched(history: Any, measurement: Measurement) -> pd.DataFrame:
    inside = containment(history.events, history.mentions)
    return touched_lots(history.events, history.mentions, history.transformations(), inside, measurement)
