"""What is counted of the human side: what happened, when, and to what kind of question.

Nothing of it leads back to a conversation, so that it may outlive one that was erased.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import insert

from civic_assistant.handoff.record import HandoffRecord
from civic_assistant.handoff.states import CloseReason
from civic_assistant.handoff.store import Change
from civic_assistant.handoff.tables import EVENTS

EventKind = Literal[
    "asked", "offered", "accepted", "left", "declined", "lapsed", "waited", "answered",
    "abandoned", "kept", "forwarded", "released", "closed", "solved",
]  # fmt: skip
"""``asked``: the citizen chose to wait or left a message, offered before or not; once a handoff.
``accepted``: chose to wait. ``left``: a message was left. ``waited``: a person came (seconds of
waiting). ``answered``: their first reply (seconds since the citizen began to wait). ``abandoned``:
the citizen stopped waiting or went away (seconds waited). ``kept``: the desk closed first, and the
question was kept. ``closed``: seconds in a person's hands; ``solved``: one of those, with that
reason."""

EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)


def count(
    change: Change,
    kind: EventKind,
    handoff: HandoffRecord,
    now: datetime,
    *,
    since: datetime | None = None,
    close_reason: CloseReason | None = None,
) -> None:
    """Count one event of a handoff in the same transaction; ``since`` gives its seconds."""
    here = now.astimezone(change.zone)
    change.connection.execute(
        insert(EVENTS).values(
            at=now,
            day=here.date(),
            hour=here.hour,
            kind=kind,
            reason=handoff.reason,
            language=handoff.language,
            desk=handoff.desk,
            close_reason=close_reason,
            seconds=max(0.0, (now - since).total_seconds()) if since else None,
        )
    )
