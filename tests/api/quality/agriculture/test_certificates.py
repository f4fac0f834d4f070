"""A certificate re-checked: each check fails on its own fault, and what cannot be checked is unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from api.quality.agriculture.certificates import CertificateCheck, check_certificate, digest_of
from api.quality.agriculture.retest import compare_retests, pair_results
from api.quality.columns import TIME_DTYPE
from ledger.errors import InvalidInput

DOCUMENT = b"%PDF certificate of analysis"
HASH = digest_of(DOCUMENT)
GTIN = "https://id.gs1.org/01/09521000010017"
LOT = f"{GTIN}/10/A"
DAY = pd.Timestamp("2026-06-01T00:00Z")


def results(**fields: Any) -> pd.DataFrame:
    row = {
        "time": DAY, "item": LOT, "sample": "S1", "laboratory": "eurolab", "analyte": "lead", "value": 0.02,
        "unit": "NA", "loq": np.nan, "uncertainty": 0.002, "method": "EN 15763", "certificate": HASH,
    } | fields  # fmt: skip
    return pd.DataFrame([row]).astype(
        {"value": "float64", "loq": "float64", "uncertainty": "float64", "time": TIME_DTYPE}
    )


def specifications() -> pd.DataFrame:
    row = {
        "item": GTIN, "characteristic": "lead", "market": "", "low": np.nan, "target": np.nan, "high": 0.1,
        "unit": "NA", "valid_from": None, "valid_to": None, "source": "EU 2023/915",
    }  # fmt: skip
    frame = pd.DataFrame([row])
    for name in ("valid_from", "valid_to"):
        frame[name] = pd.to_datetime(frame[name], utc=True).astype(TIME_DTYPE)
    return frame


def checked(rows: pd.DataFrame, **options: Any) -> CertificateCheck:
    given: dict[str, Any] = {
        "certificate": HASH, "item": LOT, "samples": pd.DataFrame({"sample": ["S1"], "item": [LOT]}),
        "accredited_until": {"eurolab": DAY + pd.Timedelta(days=100)}, "methods": {"lead": {"EN 15763"}},
        "required": ["lead"], "document": HASH,
    } | options  # fmt: skip
    return check_certificate(rows, specifications(), **given)


def states(found: CertificateCheck) -> dict[str, str]:
    return dict(zip(found.checks["check"], found.checks["state"], strict=True))


def test_a_sound_certificate_passes_every_check() -> None:
    found = checked(results())
    assert found.verdict == "passed"
    assert set(states(found)) == {"document", "specification", "unit", "method", "sample", "accreditation"}


@pytest.mark.parametrize(
    ("fields", "options", "check"),
    [
        ({"value": 0.2}, {}, "specification"),
        ({"unit": "M1"}, {}, "unit"),
        ({"method": "home brew"}, {}, "method"),
        ({"item": LOT + "B"}, {}, "sample"),
        ({}, {"samples": pd.DataFrame({"sample": ["S1", "S1"], "item": [LOT, "urn:other"]})}, "sample"),
        ({}, {"accredited_until": {"eurolab": DAY - pd.Timedelta(days=1)}}, "accreditation"),
        ({}, {"document": digest_of(DOCUMENT + b".")}, "document"),
        ({}, {"required": ["lead", "cadmium"]}, "complete"),
    ],
)
def test_each_fault_fails_its_check(fields: dict[str, Any], options: dict[str, Any], check: str) -> None:
    found = checked(results(**fields), **options)
    assert found.verdict == "failed"
    assert states(found)[check] == "failed"


@pytest.mark.parametrize(
    ("fields", "options", "check"),
    [
        ({"value": 0.101}, {}, "specification"),
        ({"value": np.nan, "loq": 0.5}, {}, "specification"),
        ({"value": np.nan}, {}, "specification"),
        ({"analyte": "arsenic"}, {"required": []}, "unit"),
        ({"method": ""}, {}, "method"),
        ({"sample": ""}, {}, "sample"),
        ({"sample": "S2"}, {}, "sample"),
        ({"laboratory": "unheard of"}, {}, "accreditation"),
        ({}, {"accredited_until": {"eurolab": pd.NaT}}, "accreditation"),
        ({}, {"document": None}, "document"),
        ({"certificate": ""}, {}, "complete"),
    ],
)
def test_what_cannot_be_checked_is_unknown(fields: dict[str, Any], options: dict[str, Any], check: str) -> None:
    found = checked(results(**fields), **options)
    assert found.verdict == "unknown"
    assert states(found)[check] == "unknown"
    assert (found.checks.loc[found.checks["state"] != "passed", "message"] != "").all()


def retests(stated: list[float], own: list[float], unit: str = "NA") -> pd.DataFrame:
    rows = []
    for number, (one, other) in enumerate(zip(stated, own, strict=True)):
        when, item = DAY + pd.Timedelta(days=number), f"{LOT}{number}"
        rows.append(results(time=when, item=item, value=one))
        rows.append(results(time=when, item=item, value=other, laboratory="own", unit=unit, certificate=""))
    return pd.concat(rows, ignore_index=True)


def test_the_paired_test_is_scipys() -> None:
    random = np.random.default_rng(5)
    own = random.normal(1, 0.1, 25)
    stated = own - 0.05 + random.normal(0, 0.03, 25)
    (found,) = compare_retests(pair_results(retests(stated.tolist(), own.tolist()), "own"))
    expected = stats.ttest_rel(stated, own)
    assert (found.t, found.p) == (pytest.approx(expected.statistic), pytest.approx(expected.pvalue))
    assert found.low < found.mean < found.high < 0
    assert found.ewma["signal"].any()


def test_the_ewma_starts_at_zero_and_its_limits_widen() -> None:
    own = [1.0] * 5
    (found,) = compare_retests(pair_results(retests([1.1] * 5, own), "own"), sigma=0.1, weight=0.5)
    assert found.ewma["ewma"].tolist() == pytest.approx([0.05, 0.075, 0.0875, 0.09375, 0.096875])
    assert found.ewma["upper"].iloc[0] == pytest.approx(3 * 0.1 * 0.5)
    assert found.ewma["upper"].is_monotonic_increasing
    assert np.isnan(found.p)


def test_units_are_converted_and_censored_pairs_left_out() -> None:
    (found,) = compare_retests(pair_results(retests([1.0, np.nan, 2.0], [1.0, 1.0, 2.5], unit="59"), "own"))
    assert (found.pairs, found.left_out) == (2, 1)
    assert found.ewma["difference"].tolist() == pytest.approx([0, -0.5])


def test_settings_without_sense_are_refused() -> None:
    with pytest.raises(InvalidInput):
        compare_retests(pair_results(retests([1.0], [1.0]), "own"), weight=0)


def test_equal_differences_are_a_bias_without_a_test() -> None:
    # 0.3 - 0.2, 0.4 - 0.3 and 0.5 - 0.4 differ in their last digits only
    (found,) = compare_retests(pair_results(retests([0.3, 0.4, 0.5], [0.2, 0.3, 0.4]), "own"))
    assert found.mean == pytest.approx(0.1)
    assert np.isnan(found.p)


def test_a_value_below_its_loq_is_no_value_to_take_a_difference_of() -> None:
    rows = retests([1.0, 0.004, 2.0], [1.1, 1.0, 2.0])
    (found,) = compare_retests(pair_results(rows.assign(loq=0.01), "own"))
    assert (found.pairs, found.left_out) == (2, 1)
