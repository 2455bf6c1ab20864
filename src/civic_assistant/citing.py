"""From chosen spans of a guide to an answer: sentences with citations, and their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from civic_assistant.guides import Guide, Passage, Section
from civic_assistant.outcomes import Answered, AnswerSentence, Citation, Coverage, Source
from civic_assistant.units import Span

# A longer section is shown by the passages that are quoted; the link leads to the rest.
SECTION_LENGTH = 2000


def cite(
    spans: Sequence[Span], guide: Guide, edition: int, today: date, coverage: Coverage
) -> Answered:
    """Return the spans as an answer, each with its citation, one source a section."""
    sections = list(dict.fromkeys(span.passage.section for span in spans))
    sentences = tuple(
        AnswerSentence(
            text=span.text,
            kind=span.kind,
            citation=Citation(
                guide_id=guide.id,
                language=guide.language,
                passage_id=span.passage.id,
                quote=span.text,
                start=span.start,
                end=span.end,
                edition=edition,
            ),
            source=sections.index(span.passage.section),
        )
        for span in spans
    )
    sources = tuple(
        _source(guide, number, [s for s in spans if s.passage.section == number], today)
        for number in sections
    )
    return Answered(coverage, sentences, sources)


def cite_sentences(
    sentences: Sequence[AnswerSentence],
    passages: Mapping[str, Passage],
    guide: Guide,
    today: date,
    coverage: Coverage,
) -> Answered:
    """Return sentences that rest on quotes of a guide as an answer, with one source a section.

    ``passages`` holds the passages they cite, by id; all quotes of one sentence are of one section.
    """
    guides = {(guide.id, guide.language): guide}
    return cite_guides(sentences, passages, guides, today, coverage)


def cite_guides(
    sentences: Sequence[AnswerSentence],
    passages: Mapping[str, Passage],
    guides: Mapping[tuple[str, str], Guide],
    today: date,
    coverage: Coverage,
) -> Answered:
    """Return sentences that rest on quotes of several guides, by id and language, as an answer."""
    spans: dict[tuple[str, str, int], list[Span]] = {}
    for citation in (c for sentence in sentences for c in sentence.citations):
        passage = passages[citation.passage_id]
        span = Span("paragraph", passage, citation.start, citation.end)
        spans.setdefault(_section(passage), []).append(span)
    places = {section: place for place, section in enumerate(spans)}
    placed = tuple(
        replace(s, source=places[_section(passages[s.citation.passage_id])]) for s in sentences
    )
    sources = tuple(
        _source(guides[guide_id, language], number, own, today)
        for (guide_id, language, number), own in spans.items()
    )
    return Answered(coverage, placed, sources)


def _section(passage: Passage) -> tuple[str, str, int]:
    return passage.guide_id, passage.language, passage.section


def _source(guide: Guide, number: int, spans: Sequence[Span], today: date) -> Source:
    section = guide.sections[number]
    start, end = _window(section, spans)
    marks = [(s.passage.start + s.start - start, s.passage.start + s.end - start) for s in spans]
    blocks = [
        (b.kind, max(b.start, start) - start, min(b.end, end) - start)
        for b in section.blocks
        if b.start < end and b.end > start
    ]
    return Source(
        guide_id=guide.id,
        title=guide.title,
        language=guide.language,
        path=section.path,
        situation=section.situation,
        text=section.text[start:end],
        blocks=tuple(blocks),
        marks=tuple(sorted(set(marks))),
        department=guide.department,
        authority=guide.authority,
        attribution=guide.attribution,
        address=guide.address,
        anchor=section.anchor,
        page=section.page,
        document=guide.document,
        updated_on=guide.updated_on,
        review_by=guide.review_by,
        is_overdue=guide.is_overdue(today),
    )


def _window(section: Section, spans: Sequence[Span]) -> tuple[int, int]:
    """Return which part of the section is shown: all of it, or the quoted passages."""
    if len(section.text) <= SECTION_LENGTH:
        return 0, len(section.text)
    return min(s.passage.start for s in spans), max(s.passage.end for s in spans)
