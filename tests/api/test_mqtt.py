"""Readings over a real mosquitto: every message that was published ends in the store exactly once, whatever dies."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import func, select

from api.mqtt.address import broker_of
from api.mqtt.payloads import read_payload
from ledger.errors import InvalidInput, LotmarkError
from ledger.home import Home, Settings
from ledger.ledger import Ledger
from ledger.store import Store
from ledger.store.live_tables import incident
from ledger.store.quality_tables import reading

LOT = "https://id.gs1.org/01/09521000010017/10/MQTT"
START = datetime(2026, 6, 1, 6, tzinfo=UTC)


class Broker:
    """A mosquitto of our own, with a store of its own."""

    def __init__(self, binary: str, home: Path, more: str = "allow_anonymous true") -> None:
        self._binary, self._home = binary, home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        user = f"user {os.environ.get('USER', 'root')}\n" if os.geteuid() == 0 else ""
        (home / "mosquitto.conf").write_text(
            f"{user}listener {self.port} 127.0.0.1\n{more}\npersistence true\nautosave_interval 1\n"
            f"persistence_location {home}/\nautosave_on_changes true\nmax_queued_messages 0\nlog_type error\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}/farm/#"

    def start(self) -> None:
        self._process = subprocess.Popen([self._binary, "-c", str(self._home / "mosquitto.conf")])
        eventually(self._answers)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def eventually(what: Callable[[], Any], seconds: float = 30) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(binary(), made_in(tmp_path))
    yield made
    made.stop()


def made_in(directory: Path) -> Path:
    home = directory / "mosquitto"
    home.mkdir()
    return home


def binary() -> str:
    found = shutil.which("mosquitto") or shutil.which("/usr/sbin/mosquitto")
    if found is None:
        if os.environ.get("CI") and os.geteuid() == 0:
            pytest.fail("mosquitto must be installed in CI: scripts/setup-debian")
        pytest.skip("mosquitto is not installed: scripts/setup-debian brings it")
    return found


class Publisher:
    """A client that waits for the broker's acknowledgement of everything it published."""

    def __init__(self, port: int) -> None:
        self._client = paho.Client(CallbackAPIVersion.VERSION2, "publisher", clean_session=False)
        self._client.max_queued_messages_set(0)
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def publish(self, payload: Any, topic: str = "farm/shed") -> paho.MQTTMessageInfo:
        data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return self._client.publish(topic, data, qos=1)

    def stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def publisher(broker: Broker) -> Iterator[Callable[[], Publisher]]:
    made: list[Publisher] = []

    def make() -> Publisher:
        made.append(Publisher(broker.port))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def message(number: int, value: float = 4.0, sensor: str = "reefer-7") -> dict[str, Any]:
    time_ = (START + timedelta(seconds=number)).isoformat()
    named = {"time": time_, "sensor": sensor, "item": "(01)09521000010017(10)MQTT"}
    return named | {"quantity_kind": "Temperature", "value": value, "unit": "CEL"}


def mqtt_health(server: Any) -> Any:
    return server.client().get("/health").json()["live"]["mqtt"]


def test_good_messages_are_stored_and_bad_ones_are_kept_with_the_reason(
    broker: Broker, publisher: Callable[[], Publisher], serving: Any
) -> None:
    broker.start()
    server = serving(mqtt_url=broker.url)
    eventually(lambda: mqtt_health(server)["connected"])
    sender = publisher()
    bad = [b"", b"\xff\xfe", b"[]", b'{"time": NaN}', b"{" * 5000, json.dumps(message(1) | {"value": "4"}).encode()]
    bad += [json.dumps([message(2), message(3) | {"more": 1}]).encode(), b"x" * 300_000]
    for payload in bad:
        sender.publish(payload)
    sender.publish([message(number) for number in range(10, 20)])
    sender.publish(message(20))
    sender.publish(message(20))
    health = eventually(lambda: (found := mqtt_health(server))["received"] == len(bad) + 3 and found)
    assert (health["refused"], health["stored"], health["known"]) == (len(bad), 11, 1)
    letters = server.operator.get("/quality/dead-letters").json()
    assert len(letters) == len(bad)
    assert "/value: is no number" in json.dumps(letters)
    (told,) = server.operator.get("/quality/incidents", params={"kind": "unreadable"}).json()["incidents"]
    assert told["count"] == len(bad)
    assert server.client().get("/health").json()["status"] == "ok"


