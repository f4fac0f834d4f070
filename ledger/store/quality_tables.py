"""The tables of the off-chain quality data, in the same file as the events that they are joined with.

What was measured (reading, inspection, laboratory result, production run, activity) is never changed or overwritten.
What was decided (specifications, frozen control limits) is kept with who and when. Times are
microseconds since 1970-01-01T00:00:00Z; items and places canonical URIs; units UN/ECE Recommendation 20 codes; JSON
columns hold canonical JSON text.
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
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)

from ledger.store.tables import content


def since_ever() -> TextClause:
    """The start of validity in a unique index, where null values would not be equal."""
    return text("coalesce(valid_from, -9223372036854775808)")


#: one import, of a file or a message: where rows came from, and by whom
imported_file = Table(
    "imported_file",
    content,
    Column("id", Integer, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, index=True),  # SHA-256 of its bytes
    Column("kind", Text, nullable=False),  # readings, inspections, results …
    Column("source", Text, nullable=False, server_default=""),  # the file's name
    Column("format", Text, nullable=False),  # csv, xlsx, parquet, json
    Column("rows", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("conflicting", Integer, nullable=False, server_default="0"),  # refused for what was there before
    Column("imported_at", BigInteger, nullable=False),
    Column("imported_by", Text, nullable=False, server_default=""),
)

#: one sensor value; exactly one of item and place says what it belongs to
reading = Table(
    "reading",
    content,
    Column("id", Integer, primary_key=True),
    Column("time", BigInteger, nullable=False),
    Column("sensor", Text, nullable=False),
    Column("item", Text),
    Column("place", Text),
    Column("quantity_kind", Text, nullable=False),  # a GS1 measurement type, such as Temperature
    Column("value", Float, nullable=False),  # in `unit`
    Column("unit", Text, nullable=False),  # UN/ECE Recommendation 20 code, such as CEL
    Column("imported_at", BigInteger, nullable=False),
    Column("import_id", Integer, ForeignKey("imported_file.id")),
    UniqueConstraint("time", "sensor", "quantity_kind", name="reading_identity"),
    CheckConstraint("(item is null) <> (place is null)", name="reading_belongs"),
    Index("reading_item", "item", "time", sqlite_where=text("item is not null")),
    Index("reading_place", "place", "time", sqlite_where=text("place is not null")),
)

#: one quality check: a variable has value and unit; an attribute has passed, or a size with what was found in it
inspection = Table(
    "inspection",
    content,
    Column("id", Integer, primary_key=True),
    Column("time", BigInteger, nullable=False),
    Column("item", Text, nullable=False, index=True),
    Column("characteristic", Text, nullable=False),
    Column("value", Float),  # of a variable, in `unit`
    Column("unit", Text),
    Column("passed", Boolean),  # of an attribute
    Column("inspector", Text, nullable=False, server_default=""),
    Column("sample", Text, nullable=False, server_default=""),  # which piece, where one inspection takes several
    Column("size", Integer),  # how many pieces were looked at
    Column("nonconforming", Integer),  # how many of them failed
    Column("defects", Integer),  # how many defects they had
    Column("run", Text),  # the production run
    Column("imported_at", BigInteger, nullable=False),
    Column("import_id", Integer, ForeignKey("imported_file.id")),
    UniqueConstraint("time", "item", "characteristic", "inspector", "sample", name="inspection_identity"),
    Index("inspection_characteristic", "characteristic", "time"),
)

#: one laboratory value of one analyte; without a value it is below `loq`
laboratory_result = Table(
    "laboratory_result",
    content,
    Column("id", Integer, primary_key=True),
    Column("time", BigInteger, nullable=False),  # of sampling
    Column("item", Text, nullable=False, index=True),
    Column("sample", Text, nullable=False, server_default=""),
    Column("laboratory", Text, nullable=False, server_default=""),
    Column("analyte", Text, nullable=False),
    Column("value", Float),
    Column("unit", Text, nullable=False),
    Column("loq", Float),  # limit of quantification, in `unit`
    Column("uncertainty", Float),  # expanded (k = 2), in `unit`
    Column("method", Text, nullable=False, server_default=""),
    Column("certificate", Text, nullable=False, server_default=""),  # SHA-256 of the signed document, hex
    Column("imported_at", BigInteger, nullable=False),
    Column("import_id", Integer, ForeignKey("imported_file.id")),
    UniqueConstraint("item", "sample", "laboratory", "analyte", "method", "time", name="laboratory_result_identity"),
    CheckConstraint("value is not null or loq is not null", name="laboratory_result_says"),
)

#: within what an item (a serial item, a lot, a GTIN class, or everything: '') must stay, from when to when
specification = Table(
    "specification",
    content,
    Column("id", Integer, primary_key=True),
    Column("item", Text, nullable=False),
    Column("characteristic", Text, nullable=False),  # quantity kind, inspected characteristic or analyte
    Column("market", Text, nullable=False, server_default=""),  # where it applies; '' everywhere
    Column("low", Float),
    Column("target", Float),
    Column("high", Float),
    Column("unit", Text, nullable=False),
    Column("valid_from", BigInteger),  # null: since ever
    Column("valid_to", BigInteger),  # null: until further notice; half-open
    Column("source", Text, nullable=False, server_default=""),  # the law, standard or contract that says so
    Column("imported_at", BigInteger, nullable=False),
    Column("import_id", Integer, ForeignKey("imported_file.id")),
    Index(
        "specification_identity",
        "item",
        "characteristic",
        "market",
        since_ever(),
        unique=True,
    ),
)

#: a machine, line, vehicle, sensor or laboratory; importing it again replaces it
equipment = Table(
    "equipment",
    content,
    Column("equipment", Text, primary_key=True),
    Column("kind", Text, nullable=False, server_default=""),
    Column("name", Text, nullable=False, server_default=""),
    Column("place", Text),
    Column("ideal_rate", Float),  # pieces per minute
    Column("calibrated", BigInteger),
    Column("calibration_due", BigInteger),
    Column("laboratory_accredited_until", BigInteger),
    Column("import_id", Integer, ForeignKey("imported_file.id")),
)

#: what one machine or line made of one item in one go
production_run = Table(
    "production_run",
    content,
    Column("run", Text, primary_key=True),
    Column("equipment", Text, nullable=False, index=True),
    Column("item", Text, nullable=False, index=True),
    Column("start", BigInteger, nullable=False),
    Column("end", BigInteger, nullable=False),
    Column("planned", Float, nullable=False),  # seconds, without breaks
    Column("downtime", Float, nullable=False, server_default="0"),  # seconds of those
    Column("total", Integer, nullable=False),
    Column("good", Integer, nullable=False),
    Column("rework", Integer, nullable=False, server_default="0"),
    Column("opportunities", Integer, nullable=False, server_default="1"),  # for a defect, per piece
    Column("operator", Text, nullable=False, server_default=""),
    Column("shift", Text, nullable=False, server_default=""),
    Column("supplier", Text, nullable=False, server_default=""),
    Column("imported_at", BigInteger, nullable=False),
    Column("import_id", Integer, ForeignKey("imported_file.id")),
    CheckConstraint("good <= total", name="production_run_good"),
)

#: energy, water, fuel … used by an item, a run or a place over a time
activity = Table(
    "activity",
    content,
    Column("id", Integer, primary_key=True),
    Column("start", BigInteger, nullable=False),
    Column("end", BigInteger, nullable=False),
    Column("subject", Text, nullable=False, index=True),  # item, run or place
    Column("activity", Text, nullable=False),
    Column("amount", Float, nullable=False),
    Column("unit", Text, nullable=False),
    Column("imported_at", BigInteger, nullable=False),
    Column("import_id", Integer, ForeignKey("imported_file.id")),
    UniqueConstraint("subject", "activity", "start", "end", name="activity_identity"),
)

#: how much of an indicator (carbon, water, energy) one unit of an activity stands for, says its user
factor = Table(
    "factor",
    content,
    Column("id", Integer, primary_key=True),
    Column("activity", Text, nullable=False),
    Column("indicator", Text, nullable=False),
    Column("factor", Float, nullable=False),
    Column("unit", Text, nullable=False),  # of the activity
    Column("per", Text, nullable=False),  # of the indicator, such as kgCO2e
    Column("source", Text, nullable=False, server_default=""),
    Column("valid_from", BigInteger),
    Column("valid_to", BigInteger),
    Column("imported_at", BigInteger, nullable=False),
    Column("import_id", Integer, ForeignKey("imported_file.id")),
    Index(
        "factor_identity",
        "activity",
        "indicator",
        since_ever(),
        unique=True,
    ),
)

#: a cleaning pipeline as it was written down: steps with their parameters; never changed, only followed by another
cleaning_pipeline = Table(
    "cleaning_pipeline",
    content,
    Column("digest", LargeBinary(32), primary_key=True),  # SHA-256 of `steps`
    Column("steps", Text, nullable=False),  # canonical JSON
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", Text, nullable=False, server_default=""),
)

#: control limits, frozen: a new version beside the old ones, never instead of them
control_limits = Table(
    "control_limits",
    content,
    Column("id", Integer, primary_key=True),
    Column("characteristic", Text, nullable=False),
    Column("scope", Text, nullable=False, server_default=""),  # item class, equipment or place; '' everything
    Column("chart", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("limits", Text, nullable=False),  # canonical JSON: figures, rules, data digest, what was left out and why
    Column("frozen_at", BigInteger, nullable=False),
    Column("frozen_by", Text, nullable=False, server_default=""),
    UniqueConstraint("characteristic", "scope", "chart", "version", name="control_limits_version"),
)

#: a model whose card is known here
model = Table(
    "model",
    content,
    Column("card_digest", LargeBinary(32), primary_key=True),
    Column("card", Text, nullable=False),  # canonical JSON
    Column("registered_at", BigInteger, nullable=False),
)
