"""The commands ``civic-assistant corrections …``: what the town hall corrects of its guides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from civic_assistant.command_line import IndexOption, errors_told, settings_with
from civic_assistant.corrections.correction import Correction
from civic_assistant.corrections.showing import RunningCorrections
from civic_assistant.errors import CorrectionRefused, IndexMissing
from civic_assistant.settings import Settings

corrections = typer.Typer(
    help="Corrections, shown above what a guide says without changing the guide.",
    no_args_is_help=True,
)

Author = Annotated[str, typer.Option(help="Your name, as colleagues read it.")]
_DAY = "%Y-%m-%d"


@dataclass(frozen=True, slots=True)
class _Opened:
    settings: Settings
    running: RunningCorrections
    now: datetime

    @property
    def today(self) -> date:
        return self.running.today(self.now)


@contextmanager
def _opened(index: Path | None = None) -> Iterator[_Opened]:
    with errors_told():
        from civic_assistant.assembly import open_corrections, open_records
        from civic_assistant.handoff.desks import load_desks

        settings = settings_with(index)
        records = open_records(settings)
        running = open_corrections(records, load_desks(settings.desks_file))
        yield _Opened(settings, running, datetime.now(UTC))
        records.dispose()


@corrections.command("list")
def list_corrections(
    ended: Annotated[bool, typer.Option("--ended", help="Those that ended, too.")] = False,
    overdue: Annotated[
        bool,
        typer.Option("--overdue", help="Only those whose review date has passed, by department."),
    ] = False,
    index: IndexOption = None,
) -> None:
    """List the corrections that run or are planned, with their days and texts."""
    with _opened(index) as opened:
        kept, today = opened.running.kept, opened.today
        if overdue:
            for line in _told_by_department(kept.overdue(today), opened):
                typer.echo(line)
            return
        for correction in kept.all():
            if ended or correction.state(today) != "ended":
                typer.echo("\n".join(_told(correction, today)))


@corrections.command()
def add(
    guide: Annotated[str, typer.Argument(help="The guide's id.")],
    text: Annotated[str, typer.Argument(help="What is so now, in the town's language.")],
    starts: Annotated[datetime, typer.Option(formats=[_DAY], help="The first day.")],
    review_by: Annotated[datetime, typer.Option(formats=[_DAY], help="When to look at it again.")],
    author: Author,
    ends: Annotated[
        datetime | None, typer.Option(formats=[_DAY], help="The last day, if it is known.")
    ] = None,
    translation: Annotated[
        list[str] | None, typer.Option(help="The same in another language: en=…; repeatable.")
    ] = None,
    index: IndexOption = None,
) -> None:
    """Correct a published guide: citizens read the text above what it says, from its first day."""
    with _opened(index) as opened:
        from civic_assistant.corrections.draft import drafted

        _check_published(guide, opened.settings)
        town_language = opened.settings.town_language
        draft = drafted(
            guide,
            {**_by_language(translation or ()), town_language: text},
            starts.date(),
            ends.date() if ends else None,
            review_by.date(),
            town_language=town_language,
            today=opened.today,
        )
        kept = opened.running.kept
        correction = kept.add(draft, author=author, today=opened.today, now=opened.now)
        typer.echo("\n".join(_told(correction, opened.today)))


@corrections.command()
def end(
    correction: Annotated[str, typer.Argument(help="The correction's id, as `list` says it.")],
    author: Author,
) -> None:
    """Show a correction no more; answers that were given with it can still be explained."""
    with _opened() as opened:
        opened.running.kept.end(correction, by=author, now=opened.now)


def _check_published(guide_id: str, settings: Settings) -> None:
    """Raise `CorrectionRefused` when the live edition does not hold the guide."""
    from civic_assistant.catalogue import open_catalogue

    catalogue = open_catalogue(settings.index_folder)
    entries = catalogue.entries(catalogue.live_edition())
    if all(entry.guide_id != guide_id for entry in entries):
        raise CorrectionRefused("no_guide")


def _by_language(translations: Sequence[str]) -> dict[str, str]:
    texts = {}
    for translation in translations:
        language, equals, text = translation.partition("=")
        if not equals or not text.strip():
            raise typer.BadParameter(f"{translation!r}: write it as en=TEXT")
        texts[language.strip()] = text
    return texts


def _told_by_department(late: Sequence[Correction], opened: _Opened) -> Iterator[str]:
    """Yield the corrections of each department, and those last whose guide is not live any more."""
    departments = _departments({correction.guide_id for correction in late}, opened.settings)
    listed: dict[str | None, list[Correction]] = {}
    for correction in late:
        listed.setdefault(departments.get(correction.guide_id), []).append(correction)
    for department in sorted(listed, key=lambda name: (name is None, name or "")):
        yield "(guide not published)" if department is None else department or "(no department)"
        for correction in listed[department]:
            yield from (f"  {line}" for line in _told(correction, opened.today))


def _departments(guide_ids: Collection[str], settings: Settings) -> dict[str, str]:
    """Return the department of each of these guides that is live, by the guide's id."""
    from civic_assistant.catalogue import open_catalogue

    try:
        catalogue = open_catalogue(settings.index_folder)
        entries = catalogue.entries(catalogue.live_edition())
    except IndexMissing:
        return {}
    return {
        entry.guide_id: catalogue.guide(entry.digest).department
        for entry in entries
        if entry.guide_id in guide_ids
    }


def _told(correction: Correction, today: date) -> Iterator[str]:
    days = f"{correction.starts} to {correction.ends or 'its end'}"
    late = ", overdue" if correction.is_overdue(today) else ""
    review = f"review by {correction.review_by}{late}"
    state = correction.state(today)
    yield f"{correction.id}  {correction.guide_id}  {state}  {days}  {review}  {correction.author}"
    for language, text in correction.texts.items():
        yield f"    {language}  {text}"
