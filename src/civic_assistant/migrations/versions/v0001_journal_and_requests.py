"""The journal's turns and the requests left for a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "turn",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conversation", sa.String(128)),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("edition", sa.Integer()),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_turn"),
    )
    op.create_index("ix_turn_at", "turn", ["at"])
    op.create_index("ix_turn_conversation", "turn", ["conversation"])
    op.create_table(
        "request",
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120)),
        sa.Column("turn_id", sa.String(64)),
        sa.Column("status", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_request"),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turn.id"], name="fk_request_turn_id", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_request_at", "request", ["at"])
    op.create_index("ix_request_turn_id", "request", ["turn_id"])


def downgrade() -> None:
    """Drop the two tables with everything in them."""
    op.drop_table("request")
    op.drop_table("turn")
