"""From the broker into the store: QoS 1, a session that outlives us, each message acknowledged after its commit.

The network runs in paho's thread, which only puts messages into a list; `run` takes them out in batches, commits their
readings in one transaction, and only then acknowledges. What was not acknowledged when we or the broker died is sent
again, and a reading that is known already is not stored twice. The broker holds back once as many messages as
`_IN_FLIGHT` are unacknowledged, so that the list is bounded.

A message that cannot be read is kept as a dead letter with the reason, opens an incident, and is acknowledged: sent
again it would be no better.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from api.live import book
from api.mqtt.address import Broker
from api.mqtt.payloads import read_payload
from api.quality.live import Raised
from ledger.errors import LotmarkError, Problem
from ledger.store import Store, dead_letters, measurements
from ledger.store.clock import now
from ledger.store.quality_tables import reading

log = logging.getLogger(__name__)
_IN_FLIGHT = 10_000
_BATCH = 5_000
_GATHER = 0.1
_SESSION = 7 * 24 * 3600
_KEEPALIVE = 30
_NAMES = ("time", "sensor", "item", "place", "quantity_kind", "value", "unit", "imported_at")


@dataclass(frozen=True, slots=True)
class Counts:
    """Since the start: messages that came and were refused, readings that were new, known before, or at odds with
    what is known: the first stands."""

    connected: bool = False
    received: int = 0
    refused: int = 0
    stored: int = 0
    known: int = 0
    conflicting: int = 0


class Intake:
    """One subscription. `arrived` is called after each commit."""

    def __init__(self, store: Store, broker: Broker, client_id: str, arrived: Callable[[], None]) -> None:
        self._store, self._broker, self._arrived = store, broker, arrived
        self._messages: SimpleQueue[tuple[int, paho.MQTTMessage]] = SimpleQueue()
        self._connection = 0
        self.counts = Counts()
        self.problem: Problem | None = Problem("not connected yet", str(broker), advice="It is being tried.")
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id, protocol=paho.MQTTv5, manual_ack=True, reconnect_on_failure=True
        )
        self._client.on_connect, self._client.on_disconnect = self._on_connect, self._on_disconnect
        self._client.on_connect_fail, self._client.on_message = self._on_connect_fail, self._on_message
        self._client.on_subscribe = self._on_subscribe
        self._client.reconnect_delay_set(1, 30)
        if broker.user is not None:
            self._client.username_pw_set(broker.user, broker.password)
        if broker.is_tls:
            self._client.tls_set()

    def run(self, stop: threading.Event) -> None:
        """Until told to stop; raises what a commit raises, after which it may be run again."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # of paho
        properties.SessionExpiryInterval, properties.ReceiveMaximum = _SESSION, _IN_FLIGHT
        self._client.connect_async(
            self._broker.host, self._broker.port, _KEEPALIVE, clean_start=False, properties=properties
        )
        self._client.loop_start()
        try:
            while not stop.is_set():
                batch = self._gather()
                if batch:
                    self._take(batch)
        finally:
            self._client.disconnect()
            self._client.loop_stop()
            self._drop()
            self.counts = replace(self.counts, connected=False)

    def _gather(self) -> list[tuple[int, paho.MQTTMessage]]:
        """What is there, after a moment in which more may come."""
        try:
            batch = [self._messages.get(timeout=0.5)]
        except Empty:
            return []
        threading.Event().wait(_GATHER)
        while len(batch) < _BATCH and not self._messages.empty():
            batch.append(self._messages.get())
        return batch

    def _drop(self) -> None:
        """What was not committed comes again."""
        while not self._messages.empty():
            self._messages.get()

    def _take(self, batch: list[tuple[int, paho.MQTTMessage]]) -> None:
        rows: list[dict[str, Any]] = []
        bad: list[tuple[paho.MQTTMessage, str]] = []
        at = now()
        for _, message in batch:
            try:
                rows += read_payload(bytes(message.payload), at)
            except LotmarkError as error:
                bad.append((message, str(error)))
        with self._store.begin() as connection:
            added = measurements.add(connection, reading, _NAMES, [_tuple(row, at) for row in rows])
            for message, reason in bad:
                dead_letters.add(connection, message.topic, bytes(message.payload), reason)
            if bad:
                book.write(connection, [self._unreadable(bad, at)])
        for generation, message in batch:
            if generation == self._connection:  # else the broker sends it again, perhaps under another number
                self._client.ack(message.mid, message.qos)
        counts = self.counts
        self.counts = replace(
            counts,
            received=counts.received + len(batch),
            refused=counts.refused + len(bad),
            stored=counts.stored + added.new,
            known=counts.known + added.known,
            conflicting=counts.conflicting + added.conflicting,
        )
        self._arrived()

    def _unreadable(self, bad: list[tuple[paho.MQTTMessage, str]], at: int) -> Raised:
        message, reason = bad[-1]
        said = f"messages that cannot be read, the last on topic {message.topic}: {reason}"
        evidence = {"reason": said, "topic": message.topic, "problem": reason}
        return Raised(
            f"|mqtt|{self._broker}", "unreadable", "minor", None, None, None, None, at, at, len(bad), evidence
        )  # fmt: skip

    def _on_connect(self, client: paho.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._refused(f"the broker refused us: {reason}")
            return
        self._connection += 1
        client.subscribe(self._broker.topic, qos=1)

    def _on_subscribe(self, _client: paho.Client, _data: Any, _mid: int, reasons: Any, _properties: Any) -> None:
        refusal = next((reason for reason in reasons if reason.is_failure), None)
        if refusal is not None:
            self._refused(f"the broker refused the subscription: {refusal}")
            return
        self.problem = None
        self.counts = replace(self.counts, connected=True)
        log.info("listening to %s", self._broker)

    def _on_disconnect(self, _client: paho.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self._connection += 1
        if reason.is_failure and self.counts.connected:  # else it was said why it let us go
            self._refused(f"the broker is gone: {reason}")

    def _on_connect_fail(self, _client: paho.Client, _data: Any) -> None:
        untrusted = ", or its certificate is not trusted here" if self._broker.is_tls else ""
        self._refused(f"the broker does not answer{untrusted}")

    def _on_message(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        self._messages.put((self._connection, message))

    def _refused(self, what: str) -> None:
        self.counts = replace(self.counts, connected=False)
        self.problem = Problem(what, str(self._broker), advice="It is tried again; readings wait at the broker.")
        log.warning("%s", self.problem)


def _tuple(row: dict[str, Any], at: int) -> tuple[Any, ...]:
    return (*map(row.get, _NAMES[:-1]), at)
