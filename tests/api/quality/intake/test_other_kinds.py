"""Results, specifications, equipment, runs, activities and factors: what is taken and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from api.quality import (
    read_activities,
    read_equipment,
    read_factors,
    read_inspections,
    read_results,
    read_runs,
    read_specifications,
)
from api.quality.columns import ACTIVITY, EQUIPMENT, FACTOR, INSPECTION, RESULT, RUN, SPECIFICATION
from api.quality.intake.files import read
from ledger.errors import InvalidDocument, InvalidInput

RESULTS = "time,item,sample,analyte,value,unit,loq,uncertainty,certificate\n"
AT = "2026-05-04T06:00Z,https://a.b/c"
SPECIFICATIONS = "item,characteristic,market,low,target,high,unit,valid_from,valid_to,replaces\n"
RUNS = "run,equipment,item,start,end,planned,total,good,downtime,rework,opportunities\n"
SPAN = "2026-05-04T06:00Z,2026-05-04T14:00Z"
CERTIFICATE = "ab" * 32


def problems(kind: str, text: str) -> str:
    with pytest.raises(InvalidDocument) as caught:
        read(kind, text)
    return "; ".join(str(problem) for problem in caught.value.problems)


def test_a_value_below_the_limit_of_quantification_is_censored_not_zero() -> None:
    frame = read_results(
        RESULTS
        + f"{AT},1,lead,0.08,NA,0.01,0.04,{CERTIFICATE}\n"
        + f"{AT},1,cadmium,0.5,NA,,50%,sha256:{CERTIFICATE.upper()}\n"
        + f"{AT},1,arsenic,<0.01,NA,,,\n"
        + f"{AT},1,mercury,< LOQ,NA,0.02,50 %,\n"
        + f"{AT},1,zinc,< 1e-2,NA,0.01,,\n"
    )
    assert tuple(frame.columns) == RESULT
    np.testing.assert_array_equal(frame["value"], [0.08, 0.5, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(frame["loq"], [0.01, np.nan, 0.01, 0.02, 0.01])
    np.testing.assert_array_equal(frame["uncertainty"], [0.04, 0.25, np.nan, np.nan, np.nan])
    assert frame["certificate"].tolist() == [CERTIFICATE, CERTIFICATE, "", "", ""]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,lead,,NA,0.01,,", "column value: the value is missing.*Below the limit of quantification, write <0.01"),
        ("1,lead,ND,NA,0.01,,", "column value: 'ND' is not a number"),
        ("1,lead,<LOQ,NA,,,", "column loq: nobody knows how low <LOQ is"),
        ("1,lead,<0.01,NA,0.02,,", "column value: '<0.01' is not the limit of quantification given"),
        ("1,lead,<-1,NA,,,", "column value: '<-1' is not a number"),
        ("1,lead,<0,NA,,,", "column loq: the limit of quantification is not above 0"),
        ("1,lead,1,NA,,-1,", "column uncertainty: an uncertainty below 0"),
        ("1,lead,1,NA,,half,", "column uncertainty: 'half' is not a number.*or as 50%"),
        ("1,lead,1,NA,,,abc", "column certificate: 'abc' is not a SHA-256"),
        ("1,lead,1,mg/kg,,,", "column unit: unknown unit 'mg/kg'.*Write NA"),
        (f"1,lead,1,NA,,,\n{AT},1,lead,2,NA,,,", "line 3 column value: a second, different value of this analyte"),
    ],
)
def test_a_bad_result_is_refused(row: str, said: str) -> None:
    import re

    assert re.search(said, problems("results", f"{RESULTS}{AT},{row}\n"))


def test_specifications_hold_from_when_to_when_and_where() -> None:
    frame = read_specifications(
        SPECIFICATIONS
        + ",chlorpyrifos,EU,,,0.05,NA,,2020-11-13T00:00Z,\n"
        + ",chlorpyrifos,EU,,,0.01,NA,2020-11-13T00:00Z,,yes\n"
        + "(01)09506000134352,bore,,9.9,10,10.1,MMT,,,\n"
    )
    assert tuple(frame.columns) == (*SPECIFICATION, "replaces")
    assert frame["valid_from"].isna().tolist() == [True, False, True]
    assert frame["replaces"].tolist() == [False, True, False]
    assert frame["target"].tolist()[2] == 10.0


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (",lead,,,,,NA,,,", "no bound is given"),
        (",lead,,2,1,3,NA,,,", "low is above target"),
        (",lead,,2,,1,NA,,,", "low is above high"),
        (",lead,,,,1,NA,2026-01-01T00:00Z,2026-01-01T00:00Z,", "valid_to is not after valid_from"),
        (",lead,,,,1,NA,2026-01-01,,", "time '2026-01-01' has no zone"),
        (",Temperature,,,,1,KGM,,,", "Temperature cannot be in KGM"),
        (",lead,,,,1,NA,,,perhaps", "'perhaps' is neither yes nor no"),
        (",lead,,,,1,NA,,,\n,lead,,,,2,NA,,,", "a second, different specification with the same start of validity"),
    ],
)
def test_a_bad_specification_is_refused(rows: str, said: str) -> None:
    assert said in problems("specifications", SPECIFICATIONS + rows)


def test_inspections_by_count_and_in_subgroups() -> None:
    header = "time,item,characteristic,value,unit,sample,size,nonconforming,defects,run\n"
    counts = f"{AT},visual,,,,200,7,,R1\n{AT},scratches,,,,5,,12,\n"
    pieces = "".join(f"{AT},bore,{10 + n / 100},MMT,{n},,,,R1\n" for n in range(1, 6))
    frame = read_inspections(header + counts + pieces)
    assert tuple(frame.columns) == INSPECTION
    assert frame["nonconforming"].tolist()[:1] == [7.0]
    assert frame["defects"].tolist()[1:2] == [12.0]
    assert frame["sample"].tolist()[2:] == ["1", "2", "3", "4", "5"]
    assert frame["run"].tolist()[:3] == ["R1", None, "R1"]
    for row, said in (
        (",,,,7,,", "nobody knows how many pieces were looked at"),
        (",,,5,7,,", "more pieces failed than were looked at"),
        (",,,0,0,,", "nothing was looked at"),
        (",,,5,1.5,,", "'1.5' is not a count"),
        (",,,-5,,1,", "'-5' is not a count"),
        (",,,200,,,", "neither a value nor a verdict"),
    ):
        assert said in problems("inspections", f"{header}{AT},visual,{row}\n")


def test_equipment() -> None:
    frame = read_equipment(
        "equipment,ideal_rate,calibration_due,place\npress 3,60,2027-01-01T00:00Z,\noven,,,urn:a:b\n"
    )
    assert tuple(frame.columns) == EQUIPMENT
    assert frame["place"].tolist() == [None, "urn:a:b"]
    assert frame["calibrated"].isna().all()
    assert "a rate that is not above 0" in problems("equipment", "equipment,ideal_rate\npress,0\n")


def test_runs_count_what_is_not_said_as_none() -> None:
    frame = read_runs(f"{RUNS}R1,press,https://a.b/c,{SPAN},25200,19271,18848,2820,,\n")
    assert tuple(frame.columns) == RUN
    (run,) = frame.to_dict("records")
    assert (run["downtime"], run["rework"], run["opportunities"], run["good"]) == (2820.0, 0, 1, 18848)
    for row, said in (
        ("25200,10,11,,,", "more are good than were made"),
        ("0,10,9,,,", "no time was planned"),
        ("60,10,9,61,,", "downtime is not within the planned time"),
        ("60,10,9,,11,", "more were reworked than made"),
        ("60,10,9,,,0", "no opportunity for a defect"),
    ):
        assert said in problems("runs", f"{RUNS}R1,press,https://a.b/c,{SPAN},{row}\n")
    backwards = ",".join(reversed(SPAN.split(",")))
    assert "end is not after start" in problems("runs", f"{RUNS}R1,press,https://a.b/c,{backwards},60,1,1,,,\n")


def test_activities_belong_to_an_item_a_run_or_a_place() -> None:
    header = "start,end,subject,activity,amount,unit\n"
    rows = [f"{SPAN},{subject},diesel,4,LTR\n" for subject in ("R-7", "(01)09506000134352(10)AB", "urn:a:b")]
    frame = read_activities(header + "".join(rows))
    assert tuple(frame.columns) == ACTIVITY
    assert frame["subject"].tolist() == ["R-7", "https://id.gs1.org/01/09506000134352/10/AB", "urn:a:b"]
    assert "column subject" in problems("activities", f"{header}{SPAN},(01)09506000134353(10)AB,diesel,4,LTR\n")
    assert "an amount below 0" in problems("activities", f"{header}{SPAN},R-7,diesel,-4,LTR\n")


def test_factors_are_the_users_own() -> None:
    header = "activity,indicator,factor,unit,per,valid_from\n"
    frame = read_factors(f"{header}diesel,carbon,2.68,LTR,kgCO2e,2026-01-01T00:00Z\n")
    assert tuple(frame.columns) == (*FACTOR, "replaces")
    assert frame["valid_from"].tolist() == [pd.Timestamp("2026-01-01", tz="UTC")]
    twice = "diesel,carbon,2.68,LTR,kgCO2e,\ndiesel,carbon,2.7,LTR,kgCO2e,\n"
    assert "line 3 column factor: a second, different factor" in problems("factors", header + twice)


def test_a_kind_that_there_is_not() -> None:
    with pytest.raises(InvalidInput, match="unknown kind 'prices'; expected readings, inspections"):
        read("prices", "")
