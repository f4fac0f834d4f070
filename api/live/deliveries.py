"""Telling webhooks: what they are owed, in order for each, at least once, later and later after failures.

Each delivery waits in a thread of its own, at most one per webhook: a receiver that is slow or hangs delays its own
deliveries alone. The body is signed: `Lotmark-Signature: t=<seconds>,v1=<hex>`, HMAC-SHA-256 of `<seconds>.<body>`
under the webhook's secret, so that a receiver can tell who sent it, and refuse what is old.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets as random
import threading
import time
from typing import Any

import httpx
from sqlalchemy import Row

from ledger.store import Store, secrets, webhooks
from ledger.store.clock import now

log = logging.getLogger(__name__)
TIMEOUT = httpx.Timeout(10, connect=5)
_LONGEST_WAIT = 5.0


def secret_of(store: Store, salt: bytes) -> str:
    """What signs a webhook's deliveries: derived from a key in the secrets file."""
    with store.begin_secrets() as connection:
        key = secrets.home_key(connection, "webhooks", random.token_bytes(32))
    return hmac.new(key, salt, hashlib.sha256).hexdigest()


def signature(secret: str, seconds: int, body: bytes) -> str:
    """The value of the header `Lotmark-Signature`."""
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


class Deliveries:
    """Runs until told to stop; a delivery under way then counts as not delivered, and comes again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wake = threading.Event()
        self._busy: set[int] = set()
        self._stopped = False

    def wake(self) -> None:
        self._wake.set()

    def run(self, stop: threading.Event) -> None:
        with httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False) as http:
            while not stop.is_set():
                self._wake.clear()
                with self._store.read() as connection:
                    due, at = webhooks.due(connection, now()), webhooks.next_at(connection)
                for row in due:
                    if row.webhook_id not in self._busy:
                        self._busy.add(row.webhook_id)
                        threading.Thread(target=self._deliver, args=(http, row, stop), daemon=True).start()
                self._wake.wait(_LONGEST_WAIT if at is None else min(max((at - now()) / 1e6, 0.2), _LONGEST_WAIT))

    def _deliver(self, http: httpx.Client, row: Row[Any], stop: threading.Event) -> None:
        try:
            error = self._post(http, row)
            if stop.is_set():
                return
            with self._store.begin() as connection:
                if error:
                    webhooks.failed(connection, row.id, row.attempts, error)
                else:
                    webhooks.delivered(connection, row.id)
        except Exception:  # such as a full disk: it is still owed, and comes again
            log.exception("delivery %s failed", row.id)
            stop.wait(1)
        finally:
            self._busy.discard(row.webhook_id)
            self._wake.set()

    def _post(self, http: httpx.Client, row: Row[Any]) -> str:
        """Empty if the receiver took it, else why not."""
        body, seconds = row.payload.encode(), int(time.time())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "lotmark",
            "Lotmark-Delivery": str(row.id),
            "Lotmark-Signature": signature(secret_of(self._store, row.salt), seconds, body),
        }
        try:
            with http.stream("POST", row.url, content=body, headers=headers) as answer:
                return "" if answer.is_success else f"answered {answer.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL, RuntimeError) as error:  # RuntimeError: closed while stopping
            return type(error).__name__
