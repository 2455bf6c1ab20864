"""The tables of the human side; what citizens and staff write to one another is nowhere else."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from civic_assistant.records import METADATA, REQUESTS, UtcDateTime

CONVERSATIONS = Table(
    "conversation",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("code", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("owner", String(64), index=True),
    Column("owner_name", String(120)),
    Column("episode", Integer, nullable=False),
    Column("token", Integer, nullable=False),
    Column("last_position", Integer, nullable=False),
    Column("delivered_position", Integer, nullable=False, server_default="0"),
    Column("seen_position", Integer, nullable=False, server_default="0"),
    Column("opened_at", UtcDateTime(), nullable=False),
    Column("changed_at", UtcDateTime(), nullable=False, index=True),
    Column("seen_at", UtcDateTime()),
    CheckConstraint("(state = 'with_agent') = (owner IS NOT NULL)", name="ck_conversation_owner"),
    Index("ux_conversation_code", "code", unique=True),
)
"""``code`` is the digest of the return code; ``token`` changes whenever who may speak does. Up to
``delivered_position`` the citizen's page has what was said, up to ``seen_position`` in sight."""

MESSAGES = Table(
    "message",
    METADATA,
    Column(
        "conversation_id",
        String(64),
        ForeignKey(CONVERSATIONS.c.id, ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("client_id", String(64), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    Column("role", String(16), nullable=False),
    Column("episode", Integer, nullable=False),
    Column("author_id", String(64)),
    Column("author", String(120)),
    Column("text", Text, nullable=False),
    Column("turn_id", String(64)),
    Column("payload", JSON(none_as_null=True)),
    UniqueConstraint("conversation_id", "client_id", name="uq_message_client_id"),
)

MESSAGE_TRANSLATIONS = Table(
    "message_translation",
    METADATA,
    Column("conversation_id", String(64), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("language", String(16), primary_key=True),
    Column("text", Text, nullable=False),
    Column("why_none", String(20), nullable=False),
    Column("prompt", String(40), nullable=False),
    Column("model", String(200), nullable=False),
    Column("at", UtcDateTime(), nullable=False),
    ForeignKeyConstraint(
        ["conversation_id", "position"],
        ["message.conversation_id", "message.position"],
        ondelete="CASCADE",
        name="fk_message_translation_message",
    ),
)
"""What a model made of a message; ``text`` is empty where ``why_none`` says that none is sure."""

HANDOFFS = Table(
    "handoff",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column(
        "conversation_id",
        String(64),
        ForeignKey(CONVERSATIONS.c.id, ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("episode", Integer, nullable=False),
    Column("desk", String(64), nullable=False, index=True),
    Column("reason", String(32), nullable=False),
    Column("language", String(16), nullable=False),
    Column("question", Text, nullable=False),
    Column("turn_id", String(64)),
    Column("began_at", UtcDateTime(), nullable=False),
    Column("asked_at", UtcDateTime()),
    Column("waiting_since", UtcDateTime()),
    Column("claimed_at", UtcDateTime()),
    Column("answered_at", UtcDateTime()),
    Column("closed_at", UtcDateTime(), index=True),
    Column("close_reason", String(32)),
    Column(
        "request_number",
        String(16),
        ForeignKey(REQUESTS.c.number, ondelete="SET NULL"),
        index=True,
    ),
    Index(
        "ux_handoff_open",
        "conversation_id",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)
"""``asked_at`` keeps the place in the queue; ``waiting_since`` is when this wait began."""

STAFF = Table(
    "staff_presence",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("desks", JSON, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("is_away", Boolean, nullable=False),
    Column("seen_at", UtcDateTime(), nullable=False),
)

DRAFTS = Table(
    "draft",
    METADATA,
    Column(
        "conversation_id",
        String(64),
        ForeignKey(CONVERSATIONS.c.id, ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("staff_id", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime(), nullable=False, index=True),
)

EVENTS = Table(
    "handoff_event",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime(), nullable=False, index=True),
    Column("day", Date, nullable=False, index=True),
    Column("hour", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("language", String(16), nullable=False),
    Column("desk", String(64), nullable=False),
    Column("close_reason", String(32)),
    Column("seconds", Float),
)
"""What is counted, with no id of a conversation: nothing of an erased one is left in it.

``day`` and ``hour`` are those of the town hall's clock.
"""
