"""The program's commands about editions that are there: status, history, rollback, check, purge."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, date, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from civic_assistant.assembly import open_records
from civic_assistant.catalogue import Catalogue, open_catalogue
from civic_assistant.command_line import IndexOption, LightOption, errors_told, settings_with
from civic_assistant.edition_log import EditionEntry, Switch, line_of
from civic_assistant.embedding import open_embedding
from civic_assistant.errors import IndexMissing, IndexUnusable
from civic_assistant.journal import Journal
from civic_assistant.publishing_lock import publisher
from civic_assistant.retention import purge as purge_records
from civic_assistant.settings import Settings
from ingest.addresses.report import report_addresses
from ingest.addresses.told import told_addresses
from ingest.authors import AuthorOption, ReasonOption, author_or_login
from ingest.drafts.old_drafts import drop_old_drafts
from ingest.editions.damage import damage
from ingest.editions.kept_documents import KeptDocuments
from ingest.editions.old_editions import drop_old_editions
from ingest.editions.restoring import differing, restore
from ingest.editions.rolling import roll_back, roll_forward, roll_to, step_to_live
from ingest.editions.suspending import suspend_answers_told
from ingest.editions.wholeness import wholeness
from ingest.progress import Progress
from ingest.publish_told import REFUSED
from ingest.reviewing.freshness import stale_guides
from ingest.reviewing.stale_told import LATE, own_guides, told_by_department

BROKEN = 1
"""Exit status when the live edition is not whole."""


def edition_commands(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(status)
    app.command()(history)
    app.command()(rollback)
    app.command()(check)
    app.command()(purge)


def status(index: IndexOption = None) -> None:
    """Say which edition is live, what is staged, what can be gone back to, who publishes now."""
    with errors_told():
        settings = settings_with(index)
        catalogue = open_catalogue(settings.index_folder)
        line = line_of(catalogue.switches())
        if line.live is None:
            typer.echo("nothing is live yet")
        else:
            _tell_live(catalogue, line.live)
        entries = catalogue.editions()
        kept = [e.number for e in entries if e.state == "published" and e.number != line.live]
        typer.echo(f"back leads to {_named(line.back)}, forward to {_named(line.forward)}")
        typer.echo(f"kept: {', '.join(map(str, kept)) or 'no other'}")
        for entry in entries:
            if entry.state == "staged":
                typer.echo(f"staged: {_described(entry)}{_stale(entry, line.live)}")
        if index is None and line.live is not None:
            _tell_folder(line.live, settings)
        if (who := publisher(settings.index_folder)) is not None:
            typer.echo(f"a publish is running: {who}")


def history(
    index: IndexOption = None,
    count: Annotated[int, typer.Option(min=1, help="At most so many, the last first.")] = 30,
) -> None:
    """List what went live when, by whom and why, the last first."""
    with errors_told():
        catalogue = open_catalogue(settings_with(index).index_folder)
        entries = {entry.number: entry for entry in catalogue.editions()}
        table = Table("when (UTC)", "edition", "who", "why", "what")
        for switch in reversed(catalogue.switches()[-count:]):
            entry = entries[switch.edition]
            who, why = (switch.author or entry.author), (switch.reason or entry.reason)
            table.add_row(
                f"{switch.at:%Y-%m-%d %H:%M}",
                str(switch.edition),
                escape(who),
                escape(why),
                _what(switch, entry),
            )
        _console().print(table)


def rollback(
    edition: Annotated[
        int | None, typer.Argument(help="The edition, if not the one that was live before.")
    ] = None,
    forward: Annotated[
        bool, typer.Option("--forward", help="Take the last step back back instead.")
    ] = False,
    author: AuthorOption = None,
    reason: ReasonOption = "",
    index: IndexOption = None,
    light: LightOption = False,
) -> None:
    """Make an edition live again that was live before: in seconds, nothing is read or embedded.

    The corpus folder gets the documents back that the edition was read from; what they replace is
    kept. In a Git checkout it stays as it is: there the step back is a commit. A step that was cut
    off after its edition went live is ended by naming that edition.
    """
    if forward and edition is not None:
        raise typer.BadParameter("give either an edition or --forward")
    with errors_told():
        settings = settings_with(index, light)
        who = author_or_login(author)
        done = step_to_live(edition, settings) if edition is not None else None
        if done is not None:
            switch = done
        elif edition is not None:
            switch = roll_to(edition, settings, author=who, reason=reason)
        else:
            roll = roll_forward if forward else roll_back
            switch = roll(settings, author=who, reason=reason)
        typer.echo(f"edition {switch.edition} is live again, {switch.before} was before")
        if index is None:
            _restore(switch, settings)
            suspend_answers_told(settings, open_embedding(settings))


def check(
    addresses: Annotated[
        bool,
        typer.Option(
            "--addresses", help="Ask every web address that the guides name, over the internet."
        ),
    ] = False,
    stale: Annotated[
        bool,
        typer.Option("--stale", help="List the town's guides that are out of date, or soon."),
    ] = False,
    index: IndexOption = None,
) -> None:
    """See that the live edition is whole: passages, vectors, tokens, exact words, files.

    With --stale the town's guides that have expired, are overdue for review, or will be within 30
    days are listed by department. With --addresses, which alone sends anything outside, so are
    dead, moved and slow addresses. Exit status 3 says that some guides have expired or are
    overdue, or some addresses dead or moved.
    """
    with errors_told():
        settings = settings_with(index)
        catalogue = open_catalogue(settings.index_folder)
        found = wholeness(catalogue, settings, catalogue.live_edition())
        faults = list(damage(catalogue, settings, found.edition))
        typer.echo(str(found))
        for fault in faults:
            typer.echo(fault)
        if faults or not found.is_whole:
            typer.echo("not whole: publish again, which makes good what is missing", err=True)
            raise typer.Exit(BROKEN)
        typer.echo("whole")
        today = datetime.now(UTC).date()
        is_stale = stale and _tell_stale(catalogue, found.edition, today)
        is_wrong = addresses and _tell_addresses(catalogue, settings, today)
        if is_stale or is_wrong:
            raise typer.Exit(REFUSED)


def purge(index: IndexOption = None) -> None:
    """Erase what has been kept for its time (journal_days, request_days…), and old editions."""
    with errors_told():
        settings = settings_with(index)
        now = datetime.now(UTC)
        records = open_records(settings)
        purged = purge_records(records, settings, now)
        typer.echo(
            f"erased {purged.turns} turns, {purged.requests} requests, "
            f"{purged.conversations} conversations, {purged.drafts} drafts, "
            f"{purged.events} counted events, {purged.corrections} corrections, {purged.runs} runs "
            f"of publishing and {drop_old_drafts(settings, now)} editors' drafts"
        )
        try:
            dropped = drop_old_editions(settings, Journal(records).editions(), now)
        except IndexMissing:
            return
        typer.echo(
            f"dropped {len(dropped.editions)} editions, {dropped.guides} guide versions, "
            f"{dropped.passages} passages and {dropped.documents} documents"
        )


def _tell_stale(catalogue: Catalogue, edition: int, today: date) -> bool:
    """List the town's guides that are out of date, or soon; True when some are already."""
    found = stale_guides(own_guides(catalogue, edition), today)
    for line in told_by_department(found, edition):
        typer.echo(line)
    return any(guide.staleness in LATE for guide in found)


