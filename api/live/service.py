"""The live half of a running server: rules, webhooks, followers, and MQTT if it is configured; each in its thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from api.live.deliveries import Deliveries
from api.live.engine import Engine
from api.live.stream import Stream
from api.mqtt.address import broker_of
from api.mqtt.intake import Intake
from ledger.errors import Problem
from ledger.home import Settings
from ledger.store import Store, meta

Job = Callable[[threading.Event], None]


class Live:
    """Made once per server. Raises InvalidInput for an MQTT address that is none."""

    def __init__(self, store: Store, settings: Settings, home: Path) -> None:
        self.store = store
        self.stream = Stream()
        self.deliveries = Deliveries(store)
        self.engine = Engine(store, self.changed, home)
        self.intake = self._intake(settings)

    def changed(self) -> None:
        """Incidents or holds have changed, and it is committed."""
        self.stream.wake()
        self.deliveries.wake()

    def arrived(self) -> None:
        """Readings have arrived, and are committed."""
        self.engine.arrived()

    @property
    def jobs(self) -> dict[str, Job]:
        """By the name of its thread: what runs until it is told to stop."""
        jobs: dict[str, Job] = {"live": self.engine.run, "webhooks": self.deliveries.run}
        if self.intake is not None:
            jobs["mqtt"] = self.intake.run
        return jobs

    @property
    def problems(self) -> list[Problem]:
        of_intake = [self.intake.problem] if self.intake is not None and self.intake.problem else []
        return [*of_intake, *self.engine.problems]

    def wake(self) -> None:
        """So that jobs see that they are to stop."""
        self.stream.close()
        self.engine.arrived()
        self.deliveries.wake()

    def _intake(self, settings: Settings) -> Intake | None:
        if not settings.mqtt_url:
            return None
        broker = broker_of(settings.mqtt_url, Path(settings.mqtt_credentials) if settings.mqtt_credentials else None)
        with self.store.read() as connection:
            home = meta.get(connection, "store") or ""
        return Intake(self.store, broker, f"lotmark-{home[:16]}", self._message_arrived)

    def _message_arrived(self) -> None:
        self.arrived()
        self.changed()
