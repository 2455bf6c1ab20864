"""A schema with bounds on every list and text, for servers that keep to them."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

LETTERS_SHARE, ITEMS_SHARE = 10, 500
LEAST_ITEMS = 2


def bounded_schema(schema: Mapping[str, JsonValue], characters: int) -> dict[str, JsonValue]:
    """Return the schema with a bound on each list and each free text, by what is read at most.

    Of an answer of so many ``characters`` a text may be a tenth, and a list may have an item for
    every 500. A weak model that says the same thing for ever is made to end by it, and what it
    said can be judged.
    """
    bounded = {name: _bounded(value, characters) for name, value in schema.items()}
    if schema.get("type") == "array":
        bounded["maxItems"] = max(LEAST_ITEMS, characters // ITEMS_SHARE)
    if schema.get("type") == "string" and "enum" not in schema:
        bounded["maxLength"] = characters // LETTERS_SHARE
    return bounded


def _bounded(value: JsonValue, characters: int) -> JsonValue:
    return bounded_schema(value, characters) if isinstance(value, dict) else value
