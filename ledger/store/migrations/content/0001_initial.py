"""The first schema of the content file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "content_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "block",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("parent_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("hash"),
    )
    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("characteristic", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("inspector", sa.Text(), server_default="", nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("time", "item", "characteristic", "inspector", name="inspection_identity"),
    )
    op.create_index(op.f("ix_inspection_item"), "inspection", ["item"], unique=False)
    op.create_table(
        "meta",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("company_prefixes", sa.Text(), server_default="", nullable=False),
        sa.Column("policy", sa.Text(), server_default="sealed", nullable=False),
        sa.Column("custodial", sa.Boolean(), server_default="0", nullable=False),
        sa.CheckConstraint("policy in ('sealed', 'open')", name="organisation_policy"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uri"),
    )
    op.create_table(
        "quality_limit",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("quantity_kind", sa.Text(), nullable=False),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("item", "quantity_kind"),
    )
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("sensor", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("quantity_kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(item is null) <> (place is null)", name="reading_belongs"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("time", "sensor", "quantity_kind", name="reading_identity"),
    )
    op.create_index("reading_item", "reading", ["item", "time"], unique=False)
    op.create_index("reading_place", "reading", ["place", "time"], unique=False)
    op.create_table(
        "api_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organisation_id", sa.LargeBinary(length=32), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("scope in ('read', 'write')", name="api_key_scope"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("items_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("index_root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("header_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=65), nullable=False),
        sa.Column("signer", sa.LargeBinary(length=20), nullable=False),
        sa.Column("open_items", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state in ('signed', 'sent', 'recorded', 'final', 'void')", name="batch_state"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "batch_sequence",
        "batch",
        ["organisation_id", "sequence"],
        unique=True,
        sqlite_where=sa.text("state <> 'void'"),
        postgresql_where=sa.text("state <> 'void'"),
    )
    op.create_index("batch_state_index", "batch", ["state"], unique=False)
    op.create_table(
        "capture_job",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("policy", sa.Text(), nullable=True),
        sa.Column("error_behaviour", sa.Text(), server_default="rollback", nullable=False),
        sa.Column("duplicate_keys", sa.Text(), server_default="refuse", nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("success", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("captured", sa.Integer(), server_default="0", nullable=False),
        sa.Column("known", sa.Integer(), server_default="0", nullable=False),
        sa.Column("errors", sa.Text(), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("capture_job_created", "capture_job", ["created_at"], unique=False)
    op.create_index(
        "capture_job_unfinished",
        "capture_job",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("finished_at is null"),
    )
    op.create_table(
        "open_item",
        sa.Column("block_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("item_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organisation_id", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["block_hash"],
            ["block.hash"],
        ),
        sa.PrimaryKeyConstraint("block_hash", "log_index"),
    )
    op.create_index(op.f("ix_open_item_block_number"), "open_item", ["block_number"], unique=False)
    op.create_index(op.f("ix_open_item_item_key"), "open_item", ["item_key"], unique=False)
    op.create_table(
        "record",
        sa.Column("block_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("block_number", sa.BigInteger(), nullable=False),
        sa.Column("transaction_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organisation_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("signer", sa.LargeBinary(length=20), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("items_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("index_root", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["block_hash"],
            ["block.hash"],
        ),
        sa.PrimaryKeyConstraint("block_hash", "log_index"),
    )
    op.create_index(op.f("ix_record_block_number"), "record", ["block_number"], unique=False)
    op.create_index("record_sequence", "record", ["organisation_id", "sequence"], unique=True)
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.LargeBinary(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("leaf_count", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("event_time", sa.BigInteger(), nullable=False),
        sa.Column("event_time_zone_offset", sa.Text(), nullable=False),
        sa.Column("biz_step", sa.Text(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("read_point", sa.Text(), nullable=True),
        sa.Column("biz_location", sa.Text(), nullable=True),
        sa.Column("transformation_id", sa.Text(), nullable=True),
        sa.Column("is_error_declaration", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("captured_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("batch_index", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Text(), nullable=True),
        sa.CheckConstraint("(batch_id is null) = (batch_index is null)", name="event_batched"),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batch.id"],
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["capture_job.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("commitment"),
        sa.UniqueConstraint("organisation_id", "digest", name="event_identity"),
    )
    op.create_index("event_batch", "event", ["batch_id", "organisation_id"], unique=False)
    op.create_index(op.f("ix_event_biz_location"), "event", ["biz_location"], unique=False)
    op.create_index(op.f("ix_event_event_id"), "event", ["event_id"], unique=False)
    op.create_index(op.f("ix_event_event_time"), "event", ["event_time"], unique=False)
    op.create_index(op.f("ix_event_job_id"), "event", ["job_id"], unique=False)
    op.create_index(op.f("ix_event_transformation_id"), "event", ["transformation_id"], unique=False)
    op.create_table(
        "transaction",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("sender", sa.LargeBinary(length=20), nullable=False),
        sa.Column("nonce", sa.BigInteger(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batch.id"],
        ),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index(op.f("ix_transaction_batch_id"), "transaction", ["batch_id"], unique=False)
    op.create_index("transaction_nonce", "transaction", ["sender", "nonce"], unique=False)
    op.create_table(
        "correction",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("corrected_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrected_id"],
            ["event.id"],
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
        ),
        sa.PrimaryKeyConstraint("event_id", "corrected_id"),
    )
    op.create_index(op.f("ix_correction_corrected_id"), "correction", ["corrected_id"], unique=False)
    op.create_table(
        "mention",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lot", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Float(), nullable=True),
        sa.Column("uom", sa.Text(), nullable=True),
        sa.Column("has_quantity", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
        ),
        sa.PrimaryKeyConstraint("event_id", "position"),
        sqlite_with_rowid=False,
    )
    op.create_index("mention_item", "mention", ["item", "event_id"], unique=False)
    op.create_index(
        "mention_lot", "mention", ["lot", "event_id"], unique=False, sqlite_where=sa.text("lot is not null")
    )
