"""What stands before an answer's sentences: whose words they are, and whether they are all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, assert_never

from civic_assistant.messages import language_name

if TYPE_CHECKING:
    from civic_assistant.messages import Messages
    from civic_assistant.outcomes import Answered


def answer_leads(answered: Answered, messages: Messages) -> Iterator[str]:
    """Yield the paragraphs before the sentences of an answer that is not a verified one.

    What a language model wrote is always said to be its; in another language than the guide's it
    is said to be a machine translation.
    """
    match answered.author:
        case "guide":
            yield messages.text(f"answer.{answered.coverage}")
        case "instead":
            yield messages.text("answer.instead")
            yield messages.text(f"answer.{answered.coverage}")
        case "model":
            is_partial = answered.coverage == "partial"
            if answered.is_plain:
                yield messages.text("answer.plain_partial" if is_partial else "answer.plain")
            else:
                yield messages.text("answer.written_partial" if is_partial else "answer.written")
            language = answered.sources[0].language
            if language != messages.language:
                name = language_name(language, messages.language)
                yield messages.text("answer.translated", language=name)
        case _:
            assert_never(answered.author)
