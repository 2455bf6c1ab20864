"""The button below an answer that asks for it in plain language, and the mark that it was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from civic_assistant.messages import Messages
from civic_assistant.outcomes import Answered
from civic_assistant.settings import Settings
from civic_assistant.turns import Turn

PLAIN_ACTION = "say_plainly"
BUTTON = "SayPlainly"
MARK = "SaidPlainly"
"""An element that shows nothing: where it stands, the button of its turn was pressed already, on
whichever page and whenever that was."""


def plain_elements(
    turn: Turn, messages: Messages, settings: Settings
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield the element of an answer that can be said more simply, or of one that was asked to be.

    Without a language model there is none; nor below what staff wrote.
    """
    outcome = turn.outcome
    if turn.plain_of is not None:
        yield MARK, {"turn": turn.plain_of}
    elif settings.language_models and isinstance(outcome, Answered) and outcome.checked is None:
        yield (
            BUTTON,
            {
                "turn": turn.id,
                "language": messages.language,
                "ask": messages.text("plain.ask"),
                "noted": messages.text("plain.noted"),
            },
        )
