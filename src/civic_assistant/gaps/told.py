"""The gap report for the command line."""

from __future__ import annotations

from collections.abc import Iterator

from civic_assistant.gaps.gap import Gap, GapReport

SHOWN = 40
"""Gaps that are told; the CSV has all of them."""
_CAME_TO = {
    "unsure": "unsure",
    "not_covered": "not in the guides",
    "not_helped": "did not help",
    "handed_off": "asked for a person",
    "left_message": "left a message",
}


def told_report(report: GapReport) -> str:
    """Return the report as plain text: the gaps that two conversations or more asked for."""
    return "\n".join(_lines(report))


def _lines(report: GapReport) -> Iterator[str]:
    shared = [gap for gap in report.gaps if gap.conversations > 1]
    questions = sum(gap.questions for gap in report.gaps)
    yield (
        f"{report.since:%Y-%m-%d} to {report.until:%Y-%m-%d}: {report.looked_up} questions looked "
        f"up, {questions} without an answer, in {len(report.gaps)} topics; edition {report.edition}"
    )
    yield (
        f"no gaps: {report.could_not_look} could not be looked up, {report.screened} were no "
        f"questions, {report.at_once} asked for a person without one"
    )
    for gap in shared[:SHOWN]:
        yield ""
        yield from _told(gap)
    left = len(shared) - SHOWN
    if left > 0:
        yield f"\n{left} more topics: see --csv"
    if len(report.gaps) > len(shared):
        yield f"\n{len(report.gaps) - len(shared)} topics were asked about by one conversation only"


def _told(gap: Gap) -> Iterator[str]:
    languages = ", ".join(f"{tag} {count}" for tag, count in gap.languages.items())
    yield f"{gap.conversations:4} {gap.title or '(no words to show)'}  [{languages}]  {gap.id}"
    came_to = ", ".join(f"{_CAME_TO[came]} {count}" for came, count in gap.came_to.items())
    weeks = " ".join(map(str, gap.weeks))
    yield f"     {gap.questions} questions since {gap.since:%Y-%m-%d}, last {gap.last:%Y-%m-%d}"
    yield f"     {came_to}; by week {weeks} ({gap.trend})"
    if gap.nearest is not None:
        how = "published since" if gap.nearest.is_new else "near" if gap.nearest.is_near else "far"
        yield f"     nearest guide ({how}): {gap.nearest.title} ({gap.nearest.guide_id})"
    for sample in gap.samples:
        yield f"     – {sample.text}"
    for reply in gap.replies:
        yield f"     staff, {reply.on}: {reply.text}"
