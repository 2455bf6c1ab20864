"""Every sentence a citizen can be shown, in the page's twelve languages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from string import Formatter
from types import MappingProxyType

from civic_assistant.errors import MessageMissing
from civic_assistant.messages.locales import (
    country_names,
    format_date,
    is_right_to_left,
    isolated,
    language_name,
)

__all__ = [
    "PAGE_LANGUAGES",
    "Messages",
    "country_names",
    "format_date",
    "is_right_to_left",
    "isolated",
    "language_name",
    "messages_for",
    "page_language",
]

PAGE_LANGUAGES: tuple[str, ...] = (
    "fr", "en", "es", "pt", "ar", "de", "it", "tr", "uk", "ro", "pl", "zh",
)  # fmt: skip
"""The languages of the page itself, in the order of the language picker."""


@dataclass(frozen=True, slots=True)
class Messages:
    """The catalogue of one language: texts by dotted key (``person.saved``)."""

    language: str
    texts: Mapping[str, str]

    def text(self, key: str, **values: object) -> str:
        """Return the text under a key with its placeholders filled; surplus values are ignored.

        Where the text or a value runs from right to left the value is isolated (`isolated`).
        Raises `MessageMissing` when the key is not in the catalogue or a value is not given.
        """
        try:
            template = self.texts[key]
        except KeyError:
            raise MessageMissing(
                f"message {key!r}: not in messages/{self.language}.toml; add it to every catalogue."
            ) from None
        try:
            return template.format_map(
                {
                    name: isolated(value, self.language)
                    for name, value in values.items()
                    if f"{{{name}}}" in template
                }
            )
        except KeyError as error:
            raise MessageMissing(
                f"message {key!r} in messages/{self.language}.toml: no value for the placeholder "
                f"{error.args[0]!r}; pass it to text()."
            ) from None

    def placeholders(self, key: str) -> frozenset[str]:
        """Return the names of the values that a text needs."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.texts[key]) if name)


@lru_cache(maxsize=len(PAGE_LANGUAGES))
def messages_for(language: str) -> Messages:
    """Return the catalogue of a page language, read once.

    Raises `MessageMissing` for a language the page is not written in.
    """
    if language not in PAGE_LANGUAGES:
        raise MessageMissing(
            f"no messages in {language!r}; the page's languages are {', '.join(PAGE_LANGUAGES)}."
        )
    catalogue = resources.files(__name__).joinpath(f"{language}.toml")
    tables = tomllib.loads(catalogue.read_text(encoding="utf-8"))
    return Messages(language, MappingProxyType(dict(_texts(tables, ""))))


def page_language(tag: str | None) -> str | None:
    """Return the page language that a language tag stands for (``pt-BR``: ``pt``), or None."""
    base = (tag or "").replace("_", "-").split("-")[0].strip().lower()
    return base if base in PAGE_LANGUAGES else None


def _texts(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _texts(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value).strip()
