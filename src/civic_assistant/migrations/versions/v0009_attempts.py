"""What is counted by the minute is no longer only what staff try: questions are, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table under its new name; what the last minute held is not worth carrying over."""
    _make("attempt")
    op.drop_table("staff_attempt")


def downgrade() -> None:
    """Make the table under its old name."""
    _make("staff_attempt")
    op.drop_table("attempt")


def _make(name: str) -> None:
    op.create_table(
        name,
        sa.Column("bucket", sa.String(32), nullable=False),
        sa.Column("moments", sa.JSON(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_last_at", name, ["last_at"])
