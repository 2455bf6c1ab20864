"""What messages say in another language, by a language model."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; it goes with the messages."""
    op.create_table(
        "message_translation",
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why_none", sa.String(20), nullable=False),
        sa.Column("prompt", sa.String(40), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id", "position"],
            ["message.conversation_id", "message.position"],
            ondelete="CASCADE",
            name="fk_message_translation_message",
        ),
        sa.PrimaryKeyConstraint(
            "conversation_id", "position", "language", name="pk_message_translation"
        ),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("message_translation")
