"""What a language model may read of a conversation at the desk: no notes, no personal data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from civic_assistant.handoff.conversations import Conversation
from civic_assistant.handoff.entries import Message, Role
from civic_assistant.handoff.record import HandoffRecord
from civic_assistant.language_model.line import Line, Speaker
from civic_assistant.redaction import placeholder, redact

_SPEAKERS: Mapping[Role, Speaker] = {"citizen": "citizen", "agent": "agent", "bot": "assistant"}
# What a link says stays, its address goes; emphasis goes.
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_MARKUP = re.compile(r"[*_`#>|\\]+")
_SHORTEST_NAME = 3
"""Letters of a part of a name that is taken out by itself: "de" stands everywhere."""


def lines_of(
    messages: Sequence[Message], conversation: Conversation, record: HandoffRecord
) -> list[Line]:
    """Return what citizen, staff and bot said in this episode, in order, redacted.

    Besides what is recognised, the names that the desk knows are taken out: the one that the
    citizen left, and those of staff.
    """
    spoken = [m for m in messages if m.role in _SPEAKERS and m.episode == record.episode]
    names = _Names((record.name, conversation.owner_name, *(m.author for m in spoken)))
    return [
        Line(
            message.position,
            _SPEAKERS[message.role],
            names.taken_out(redact(_bare(message)).text),
            message.language or record.language,
        )
        for message in spoken
    ]


class _Names:
    def __init__(self, names: Iterable[str | None]) -> None:
        whole = {name.strip() for name in names if name and name.strip()}
        parts = {p for name in whole for p in re.findall(r"[^\W\d_]+", name)}
        single = {p for p in parts if len(p) >= _SHORTEST_NAME}
        written = {form for p in single for form in (p, p.title(), p.upper())}
        ordered = sorted(whole | written, key=len, reverse=True)
        words = "|".join(map(re.escape, ordered))
        self._pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)") if ordered else None

    def taken_out(self, text: str) -> str:
        """Return the text with a placeholder for each of the names, written with a capital."""
        return self._pattern.sub(placeholder("name"), text) if self._pattern else text


def _bare(message: Message) -> str:
    """Return a message's text; of what the bot said in Markdown, the words alone."""
    if message.role != "bot":
        return message.text
    return _MARKUP.sub("", _LINK.sub(r"\1", message.text))
