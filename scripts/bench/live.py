#!/usr/bin/env python
"""Readings over a real mosquitto into a served home, two sensors failing: what is lost, and how soon one is told.

    .venv/bin/python scripts/bench/live.py [--rate 1000] [--seconds 60] [--sensors 200]

A process of its own publishes (QoS 1). One sensor leaves its range and stays there, stuck; one falls silent. Latency is
from the publishing of the first reading beyond the limit, and from the moment when the silent one was due, until the
incident is seen over server-sent events.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import httpx
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import func, select

from ledger.home import Home, ServerNote, Settings
from ledger.ledger import Ledger
from ledger.store import Store
from ledger.store.quality_tables import reading

PLACE = "https://id.gs1.org/414/9521000000018"
SILENCE = 3.0
#: one leaves its range, jumps, breaks its chart and is stuck; one falls silent
FAILING = ("s1", "s2")
RULES = (
    {"name": "range", "kind": "specification", "quantity_kind": "Temperature", "low": 0, "high": 5, "unit": "CEL"},
    {"name": "stuck", "kind": "stuck", "seconds": 10, "readings": 5, "severity": "minor"},
    {"name": "jump", "kind": "rate", "quantity_kind": "Temperature", "rate": 20, "over": 10, "severity": "warning"},
    {"name": "chart", "kind": "spc", "quantity_kind": "Temperature", "center": 3.5, "sigma": 0.29, "rules": "limits"},
    {"name": "silent", "kind": "missing", "seconds": SILENCE},
)


def publish(port: int, rate: int, seconds: int, sensors: int, out: Path) -> None:
    """The publishing process: each sensor in turn; sensor 1 fails after a third of the time, sensor 2 after a half."""
    client = paho.Client(CallbackAPIVersion.VERSION2, "bench")
    client.max_queued_messages_set(0)
    client.max_inflight_messages_set(5000)
    client.connect("127.0.0.1", port)
    client.loop_start()
    sent, waiting, failed_at, last_of_silent = 0, [], 0.0, 0.0
    began = time.monotonic()
    for number in range(rate * seconds):
        ahead = began + number / rate - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        share, sensor = number / (rate * seconds), number % sensors
        if sensor == 2 and share > 1 / 2:
            continue
        at = time.time()
        value = 3 + ((number * 7919) % 1000) / 1000
        if sensor == 1 and share > 1 / 3:
            value, failed_at = 9.0, failed_at or at
        if sensor == 2:
            last_of_silent = at
        moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")
        body = {"time": moment, "sensor": f"s{sensor}", "place": PLACE}
        body |= {"quantity_kind": "Temperature", "value": round(value, 3), "unit": "CEL"}
        waiting.append(client.publish("bench/readings", json.dumps(body), qos=1))
        sent += 1
    ended = time.time()
    for info in waiting:
        info.wait_for_publish(30)
    client.disconnect()
    client.loop_stop()
    told = {
        "sent": sent,
        "seconds": time.monotonic() - began,
        "failed_at": failed_at,
        "last": last_of_silent,
        "ended": ended,
    }
    out.write_text(json.dumps(told))


def broker(home: Path) -> tuple[subprocess.Popen[bytes], int]:
    binary = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    user = "user root\n" if os.geteuid() == 0 else ""
    (home / "mosquitto.conf").write_text(
        f"{user}listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {home}/\n"
        "max_queued_messages 0\nlog_type error\n"
    )
    process = subprocess.Popen([binary, "-c", str(home / "mosquitto.conf")], stderr=subprocess.DEVNULL)
    while socket.socket().connect_ex(("127.0.0.1", port)):
        time.sleep(0.05)
    return process, port


def follow(note: ServerNote, seen: list[tuple[float, str, Any]]) -> None:
    headers = {"Authorization": f"Bearer {note.token}"}
    with (
        httpx.Client(base_url=note.url, headers=headers, timeout=None, trust_env=False) as http,  # noqa: S113
        http.stream("GET", "/quality/stream") as answer,
    ):
        event = ""
        try:
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    event = line[7:]
                elif line.startswith("data: "):
                    seen.append((time.time(), event, json.loads(line[6:])))
        except httpx.TransportError:
            return


def usage(pid: int) -> tuple[float, float]:
    """CPU seconds and peak memory in MB of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return ticks / os.sysconf("SC_CLK_TCK"), peak / 1024


