"""How citizens name what a section tells: words for the reader beside a heading of other words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from civic_assistant.guides import FactKind

DATA = "topic_words.toml"


def with_topic_words(heading: str, topic: FactKind | None, language: str) -> str:
    """Return a heading followed by what citizens call its topic, in brackets.

    ``language`` is the question's; the heading alone where nothing is known of topic or language.
    """
    words = _words().get(language, {}).get(topic) if topic else None
    return f"{heading} ({words})" if words else heading


@cache
def _words() -> Mapping[str, Mapping[FactKind, str]]:
    table: Mapping[str, Mapping[FactKind, str]] = tomllib.loads(
        files("civic_assistant").joinpath(DATA).read_text("utf-8")
    )
    return table
