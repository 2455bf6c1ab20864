"""Conversations, their messages and handoffs, staff presence, drafts, and what is counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the six tables."""
    _make_conversations()
    _make_handoffs()
    op.create_table(
        "staff_presence",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("desks", sa.JSON(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("is_away", sa.Boolean(), nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_presence"),
    )
    op.create_table(
        "draft",
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "staff_id", name="pk_draft"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name="fk_draft_conversation_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_draft_at", "draft", ["at"])
    op.create_table(
        "handoff_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("desk", sa.String(64), nullable=False),
        sa.Column("close_reason", sa.String(32)),
        sa.Column("seconds", sa.Float()),
        sa.PrimaryKeyConstraint("id", name="pk_handoff_event"),
    )
    op.create_index("ix_handoff_event_at", "handoff_event", ["at"])
    op.create_index("ix_handoff_event_day", "handoff_event", ["day"])


def downgrade() -> None:
    """Drop the six tables with everything in them."""
    for table in ("handoff_event", "draft", "staff_presence", "handoff", "message", "conversation"):
        op.drop_table(table)


def _make_conversations() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(64)),
        sa.Column("owner_name", sa.String(120)),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("last_position", sa.Integer(), nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.CheckConstraint(
            "(state = 'with_agent') = (owner IS NOT NULL)", name="ck_conversation_owner"
        ),
    )
    op.create_index("ux_conversation_code", "conversation", ["code"], unique=True)
    for column in ("state", "owner", "changed_at"):
        op.create_index(f"ix_conversation_{column}", "conversation", [column])
    op.create_table(
        "message",
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.String(64)),
        sa.Column("author", sa.String(120)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("turn_id", sa.String(64)),
        sa.Column("payload", sa.JSON(none_as_null=True)),
        sa.PrimaryKeyConstraint("conversation_id", "position", name="pk_message"),
        sa.UniqueConstraint("conversation_id", "client_id", name="uq_message_client_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name="fk_message_conversation_id",
            ondelete="CASCADE",
        ),
    )


def _make_handoffs() -> None:
    op.create_table(
        "handoff",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("episode", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("turn_id", sa.String(64)),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("asked_at", _MOMENT),
        sa.Column("waiting_since", _MOMENT),
        sa.Column("claimed_at", _MOMENT),
        sa.Column("answered_at", _MOMENT),
        sa.Column("closed_at", _MOMENT),
        sa.Column("close_reason", sa.String(32)),
        sa.Column("request_number", sa.String(16)),
        sa.PrimaryKeyConstraint("id", name="pk_handoff"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name="fk_handoff_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["request_number"],
            ["request.number"],
            name="fk_handoff_request_number",
            ondelete="SET NULL",
        ),
    )
    for column in ("conversation_id", "desk", "closed_at", "request_number"):
        op.create_index(f"ix_handoff_{column}", "handoff", [column])
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "ux_handoff_open",
        "handoff",
        ["conversation_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
