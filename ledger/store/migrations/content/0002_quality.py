"""Laboratory results, specifications, equipment, runs, activities, frozen limits, models, and where rows came from.

Limits become specifications without market and validity; inspections get samples and counts; rows know their import.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "content_0002"
down_revision = "content_0001"


def upgrade() -> None:
    op.rename_table("inspection", "inspection_before")
    op.drop_index("ix_inspection_item", "inspection_before")
    op.rename_table("reading", "reading_before")
    op.drop_index("reading_item", "reading_before")
    op.drop_index("reading_place", "reading_before")
    op.create_table(
        "imported_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("conflicting", sa.Integer(), server_default="0", nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("imported_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_imported_file_digest"), "imported_file", ["digest"], unique=False)
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
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imported_file.id"]),
        sa.CheckConstraint("(item is null) <> (place is null)", name="reading_belongs"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("time", "sensor", "quantity_kind", name="reading_identity"),
    )
    op.create_index("reading_item", "reading", ["item", "time"], sqlite_where=sa.text("item is not null"))
    op.create_index("reading_place", "reading", ["place", "time"], sqlite_where=sa.text("place is not null"))
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imported_file.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subject", "activity", "start", "end", name="activity_identity"),
    )
    op.create_index(op.f("ix_activity_subject"), "activity", ["subject"], unique=False)
    op.create_table(
        "cleaning_pipeline",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "control_limits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("characteristic", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), server_default="", nullable=False),
        sa.Column("chart", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("frozen_at", sa.BigInteger(), nullable=False),
        sa.Column("frozen_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("characteristic", "scope", "chart", "version", name="control_limits_version"),
    )
    op.create_table(
        "equipment",
        sa.Column("equipment", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("ideal_rate", sa.Float(), nullable=True),
        sa.Column("calibrated", sa.BigInteger(), nullable=True),
        sa.Column("calibration_due", sa.BigInteger(), nullable=True),
        sa.Column("laboratory_accredited_until", sa.BigInteger(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imported_file.id"]),
        sa.PrimaryKeyConstraint("equipment"),
    )
    op.create_table(
        "factor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("factor", sa.Float(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("per", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=True),
        sa.Column("valid_to", sa.BigInteger(), nullable=True),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imported_file.id"]),
        sa.PrimaryKeyConstraint("id"),
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
        sa.Column("sample", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("nonconforming", sa.Integer(), nullable=True),
        sa.Column("defects", sa.Integer(), nullable=True),
        sa.Column("run", sa.Text(), nullable=True),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imported_file.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("time", "item", "characteristic", "inspector", "sample", name="inspection_identity"),
    )
    op.create_index("inspection_characteristic", "inspection", ["characteristic", "time"], unique=False)
    op.create_index(op.f("ix_inspection_item"), "inspection", ["item"], unique=False)
    op.create_table(
        "laboratory_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("sample", sa.Text(), server_default="", nullable=False),
        sa.Column("laboratory", sa.Text(), server_default="", nullable=False),
        sa.Column("analyte", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("loq", sa.Float(), nullable=True),
        sa.Column("uncertainty", sa.Float(), nullable=True),
        sa.Column("method", sa.Text(), server_default="", nullable=False),
        sa.Column("certificate", sa.Text(), server_default="", nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imported_file.id"]),
        sa.CheckConstraint("value is not null or loq is not null", name="laboratory_result_says"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "item", "sample", "laboratory", "analyte", "method", "time", name="laboratory_result_identity"
        ),
    )
    op.create_index(op.f("ix_laboratory_result_item"), "laboratory_result", ["item"], unique=False)
    op.create_table(
        "model",
        sa.Column("card_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("card_digest"),
    )
    op.create_table(
        "production_run",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("equipment", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("planned", sa.Float(), nullable=False),
        sa.Column("downtime", sa.Float(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("rework", sa.Integer(), server_default="0", nullable=False),
        sa.Column("opportunities", sa.Integer(), server_default="1", nullable=False),
        sa.Column("operator", sa.Text(), server_default="", nullable=False),
        sa.Column("shift", sa.Text(), server_default="", nullable=False),
        sa.Column("supplier", sa.Text(), server_default="", nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imported_file.id"]),
        sa.CheckConstraint("good <= total", name="production_run_good"),
        sa.PrimaryKeyConstraint("run"),
    )
    op.create_index(op.f("ix_production_run_equipment"), "production_run", ["equipment"], unique=False)
    op.create_index(op.f("ix_production_run_item"), "production_run", ["item"], unique=False)
    op.create_table(
        "specification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("characteristic", sa.Text(), nullable=False),
        sa.Column("market", sa.Text(), server_default="", nullable=False),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("target", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=True),
        sa.Column("valid_to", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imported_file.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    since = sa.text("coalesce(valid_from, -9223372036854775808)")
    op.create_index("factor_identity", "factor", ["activity", "indicator", since], unique=True)
    op.create_index("specification_identity", "specification", ["item", "characteristic", "market", since], unique=True)
    op.execute(
        "insert into inspection (id, time, item, characteristic, value, unit, passed, inspector, imported_at) "
        "select id, time, item, characteristic, value, unit, passed, inspector, imported_at from inspection_before"
    )
    op.drop_table("inspection_before")
    op.execute(
        "insert into reading (id, time, sensor, item, place, quantity_kind, value, unit, imported_at) "
        "select id, time, sensor, item, place, quantity_kind, value, unit, imported_at from reading_before"
    )
    op.drop_table("reading_before")
    op.execute(
        "insert into specification (item, characteristic, low, high, unit, imported_at) "
        "select item, quantity_kind, low, high, unit, strftime('%s') * 1000000 from quality_limit"
    )
    op.drop_table("quality_limit")
