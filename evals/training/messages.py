"""Messages that are no questions to look up, and questions that look like them; to train on only.

Written by a language model as citizens of twelve languages type: short messages, typing mistakes,
dialect, mails. A family is one matter, whatever the language: a split never divides it.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civic_assistant.errors import SourceError
from civic_assistant.intents import Kind

MESSAGES = Path(__file__).parent / "screening.jsonl"


class Message(BaseModel):
    """One message; of the kind ``question`` are those that look like another kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^m-[a-z]{2}-\d{3,4}$")
    language: str = Field(pattern="^[a-z]{2}$")
    kind: Kind
    family: str = Field(pattern="^[a-z0-9_]+$")
    text: str = Field(min_length=1)

    @property
    def matter(self) -> str:
        """Return the family's name among all kinds."""
        return f"{self.kind}/{self.family}"


def load_messages(path: Path = MESSAGES) -> tuple[Message, ...]:
    """Read the messages.

    Raises:
        SourceError: a line is wrong, or repeats an id or a text of its language.
    """
    messages: list[Message] = []
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            message = Message.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            raise SourceError(f"{path.name}, line {number}: {first}") from error
        keys = {(message.language, message.text), ("", message.id)}
        if keys & seen:
            raise SourceError(f"{path.name}, line {number}: {message.id!r} stands twice")
        seen |= keys
        messages.append(message)
    return tuple(messages)
