"""Verified answers: their wordings, the passages they rest on, and what happened to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "verified_answer",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("desk", sa.String(120), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("checked_at", _MOMENT, nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("has_doubts", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("since", _MOMENT, nullable=False),
        sa.Column("offered", sa.Integer(), nullable=False),
        sa.Column("offered_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_verified_answer"),
    )
    op.create_index("ix_verified_answer_state", "verified_answer", ["state"])
    op.create_table(
        "verified_wording",
        sa.Column("answer_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "position", name="pk_verified_wording"),
        _belongs("verified_wording"),
    )
    op.create_table(
        "verified_passage",
        sa.Column("answer_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.String(64), nullable=False),
        sa.Column("guide_id", sa.String(120), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "position", name="pk_verified_passage"),
        _belongs("verified_passage"),
    )
    op.create_table(
        "verified_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.String(32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(120)),
        sa.Column("reason", sa.String(16)),
        sa.Column("passage_id", sa.String(64)),
        sa.Column("before", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_verified_event"),
        _belongs("verified_event"),
    )
    op.create_index("ix_verified_event_answer_id", "verified_event", ["answer_id"])


def downgrade() -> None:
    """Drop the four tables with everything in them."""
    for table in ("verified_event", "verified_passage", "verified_wording", "verified_answer"):
        op.drop_table(table)


def _belongs(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["answer_id"], ["verified_answer.id"], name=f"fk_{table}_answer_id", ondelete="CASCADE"
    )
