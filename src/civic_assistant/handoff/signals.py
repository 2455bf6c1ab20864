"""What is announced when something changed: never the text of anybody, only where to read again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

SignalKind = Literal["changed", "typing", "here"]
Typist = Literal["citizen", "agent"]


@dataclass(frozen=True, slots=True)
class Signal:
    """Something happened under a topic.

    ``changed``: read again from your position. ``typing``: ``who`` writes, under the name
    ``name``. ``here``: the citizen's page was opened (``is_here``) or closed.
    """

    topic: str
    kind: SignalKind = "changed"
    who: Typist | None = None
    name: str | None = None
    is_here: bool = False


def conversation_topic(conversation_id: str) -> str:
    """Return the topic of one conversation."""
    return f"conversation:{conversation_id}"


def desk_topic(desk_id: str) -> str:
    """Return the topic of one desk's queue."""
    return f"desk:{desk_id}"


def to_payload(signal: Signal) -> str:
    """Return the signal as JSON, below the 8,000 bytes that PostgreSQL carries."""
    return json.dumps({name: value for name, value in asdict(signal).items() if value})


def from_payload(payload: str) -> Signal | None:
    """Return the signal that `to_payload` wrote, or None for anything else on the channel."""
    try:
        return Signal(**json.loads(payload))
    except (TypeError, ValueError):
        return None
