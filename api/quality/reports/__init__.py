"""Reports for people: a lot or a month on paper, as HTML that stands alone and as PDF, in English and in Chinese.

`document` makes them, of plain data (the JSON that the page gets); it knows no server. Charts are matplotlib's SVG, the
pages jinja2's, the PDF weasyprint's; nothing is fetched from anywhere while a report is made.
"""

from __future__ import annotations

from api.quality.reports.words import Language

__all__ = ["Language"]
