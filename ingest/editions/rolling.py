"""Going back to an edition that was live before, and forward again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from civic_assistant.catalogue import open_catalogue
from civic_assistant.edition_log import Switch, SwitchKind, line_of
from civic_assistant.errors import EditionMissing, IndexUnusable
from civic_assistant.index import keywords_folder
from civic_assistant.publishing_lock import publishing
from ingest.editions.exact_words import keep_keywords_of
from ingest.editions.wholeness import check_whole

if TYPE_CHECKING:
    from civic_assistant.settings import Settings


def _now() -> datetime:
    return datetime.now(UTC)


def roll_to(
    number: int,
    settings: Settings,
    *,
    author: str = "",
    reason: str = "",
    clock: Callable[[], datetime] = _now,
) -> Switch:
    """Make an edition live again that was live before; nothing is read or embedded.

    Raises:
        EditionMissing: there is no such edition, or it is not kept any more.
        EditionBroken: it is not whole.
        IndexUnusable: it is live already, or was never live.
        IndexBusy: its exact words are to be made again, and another publish is running.
    """
    catalogue = open_catalogue(settings.index_folder)
    entry, live = catalogue.edition(number), catalogue.live_edition()
    if entry.state == "dropped":
        raise EditionMissing(number, is_dropped=True)
    if entry.state == "staged":
        raise IndexUnusable(f"edition {number} was never live: publish it instead")
    if number == live:
        raise IndexUnusable(f"edition {number} is live already")
    at = clock()
    if not keywords_folder(settings.index_folder, entry.keywords).is_dir():
        with publishing(settings.index_folder, f"edition {number}", author, at):
            keep_keywords_of(settings.index_folder, catalogue, number)
    check_whole(catalogue, settings, number)
    line = line_of(catalogue.switches())
    kind: SwitchKind = "back"
    if number in line.future or (number not in line.past and number > live):
        kind = "forward"
    return catalogue.switch(number, at, kind=kind, author=author, reason=reason)


def step_to_live(number: int, settings: Settings) -> Switch | None:
    """Return the step back or forward that made this edition live, None when none did.

    A step that died after the live pointer moved has still to give the corpus folder its documents.
    """
    last = open_catalogue(settings.index_folder).switches()[-1:]
    return next((s for s in last if s.edition == number and s.kind != "publish"), None)


def roll_back(
    settings: Settings,
    *,
    author: str = "",
    reason: str = "",
    clock: Callable[[], datetime] = _now,
) -> Switch:
    """Make the edition live that was live before this one; raises what `roll_to` raises."""
    number = line_of(open_catalogue(settings.index_folder).switches()).back
    if number is None:
        raise IndexUnusable("no edition was live before this one")
    return roll_to(number, settings, author=author, reason=reason, clock=clock)


def roll_forward(
    settings: Settings,
    *,
    author: str = "",
    reason: str = "",
    clock: Callable[[], datetime] = _now,
) -> Switch:
    """Take the last step back back; raises what `roll_to` raises."""
    number = line_of(open_catalogue(settings.index_folder).switches()).forward
    if number is None:
        raise IndexUnusable("no step back was taken since the last publish")
    return roll_to(number, settings, author=author, reason=reason, clock=clock)
