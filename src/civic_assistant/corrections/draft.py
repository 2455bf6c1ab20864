"""What may become a correction: bounded, in the town's language at least, with days that agree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from civic_assistant.corrections.correction import Draft
from civic_assistant.errors import CorrectionRefused
from civic_assistant.limits import plain_text
from civic_assistant.messages import PAGE_LANGUAGES

TEXT_LENGTH = 600
"""Characters of one text: a correction says what is another now, the guide says the rest."""
GUIDE_ID_LENGTH = 120
# Embeddings, overrides and isolates would turn round what stands after them.
_DIRECTIONS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def drafted(
    guide_id: str,
    texts: Mapping[str, str],
    starts: date,
    ends: date | None,
    review_by: date,
    *,
    town_language: str,
    today: date,
) -> Draft:
    """Return the draft of a correction: one line for each language that says something.

    ``today`` is the town's. Whether the guide is published is the caller's to see. Raises
    `CorrectionRefused`, whose ``problem`` says what is wrong.
    """
    if not guide_id.strip() or len(guide_id) > GUIDE_ID_LENGTH:
        raise CorrectionRefused("no_guide")
    said = {tag: line for tag, text in texts.items() if (line := _line(text))}
    if any(tag not in PAGE_LANGUAGES for tag in said):
        raise CorrectionRefused("language")
    if town_language not in said:
        raise CorrectionRefused("no_text")
    if any(len(line) > TEXT_LENGTH for line in said.values()):
        raise CorrectionRefused("too_long")
    if ends is not None and ends < max(starts, today):
        raise CorrectionRefused("over")
    if review_by < max(starts, today):
        raise CorrectionRefused("review")
    ordered = {tag: said[tag] for tag in (town_language, *PAGE_LANGUAGES) if tag in said}
    return Draft(guide_id.strip(), ordered, starts, ends, review_by)


def _line(text: str) -> str:
    return " ".join(plain_text(text).translate(_DIRECTIONS).split())
