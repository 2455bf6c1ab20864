"""What publishing an edition would do, as its editor reads it on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rich.console import Console
from rich.text import Text

from ingest.reviewing.contradictions import Contradiction, Said
from ingest.reviewing.differences import FieldChange, GuideChange, SectionChange
from ingest.reviewing.freshness import StaleGuide
from ingest.reviewing.impact import IMPACT_KINDS, Impact, ImpactKind, Impacts
from ingest.reviewing.parsing_doubts import Doubt, DoubtKind
from ingest.reviewing.replies import Reply
from ingest.reviewing.review import Review
from ingest.reviewing.sentence_changes import Run
from ingest.reviewing.stale_told import told_guide
from ingest.reviewing.translations import Lag

GUIDES = 20
SENTENCES = 8
LINES = 12
"""Of each kind at most so many are told: guides, changed sentences of a section, others."""
_CHARACTERS = 200
_PATH = " › "

_DOUBTS: dict[DoubtKind, str] = {
    "glued_words": "words are glued together",
    "little_text": "it has hardly any text (words now / usual)",
    "lost_table": "a table seems lost",
    "no_headings": "headings seem lost",
    "replaced_characters": "letters could not be read",
}
_IMPACTS: dict[ImpactKind, str] = {
    "lost": "not answered any more",
    "other_source": "answered from another guide",
    "other_answer": "answered with other sentences",
    "won": "answered now",
}


def tell_review(review: Review, console: Console) -> None:
    """Print what an edition would change: the guides first, what speaks against it after."""
    for change in islice(review.difference.guides, GUIDES):
        for line in _told_guide(change):
            console.print(line, soft_wrap=True)
    more = len(review.difference.guides) - GUIDES
    if more > 0:
        console.print(f"… and {more} more guides")
    for title, count, lines in _parts(review):
        _print_part(console, f"{title}: {count}", lines)
    for line in _told_questions(review.impacts):
        console.print(line, soft_wrap=True)


def _parts(review: Review) -> Iterator[tuple[str, int, Sequence[str]]]:
    """Yield a heading, how many there are, and a line for each (for given answers, a guide)."""
    falling = [
        f"{answer.wording!r} ({answer.guide_id}{_PATH}{answer.heading}: {answer.reason})"
        for answer in review.falling
    ]
    for title, lines in (
        ("Pages that may have parsed badly", [_told_doubt(doubt) for doubt in review.doubts]),
        ("Two figures for one procedure", [_told_pair(pair) for pair in review.contradictions]),
        ("Translations older than their original", [_told_lag(lag) for lag in review.lags]),
        ("Out of date, or soon", [_told_stale(guide) for guide in review.stale]),
        ("Verified answers that would be suspended", falling),
    ):
        yield title, len(lines), lines
    given = review.given
    by_guide = [f"{guide_id}: {count}" for guide_id, count in given.by_guide]
    yield "Answers already given that cite what changes", given.count, by_guide


def _print_part(console: Console, title: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    console.print(Text(title, style="bold"))
    for line in lines[:LINES]:
        console.print(Text(f"  {line}"), soft_wrap=True)
    if len(lines) > LINES:
        console.print(f"  … and {len(lines) - LINES} more")


def _told_guide(change: GuideChange) -> Iterator[Text]:
    only = "" if change.is_text or change.kind != "changed" else ", only dates and the like"
    title = f"{change.guide_id} ({change.language}) {change.title}: {change.kind}{only}"
    yield Text(title, style="bold")
    for field in change.fields:
        yield Text(f"  {_told_field(field)}")
    if change.kind != "changed":
        yield Text(f"  {len(change.sections)} sections")
        return
    for section in change.sections:
        yield from _told_section(section)


def _told_field(field: FieldChange) -> str:
    before, after = (_short(text) or "(nothing)" for text in (field.before, field.after))
    return f"{field.name}: {before} → {after}"


def _told_section(section: SectionChange) -> Iterator[Text]:
    heading = _PATH.join((*section.path, *section.situation)) or "(before the first heading)"
    renamed = f", was {_PATH.join(section.path_before)}" if section.path_before else ""
    yield Text(f"  {heading}: {section.kind}{renamed}")
    if section.kind != "changed":
        return
    for sentence in section.sentences[:SENTENCES]:
        yield Text("    ").append_text(told_runs(sentence.runs))
    if len(section.sentences) > SENTENCES:
        yield Text(f"    … and {len(section.sentences) - SENTENCES} more sentences")


def told_runs(runs: Iterable[Run]) -> Text:
    """Return the words of a changed sentence, what went as ``[-…-]`` and what came as ``{+…+}``."""
    told = Text()
    for run in runs:
        words = run.text.strip()
        blanks = run.text[len(run.text.rstrip()) :]
        match run.kind:
            case "same":
                told.append(run.text)
            case "removed":
                told.append(f"[-{words}-]", style="red strike").append(blanks or " ")
            case "added":
                told.append(f"{{+{words}+}}", style="green").append(blanks)
    return told


def _told_doubt(doubt: Doubt) -> str:
    place = f", {_PATH.join(doubt.path)}" if doubt.path else ""
    return f"{doubt.document}{place}: {_DOUBTS[doubt.kind]}: {_short(doubt.sample)!r}"


def _told_pair(pair: Contradiction) -> str:
    return f"{_told_said(pair.one)}  ≠  {_told_said(pair.other)}"


def _told_said(said: Said) -> str:
    return f"{said.document}: {said.figure!r} in {_short(said.text)!r}"


def _told_lag(lag: Lag) -> str:
    since = f"since {lag.since:%Y-%m-%d}" if lag.since else "with this publish"
    figures = f"; it lacks {', '.join(lag.figures)}" if lag.figures else ""
    return f"{lag.document}: the {lag.original_language} text is newer, {since}{figures}"


def _told_stale(guide: StaleGuide) -> str:
    return f"{guide.department or '(no department)'}: {told_guide(guide)}"


def _told_questions(impacts: Impacts) -> Iterator[Text]:
    left_out = f", {impacts.left_out} more were left out" if impacts.left_out else ""
    yield Text(
        f"Questions: {impacts.asked} looked up, {len(impacts.changes)} get something else "
        f"({impacts.seconds:.1f} s{left_out})",
        style="bold",
    )
    worse = impacts.worse
    if worse:
        yield Text(f"  Test questions that get worse: {len(worse)}", style="bold red")
        yield from _told_impacts(worse)
    rest = [impact for impact in impacts.changes if not impact.is_worse]
    for kind in IMPACT_KINDS:
        own = sorted((i for i in rest if i.kind == kind), key=lambda i: -i.count)
        if own:
            yield Text(f"  {_IMPACTS[kind]}: {len(own)}")
            yield from _told_impacts(own)


def _told_impacts(impacts: Sequence[Impact]) -> Iterator[Text]:
    for impact in impacts[:LINES]:
        times = f", asked {impact.count} times" if impact.count > 1 else ""
        better = ", right now" if impact.is_better else ""
        yield Text(f"    {impact.question!r} ({impact.origin}{times}{better})")
        yield Text(f"      before: {_told_reply(impact.before, impact.after)}")
        yield Text(f"      after:  {_told_reply(impact.after, impact.before)}")
    if len(impacts) > LINES:
        yield Text(f"    … and {len(impacts) - LINES} more")


def _told_reply(reply: Reply, other: Reply) -> str:
    """Return a reply by its guide and the sentences that the other has not."""
    if not reply.is_answer:
        return reply.outcome
    verified = ", verified" if reply.is_verified else ""
    own = [sentence for sentence in reply.sentences if sentence not in other.sentences]
    said = " / ".join(own) or "the rest of it, and no more"
    return f"{reply.guide_id}{verified}: {_short(said)}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _CHARACTERS else f"{flat[: _CHARACTERS - 1]}…"
