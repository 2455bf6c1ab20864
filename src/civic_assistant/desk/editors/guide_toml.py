"""``guide.toml`` written by the form: the inverse of `ingest.guide_file.parse_guide_file`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date

from ingest.characters import clean_text
from ingest.guide_file import FactEntry, GuideFile

_TEXTS = ("id", "department", "authority")
_LISTS = ("audiences", "theme")
_DATES = ("valid_from", "valid_until", "review_by", "updated_on")
_RIGHTS = ("licence", "attribution")


def guide_toml(about: GuideFile) -> bytes:
    """Return the file that says this, as `parse_guide_file` reads it; no comments are kept."""
    return ("\n".join(_lines(about)) + "\n").encode()


def _lines(about: GuideFile) -> Iterator[str]:
    yield from _keys((name, getattr(about, name)) for name in (*_TEXTS, *_LISTS, *_DATES, *_RIGHTS))
    if about.addresses:
        yield from ("", "[addresses]")
        yield from _keys(about.addresses.items())
    for fact in about.facts:
        yield from ("", "[[facts]]", *_fact(fact))


def _fact(fact: FactEntry) -> Iterator[str]:
    yield from _keys((("kind", fact.kind), ("address", fact.address)))
    yield "[facts.text]"
    yield from _keys(fact.text.items())
    if fact.situation:
        yield "[facts.situation]"
        yield from _keys(fact.situation.items())


def _keys(entries: Iterable[tuple[str, object]]) -> Iterator[str]:
    """Yield the keys that say something."""
    for key, value in entries:
        if value:
            yield f"{key} = {_value(value)}"


def _value(value: object) -> str:
    match value:
        case date():
            return value.isoformat()
        case tuple():
            return f"[{', '.join(_value(part) for part in value)}]"
        case _:
            # JSON escapes what TOML wants escaped; what it does not is taken out.
            return json.dumps(clean_text(str(value)), ensure_ascii=False)
