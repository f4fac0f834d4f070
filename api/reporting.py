"""Reports that are written by themselves: of each month that is over, in `reports/` of the home, in the languages set.

A file takes its name once it is whole, and a month that has its files is left alone: a restart after any kill goes on
where it was. A month without data has no report. What changes later in a past month is not written again; delete the
file, and it is.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.analysis.month import month_of
from api.quality.reports import Language
from ledger.errors import InvalidInput
from ledger.events import format_time
from ledger.store import Store

log = logging.getLogger(__name__)
DIRECTORY = "reports"
#: seconds between looks at the calendar
_EVERY = 3600.0


class MonthlyReports:
    """Raises InvalidInput for a language that reports are not written in."""

    def __init__(
        self, store: Store, home: Path, languages: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store, self._directory, self._now = store, home / DIRECTORY, now
        self._languages = [_language(word) for word in languages.replace(",", " ").split()]

    @property
    def wanted(self) -> bool:
        return bool(self._languages)

    def run(self, stop: threading.Event) -> None:
        """Until told to stop."""
        while not stop.is_set():
            self.write()
            stop.wait(_EVERY)

    def write(self) -> list[Path]:
        """What is missing of the last month that is over; the files that were written."""
        month = (self._now().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
        missing = [file for file in self._files(month) if not file[1].exists()]
        if not missing:
            return []
        from api.quality.reports.document import pdf_report  # drawing takes a second to import

        data = month_of(self._store, month)
        if data["empty"]:
            return []
        made = format_time(int(self._now().timestamp()) * 1_000_000)
        return [_whole(path, pdf_report("month", data, language=language, made=made)) for language, path in missing]

    def _files(self, month: str) -> Iterator[tuple[Language, Path]]:
        for language in self._languages:
            yield language, self._directory / f"{month}.{language.value}.pdf"


def _language(word: str) -> Language:
    try:
        return Language(word)
    except ValueError:
        known = " and ".join(language.value for language in Language)
        raise InvalidInput(f"there are no reports in {word!r}", where="reports", expected=known) from None


def _whole(path: Path, content: bytes) -> Path:
    """Written as a whole or not at all; reports tell of sealed events, so that only their owner may read them."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.touch(mode=0o600)
    partial.write_bytes(content)
    partial.replace(path)
    log.info("wrote %s", path)
    return path
