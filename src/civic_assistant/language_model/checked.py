"""What may be shown of what a model wrote: each sentence held against the passages it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from civic_assistant.folding import folded
from civic_assistant.guides import Passage
from civic_assistant.hidden import is_hidden
from civic_assistant.index import LiveEdition
from civic_assistant.language_model.nearness import Nearness
from civic_assistant.language_model.official_terms import bare_sentence
from civic_assistant.language_model.sentence_form import form_fault
from civic_assistant.language_model.written import (
    Dropped,
    GivenAnswer,
    GivenQuote,
    GivenSentence,
    JudgedSentence,
)
from civic_assistant.limits import plain_text
from civic_assistant.outcomes import Answered, AnswerSentence, Citation
from civic_assistant.quotes import locate_quote
from civic_assistant.redaction import KINDS, placeholder
from civic_assistant.verification import (
    Charged,
    Fault,
    Misquoted,
    Nothing,
    NotLive,
    Reversed,
    Swapped,
    Turned,
    Unsupported,
    faults_of,
)

SENTENCE_LENGTH = 600
QUOTE_LENGTH = 600
"""Characters of a sentence, and of all its quotes as whole sentences: a longer quote has figures
and negations enough for anything."""
MOST_QUOTES = 3
LOST_SHARE = 1 / 3
"""The share of an answer's sentences beyond which the rest is not shown either."""
_STAND_INS = tuple(placeholder(kind) for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was written, sentence by sentence, and the sentences that may be shown, in order."""

    sentences: tuple[JudgedSentence, ...]
    kept: tuple[AnswerSentence, ...]

    @property
    def lost(self) -> int:
        """How many sentences are not shown; one that only repeats another is no loss."""
        return sum(s.dropped not in (None, "twice") for s in self.sentences)

    @property
    def is_lost(self) -> bool:
        """Whether nothing may be shown: no sentence is left, or too many are missing."""
        return not self.kept or self.lost > LOST_SHARE * (self.lost + len(self.kept))


@dataclass(frozen=True, slots=True)
class Rules:
    """What sentences are held against: the passages offered, the edition, the day, meaning."""

    passages: Mapping[str, Passage]
    live: LiveEdition
    today: date
    nearness: Nearness | None


def judge(answer: GivenAnswer, language: str, rules: Rules) -> Judgement:
    """Return which sentences of an answer, written in a language, hold.

    A quote must stand in the passage it is said to be from, and is widened to whole sentences;
    the sentence then passes the same check as every answer, and must be about what it quotes.
    """
    judged: list[JudgedSentence] = []
    kept: dict[int, AnswerSentence] = {}
    seen: set[str] = set()
    for place, given in enumerate(answer.sentences):
        found = _judged(given, language, rules, seen)
        if isinstance(found, tuple):
            judged.append(JudgedSentence(given, *found))
        else:
            seen.add(_compared(found.sentence.text))
            kept[place] = found.sentence
            judged.append(JudgedSentence(given, None, found.detail))
    if rules.nearness is not None:
        strays = rules.nearness.strays([*kept.values()], language)
        for place in [place for place, sentence in kept.items() if sentence in strays]:
            judged[place] = JudgedSentence(judged[place].given, "stray")
            del kept[place]
    return Judgement(tuple(judged), tuple(kept.values()))


@dataclass(frozen=True, slots=True)
class _Held:
    """A sentence that holds, and what of it is not shown all the same."""

    sentence: AnswerSentence
    detail: str


def _judged(
    given: GivenSentence, language: str, rules: Rules, seen: set[str]
) -> _Held | tuple[Dropped, str]:
    """Return the sentence as it may be shown, or why it may not."""
    text = shown_text(given.text)
    if text is None:
        return "hidden", ""
    if not any(character.isalnum() for character in text):
        return "no_text", ""
    if len(text) > SENTENCE_LENGTH:
        return "too_long", ""
    if any(stand_in in text for stand_in in _STAND_INS):
        return "placeholder", ""
    if _compared(text) in seen:
        return "twice", ""
    citations = _citations(given.quotes, rules)
    if isinstance(citations, tuple):
        return citations
    if (fault := form_fault(text, language, [c.quote for c in citations])) is not None:
        return fault, ""
    bare = bare_sentence(text, language, citations)
    if not any(character.isalnum() for character in bare.text):
        return "no_text", ""
    if _compared(bare.text) in seen:
        return "twice", ""
    sentence = AnswerSentence(
        bare.text, "paragraph", citations[0], 0, tuple(citations[1:]), bare.terms
    )
    alone = Answered("full", (sentence,), ())
    faults = faults_of(alone, rules.passages, rules.live, rules.today, language)
    without = ", ".join(f"({term})" for term in bare.removed)
    return _told(faults[0]) if faults else _Held(sentence, without and f"without {without}")


def _citations(quotes: Sequence[GivenQuote], rules: Rules) -> list[Citation] | tuple[Dropped, str]:
    """Return where the quotes stand, as whole sentences, or why they cannot be rested on."""
    citations: list[Citation] = []
    sections = set()
    for given in quotes[:MOST_QUOTES]:
        passage = rules.passages.get(given.passage_id)
        if passage is None:
            return "unknown_id", given.passage_id
        located = locate_quote(given.quote, passage.text, passage.language)
        if located is None:
            return "misquoted", given.quote
        start, end = located.sentences
        sections.add((passage.guide_id, passage.language, passage.section))
        citation = Citation(
            guide_id=passage.guide_id,
            language=passage.language,
            passage_id=passage.id,
            quote=passage.text[start:end],
            start=start,
            end=end,
            edition=rules.live.number,
        )
        if citation not in citations:
            citations.append(citation)
    if not citations:
        return "no_quote", ""
    if len(quotes) > MOST_QUOTES or sum(len(c.quote) for c in citations) > QUOTE_LENGTH:
        return "quote_long", ""
    return ("two_sections", "") if len(sections) > 1 else citations


def shown_text(text: str) -> str | None:
    """Return a sentence as it may be shown, in NFC on one line; None if it hides something.

    Soft hyphens and joiners, which spelling needs, stay, and so does the mark of a coloured sign;
    marks that turn the order of writing, tags, and characters of no meaning do not belong into a
    sentence.
    """
    shown = " ".join(plain_text(text).split())
    hidden = (c for c in shown if is_hidden(c))
    return None if any(c not in "\u00ad\u200c\u200d\ufe0f" for c in hidden) else shown


def _compared(text: str) -> str:
    return " ".join(folded(text).split())


def _told(fault: Fault) -> tuple[Dropped, str]:
    """Return the reason and the words of the sentence or quote that a fault is about."""
    match fault:
        case Unsupported(figure=figure):
            return "figure", figure.text
        case Swapped(figure=figure):
            return "swapped", figure.text
        case Turned(figure=figure):
            return "bound", figure.text
        case Reversed(reversal=reversal):
            return "negation", f"{reversal.change}: {reversal.words}"
        case Charged(words=words):
            return "charged", words
        case Misquoted():
            return "misquoted", ""
        case NotLive():
            return "not_live", ""
        case Nothing():
            return "no_text", ""
        case _:
            assert_never(fault)
