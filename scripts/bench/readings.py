#!/usr/bin/env python
"""Ten million sensor readings: load, join for one lot, control charts of a month; time and memory, beside floors.

116 temperature sensors in 40 places, one reading every half minute for a month, as one CSV. The archive loads it
(checked, sorted, synced), answers what was measured along a lot's way (five places in ten days, joined step by step),
and gives every sensor's hourly subgroups, which become X-bar/S charts. Floors: DuckDB copying the same CSV to Parquet
unchecked; pandas reading it whole. Beside it the store's SQLite table with a part of the readings, through the same
question.

Peak memory is that of a process that does only this (`ru_maxrss`). Exits with 1 above 2 GB.

    python scripts/bench/readings.py [--readings 10000000] [--table 500000] [--memory 512MB] [--only NAME]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import pandas as pd

SENSORS, PLACES = 116, 40
EVERY = 30  # seconds
START = pd.Timestamp("2026-06-01T00:00Z")
LOT = "https://id.gs1.org/01/09521000010017/10/L1"
MOST_MEMORY = 2.0

Result = dict[str, Any]


def place(number: int) -> str:
    return f"https://warehouse.example/room/{number}"


def write(file: Path, count: int) -> None:
    """A CSV of `count` readings in order of time, drawn by DuckDB."""
    import duckdb

    duckdb.execute(
        f"""
        SELECT setseed(0.4);
        COPY (
            SELECT strftime(TIMESTAMP '2026-06-01' + to_seconds((i // {SENSORS}) * {EVERY}), '%Y-%m-%dT%H:%M:%SZ')
                    AS time,
                'probe-' || (i % {SENSORS}) AS sensor,
                'https://warehouse.example/room/' || (i % {SENSORS}) % {PLACES} AS place,
                'Temperature' AS quantity_kind,
                round(4 + random() + random(), 2) AS value, 'CEL' AS unit
            FROM range({count}) AS t(i)
        ) TO '{file}' (HEADER)
        """  # noqa: S608 - constants
    )


def lot_steps(seconds: float) -> pd.DataFrame:
    """STEP: the lot stays two days in each of five places, or a fifth of all there is."""
    stay = pd.Timedelta(seconds=min(2 * 86_400, seconds / 5))
    rows = [(at, LOT, f"e{at}", START + at * stay, START + (at + 1) * stay, place(7 * at)) for at in range(5)]
    frame = pd.DataFrame(rows, columns=["step", "item", "event", "start", "end", "place"])
    return frame.astype({"start": "datetime64[us, UTC]", "end": "datetime64[us, UTC]"})


def windows_of(steps: pd.DataFrame) -> pd.DataFrame:
    """WINDOW: from an hour before each step, as a reading before it may still hold."""
    before = steps.assign(start=steps["start"] - pd.Timedelta(hours=1))
    return before.rename(columns={"place": "key"})[["key", "start", "end"]]


def joined(ask: Callable[[pd.DataFrame], pd.DataFrame], seconds: float) -> Result:
    """The join for one lot, five times."""
    from api.quality import quality_by_step

    steps, took, readings, found = lot_steps(seconds), [], 0, pd.DataFrame()
    for _ in range(5):
        started = time.perf_counter()
        frame = ask(windows_of(steps))
        found = quality_by_step(steps, frame)
        took.append((time.perf_counter() - started) * 1000)
        readings = len(frame)
    return {"join_ms": statistics.median(took), "readings": readings, "rows": len(found)}


def archive(file: Path, folder: Path, count: int, memory: str) -> Result:
    """Load, join, charts."""
    from api.quality.archive import ReadingArchive
    from api.quality.spc.charts import control_chart

    started, processor = time.perf_counter(), time.process_time()
    kept = ReadingArchive(folder, memory=memory)
    loaded = kept.load(file)
    seconds, processor = time.perf_counter() - started, time.process_time() - processor
    assert loaded.imported == count, loaded  # noqa: S101 - a benchmark that loses rows measures nothing
    result = {
        "load_s": seconds,
        "load_cpu": processor,
        "load_rss": peak(),
        **joined(kept.readings_within, count / SENSORS * EVERY),
    }
    started = time.perf_counter()
    found = kept.subgroups("Temperature", START, START + pd.Timedelta(days=31), width="1h")
    summed = time.perf_counter() - started
    signals = 0
    for _, points in found.groupby("sensor"):
        label = points["start"].dt.strftime("%m-%d %H:%M")
        signals += len(control_chart("xbar", points.assign(label=label, time=points["start"])).signals)
    size = sum(each.stat().st_size for each in folder.rglob("*.parquet"))
    return result | {
        "spc_s": time.perf_counter() - started,
        "subgroups_s": summed,
        "points": len(found),
        "signals": signals,
        "bytes": size,
    }


def table(file: Path, folder: Path, count: int, memory: str) -> Result:
    """The store's SQLite table: the small import, and the same question."""
    from api.analysis.imports import import_file
    from api.analysis.quality_store import readings_frame
    from ledger.store import Store

    del memory
    store = Store.open(folder)
    data = file.read_bytes()
    started = time.perf_counter()
    import_file(store, "readings", data, source=file.name)
    seconds = time.perf_counter() - started

    def ask(windows: pd.DataFrame) -> pd.DataFrame:
        ends = (int(windows[name].astype("int64").agg(how)) for name, how in (("start", "min"), ("end", "max")))
        with store.read() as connection:
            return readings_frame(connection, [], set(windows["key"]), *ends)

    result = {"load_s": seconds, "load_rss": peak(), **joined(ask, count / SENSORS * EVERY)}
    store.close()
    return result | {"bytes": (folder / "content.sqlite").stat().st_size}


def duckdb_copy(file: Path, folder: Path, count: int, memory: str) -> Result:
    """DuckDB alone, nothing checked, nothing sorted."""
    import duckdb

    del count
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"SET memory_limit = '{memory}'; SET threads = 2")
        started, processor = time.perf_counter(), time.process_time()
        connection.execute(f"COPY (FROM read_csv('{file}')) TO '{folder}/floor.parquet' (COMPRESSION zstd)")
        seconds, processor = time.perf_counter() - started, time.process_time() - processor
    return {"load_s": seconds, "load_cpu": processor}


def pandas_read(file: Path, folder: Path, count: int, memory: str) -> Result:
    """pandas alone: the whole file in memory, hourly means by sensor."""
    del folder, count, memory
    started = time.perf_counter()
    frame = pd.read_csv(file, parse_dates=["time"])
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    frame.groupby(["sensor", frame["time"].dt.floor("h")])["value"].agg(["mean", "std", "count"])
    return {"load_s": seconds, "spc_s": time.perf_counter() - started}


PARTS = {"archive": archive, "table": table, "duckdb": duckdb_copy, "pandas": pandas_read}


def peak() -> float:
    """GB of memory that this process had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _in_own_process(name: str, queue: Any, *arguments: Any) -> None:
    queue.put(PARTS[name](*arguments) | {"rss": peak()})


def measure(name: str, *arguments: Any) -> Result:
    """One part in a process of its own."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_in_own_process, args=(name, queue, *arguments))
    process.start()
    while process.is_alive() and queue.empty():
        time.sleep(0.05)
    if queue.empty():
        sys.exit(f"{name} failed")
    result: Result = queue.get()
    process.join()
    return result


def report(name: str, count: int, result: Result) -> None:
    rate = f"load {result['load_s']:7.1f} s {count / result['load_s']:>12,.0f} rows/s"
    rate += f" ({result['load_cpu']:.1f} s of processors)" if "load_cpu" in result else ""
    join = f"   join {result['join_ms']:6.0f} ms ({result['readings']:,} readings)" if "join_ms" in result else ""
    spc = f"   SPC {result['spc_s']:5.2f} s" if "spc_s" in result else ""
    size = f"   {result['bytes'] / 2**20:,.0f} MB on disk" if "bytes" in result else ""
    print(f"{name:<8} {count:>12,} readings   {rate}{join}{spc}{size}   peak {result['rss']:.2f} GB", flush=True)
    if "points" in result:
        print(
            f"{'':<8} {result['points']:,} hourly subgroups in {result['subgroups_s']:.2f} s, then charts of {SENSORS} "
            f"sensors with {result['signals']:,} signals; loading peaked at {result['load_rss']:.2f} GB"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readings", type=int, default=10_000_000)
    parser.add_argument("--table", type=int, default=500_000, help="how many of them the SQLite table gets")
    parser.add_argument("--memory", default="512MB", help="DuckDB's limit")
    parser.add_argument("--only", choices=PARTS, action="append")
    options = parser.parse_args()
    peaks = []
    with tempfile.TemporaryDirectory() as folder:
        whole, part = Path(folder) / "readings.csv", Path(folder) / "part.csv"
        write(whole, options.readings)
        write(part, options.table)
        print(
            f"{os.cpu_count()} cores, DuckDB limited to {options.memory}, CSV of {whole.stat().st_size / 2**20:,.0f} MB"
        )
        for name in options.only or PARTS:
            file, count = (part, options.table) if name == "table" else (whole, options.readings)
            own = Path(folder) / name
            own.mkdir()
            result = measure(name, file, own, count, options.memory)
            report(name, count, result)
            peaks += [result["rss"]] if name == "archive" else []
    if any(each > MOST_MEMORY for each in peaks):
        sys.exit(f"the archive took more than {MOST_MEMORY} GB")


if __name__ == "__main__":
    main()
