"""The last check before an answer is shown: every sentence stands in the live edition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from civic_assistant.bounds import is_bound_turned
from civic_assistant.charged import charged_words
from civic_assistant.columns import CELLS, misplaced_rate
from civic_assistant.comparison import Text, is_copy, is_supported, swapped_figures
from civic_assistant.figures import Figure, figures_of, stands_among
from civic_assistant.guides import Passage
from civic_assistant.index import LiveEdition
from civic_assistant.negations import Reversal, reversal_of
from civic_assistant.outcomes import Answered, AnswerSentence, Citation
from civic_assistant.quotes import normalised, stands_at, widened

_CLAUSE_END = re.compile(r"[;:!?()|\n،؛。，；：！？]|,(?!\d)|\.(?=\s+\D|$)")
# "3. Tarifs": the number of a heading counts nothing.
_ENUMERATION = re.compile(r"(?:^|(?<=› ))\d{1,2}(?:\.\d{1,2})*[.)] ")


@dataclass(frozen=True, slots=True)
class Nothing:
    """The answer has no sentence."""


@dataclass(frozen=True, slots=True)
class NotLive:
    """A sentence cites a passage that is not in the live edition, or whose guide is not in force.

    ``sentence`` is the sentence's position in the answer, from 0; so it is below.
    """

    sentence: int


@dataclass(frozen=True, slots=True)
class Misquoted:
    """A quote does not stand where its citation says, or cuts a word or a figure."""

    sentence: int


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A figure of a sentence does not stand, as same kind, value and unit, in what it quotes.

    ``is_elsewhere`` says that it stands in another sentence of the passage: a fee of another row.
    """

    sentence: int
    figure: Figure
    is_elsewhere: bool


@dataclass(frozen=True, slots=True)
class Swapped:
    """A figure stands in the quote, but in the place of another one.

    It ends another range there ("Wednesday to Friday" out of "Monday to Friday and Wednesday"), is
    the rate of another column of the table,
    or the quote has it once, the sentence twice, and another figure of its kind is missing.
    """

    sentence: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class Turned:
    """A figure is said to be the most where the quote has it as the least, or the other way."""

    sentence: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class Reversed:
    """A sentence drops a "not" or an "except" of its quote, or adds one."""

    sentence: int
    reversal: Reversal


@dataclass(frozen=True, slots=True)
class Charged:
    """A sentence promises, grants, gives or insults where its quote has no word to that effect."""

    sentence: int
    words: str


Fault = Nothing | NotLive | Misquoted | Unsupported | Swapped | Turned | Reversed | Charged


def faults_of(
    answered: Answered,
    passages: Mapping[str, Passage],
    live: LiveEdition,
    today: date,
    language: str | None = None,
) -> tuple[Fault, ...]:
    """Return what forbids to show an answer, in the order of its sentences; nothing when it holds.

    ``passages`` maps passage ids to the passages as the edition holds them; ``language`` is that
    of the answer's sentences, by default each quote's own.
    """
    if not answered.sentences:
        return (Nothing(),)
    return tuple(
        fault
        for number, sentence in enumerate(answered.sentences)
        for fault in _faults_of_sentence(number, sentence, passages, live, today, language)
    )


def is_quoted(citation: Citation, passage: Passage) -> bool:
    """Whether the citation's offsets slice back to its quote, between words and figures."""
    start, end = citation.start, citation.end
    return stands_at(citation.quote, passage.text, start, end, passage.language)


def _faults_of_sentence(
    number: int,
    sentence: AnswerSentence,
    passages: Mapping[str, Passage],
    live: LiveEdition,
    today: date,
    language: str | None,
) -> Iterator[Fault]:
    quoted: list[tuple[Citation, Passage]] = []
    for citation in sentence.citations:
        passage = passages.get(citation.passage_id)
        is_live = citation.edition == live.number and live.may_answer(citation.passage_id, today)
        if passage is None or not is_live:
            yield NotLive(number)
            return
        if not is_quoted(citation, passage):
            yield Misquoted(number)
            return
        quoted.append((citation, passage))
    # A quote that cuts no figure has no figure but the passage's: nothing is left to compare.
    if normalised(sentence.text) != normalised(sentence.citation.quote):
        yield from _rewritten(number, sentence.text, quoted, language or sentence.citation.language)


def _rewritten(
    number: int, text: str, quoted: Sequence[tuple[Citation, Passage]], language: str
) -> Iterator[Fault]:
    """Yield the faults of a sentence that is not its quote: shortened, simplified, translated."""
    original = quoted[0][1].language
    whole = "\n".join(
        passage.text[slice(*widened(passage.text, c.start, c.end, original))]
        for c, passage in quoted
    )
    is_near = language == original and is_copy(text, whole, language)
    # A copy with small changes takes its figures from its quote alone, not from what stands above.
    under = "\n".join(quoted_text(passage, c.start, c.end) for c, passage in quoted)
    held = Text.read(whole if is_near else under, original)
    contexts = dict.fromkeys(f"{_context(p)}\n{p.text}" for _, p in quoted)
    everywhere = figures_of("\n".join(contexts), original)
    said = Text.read(text, language)
    for figure in said.known:
        if not (figure.is_implied or is_supported(figure, said, held)):
            yield Unsupported(number, figure, stands_among(figure, everywhere))
        elif is_bound_turned(figure, said, held):
            yield Turned(number, figure)
    yield from (Swapped(number, figure) for figure in swapped_figures(said, held))
    yield from (Swapped(number, figure) for figure in _misplaced(said, quoted))
    clauses = "\n".join(
        passage.text[slice(*_clauses(passage.text, c.start, c.end))] for c, passage in quoted
    )
    reversal = reversal_of(text, language, clauses, original)
    if reversal is not None:
        yield Reversed(number, reversal)
    words = charged_words(text, language, under, original)
    if words is not None:
        yield Charged(number, words)


def _misplaced(said: Text, quoted: Sequence[tuple[Citation, Passage]]) -> Iterator[Figure]:
    """Yield the rate that stands in another column of a quoted row than the amount beside it."""
    for citation, passage in quoted:
        begin, finish = widened(passage.text, citation.start, citation.end, passage.language)
        header = _lead(passage.text[:begin])[-1:]
        row = passage.text[begin:finish]
        if header and CELLS in row and "\n" not in row:
            rate = misplaced_rate(said, header[0], row, passage.language)
            if rate is not None:
                yield rate


def quoted_text(passage: Passage, start: int, end: int) -> str:
    """Return the whole sentences of a quote with what they stand under, a line each.

    That is the guide's title, headings and situation, the words that lead a list, and the first
    row of a table with the line before it.
    """
    begin, finish = widened(passage.text, start, end, passage.language)
    return "\n".join((_context(passage), *_lead(passage.text[:begin]), passage.text[begin:finish]))


def _context(passage: Passage) -> str:
    return _ENUMERATION.sub("", passage.context)


def _lead(before: str) -> list[str]:
    """Return the last line that ends with a colon, and the top of the table right before."""
    lines = before.rstrip("\n").split("\n")
    lead = [line for line in lines if line.rstrip().endswith((":", "："))][-1:]
    top = len(lines)
    while top > 0 and CELLS in lines[top - 1]:
        top -= 1
    return lead + lines[max(top - 1, 0) : top + 1] if top < len(lines) else lead


def _clauses(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of the whole clauses that a span touches."""
    before = [match.end() for match in _CLAUSE_END.finditer(text) if match.end() <= start]
    after = _CLAUSE_END.search(text, max(start, end - 1))
    return before[-1] if before else 0, after.start() if after else len(text)
