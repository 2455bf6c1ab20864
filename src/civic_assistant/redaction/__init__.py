"""Take personal data out of what a citizen wrote, before anything of it is stored."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import get_args

from civic_assistant.redaction.addresses import find_addresses
from civic_assistant.redaction.announced import find_birth_dates, find_numbers
from civic_assistant.redaction.identifiers import find_identifiers, find_long_numbers
from civic_assistant.redaction.names import find_names
from civic_assistant.redaction.phones import find_phones
from civic_assistant.redaction.spans import Kind, Span, legible

__all__ = ["KINDS", "Kind", "Redacted", "placeholder", "redact"]

KINDS: tuple[Kind, ...] = get_args(Kind)

# From the most to the least certain: where two finds overlap, the earlier one names the span.
_FINDERS = (
    find_identifiers,
    find_birth_dates,
    find_numbers,
    find_phones,
    find_long_numbers,
    find_addresses,
    find_names,
)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without the personal data that could be found, and the kinds taken out, in order."""

    text: str
    kinds: tuple[Kind, ...]


def redact(text: str) -> Redacted:
    """Return the text in NFC with each find replaced by a placeholder such as ``[e-mail]``.

    Numbers with a check digit are validated, so that fees, dates, form and article numbers,
    postcodes and company numbers stay. Names, birth dates and document numbers are found only
    where words announce them; a name that nothing announces stays. Redacting twice changes
    nothing. Nothing is logged.
    """
    text = unicodedata.normalize("NFC", text)
    shown = legible(text)
    spans = [span for find in _FINDERS for span in find(shown)]
    pieces: list[str] = []
    kinds: list[Kind] = []
    position = 0
    for span in _without_overlap(spans):
        pieces += [text[position : span.start], placeholder(span.kind)]
        kinds.append(span.kind)
        position = span.end
    return Redacted("".join([*pieces, text[position:]]), tuple(kinds))


def placeholder(kind: Kind) -> str:
    """Return what stands in the stored text where something of this kind was."""
    return f"[{kind}]"


def _without_overlap(spans: list[Span]) -> list[Span]:
    """Return the spans in the order of the text; overlapping ones become one of the first kind."""
    kept: list[Span] = []
    for span in spans:
        start, end, kind = span.start, span.end, span.kind
        apart: list[Span] = []
        for other in kept:
            if other.start < end and start < other.end:
                start, end, kind = min(start, other.start), max(end, other.end), other.kind
            else:
                apart.append(other)
        kept = [*apart, Span(start, end, kind)]
    return sorted(kept, key=lambda span: span.start)
