"""What Alembic runs: the revisions, on the connection that `migrate` opened and locked."""

from __future__ import annotations

from alembic import context

import civic_assistant.attempts  # noqa: F401  (its table belongs to the metadata)
import civic_assistant.corrections.tables  # noqa: F401  (their tables belong to the metadata)
import civic_assistant.desk.editors.tables  # noqa: F401  (their tables belong to the metadata)
import civic_assistant.desk.tables  # noqa: F401  (their tables belong to the metadata)
import civic_assistant.handoff.tables  # noqa: F401  (their tables belong to the metadata)
import civic_assistant.question_vectors  # noqa: F401  (its table belongs to the metadata)
import civic_assistant.verified.tables  # noqa: F401  (their tables belong to the metadata)
from civic_assistant.records import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
context.run_migrations()
