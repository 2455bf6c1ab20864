"""Calls to language models, and what was spent on them by day and conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "language_model_call",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turn_id", sa.String(64), nullable=False),
        sa.Column("endpoint", sa.String(40), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("prompt", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("tokens_read", sa.Integer(), nullable=False),
        sa.Column("tokens_written", sa.Integer(), nullable=False),
        sa.Column("first_milliseconds", sa.Float()),
        sa.Column("milliseconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_language_model_call"),
    )
    op.create_index("ix_language_model_call_at", "language_model_call", ["at"])
    op.create_index("ix_language_model_call_turn_id", "language_model_call", ["turn_id"])
    op.create_table(
        "language_model_spent",
        sa.Column("scope", sa.String(64), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_language_model_spent"),
    )
    op.create_index("ix_language_model_spent_changed_at", "language_model_spent", ["changed_at"])


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("language_model_spent")
    op.drop_table("language_model_call")
