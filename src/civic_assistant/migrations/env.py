"""What Alembic runs: the revisions, on the connection that `migrate` opened and locked."""

from __future__ import annotations

from alembic import context

from civic_assistant.records import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
context.run_migrations()
