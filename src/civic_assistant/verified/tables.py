"""The tables of verified answers; none leads back to a conversation or its citizen."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from civic_assistant.records import METADATA, UtcDateTime

VERIFIED = Table(
    "verified_answer",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("desk", String(120), nullable=False),
    Column("author", String(120), nullable=False),
    Column("checked_at", UtcDateTime(), nullable=False),
    Column("ends_on", Date),
    Column("has_doubts", Boolean, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("reason", String(16)),
    Column("since", UtcDateTime(), nullable=False),
    Column("offered", Integer, nullable=False),
    Column("offered_at", UtcDateTime()),
)
"""``desk`` is the desk's name as citizens read it; ``author`` is for staff. ``has_doubts``: figures
that stand in no passage were confirmed. ``since`` is when the state began."""

WORDINGS = Table(
    "verified_wording",
    METADATA,
    Column(
        "answer_id", String(32), ForeignKey(VERIFIED.c.id, ondelete="CASCADE"), primary_key=True
    ),
    Column("position", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("language", String(16), nullable=False),
)

PASSAGES = Table(
    "verified_passage",
    METADATA,
    Column(
        "answer_id", String(32), ForeignKey(VERIFIED.c.id, ondelete="CASCADE"), primary_key=True
    ),
    Column("position", Integer, primary_key=True),
    Column("passage_id", String(64), nullable=False),
    Column("guide_id", String(120), nullable=False),
    Column("language", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("heading", Text, nullable=False),
    Column("quote", Text, nullable=False),
    Column("edition", Integer, nullable=False),
)
"""``quote`` is the passage's whole text in ``edition``, kept to be compared with what follows."""

HISTORY = Table(
    "verified_event",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("answer_id", String(32), ForeignKey(VERIFIED.c.id, ondelete="CASCADE"), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("by", String(120)),
    Column("reason", String(16)),
    Column("passage_id", String(64)),
    Column("before", JSON(none_as_null=True)),
    Index("ix_verified_event_answer_id", "answer_id"),
)
"""``by`` is a member of staff, null for the program; ``before`` what a renewal replaced."""
