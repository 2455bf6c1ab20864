"""What was published, by whom and why, and the way back to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from civic_assistant.catalogue import Catalogue, GuideEntry
from civic_assistant.desk.editors.forms import Sent, field
from civic_assistant.desk.editors.publishing import Publishing
from civic_assistant.desk.editors.workshop import Work, editors_page
from civic_assistant.desk.visit import Editor
from civic_assistant.edition_log import EditionEntry, Switch
from civic_assistant.errors import EditionMissing, GuideGone, IndexMissing
from civic_assistant.limits import plain_text
from ingest.reviewing.differences import GuideChange, added_guide, guide_change, withdrawn_guide

routes = APIRouter()

SHOWN_MOST = 100
"""How many moves of the live edition the history shows, and guides a difference names."""
TOLD_MOST = 12
"""How many guides of a difference are shown sentence by sentence."""
REASON_MOST = 300
Motion = Literal["added", "changed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Move:
    """A move of the live pointer, with the edition that went live; ``may_return`` to it now."""

    switch: Switch
    edition: EditionEntry
    is_live: bool
    may_return: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """A guide, in one language, that another edition has otherwise."""

    motion: Motion
    entry: GuideEntry


@dataclass(frozen=True, slots=True)
class Comparison:
    """How one edition differs from another: every guide, and the first of them in full."""

    moved: tuple[Moved, ...]
    told: tuple[GuideChange, ...]

    def count(self, motion: Motion) -> int:
        """Return how many guides are added, changed or withdrawn."""
        return sum(one.motion == motion for one in self.moved)


@routes.get("/guides/history")
def history(request: Request, workshop: Work, member: Editor) -> Response:
    """Show when which edition went live, the newest first."""
    Publishing(workshop).settle()
    try:
        catalogue = workshop.catalogue
        live: int | None = catalogue.live_edition()
    except IndexMissing:
        return editors_page(request, "history.html", member, "history", moves=(), last=None)
    editions = {entry.number: entry for entry in catalogue.editions()}
    moves = [
        Move(switch, edition, edition.number == live, _may_return(edition, live))
        for switch in reversed(catalogue.switches()[-SHOWN_MOST:])
        if (edition := editions.get(switch.edition)) is not None
    ]
    last = workshop.runs.latest(member.id, "return")
    return editors_page(request, "history.html", member, "history", moves=moves, last=last)


@routes.get("/guides/history/{number}")
def edition(request: Request, workshop: Work, member: Editor, number: int) -> Response:
    """Show what comes back with an edition, to be confirmed, or what it once changed."""
    return _edition(request, workshop, member, number)


@routes.post("/guides/history/{number}")
def go_back(request: Request, workshop: Work, member: Editor, number: int, form: Sent) -> Response:
    """Make an edition live again."""
    reason = plain_text(field(form, "reason"))[:REASON_MOST].strip()
    if not reason:
        return _edition(request, workshop, member, number, lacks_reason=True)
    if field(form, "live") != str(workshop.index.live().number):
        return _edition(request, workshop, member, number, is_moved=True)
    Publishing(workshop).go_back(member, number, reason)
    return RedirectResponse("/desk/guides/plan", 303)


def compared(catalogue: Catalogue, before: int | None, after: int) -> Comparison:
    """Return how one edition differs from another; all guides are new beside none."""
    old = _by_identity(catalogue.entries(before) if before is not None else ())
    new = _by_identity(catalogue.entries(after))
    moved: list[Moved] = []
    for key in sorted(old.keys() | new.keys()):
        one, other = old.get(key), new.get(key)
        if one is None and other is not None:
            moved.append(Moved("added", other))
        elif other is None and one is not None:
            moved.append(Moved("withdrawn", one))
        elif one is not None and other is not None and one.digest != other.digest:
            moved.append(Moved("changed", other))
    told = []
    for each in moved[:TOLD_MOST]:
        guide = catalogue.guide(each.entry.digest)
        match each.motion:
            case "added":
                told.append(added_guide(guide))
            case "withdrawn":
                told.append(withdrawn_guide(guide))
            case "changed":
                key = (guide.id, guide.language)
                told.append(guide_change(catalogue.guide(old[key].digest), guide))
    return Comparison(tuple(moved), tuple(told))


def _by_identity(entries: Iterable[GuideEntry]) -> dict[tuple[str, str], GuideEntry]:
    return {(entry.guide_id, entry.language): entry for entry in entries}


def _may_return(edition: EditionEntry, live: int | None) -> bool:
    return edition.state == "published" and edition.number != live


def _edition(
    request: Request,
    workshop: Work,
    member: Editor,
    number: int,
    *,
    lacks_reason: bool = False,
    is_moved: bool = False,
) -> Response:
    catalogue = workshop.catalogue
    live = catalogue.live_edition()
    try:
        entry = catalogue.edition(number)
    except EditionMissing as error:
        raise GuideGone(str(number)) from error
    switches = [switch for switch in catalogue.switches() if switch.edition == number]
    is_kept = entry.state == "published"
    before = switches[0].before if switches and number == live else live
    comparison = compared(catalogue, before, number) if is_kept and before != number else None
    return editors_page(
        request,
        "edition.html",
        member,
        "history",
        422 if lacks_reason else 409 if is_moved else 200,
        entry=entry,
        switches=switches,
        live=live,
        may_return=_may_return(entry, live),
        comparison=comparison,
        shown_most=SHOWN_MOST,
        lacks_reason=lacks_reason,
        is_moved=is_moved,
        reason_most=REASON_MOST,
    )
