"""The story of a turn, for a person who wants to know why it went as it did."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import assert_never

from rich import box
from rich.console import Console
from rich.table import Table

from civic_assistant.evidence import Decision
from civic_assistant.language_model.told import told_rewriting, told_writing
from civic_assistant.outcomes import (
    Answered,
    AskedDetail,
    CouldNotLook,
    HandedOff,
    NotCovered,
    NotCoveredReason,
    Outcome,
    Refused,
    Signposted,
    SmallTalk,
    Unsure,
    corrections_of,
)
from civic_assistant.stored import StoredEvidence, StoredPassage, StoredTurn

WIDTH = 110
"""Columns of the text."""

_DECISIONS: dict[Decision, str] = {
    "answer": "answer",
    "unsure": "do not answer: guides are near, the evidence is too weak",
    "not_covered": "do not answer: no guide is near",
}

_WHY: dict[NotCoveredReason, str] = {
    "no_guide": "no published guide is near",
    "other_country": "another country deals with it",
    "off_topic": "it is about no procedure and no public service",
    "opinion": "it asks for an opinion",
}


def story(stored: StoredTurn) -> str:
    """Return the turn as plain text: question, search, passages with scores, gate, answer, times.

    Guides are named by id, and by title where the turn showed it. The text is in English but for
    what the citizen wrote and the guides say; it holds nothing that the journal does not.
    """
    titles = dict(_titles(stored.outcome))
    parts = [
        _head(stored),
        _search(stored),
        _gate(stored),
        _writing(stored),
        _shown(stored, titles),
        _staff_draft(stored),
        _passages(stored.evidence, titles),
        _made_with(stored),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(stored: StoredTurn) -> str:
    page = f" (page: {stored.page_language})" if stored.page_language else ""
    return _block(
        f"Turn {stored.id}, {stored.at:%d %B %Y, %H:%M:%S} UTC",
        [
            f"Question      {_indented(stored.question) or '(empty)'}",
            f"Language      {stored.language}{page}",
            f"Conversation  {stored.conversation or 'none'}",
            *([f"More simply   the answer of turn {stored.plain_of}"] if stored.plain_of else []),
            *([f"Case known    {'; '.join(stored.situations)}"] if stored.situations else []),
        ],
    )


def _search(stored: StoredTurn) -> str:
    if not stored.searched:
        return _block("Search", ["Nothing was searched: the guides were not needed or not asked."])
    lines = [f"Searched for  {_indented(stored.searched)}"]
    if stored.evidence is not None:
        guides = ", ".join(_ranked(stored.evidence)) or "none"
        lines += [
            f"In edition    {stored.evidence.edition}",
            f"Found         {len(stored.evidence.found)} passages of "
            f"{len(stored.evidence.ranked)} guides; best first: {guides}",
        ]
    made = [] if stored.rewritten is None else list(told_rewriting(stored.rewritten))
    parts = [_block("How a language model completed the question", made)] if made else []
    return "\n\n".join((*parts, _block("Search", lines)))


def _ranked(evidence: StoredEvidence) -> Iterator[str]:
    """Yield the first guides, each with what it was ranked by."""
    for guide_id in evidence.ranked[:5]:
        total = evidence.totals.get(guide_id)
        yield guide_id if total is None else f"{guide_id} ({total:.2f})"


def _gate(stored: StoredTurn) -> str:
    verdict = stored.verdict
    if verdict is None:
        return ""
    relation = ">=" if verdict.confidence >= verdict.threshold else "<"
    lines = [
        f"Decision      {_DECISIONS[verdict.decision]}",
        f"Confidence    {verdict.confidence:.3f} {relation} threshold {verdict.threshold:.3f}",
        f"Reason        {verdict.reason}",
    ]
    if verdict.signals:
        width = max(map(len, verdict.signals))
        lines.append("Signals")
        lines += [f"  {name:<{width}}  {value:.4g}" for name, value in verdict.signals.items()]
    return _block("What the gate decided", lines)


def _writing(stored: StoredTurn) -> str:
    if stored.written is None:
        return ""
    return _block("What the language model wrote", told_writing(stored.written))


def _shown(stored: StoredTurn, titles: dict[str, str]) -> str:
    outcome = stored.outcome
    if stored.plain_of and not (isinstance(outcome, Answered) and outcome.is_plain):
        lines = [f"The answer of turn {stored.plain_of} was left as it is; a person was offered."]
        return _block("Not said more simply", lines)
    return _outcome(outcome, titles)


def _staff_draft(stored: StoredTurn) -> str:
    if stored.staff_draft is None:
        return ""
    return _block("What the language model drafted for staff", told_writing(stored.staff_draft))


def _outcome(outcome: Outcome, titles: dict[str, str]) -> str:
    match outcome:
        case Answered():
            title = f"Answered ({outcome.coverage}): what the citizen read"
            first = (*_signpost(outcome), *_corrections(outcome))
            return _block(title, [*first, *_checked(outcome), *_sentences(outcome)])
        case AskedDetail():
            return _asked(outcome)
        case NotCovered():
            return _not_answered(f"Not covered: {_WHY[outcome.reason]}", outcome)
        case Unsure():
            return _not_answered("Unsure: the evidence was too weak to answer", outcome)
        case HandedOff():
            return _block("Offered a person", [f"Because: {outcome.reason}"])
        case Signposted():
            return _block("Shown a fixed text that leads elsewhere", [f"Topic: {outcome.topic}"])
        case Refused():
            return _block("The message was not looked at", [f"Because: {outcome.reason}"])
        case SmallTalk():
            return _block("Small talk: answered with a fixed text", [f"Kind: {outcome.kind}"])
        case CouldNotLook():
            return _block(
                "Something broke; a person was offered", [f"Reference: {outcome.reference}"]
            )
        case _:
            assert_never(outcome)


def _asked(detail: AskedDetail) -> str:
    above = " > ".join((detail.title, *detail.situation))
    guide = f"Guide         {above} ({detail.guide_id}, {detail.language})"
    lines = [*_signpost(detail), *_corrections(detail), guide, "Cases offered"]
    lines += [f"  - {option}" for option in detail.options]
    if detail.common is not None:
        lines += ["Shown for every case", *_sentences(detail.common)]
    return _block("Asked which case is the citizen's", lines)


def _signpost(outcome: Answered | AskedDetail) -> Iterator[str]:
    if outcome.signpost is not None:
        yield f"Shown first: whom to call ({outcome.signpost})"


def _corrections(outcome: Outcome) -> Iterator[str]:
    """Yield the corrections shown: above the answer, or with the related guides."""
    for correction in corrections_of(outcome):
        until = f" to {correction.until}" if correction.until else ""
        yield (
            f"Correction {correction.id}, version {correction.version}, of {correction.guide_id}, "
            f"from {correction.since}{until}"
        )
        yield f"It says       {_indented(correction.text)} ({correction.language})"
        if correction.is_overdue:
            yield f"   note       overdue for review since {correction.review_by}"


def _checked(answer: Answered) -> Iterator[str]:
    checked = answer.checked
    if checked is None:
        return
    by = f"by {checked.desk} on {checked.on}"
    yield f"Verified answer {checked.id}, version {checked.version}, {by}"
    yield f"Asked as      {_indented(checked.wording)} (cosine {checked.nearness:.3f})"
    yield f"Reply         {_indented(checked.text)} ({checked.language})"
    yield "It rests on"


def _sentences(answer: Answered) -> Iterator[str]:
    for number, sentence in enumerate(answer.sentences, start=1):
        source = answer.sources[sentence.source]
        where = " > ".join((source.title, *source.path, *source.situation))
        page = f", page {source.page}" if source.page else ""
        yield f"{number}. {_indented(sentence.text, 3)}"
        if sentence.terms:
            yield f"   terms      {', '.join(term.term for term in sentence.terms)}"
        for citation in sentence.citations:
            if citation.quote != sentence.text:
                yield f"   quoted     “{_indented(citation.quote, 14)}”"
            yield f"   from       {where}{page}"
            yield (
                f"   guide      {citation.guide_id} ({citation.language}), "
                f"edition {citation.edition}, passage {citation.passage_id}, "
                f"characters {citation.start} to {citation.end}"
            )
        if source.is_overdue:
            yield f"   note       overdue for review since {source.review_by}"


def _not_answered(title: str, outcome: NotCovered | Unsure) -> str:
    if not outcome.related:
        return _block(title, ["No guide was shown as possibly related."])
    lines = [f"- {guide.title} ({guide.guide_id}, {guide.language})" for guide in outcome.related]
    return _block(title, ["Shown as possibly related:", *lines, *_corrections(outcome)])


def _passages(evidence: StoredEvidence | None, titles: dict[str, str]) -> str:
    if evidence is None or not evidence.found:
        return ""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("", justify="right")
    table.add_column("guide", overflow="fold", ratio=1)
    table.add_column("lang")
    for name in ("section", "score", "dense", "keyword", "late"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("passage", no_wrap=True)
    for place, found in enumerate(evidence.found, start=1):
        table.add_row(str(place), *_row(found, titles))
    text = StringIO()
    console = Console(
        file=text, width=WIDTH, color_system=None, markup=False, emoji=False, highlight=False
    )
    console.print(table)
    rows = [line.rstrip() for line in text.getvalue().splitlines() if line.strip()]
    return _block("Passages found, best first (rank of each search in brackets)", rows)


def _row(found: StoredPassage, titles: dict[str, str]) -> Iterator[str]:
    title = titles.get(found.guide_id)
    yield f"{found.guide_id}: {title}" if title else found.guide_id
    yield found.language
    yield "card" if found.section < 0 else str(found.section)
    yield _score(found.score)
    yield _score(found.dense, found.dense_rank)
    yield _score(found.keyword, found.keyword_rank)
    yield _score(found.late)
    yield found.passage_id[:8]


def _made_with(stored: StoredTurn) -> str:
    edition = "none" if stored.edition is None else str(stored.edition)
    stages = {name: spent for name, spent in stored.milliseconds.items() if name != "total"}
    total = stored.milliseconds.get("total", math.fsum(stages.values()))
    times = ", ".join(f"{stage} {spent:.0f}" for stage, spent in stages.items())
    return _block(
        "Made with",
        [
            f"Edition       {edition}",
            *(f"Model         {use}: {model}" for use, model in stored.models.items()),
            f"Milliseconds  {total:.0f}" + (f" ({times})" if times else ""),
        ],
    )


def _titles(outcome: Outcome) -> Iterator[tuple[str, str]]:
    match outcome:
        case Answered():
            for source in outcome.sources:
                yield source.guide_id, source.title
        case AskedDetail():
            yield outcome.guide_id, outcome.title
        case NotCovered() | Unsure():
            for guide in outcome.related:
                yield guide.guide_id, guide.title
        case _:
            return


def _score(value: float | None, rank: int | None = None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" + (f" ({rank})" if rank is not None else "")


def _block(title: str, lines: Sequence[str] | Iterator[str]) -> str:
    return "\n".join((title, "-" * len(title), *lines))


def _indented(text: str, columns: int = 14) -> str:
    return text.replace("\n", "\n" + " " * columns)
