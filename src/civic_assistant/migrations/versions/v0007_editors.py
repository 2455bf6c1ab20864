"""Drafts of guides, and what editors plan and publish."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "guide_draft",
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", name="pk_guide_draft"),
    )
    op.create_table(
        "guide_run",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("slot", sa.String(8)),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer()),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("edition", sa.Integer()),
        sa.Column("draft", sa.String(64), nullable=False),
        sa.Column("problem", sa.String(40)),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("outcome", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_guide_run"),
        sa.UniqueConstraint("slot", name="uq_guide_run_slot"),
    )
    for column in ("staff_id", "started_at"):
        op.create_index(f"ix_guide_run_{column}", "guide_run", [column])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("guide_run")
    op.drop_table("guide_draft")
