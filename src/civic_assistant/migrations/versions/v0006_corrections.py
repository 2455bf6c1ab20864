"""Corrections of guides, a row a version, and their texts by language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "correction",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("guide_id", sa.String(120), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date()),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("said_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT),
        sa.Column("ended_by", sa.String(120)),
        sa.PrimaryKeyConstraint("id", "version", name="pk_correction"),
    )
    op.create_index("ix_correction_guide_id", "correction", ["guide_id"])
    op.create_table(
        "correction_text",
        sa.Column("correction_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("correction_id", "version", "language", name="pk_correction_text"),
        sa.ForeignKeyConstraint(
            ["correction_id", "version"],
            ["correction.id", "correction.version"],
            name="fk_correction_text_correction_id",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Drop the two tables with everything in them."""
    op.drop_table("correction_text")
    op.drop_table("correction")
