"""Who may speak in a conversation: the states and the moves between them, as data.

The same tables decide in the database (`ownership`), draw ``docs/handoff.md`` and are tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

State = Literal["bot", "offered", "waiting", "with_agent", "left_message", "closed"]
Speaker = Literal["bot", "agent", "nobody"]
Mover = Literal["assistant", "citizen", "agent", "clock"]
MoveName = Literal[
    "offer", "decline", "lapse", "wait", "leave_message", "withdraw", "keep", "claim", "release",
    "set_aside", "forward", "close", "finish", "begin",
]  # fmt: skip
Reason = Literal[
    "asked", "unsure", "not_covered", "not_helped", "not_verified", "could_not_look",
    "personal_file", "complaint", "advice", "distress", "emergency", "abuse",
]  # fmt: skip
"""Why a person is offered or asked for."""
StaffCloseReason = Literal["reached", "not_reached", "solved", "passed_on"]
CloseReason = Literal[
    "reached", "not_reached", "solved", "passed_on", "ended_by_citizen", "declined", "lapsed",
    "withdrawn",
]  # fmt: skip
"""How a handoff ended: the first four are said by staff, the others come from the move."""

STATES: tuple[State, ...] = get_args(State)
REASONS: tuple[Reason, ...] = get_args(Reason)
STAFF_CLOSE_REASONS: tuple[StaffCloseReason, ...] = get_args(StaffCloseReason)

SPEAKERS: Mapping[State, Speaker] = MappingProxyType(
    {
        "bot": "bot",
        "offered": "bot",
        "waiting": "nobody",
        "with_agent": "agent",
        "left_message": "bot",
        "closed": "nobody",
    }
)
"""Who may answer in each state. The citizen may always write; after ``closed`` that begins anew."""


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed change: from which states to which, by whom, and whether it ends the handoff.

    ``ends`` is how the handoff ended then; ``staff`` when the person closing says how.
    """

    name: MoveName
    by: tuple[Mover, ...]
    to: Mapping[State, State]
    ends: CloseReason | Literal["staff"] | None = None


def _move(
    name: MoveName,
    by: tuple[Mover, ...],
    to: dict[State, State],
    ends: CloseReason | Literal["staff"] | None = None,
) -> Move:
    return Move(name, by, MappingProxyType(to), ends)


MOVES: Mapping[MoveName, Move] = MappingProxyType(
    {
        move.name: move
        for move in (
            _move("offer", ("assistant",), {"bot": "offered"}),
            _move("decline", ("citizen",), {"offered": "bot"}, "declined"),
            _move("lapse", ("clock",), {"offered": "bot"}, "lapsed"),
            _move(
                "wait",
                ("citizen",),
                {"bot": "waiting", "offered": "waiting", "left_message": "waiting"},
            ),
            _move(
                "leave_message",
                ("citizen",),
                {
                    "bot": "left_message",
                    "offered": "left_message",
                    "waiting": "left_message",
                    "left_message": "left_message",
                },
            ),
            _move("withdraw", ("citizen",), {"waiting": "bot", "left_message": "bot"}, "withdrawn"),
            _move("keep", ("clock",), {"waiting": "left_message"}),
            _move("claim", ("agent",), {"waiting": "with_agent", "left_message": "with_agent"}),
            _move("release", ("agent", "clock"), {"with_agent": "waiting"}),
            _move("set_aside", ("agent", "clock"), {"with_agent": "left_message"}),
            _move(
                "forward",
                ("agent",),
                {"with_agent": "waiting", "waiting": "waiting", "left_message": "left_message"},
            ),
            _move("close", ("agent",), {"with_agent": "closed"}, "staff"),
            _move("finish", ("citizen",), {"with_agent": "closed"}, "ended_by_citizen"),
            _move("begin", ("citizen",), {"closed": "bot"}),
        )
    }
)
"""Every allowed change; anything else is refused."""


def diagram() -> str:
    """Return the states and moves as a Mermaid state diagram, one line an arrow."""
    lines = ["stateDiagram-v2", "    [*] --> bot"]
    lines += [
        f"    {source} --> {target}: {move.name} ({' or '.join(move.by)})"
        for move in MOVES.values()
        for source, target in move.to.items()
    ]
    return "\n".join(lines)
