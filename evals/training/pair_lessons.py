"""What the reader learns from: questions together with parts of guides and pages, by line."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from civic_assistant.close_reading import cuts
from civic_assistant.glossary import load_glossary, official_terms
from evals.omos import LANGUAGES, PageQuestion
from evals.training.asked import AskedQuestion
from evals.training.readings import Reading
from evals.training.vectors import NationalPassages

OWN_SHARE = 0.5
"""Questions that are also read with the nearest passage of their guide that does not answer."""
OTHER_SHARE, OTHER_RANKS, OTHER_WEIGHT = 0.4, (3, 16), 0.6
"""The same with another guide's. The very nearest often do answer, though nobody noted it."""
OTHER_PAGES = 0.3
"""Questions to a page that are read with another page too."""
TRANSLATED_SHARE, TRANSLATED_WEIGHT = 0.35, 0.6
"""Pages that are asked in another language too."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question and lines, the places of those that answer, and whether they settle it."""

    question: str
    context: str
    lines: tuple[str, ...] = field(repr=False)
    answering: frozenset[int]
    weight: float = 1.0
    source: str = "guide"


def page_lessons(asked: Sequence[PageQuestion], choice: random.Random) -> Iterator[Lesson]:
    """Yield OMoS-QA's pages, cut to windows, asked in their own language and in another."""
    questions = {(q.id, q.language): q.question for q in asked}
    for page in asked:
        others = [name for name in LANGUAGES if (page.id, name) in questions]
        spoken = [page.language]
        if choice.random() < TRANSLATED_SHARE:
            spoken.append(choice.choice([name for name in others if name != page.language]))
        for language in spoken:
            text = questions[page.id, language]
            weight = 1.0 if language == page.language else TRANSLATED_WEIGHT
            yield from _windows(text, "", page.sentences, page.answers, weight, "page")
        if choice.random() < OTHER_PAGES:
            other = choice.choice(asked)
            if other.id != page.id and other.context != page.context:
                windows = [*_windows(page.question, "", other.sentences, (), 1.0, "page")]
                yield choice.choice(windows)


def reading_lessons(readings: Sequence[Reading]) -> Iterator[Lesson]:
    """Yield every question of the passages written for it."""
    for reading in readings:
        context = f"{reading.title} › {reading.heading}" if reading.heading else reading.title
        for asked in reading.questions:
            source = "page" if reading.is_page else "reading"
            yield from _windows(asked.question, context, reading.lines, asked.lines, 1.0, source)


def guide_lessons(
    asked: Sequence[AskedQuestion],
    nearest: Sequence[Sequence[int]],
    national: NationalPassages,
    choice: random.Random,
) -> Iterator[Lesson]:
    """Yield the questions to national guides with passages that answer and ones that do not.

    ``nearest`` are each question's passages, nearest first.
    """
    glossary = load_glossary()
    for question, places in zip(asked, nearest, strict=True):
        terms = official_terms(glossary.mentions(question.question, question.language))
        text = question.question
        if terms and choice.random() < 0.5:
            text = f"{text} ({terms})"
        answering = set(national.answering(question))
        own = [p for p in places if national.passages[p].guide_id == question.guide]
        own = [p for p in own if not national.passages[p].is_card]
        right = [p for p in own if p in answering]
        wrong = [p for p in own if p not in answering]
        if right:
            yield _guide_lesson(question, text, right[0], national, 1.0)
        if question.lines and wrong and choice.random() < OWN_SHARE:
            yield _guide_lesson(question, text, wrong[0], national, 1.0)
        if not question.lines:
            for place in wrong[:2]:
                yield _guide_lesson(question, text, place, national, 1.0)
        elif choice.random() < OTHER_SHARE:
            guides = dict.fromkeys(national.passages[p].guide_id for p in places)
            others = [g for g in guides if g != question.guide][slice(*OTHER_RANKS)]
            if others:
                guide = choice.choice(others)
                place = next(p for p in places if national.passages[p].guide_id == guide)
                yield _guide_lesson(question, text, place, national, OTHER_WEIGHT)


def _guide_lesson(
    question: AskedQuestion, text: str, place: int, national: NationalPassages, weight: float
) -> Lesson:
    passage = national.passages[place]
    guide = national.numbered(passage.guide_id)
    lines = national.lines(place)
    is_own = passage.guide_id == question.guide
    texts = tuple(guide.text(line) for _, line in lines) if guide else ()
    answering = {
        row for row, (number, _) in enumerate(lines) if is_own and number in question.lines
    }
    return Lesson(text, passage.context, texts, frozenset(answering), weight)


def _windows(
    question: str,
    context: str,
    lines: Sequence[str],
    answers: Sequence[int],
    weight: float,
    source: str,
) -> Iterator[Lesson]:
    """Yield runs of lines short enough to be read at once."""
    for start, end in cuts(lines):
        answering = frozenset(place - start for place in answers if start <= place < end)
        yield Lesson(question, context, tuple(lines[start:end]), answering, weight, source)
