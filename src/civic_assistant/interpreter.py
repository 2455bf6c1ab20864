"""A talk between a citizen and staff who have no language in common: each reads the other's.

What was said stays as it was written and is shown first. Its translation is made when somebody is
shown the message, once for each language, and goes with the message when that is erased.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Literal

from civic_assistant.handoff.translations import KeptTranslation
from civic_assistant.messages import page_language

if TYPE_CHECKING:
    from civic_assistant.handoff.entries import Message
    from civic_assistant.handoff.translations import Translations
    from civic_assistant.language_model.translating import Translator

INTERPRETED = ("citizen", "agent")
"""Whose messages are translated: notes are for staff, and the assistant speaks the citizen's
language."""

TOGETHER = 4
"""Translations that citizens' pages of one process wait for at a time."""

Reading = str | Literal[False] | None
"""A translation; False where none is sure, None where none can be made at the moment."""


class Interpreter:
    """Translates what people wrote to each other; safe to share between threads."""

    def __init__(
        self, translator: Translator, translations: Translations, clock: Callable[[], datetime]
    ) -> None:
        self._translator = translator
        self._translations = translations
        self._clock = clock
        self._making: dict[tuple[str, int, str], Lock] = {}
        self._threads = ThreadPoolExecutor(TOGETHER, thread_name_prefix="interpreter")

    async def reading_apart(self, message: Message, written_in: str, language: str) -> Reading:
        """Return the same as `reading`, from threads of its own.

        Messages are carried by the event loop's few threads, which a slow endpoint must not hold.
        """
        loop = asyncio.get_running_loop()
        read = self.reading
        return await loop.run_in_executor(self._threads, read, message, written_in, language)

    def reading(self, message: Message, written_in: str, language: str) -> Reading:
        """Return what a message says in a page language.

        ``written_in`` is the language that it is written in. It takes as long as a question may
        take for a language model, and no time when it was made before. Raises `RecordsUnusable`.
        """
        key = message.conversation_id, message.position, language
        with self._alone(key):
            kept = self._translations.read(*key)
            if kept is None:
                kept = self._made(message, written_in, language)
        if kept is None:
            return None
        return kept.text or False

    def _made(self, message: Message, written_in: str, language: str) -> KeptTranslation | None:
        conversation, position = message.conversation_id, message.position
        named = sha256(f"{conversation} {position} {language}".encode()).hexdigest()
        made = self._translator.translate(
            message.text,
            page_language(written_in) or written_in,
            language,
            f"talk-{named[:32]}",
            conversation,
        )
        if made is None:
            return None
        kept = KeptTranslation(made.text, made.why_none or "", made.prompt, made.model)
        return self._translations.keep(conversation, position, language, kept, self._clock())

    @contextmanager
    def _alone(self, key: tuple[str, int, str]) -> Iterator[None]:
        """Let one at a time look at a message: both sides are shown it in the same moment.

        In another process it may be made a second time; both show the one that is kept.
        """
        lock = self._making.setdefault(key, Lock())
        with lock:
            try:
                yield
            finally:
                self._making.pop(key, None)


def needs_reading(message: Message, written_in: str, language: str) -> bool:
    """Whether somebody who reads a language needs a translation of a message."""
    return message.role in INTERPRETED and page_language(written_in) != language
