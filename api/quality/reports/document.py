"""Reports as documents: HTML that stands alone, and PDF of the very same HTML.

The glyphs that a report needs are inside it. The same data, language and time give the same page. A report names the
SHA-256 of the data that it shows.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import rfc8785
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from api.quality.reports import charts, figures
from api.quality.reports.font import FAMILY, subset
from api.quality.reports.words import CHARTS, Language, Words
from ledger.errors import LotmarkError

Json = Mapping[str, Any]


def html_report(kind: str, data: Json, *, language: Language = Language.ENGLISH, made: str) -> str:
    """The report `kind` ('lot' or 'month') of `data`, made at the time `made`, as one page that needs nothing else."""
    words = Words(language)
    digest = hashlib.sha256(rfc8785.dumps(data)).hexdigest()
    page = (
        _templates()
        .get_template(f"{kind}.html")
        .render(
            data=data, words=words, language=language.value, made=made, digest=digest, family=FAMILY, **_drawn(words)
        )
    )
    font = base64.b64encode(subset(page)).decode()
    return page.replace("data:font/woff,", f"data:font/woff;base64,{font}", 1)


def pdf_report(kind: str, data: Json, *, language: Language = Language.ENGLISH, made: str) -> bytes:
    """The same as PDF. Raises LotmarkError where the system has no Pango, which lays out the text."""
    try:
        import weasyprint
    except OSError as error:
        raise LotmarkError(
            "this system cannot make PDF files",
            expected="the library Pango",
            advice="On Debian: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. HTML works without.",
        ) from error
    html = html_report(kind, data, language=language, made=made)
    only_inside = weasyprint.urls.URLFetcher(allowed_protocols=["data"])
    written: bytes = weasyprint.HTML(string=html, url_fetcher=only_inside).write_pdf()
    return written


def _drawn(words: Words) -> dict[str, Any]:
    """The charts as functions for the templates."""

    def markup(draw: Any) -> Any:
        return lambda data: Markup(draw(data, words))  # noqa: S704  matplotlib escapes what it writes

    return {
        "control_chart": markup(charts.control_chart),
        "strip": markup(charts.strip),
        "results_chart": markup(charts.results_chart),
        "closure_chart": markup(charts.closure_chart),
        "kinds": CHARTS,
    }


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("api.quality.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(figures.FILTERS)
    return made
