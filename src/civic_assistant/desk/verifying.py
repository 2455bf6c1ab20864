"""The form in which a reply becomes a verified answer, or one is checked anew: what it offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from civic_assistant.corrections.showing import RunningCorrections
from civic_assistant.desk.reception import DeskProduct, Reception
from civic_assistant.guides import Passage
from civic_assistant.index import Index, LiveEdition
from civic_assistant.outcomes import Answered, AnswerSentence, ShownCorrection
from civic_assistant.quotes import normalised
from civic_assistant.turns import Question, Turn
from civic_assistant.verified.answers import Reason, Support, VerifiedAnswer
from civic_assistant.verified.standing import fall_of_support
from civic_assistant.verified.store import VerifiedAnswers

PASSAGES = 8
"""How many of the passages found are offered."""
SUCCESSORS = 3
"""How many passages are shown beside one that changed, the likest first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage of the live edition that an answer may rest on."""

    id: str
    title: str
    heading: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Rest:
    """A passage that a kept answer rests on, and what has become of it.

    ``fall`` is None while it stands; ``successors`` are what its guide says now, likest first;
    ``corrections`` are what is corrected of it now.
    """

    support: Support
    fall: Reason | None
    successors: tuple[Candidate, ...]
    corrections: tuple[ShownCorrection, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it is shown. ``answer_id`` is empty for a new answer, ``version`` then 0.

    ``wordings`` are (text, language); ``ticked`` are ids of passages; ``already`` is the id of the
    verified answer that the question gets now, if any.
    """

    text: str = ""
    language: str = "fr"
    wordings: tuple[tuple[str, str], ...] = ()
    candidates: tuple[Candidate, ...] = ()
    ticked: frozenset[str] = frozenset()
    ends_on: str = ""
    desk: str = ""
    answer_id: str = ""
    version: int = 0
    already: str = ""


def suspended_answers(reception: Reception) -> int:
    """Return how many verified answers wait for somebody to check them anew."""
    return VerifiedAnswers(reception.product.records).counts().get("suspended", 0)


def asked_for(question: str, language: str, product: DeskProduct) -> Turn:
    """Return what the engine finds for a question."""
    return product.assistant.answer(
        Question(question, page_language=language, conversation_language=language)
    )


def filled_from(turn: Turn, reply: str, questions: Sequence[str], product: DeskProduct) -> Filled:
    """Return the form for a reply: the passages found are offered, those it quotes are ticked.

    Without a reply the engine's own words are put in.
    """
    index = product.index
    live = index.live()
    outcome = turn.outcome
    drafted = outcome if isinstance(outcome, Answered) else turn.drafted
    sentences = drafted.sentences if drafted else ()
    cited = dict.fromkeys(s.citation.passage_id for s in sentences)
    found = [f.passage.id for f in turn.evidence.found] if turn.evidence else []
    ids = [id_ for id_ in dict.fromkeys([*cited, *found]) if id_ in live.places]
    quoted = frozenset(_quoted(sentences, reply)) if reply else frozenset(cited)
    checked = outcome.checked if isinstance(outcome, Answered) else None
    return Filled(
        text=reply or " ".join(s.text for s in sentences),
        language=turn.language,
        wordings=tuple((text, turn.language) for text in dict.fromkeys(questions) if text.strip()),
        candidates=candidates_of(ids, index, live, PASSAGES),
        ticked=quoted,
        already=checked.id if checked else "",
    )


def filled_again(answer: VerifiedAnswer, rests: Sequence[Rest], index: Index) -> Filled:
    """Return the form for an answer that is checked anew: what still stands is ticked."""
    live = index.live()
    upright = [rest.support.passage_id for rest in rests if rest.fall is None]
    return Filled(
        text=answer.text,
        language=answer.language,
        wordings=tuple((w.text, w.language) for w in answer.wordings),
        candidates=candidates_of(upright, index, live, len(upright)),
        ticked=frozenset(upright),
        ends_on=answer.ends_on.isoformat() if answer.ends_on else "",
        answer_id=answer.id,
        version=answer.version,
    )


def candidates_of(
    ids: Iterable[str], index: Index, live: LiveEdition, most: int
) -> tuple[Candidate, ...]:
    """Return the first passages of the edition by these ids that can be quoted."""
    known = [id_ for id_ in dict.fromkeys(ids) if id_ in live.places]
    held = index.passages(known, live)
    quotable = [held[id_] for id_ in known if not held[id_].is_card]
    return tuple(_candidate(passage, index, live) for passage in quotable[:most])


def rests_of(
    answer: VerifiedAnswer, index: Index, corrections: RunningCorrections, now: datetime
) -> tuple[Rest, ...]:
    """Return what has become of each passage of an answer."""
    live, corrected = index.live(), corrections.said_since(now)
    rests = []
    for support in answer.supports:
        fall = fall_of_support(support, answer.checked_at, live, now.date(), corrected)
        successors = () if fall in (None, "expired") else tuple(_successors(support, index, live))
        shown = corrections.of({support.guide_id: support.title}, support.language, now)
        rests.append(Rest(support, fall, successors, shown))
    return tuple(rests)


def _successors(support: Support, index: Index, live: LiveEdition) -> Iterator[Candidate]:
    versions = live.versions.get(support.guide_id, {})
    entry = versions.get(support.language)
    if entry is None:
        return
    passages = index.passages_of(entry)
    likeness = {p.id: SequenceMatcher(None, support.quote, p.text).ratio() for p in passages}
    for passage in sorted(passages, key=lambda p: -likeness[p.id])[:SUCCESSORS]:
        yield _candidate(passage, index, live)


def _candidate(passage: Passage, index: Index, live: LiveEdition) -> Candidate:
    guide = index.guide(live.places[passage.id])
    section = guide.sections[passage.section]
    heading = " › ".join((*section.path, *section.situation))
    return Candidate(passage.id, guide.title, heading, guide.language, passage.text)


def _quoted(sentences: Sequence[AnswerSentence], reply: str) -> Iterator[str]:
    said = normalised(" ".join(reply.split()))
    for sentence in sentences:
        if normalised(sentence.text) in said:
            yield sentence.citation.passage_id


def found_for(words: str, language: str, product: DeskProduct) -> tuple[str, ...]:
    """Return the ids of the passages found for some words, best first."""
    turn = asked_for(words, language, product)
    found = turn.evidence.found if turn.evidence else ()
    return tuple(f.passage.id for f in found if not f.passage.is_card)[:PASSAGES]
