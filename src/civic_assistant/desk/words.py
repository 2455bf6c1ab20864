"""What the desk says to staff, in French and English; citizens' texts are in ``messages``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from starlette.requests import Request

from civic_assistant.messages import Messages

DESK_LANGUAGES: tuple[str, ...] = ("fr", "en")
LANGUAGE_COOKIE = "civic_desk_language"


@lru_cache(maxsize=len(DESK_LANGUAGES))
def desk_words(language: str) -> Messages:
    """Return the desk's catalogue in a language of `DESK_LANGUAGES`, read once.

    The editors' pages, waiting updates, the gap report, what a language model does and translations
    have files of their own.
    """
    texts: dict[str, str] = {}
    for part in ("", "editors.", "updates.", "gaps.", "model.", "translations."):
        catalogue = resources.files(__package__) / "words" / f"{part}{language}.toml"
        texts |= _texts(tomllib.loads(catalogue.read_text(encoding="utf-8")), "")
    return Messages(language, MappingProxyType(texts))


def words_of(request: Request) -> Messages:
    """Return the catalogue that the visitor chose, else the browser's, else French."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in DESK_LANGUAGES:
        return desk_words(chosen)
    accepted = request.headers.get("accept-language", "").split(",")
    for tag in (part.split(";")[0].strip().lower()[:2] for part in accepted):
        if tag in DESK_LANGUAGES:
            return desk_words(tag)
    return desk_words("fr")


def _texts(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _texts(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value).strip()