def test_a_broker_that_is_down_is_told_and_waited_for(
    broker: Broker, publisher: Callable[[], Publisher], serving: Any
) -> None:
    server = serving(mqtt_url=broker.url)
    health = eventually(lambda: (found := server.client().get("/health").json())["status"] == "degraded" and found)
    assert str(broker.port) in health["problems"][0]["where"]
    broker.start()
    eventually(lambda: server.client().get("/health").json()["status"] == "ok")
    sender = publisher()
    sender.publish(message(1)).wait_for_publish(10)
    eventually(lambda: mqtt_health(server)["stored"] == 1)
    broker.stop()
    eventually(lambda: server.client().get("/health").json()["status"] == "degraded")
    broker.start()
    eventually(lambda: server.client().get("/health").json()["status"] == "ok")
    sender.publish(message(2))
    eventually(lambda: mqtt_health(server)["stored"] == 2)


def test_readings_at_odds_with_what_is_known_are_counted(
    broker: Broker, publisher: Callable[[], Publisher], serving: Any
) -> None:
    broker.start()
    server = serving(mqtt_url=broker.url)
    eventually(lambda: mqtt_health(server)["connected"])
    sender = publisher()
    for payload in (message(1), message(1), message(1, value=9.0), [message(2), message(2, value=5.0)]):
        sender.publish(payload).wait_for_publish(10)
    eventually(lambda: mqtt_health(server)["received"] == 4)
    counts = mqtt_health(server)
    assert (counts["stored"], counts["known"], counts["conflicting"]) == (2, 1, 2)


