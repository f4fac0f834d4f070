"""The store's tables (SQLAlchemy Core), one word per thing as in the design's vocabulary.

Two files: `content` holds what may be shown and backed up at will; `secrets` holds the events' secrets and the key of
the identity digests, so that they can be erased and backed up on their own. The store knows no chain: what the follower
saw there is written here as plain rows.

Times are integers: microseconds since 1970-01-01T00:00:00Z. Hashes, keys of items and addresses are raw bytes.
Organisations are named by their 32-byte id, keccak-256 of their URI, as in the contract.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

content = MetaData()
secrets = MetaData()

#: key → value: which chain this home was made on, settings fixed at `init`, `store` (the id it shares with its secrets
#: file), `final_block` (the last block that the follower knows to be final)
meta = Table(
    "meta",
    content,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

organisation = Table(
    "organisation",
    content,
    Column("id", LargeBinary(32), primary_key=True),
    Column("uri", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    #: GS1 company prefixes, comma separated: items under them are the organisation's own
    Column("company_prefixes", Text, nullable=False, server_default=""),
    #: the default for its events: 'sealed' or 'open'
    Column("policy", Text, nullable=False, server_default="sealed"),
    #: this home holds a key of it and signs for it
    Column("custodial", Boolean, nullable=False, server_default="0"),
    CheckConstraint("policy in ('sealed', 'open')", name="organisation_policy"),
)

api_key = Table(
    "api_key",
    content,
    Column("id", Text, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False),  # SHA-256 of the secret part
    Column("organisation_id", LargeBinary(32), ForeignKey("organisation.id")),
    Column("scope", Text, nullable=False),  # 'read' or 'write' (which includes read)
    Column("note", Text, nullable=False, server_default=""),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    CheckConstraint("scope in ('read', 'write')", name="api_key_scope"),
)

#: one row per POST /capture: the document as it came, and what became of it
capture_job = Table(
    "capture_job",
    content,
    Column("id", Text, primary_key=True),
    Column("organisation_id", LargeBinary(32), ForeignKey("organisation.id"), nullable=False),
    Column("policy", Text),  # 'sealed', 'open', or null: the organisation's
    Column("error_behaviour", Text, nullable=False, server_default="rollback"),  # or 'proceed'
    Column("duplicate_keys", Text, nullable=False, server_default="refuse"),  # or 'last'
    Column("document", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("success", Boolean, nullable=False, server_default="1"),
    Column("captured", Integer, nullable=False, server_default="0"),  # events new to this store
    Column("known", Integer, nullable=False, server_default="0"),  # events it already had
    Column("errors", Text, nullable=False, server_default="[]"),  # JSON list of problems
    Index("capture_job_created", "created_at"),
    Index("capture_job_unfinished", "created_at", sqlite_where=text("finished_at is null")),
)

#: one signed header; events whose batch is null are 'captured'
batch = Table(
    "batch",
    content,
    Column("id", Integer, primary_key=True),
    Column("organisation_id", LargeBinary(32), ForeignKey("organisation.id"), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("size", Integer, nullable=False),
    Column("items_hash", LargeBinary(32), nullable=False),
    Column("index_root", LargeBinary(32), nullable=False),
    Column("header_hash", LargeBinary(32), nullable=False),
    Column("signature", LargeBinary(65), nullable=False),
    Column("signer", LargeBinary(20), nullable=False),
    #: the open items in the signed order, as `ledger.batch.encode_items` encodes them (abi.encode)
    Column("open_items", LargeBinary, nullable=False),
    #: 'signed' (no node has accepted it), 'sent', 'recorded', 'final', or 'void' (it can no longer be recorded)
    Column("state", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    CheckConstraint("state in ('signed', 'sent', 'recorded', 'final', 'void')", name="batch_state"),
    Index(
        "batch_sequence",
        "organisation_id",
        "sequence",
        unique=True,
        sqlite_where=text("state <> 'void'"),
        postgresql_where=text("state <> 'void'"),
    ),
    Index("batch_state_index", "state"),
)

#: every attempt to carry a batch, stored before it is sent
transaction = Table(
    "transaction",
    content,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("batch_id", Integer, ForeignKey("batch.id"), nullable=False, index=True),
    Column("sender", LargeBinary(20), nullable=False),
    Column("nonce", BigInteger, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),  # first time that a node accepted it
    Index("transaction_nonce", "sender", "nonce"),
)

event = Table(
    "event",
    content,
    Column("id", Integer, primary_key=True),
    Column("organisation_id", LargeBinary(32), ForeignKey("organisation.id"), nullable=False),
    #: HMAC-SHA-256 of the parsed content and context, under the home's own key: the event's identity in this store
    Column("digest", LargeBinary(32), nullable=False),
    Column("commitment", LargeBinary(32), nullable=False, unique=True),
    Column("leaf_count", Integer, nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("event_id", Text, nullable=False, index=True),
    Column("type", Text, nullable=False),
    Column("action", Text),
    Column("event_time", BigInteger, nullable=False, index=True),
    Column("event_time_zone_offset", Text, nullable=False),
    Column("biz_step", Text),
    Column("disposition", Text),
    Column("read_point", Text),
    Column("biz_location", Text, index=True),
    Column("transformation_id", Text, index=True),
    #: the event declares an event of the same event_id wrong
    Column("is_error_declaration", Boolean, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("captured_at", BigInteger, nullable=False),  # its recordTime in this repository
    Column("body", Text, nullable=False),  # the standalone event, JSON
    Column("batch_id", Integer, ForeignKey("batch.id")),
    Column("batch_index", Integer),
    Column("job_id", Text, ForeignKey("capture_job.id"), index=True),
    UniqueConstraint("organisation_id", "digest", name="event_identity"),
    CheckConstraint("(batch_id is null) = (batch_index is null)", name="event_batched"),
    Index("event_batch", "batch_id", "organisation_id"),
)

#: an item as an event names it
mention = Table(
    "mention",
    content,
    Column("event_id", Integer, ForeignKey("event.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("item", Text, nullable=False),  # canonical URI
    Column("kind", Text, nullable=False),  # identifiers.Kind
    #: the lot that a serial item's own Digital Link names beside it
    Column("lot", Text),
    Column("role", Text, nullable=False),  # 'epc', 'parent', 'child', 'input', 'output'
    Column("quantity", Float),
    Column("uom", Text),
    Column("has_quantity", Boolean, nullable=False),  # named in a quantity list, with or without a quantity
    Index("mention_item", "item", "event_id"),
    Index("mention_lot", "lot", "event_id", sqlite_where=text("lot is not null")),
    sqlite_with_rowid=False,
)

#: (correcting event, corrected event): same organisation, same event_id, the former declares the latter wrong
correction = Table(
    "correction",
    content,
    Column("event_id", Integer, ForeignKey("event.id"), primary_key=True),
    Column("corrected_id", Integer, ForeignKey("event.id"), primary_key=True, index=True),
)

#: what the follower saw, canonical blocks only: the last final one, all after it, and every one that holds a record.
#: The highest is how far the follower has come
block = Table(
    "block",
    content,
    Column("number", BigInteger, primary_key=True),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("parent_hash", LargeBinary(32), nullable=False),
    Column("time", BigInteger, nullable=False),  # microseconds, like every time here
)

#: a BatchRecorded log of a canonical block, ours or a stranger's
record = Table(
    "record",
    content,
    Column("block_hash", LargeBinary(32), ForeignKey("block.hash"), primary_key=True),
    Column("log_index", Integer, primary_key=True),
    Column("block_number", BigInteger, nullable=False, index=True),
    Column("transaction_hash", LargeBinary(32), nullable=False),
    Column("organisation_id", LargeBinary(32), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("signer", LargeBinary(20), nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("size", Integer, nullable=False),
    Column("items_hash", LargeBinary(32), nullable=False),
    Column("index_root", LargeBinary(32), nullable=False),
    Index("record_sequence", "organisation_id", "sequence", unique=True),
)

#: an OpenItemRecorded log of a canonical block
open_item = Table(
    "open_item",
    content,
    Column("block_hash", LargeBinary(32), ForeignKey("block.hash"), primary_key=True),
    Column("log_index", Integer, primary_key=True),
    Column("block_number", BigInteger, nullable=False, index=True),
    Column("item_key", LargeBinary(32), nullable=False, index=True),
    Column("commitment", LargeBinary(32), nullable=False),
    Column("organisation_id", LargeBinary(32), nullable=False),
)

#: 32 random bytes of one event alone; deleting the row makes the event's hidden leaves unguessable for ever
event_secret = Table(
    "event_secret",
    secrets,
    Column("id", Integer, primary_key=True),  # in the order of capture
    Column("commitment", LargeBinary(32), nullable=False, unique=True),
    Column("secret", LargeBinary(32), nullable=False),
)

#: 'identity': the key of the events' digests; 'store': the id that the content file bears too
home_key = Table(
    "home_key",
    secrets,
    Column("name", Text, primary_key=True),
    Column("key", LargeBinary(32), nullable=False),
)
