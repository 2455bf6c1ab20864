"""What citizens asked in vain, shown beside a guide or a correction that is begun from it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from civic_assistant.desk.editors.workshop import Work
from civic_assistant.desk.visit import Editor
from civic_assistant.errors import IndexMissing, RecordMissing
from civic_assistant.gaps.gap import Gap


def asked_in_vain(
    workshop: Work, _: Editor, gap: Annotated[str, Query(max_length=64)] = ""
) -> Gap | None:
    """Return the gap that a page's address names.

    None when it names none, or one whose questions are no longer kept: work that was begun from it
    goes on without.
    """
    if not gap:
        return None
    try:
        return workshop.reception.product.gaps.gap(gap, workshop.now())
    except (RecordMissing, IndexMissing):
        return None


def keeping(asked: Gap | None, address: str) -> str:
    """Return an address of these pages, without a query, that goes on naming the gap."""
    return f"{address}?gap={asked.id}" if asked else address


Asked = Annotated[Gap | None, Depends(asked_in_vain)]
"""The gap that a page was begun from."""
