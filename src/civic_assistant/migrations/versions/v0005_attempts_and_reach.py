"""Attempts to sign in at the desk, and how far the citizen's page has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of attempts, and two columns of the conversation."""
    op.create_table(
        "staff_attempt",
        sa.Column("bucket", sa.String(32), nullable=False),
        sa.Column("moments", sa.JSON(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name="pk_staff_attempt"),
    )
    op.create_index("ix_staff_attempt_last_at", "staff_attempt", ["last_at"])
    for name in ("delivered_position", "seen_position"):
        op.add_column(
            "conversation", sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        )


def downgrade() -> None:
    """Drop the table and the columns."""
    op.drop_table("staff_attempt")
    for name in ("seen_position", "delivered_position"):
        op.drop_column("conversation", name)