def test_a_broker_that_asks_for_a_password_over_tls(
    tmp_path: Path, serving: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker's certificate is of a private authority, which `SSL_CERT_FILE` names."""
    home = made_in(tmp_path)
    authority(home)
    (home / "passwords").write_text("farm:wrong words\n")
    subprocess.run([tool("mosquitto_passwd"), "-U", str(home / "passwords")], check=True, capture_output=True)
    for file in home.iterdir():
        file.chmod(0o644)
    files = f"password_file {home}/passwords\ncertfile {home}/broker.pem\nkeyfile {home}/broker.key"
    broker = Broker(binary(), home, f"allow_anonymous false\n{files}")
    broker.start()
    try:
        url = f"mqtts://localhost:{broker.port}/farm/#"
        (tmp_path / "user").write_text("farm\nno such password\n")
        monkeypatch.setenv("SSL_CERT_FILE", str(home / "authority.pem"))
        server = serving(mqtt_url=url, mqtt_credentials=str(tmp_path / "user"))
        eventually(lambda: "refused us: Not authorized" in problems(server))
        (tmp_path / "user").write_text("farm\nwrong words\n")
        server = serving(mqtt_url=url, mqtt_credentials=str(tmp_path / "user"))
        eventually(lambda: mqtt_health(server)["connected"])
    finally:
        broker.stop()


def problems(server: Any) -> str:
    return str(server.client().get("/health").json()["problems"])


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def authority(home: Path) -> None:
    """authority.pem, and broker.pem with broker.key for localhost that it signed."""
    openssl, ec = tool("openssl"), ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    own = ["-subj", "/CN=authority", "-keyout", f"{home}/authority.key", "-out", f"{home}/authority.pem"]
    usage = ["-addext", "keyUsage=critical,keyCertSign"]
    signed = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{home}/broker.key"]
    by = ["-CA", f"{home}/authority.pem", "-CAkey", f"{home}/authority.key", "-out", f"{home}/broker.pem"]
    for arguments in ([*own, *usage], [*signed, *by]):
        subprocess.run([openssl, "req", "-x509", "-days", "2", *ec, *arguments], check=True, capture_output=True)


class Process:
    """`lotmark serve --mqtt`, to be killed."""

    def __init__(self, home: Path, url: str) -> None:
        self.home, self._url = home, url

    def __enter__(self) -> Process:
        environment = os.environ | {"LOTMARK_HOME": str(self.home), "LOTMARK_PORT": "0"}
        command = [sys.executable, "-c", "from api.cli.main import main; main()", "serve", "--mqtt", self._url]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(lambda: (note := Home.server(self.home)) and note.pid == self._process.pid, 60)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(20)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def get(self, path: str) -> Any:
        note = Home.server(self.home)
        assert note is not None
        headers = {"Authorization": f"Bearer {note.token}"}
        return httpx.get(note.url + path, headers=headers, trust_env=False, timeout=20).json()

    def post(self, path: str, value: Any) -> None:
        note = Home.server(self.home)
        assert note is not None
        headers = {"Authorization": f"Bearer {note.token}"}
        answer = httpx.post(note.url + path, json=value, headers=headers, trust_env=False, timeout=20)
        assert answer.is_success, answer.text


def test_kill_nine_and_a_restarted_broker_lose_and_double_nothing(
    broker: Broker, publisher: Callable[[], Publisher], tmp_path: Path
) -> None:
    home, count = tmp_path / "home", 1500
    Ledger.create(home, Settings())
    broker.start()
    with Process(home, broker.url) as server:
        rule = {"name": "cold", "kind": "specification", "quantity_kind": "Temperature", "high": 5.0}
        server.post("/quality/rules", rule)
        eventually(lambda: server.get("/health")["live"]["mqtt"]["connected"])
        sender = publisher()
        sent: list[paho.MQTTMessageInfo] = []

        def publish() -> None:
            for number in range(count):
                sent.append(sender.publish(message(number, value=9.0 if number % 100 == 50 else 4.0)))
                time.sleep(0.001)

        publishing = threading.Thread(target=publish)
        publishing.start()
        eventually(lambda: server.get("/health")["live"]["mqtt"]["stored"] > 300)
        server.kill()
    time.sleep(0.5)
    with Process(home, broker.url) as server:
        eventually(lambda: server.get("/health")["live"]["mqtt"]["stored"] > 300)
        broker.stop()
        time.sleep(0.5)
        broker.start()
        publishing.join()
        for info in sent:
            info.wait_for_publish(30)
        eventually(lambda: len(server.get("/quality/incidents?live=false&limit=1000")["incidents"]) >= count // 100, 60)
        time.sleep(1)
    store = Store.open(home)
    try:
        with store.read() as connection:
            assert connection.scalar(select(func.count()).select_from(reading)) == count
            assert connection.scalar(select(func.count(reading.c.time.distinct()))) == count
            opened = connection.execute(select(incident.c.opened_at, incident.c.count)).all()
    finally:
        store.close()
    # each breach was found once: none forgotten between storing and evaluating, none told twice
    bad = {round((START + timedelta(seconds=n)).timestamp() * 1e6) for n in range(50, count, 100)}
    assert bad == {row.opened_at for row in opened}
    assert {row.count for row in opened} == {1}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtt://127.0.0.1:1883/topic/#", ("127.0.0.1", 1883, "topic/#", False)),
        ("mqtts://broker.example/a/+/b", ("broker.example", 8883, "a/+/b", True)),
        ("mqtt://[::1]", ("::1", 1883, "#", False)),
    ],
)
def test_addresses(url: str, expected: tuple[Any, ...]) -> None:
    found = broker_of(url)
    assert (found.host, found.port, found.topic, found.is_tls) == expected


@pytest.mark.parametrize(
    "url", ["http://x/", "mqtt://user:word@x/", "mqtt://", "mqtt://x/a#", "mqtt://x/#/a", "mqtt://x/a+"]
)
def test_no_addresses(url: str) -> None:
    with pytest.raises(InvalidInput, match="mqtt"):
        broker_of(url)


def test_credentials_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "broker").write_text("ann\nsecret word\n")
    found = broker_of("mqtt://x", tmp_path / "broker")
    assert (found.user, found.password) == ("ann", "secret word")
    assert "secret" not in repr(found) + str(found)
    with pytest.raises(InvalidInput, match="cannot be read"):
        broker_of("mqtt://x", tmp_path / "none")


def test_a_reading_from_the_future_is_refused() -> None:
    now = round(START.timestamp() * 1e6)
    with pytest.raises(LotmarkError, match="has not come yet"):
        read_payload(json.dumps(message(7200)).encode(), now)
    (row,) = read_payload(json.dumps(message(60)).encode(), now)
    assert (row["item"], row["place"], row["value"]) == (LOT, None, 4.0)
