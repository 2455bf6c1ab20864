"""The scripted endpoint, which the attacks ask too."""

from evals.endpoints.scripted import (
    HEAD,
    Behaviour,
    ScriptedServer,
    Send,
    answers,
    drips,
    event,
    raw,
    says,
    serving,
    silent,
    status,
)

__all__ = [
    "HEAD",
    "Behaviour",
    "ScriptedServer",
    "Send",
    "answers",
    "drips",
    "event",
    "raw",
    "says",
    "serving",
    "silent",
    "status",
]