def _tell_addresses(catalogue: Catalogue, settings: Settings, today: date) -> bool:
    """Ask the addresses of the guides in force, and list them; True when some are not right."""
    report = report_addresses(
        catalogue,
        KeptDocuments(settings.index_folder),
        Progress(visible=sys.stderr.isatty()),
        today,
    )
    for line in told_addresses(report):
        typer.echo(line)
    return any(finding.answer.state in ("dead", "moved") for finding in report.findings)


def _tell_live(catalogue: Catalogue, number: int) -> None:
    switch = catalogue.switches()[-1]
    sources = Counter(entry.source for entry in catalogue.entries(number))
    guides = ", ".join(f"{count} {source}" for source, count in sorted(sources.items()))
    by = f" by {switch.author!r}" if switch.author else ""
    why = f": {switch.reason}" if switch.reason else ""
    typer.echo(f"edition {number} is live since {switch.at:%Y-%m-%d %H:%M} UTC{by}{why}")
    typer.echo(
        f"{sum(sources.values())} guides ({guides}), {len(catalogue.places(number))} passages"
    )


def _tell_folder(live: int, settings: Settings) -> None:
    names = differing(live, settings)
    if names:
        typer.echo(f"the corpus folder differs from it in {len(names)}: {', '.join(names)}")


def _restore(switch: Switch, settings: Settings) -> None:
    """Give the corpus folder its documents back, and say what became of it."""
    try:
        restored = restore(
            switch.edition, switch.before, settings, at=switch.at, author=switch.author
        )
    except IndexUnusable as error:
        typer.echo(f"the corpus folder was left as it is: {error}", err=True)
        return
    for what, names in (
        ("written", restored.written),
        ("removed", restored.removed),
        ("left, as Git has them", restored.left),
    ):
        if names:
            typer.echo(f"corpus folder: {what}: {', '.join(names)}")
    if not restored.is_known:
        typer.echo("the corpus folder was left as it is: its documents were not kept", err=True)


def _named(edition: int | None) -> str:
    return "nothing" if edition is None else f"edition {edition}"


def _described(entry: EditionEntry) -> str:
    by = f" by {entry.author!r}" if entry.author else ""
    why = f" ({entry.reason})" if entry.reason else ""
    counts = f"{entry.added} added, {entry.changed} changed, {entry.withdrawn} withdrawn"
    at = f"{entry.staged_at:%Y-%m-%d %H:%M}"
    return f"edition {entry.number}, {entry.source}: {counts}; {at} UTC{by}{why}"


def _stale(entry: EditionEntry, live: int | None) -> str:
    return "" if entry.base == live else " — planned on another edition: plan again"


def _what(switch: Switch, entry: EditionEntry) -> str:
    if switch.kind != "publish":
        return f"{switch.kind} from edition {switch.before}"
    counts = f"{entry.added} added, {entry.changed} changed, {entry.withdrawn} withdrawn"
    return f"{escape(entry.source)}: {counts}" if entry.source else ""


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else 160)
