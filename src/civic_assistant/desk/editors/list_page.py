"""The list of the town's guides, with a search."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from civic_assistant.desk.editors.shelf import STATES
from civic_assistant.desk.editors.workshop import Work, Workshop, editors_page
from civic_assistant.desk.visit import Editor
from civic_assistant.edition_log import Switch
from civic_assistant.errors import IndexMissing

routes = APIRouter()

PUBLISHED = "published"
"""The state of a guide that nobody has to look at."""


@routes.get("/guides")
def listed(
    request: Request,
    workshop: Work,
    member: Editor,
    q: Annotated[str, Query(max_length=200)] = "",
    department: Annotated[str, Query(max_length=200)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the guides that a search finds, with what there is to do."""
    shelf = workshop.shelf(member)
    rows = shelf.rows(workshop.today())
    counts: Counter[str] = Counter(name for row in rows for name in row.states or (PUBLISHED,))
    found = [
        row
        for row in rows
        if (not department or row.department == department)
        and (not state or state in (row.states or (PUBLISHED,)))
        and (not q.strip() or shelf.holds(row, q))
    ]
    return editors_page(
        request,
        "list.html",
        member,
        "guides",
        rows=found,
        q=q,
        department=department,
        departments=workshop.departments(rows),
        state=state,
        states=[(name, counts[name]) for name in (PUBLISHED, *STATES) if counts[name]],
        live=_live(workshop),
    )


def _live(workshop: Workshop) -> Switch | None:
    """Return how the live edition went live."""
    try:
        switches = workshop.catalogue.switches()
    except IndexMissing:
        return None
    return switches[-1] if switches else None