def serve(home: Path, port: int) -> tuple[subprocess.Popen[bytes], ServerNote]:
    environment = os.environ | {"LOTMARK_HOME": str(home), "LOTMARK_PORT": "0"}
    url = f"mqtt://127.0.0.1:{port}/bench/#"
    command = [sys.executable, "-c", "from api.cli.main import main; main()", "serve", "--mqtt", url]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    while (note := Home.server(home)) is None or note.pid != process.pid:
        time.sleep(0.05)
    return process, note


def run(directory: Path, options: argparse.Namespace) -> None:
    home, out = directory / "home", directory / "sent.json"
    Ledger.create(home, Settings())
    mosquitto, port = broker(directory)
    server, note = serve(home, port)
    try:
        http = httpx.Client(base_url=note.url, headers={"Authorization": f"Bearer {note.token}"}, trust_env=False)
        for rule in RULES:
            http.post("/quality/rules", json=rule).raise_for_status()
        while not http.get("/health").json()["live"]["mqtt"]["connected"]:
            time.sleep(0.05)
        seen: list[tuple[float, str, Any]] = []
        threading.Thread(target=follow, args=(note, seen), daemon=True).start()
        time.sleep(0.5)
        before = usage(server.pid)[0]
        arguments = [str(each) for each in (port, options.rate, options.seconds, options.sensors, out)]
        subprocess.run([sys.executable, __file__, "--publish", *arguments], check=True)
        sent = json.loads(out.read_text())
        deadline = time.monotonic() + 30
        while http.get("/health").json()["live"]["evaluated"] < sent["sent"] and time.monotonic() < deadline:
            time.sleep(0.1)
        cpu, memory = usage(server.pid)
        report(home, sent, seen, cpu - before, memory)
    finally:
        server.terminate()
        server.wait(20)
        mosquitto.terminate()
        mosquitto.wait(20)


def report(home: Path, sent: dict[str, Any], seen: list[tuple[float, str, Any]], cpu: float, memory: float) -> None:
    store = Store.open(home)
    with store.read() as connection:
        stored = connection.scalar(select(func.count()).select_from(reading)) or 0
    store.close()
    opened = [(at, data) for at, event, data in seen if event == "incident.opened"]
    latencies: dict[str, float] = {}
    due = {"s1 range": sent["failed_at"], "s2 silent": sent["last"] + SILENCE}
    for at, data in opened:
        name = f"{data['sensor']} {data['rule']}"
        if name in due and name not in latencies:
            latencies[name] = at - due[name]
    print(f"published {sent['sent']:,} in {sent['seconds']:.1f} s, stored {stored:,}, lost {sent['sent'] - stored:,}")
    for name, latency in latencies.items():
        print(f"{name}: told after {latency:.3f} s")
    ordered = sorted(latencies.values())
    if len(ordered) == len(due):
        print(f"latency: median {sum(ordered) / 2:.3f} s, longest {ordered[-1]:.3f} s")
    counts = Counter(f"{data['sensor']} {data['rule']}" for _, data in opened if data["sensor"] in FAILING)
    print("incidents per cause:", dict(counts))
    others = [(at, data) for at, data in opened if data["sensor"] not in FAILING]
    # all are silent once publishing has ended, and due one by one
    due_then = sum(data["rule"] == "silent" and at > sent["ended"] + SILENCE - 1 for at, data in others)
    print(f"of sensors that did not fail: {len(others) - due_then} (and {due_then} silent after publishing had ended)")
    print(f"server: {100 * cpu / sent['seconds']:.0f} % of a core, peak memory {memory:.0f} MB")


def main() -> None:
    if sys.argv[1:2] == ["--publish"]:
        port, rate, seconds, sensors, out = sys.argv[2:]
        publish(int(port), int(rate), int(seconds), int(sensors), Path(out))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--sensors", type=int, default=200)
    with tempfile.TemporaryDirectory() as name:
        run(Path(name), parser.parse_args())


if __name__ == "__main__":
    main()
