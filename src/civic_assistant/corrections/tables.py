"""The tables of corrections: a row a version, and its texts by language."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKeyConstraint, Integer, String, Table, Text

from civic_assistant.records import METADATA, UtcDateTime

CORRECTIONS = Table(
    "correction",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("guide_id", String(120), nullable=False, index=True),
    Column("starts", Date, nullable=False),
    Column("ends", Date),
    Column("review_by", Date, nullable=False),
    Column("author", String(120), nullable=False),
    Column("made_at", UtcDateTime(), nullable=False),
    Column("said_at", UtcDateTime(), nullable=False),
    Column("ended_at", UtcDateTime()),
    Column("ended_by", String(120)),
)
"""``ended_at`` is also when the next version replaced this one; nothing else is ever changed."""

TEXTS = Table(
    "correction_text",
    METADATA,
    Column("correction_id", String(32), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    ForeignKeyConstraint(
        ["correction_id", "version"],
        [CORRECTIONS.c.id, CORRECTIONS.c.version],
        ondelete="CASCADE",
    ),
)
"""The text of position 0 is the one in the town's language."""
