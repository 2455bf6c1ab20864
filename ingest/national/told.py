"""What a run of the national routine came to, as its operator reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from civic_assistant.settings import Settings
from ingest.national.routine import Hindrance, RoutineRun
from ingest.reviewing.differences import GuideChange
from ingest.reviewing.references import NationalNews, Reference, TouchedReference

SENTENCES = 3
"""Of a changed guide at most so many changed sentences are told."""
_CHARACTERS = 240
_NAMED = 5


def told_run(run: RoutineRun, settings: Settings) -> Iterator[str]:
    """Yield the lines of a run: what changes, what came of it, what the town's guides refer to."""
    plan = run.prepared.plan
    yield (
        f"{plan.source}: {len(plan.added)} added, {len(plan.changed)} changed, "
        f"{len(plan.unchanged)} unchanged, {len(plan.withdrawn)} withdrawn, "
        f"{len(plan.refused)} refused ({len(plan.kept)} kept as published)"
    )
    for document in plan.kept[:_NAMED]:
        refusal = next(r for r in plan.refused if r.document == document)
        yield f"  refused, as published before: {refusal}"
    share = f"{run.share:.1%} of the published guides change"
    match run.state:
        case "unchanged":
            yield f"edition {run.edition} stays: nothing in the feed is new"
        case "published":
            yield f"edition {run.edition} is live; {share}"
        case "waiting":
            yield f"edition {run.edition} is staged; {share}"
    for hindrance in run.hindrances:
        yield f"  a person must look: {_why(hindrance, run, settings)}"
    yield from told_news(run.news)


def told_news(news: NationalNews) -> Iterator[str]:
    """Yield what changes in what the town's guides refer to, by department."""
    text = [one for one in news.touched if one.change.is_text or one.newest_issue]
    dates = [one for one in news.touched if not (one.change.is_text or one.newest_issue)]
    if text:
        yield "The town's own guides refer to what changes:"
    for department, touched in groupby(text, key=lambda one: one.reference.department):
        yield f"  {department or '(no department)'}"
        for one in touched:
            yield from _touched(one)
    if dates:
        told = sorted({f"{one.reference.guide_id} ({one.change.guide_id})" for one in dates})
        yield f"  only dates, links or the like: {', '.join(told)}"
    if news.unknown:
        yield "Sheets that the town's guides name and that are not among the national guides:"
        for reference in news.unknown:
            department = reference.department or "(no department)"
            yield f"  {department}: {reference.guide_id} names {reference.target}"


def _touched(one: TouchedReference) -> Iterator[str]:
    change = one.change
    yield (
        f"    {one.reference.guide_id} names {_target(one.reference)}: {change.guide_id} "
        f"«{_short(change.title)}» {change.kind}"
    )
    if one.newest_issue:
        yield f"      the form's issue is {one.reference.target}*{one.newest_issue} now"
    if change.kind == "changed":
        yield from _sentences(change)


def _target(reference: Reference) -> str:
    if not reference.is_form:
        return reference.target
    return f"cerfa {reference.target}" + (f"*{reference.issue}" if reference.issue else "")


def _sentences(change: GuideChange) -> Iterator[str]:
    changed = [
        (" › ".join(section.path), sentence)
        for section in change.sections
        for sentence in section.sentences
    ]
    for path, sentence in changed[:SENTENCES]:
        if path:
            yield f"      {_short(path)}"
        if sentence.before is not None:
            yield f"      - {_short(sentence.before)}"
        if sentence.after is not None:
            yield f"      + {_short(sentence.after)}"
    if len(changed) > SENTENCES:
        yield f"      … and {len(changed) - SENTENCES} more sentences"


def _why(hindrance: Hindrance, run: RoutineRun, settings: Settings) -> str:
    match hindrance:
        case "first":
            return "no such guides were published before"
        case "share":
            limit = f"the setting 'national_auto_share' ({settings.national_auto_share:.1%})"
            return f"{run.share:.1%} of the published guides change, not less than {limit}"
        case "taken_back":
            return f"somebody took this back: {_some(run.taken_back)}"
        case "questions":
            return "test questions of the town would get worse: see `national --plan`"


def _some(names: Iterable[str]) -> str:
    known = list(names)
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return ", ".join(islice(known, _NAMED)) + more


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _CHARACTERS else f"{words[: _CHARACTERS - 1]}…"
