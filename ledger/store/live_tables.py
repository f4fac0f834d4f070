"""The tables of the live half, in the same file as what it watches: incidents, holds, rules, webhooks, the stream.

What was decided is kept with who and when. Times are microseconds since 1970-01-01T00:00:00Z; items and places are
canonical URIs; JSON columns hold canonical JSON text.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)

from ledger.store.tables import content

#: one live incident per cause; refreshed while the cause goes on, not repeated
incident = Table(
    "incident",
    content,
    Column("id", Integer, primary_key=True),
    Column("cause", Text, nullable=False),  # rule and what it is about: the same cause, the same incident
    Column("kind", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("item", Text),
    Column("place", Text),
    Column("sensor", Text),
    Column("quantity_kind", Text),
    Column("message", Text, nullable=False),
    Column("evidence", Text, nullable=False),  # canonical JSON: the measurements behind it
    Column("opened_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    Column("cleared_at", BigInteger),
    Column("acknowledged_at", BigInteger),
    Column("acknowledged_by", Text),
    Column("owner", Text),
    Column("due_at", BigInteger),
    Column("closed_at", BigInteger),  # by someone who says why it was; clears it where its cause goes on
    Column("closed_by", Text),
    Column("cause_code", Text),
    Column("corrective_action", Text),
    Index("incident_live", "cause", unique=True, sqlite_where=text("cleared_at is null")),
    Index("incident_item", "item"),
    Index("incident_opened", "opened_at"),
    CheckConstraint("severity in ('critical', 'major', 'minor', 'warning')", name="incident_severity"),
)

#: a lot or item that must not go on; placed and released by someone, for a reason
hold = Table(
    "hold",
    content,
    Column("id", Integer, primary_key=True),
    Column("item", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("cause_code", Text, nullable=False, server_default=""),
    Column("incident_id", Integer, ForeignKey("incident.id")),
    Column("placed_at", BigInteger, nullable=False),
    Column("placed_by", Text, nullable=False),
    Column("released_at", BigInteger),
    Column("released_by", Text),
    Column("release_reason", Text),
    Index("hold_live", "item", unique=True, sqlite_where=text("released_at is null")),
)

#: a rule that is run as readings arrive
live_rule = Table(
    "live_rule",
    content,
    Column("name", Text, primary_key=True),
    Column("rule", Text, nullable=False),  # canonical JSON
    Column("created_at", BigInteger, nullable=False),
)

#: who is told of incidents by HTTP POST; what signs it is derived from a key in the secrets file
webhook = Table(
    "webhook",
    content,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("salt", LargeBinary(16), nullable=False),  # so that a webhook that comes again has another secret
    Column("created_at", BigInteger, nullable=False),
)

#: one message to one webhook, written with the change that it tells of; delivered at least once, in order
delivery = Table(
    "delivery",
    content,
    Column("id", Integer, primary_key=True),
    Column("webhook_id", Integer, ForeignKey("webhook.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("payload", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", BigInteger, nullable=False),
    Column("delivered_at", BigInteger),
    Column("last_error", Text),
)

#: what happened to incidents and holds, in order: the stream; the oldest are forgotten
live_change = Table(
    "live_change",
    content,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("event", Text, nullable=False),  # such as incident.opened
    Column("payload", Text, nullable=False),  # canonical JSON
    sqlite_autoincrement=True,  # an id is never given again, for clients resume after it
)

#: messages that could not be read, and why; the oldest are forgotten
dead_letter = Table(
    "dead_letter",
    content,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("source", Text, nullable=False),  # such as an MQTT topic
    Column("payload", LargeBinary, nullable=False),  # its beginning
    Column("size", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    sqlite_autoincrement=True,
)
