"""What a language model is asked, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

_CHARACTERS_A_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Prompted:
    """A prompt: what the model is to do, the data it does it with, and the form of the answer.

    ``version`` names the texts of the prompt; ``schema`` is JSON Schema.
    """

    version: str
    system: str
    user: str
    schema: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Said:
    """A whole answer as it was written; nobody has read it yet.

    ``tokens_read`` and ``tokens_written`` are as the endpoint tells them, or estimated.
    """

    text: str
    tokens_read: int
    tokens_written: int
    first_milliseconds: float
    milliseconds: float


def tokens_of(text: str) -> int:
    """Return about how many tokens a text has, where nobody counted them."""
    return -(-len(text) // _CHARACTERS_A_TOKEN)
