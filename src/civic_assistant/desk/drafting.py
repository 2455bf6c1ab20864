"""A suggested reply, and the same as an e-mail or letter: the guides' sentences, their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from civic_assistant.bracketed import bracketed
from civic_assistant.chat.markdown import safe_address
from civic_assistant.corrections.wording import plain_corrections
from civic_assistant.desk.canned import Letter
from civic_assistant.evidence import Verdict
from civic_assistant.messages import PAGE_LANGUAGES, Messages, isolated, messages_for
from civic_assistant.outcomes import (
    Answered,
    AskedDetail,
    Checked,
    ShownCorrection,
    Source,
    corrections_of,
)
from civic_assistant.turns import Turn

_COLONS = {"fr": " :", "zh": "："}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the engine would answer; ``is_sure`` when its gate would have shown it to a citizen.

    ``text`` is plain text in the guides' own words, or in those of the verified answer ``checked``,
    without greeting; ``corrections`` stand first in it.
    """

    text: str
    sources: tuple[Source, ...]
    is_sure: bool
    verdict: Verdict | None
    options: tuple[str, ...] = ()
    checked: Checked | None = None
    corrections: tuple[ShownCorrection, ...] = ()


def suggestion_of(turn: Turn) -> Suggestion | None:
    """Return what a turn suggests to say, sure or not; None when no guide says anything."""
    outcome = turn.outcome
    options = outcome.options if isinstance(outcome, AskedDetail) else ()
    is_sure = isinstance(outcome, Answered | AskedDetail)
    shown = shown_answer(turn)
    if shown is None:
        return None
    corrections = corrections_of(outcome) if is_sure else shown.corrections
    return Suggestion(
        reply_text(shown, corrections, turn.language),
        shown.sources,
        is_sure,
        turn.verdict,
        options,
        shown.checked,
        corrections,
    )


def shown_answer(turn: Turn) -> Answered | None:
    """Return the sentences that a turn suggests, shown to a citizen or not; None for none."""
    shown = turn.drafted
    if isinstance(turn.outcome, Answered):
        shown = turn.outcome
    elif isinstance(turn.outcome, AskedDetail):
        shown = turn.outcome.common
    return shown if shown is not None and shown.sentences else None


def reply_text(answered: Answered, corrections: tuple[ShownCorrection, ...], language: str) -> str:
    """Return the sentences as plain text, corrections above them, each source named once below.

    Of a verified answer, it is what staff wrote.
    """
    messages = messages_for(language if language in PAGE_LANGUAGES else "fr")
    first = list(plain_corrections(corrections, messages, names_guide=True))
    if first:
        first.append(messages.text("correction.overrules"))
    said = answered.checked.text if answered.checked else "\n".join(_lines(answered, language))
    return "\n\n".join((*first, said, "\n".join(_sources(answered, messages))))


def letter_text(
    suggestion: Suggestion,
    language: str,
    letter: Letter,
    values: Mapping[str, str],
) -> tuple[str, str]:
    """Return subject and text of an e-mail or letter in a citizen's language.

    ``values`` fill the lines around the answer: ``question``, ``name``, ``town``, ``phone``.
    """
    tag = language if language in letter.salutation else "fr"
    values = {name: str(isolated(value, tag)) for name, value in values.items()}
    parts = (
        letter.salutation[tag],
        letter.opening[tag].format_map(values),
        suggestion.text,
        letter.closing[tag].format_map(values),
    )
    return letter.subject[tag].format_map(values), "\n\n".join(parts)


def _lines(answered: Answered, language: str) -> Iterator[str]:
    for is_paragraph, group in groupby(answered.sentences, lambda s: s.kind == "paragraph"):
        if is_paragraph:
            yield " ".join(bracketed(sentence, language) for sentence in group)
        else:
            for sentence in group:
                yield f"– {sentence.text.replace(' | ', ' : ')}"


def _sources(answered: Answered, messages: Messages) -> Iterator[str]:
    """Yield each guide once: its title, whose it is, and its address."""
    label = f"{messages.text('answer.source')}{_COLONS.get(messages.language, ':')}"
    for source in {source.guide_id: source for source in reversed(answered.sources)}.values():
        own = source.attribution or source.authority
        address = safe_address(source.address) or ""
        yield "\n".join(line for line in (f"{label} {source.title}", own, address) if line)
