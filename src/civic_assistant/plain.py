"""A turn as plain text, for the command line."""

from __future__ import annotations

from textwrap import indent
from typing import assert_never

from civic_assistant.bracketed import bracketed
from civic_assistant.corrections.wording import plain_corrections
from civic_assistant.glosses import glosses_of, term_names
from civic_assistant.leads import answer_leads
from civic_assistant.messages import format_date, messages_for
from civic_assistant.outcomes import (
    Answered,
    AnswerSentence,
    AskedDetail,
    CouldNotLook,
    HandedOff,
    NotCovered,
    Outcome,
    Refused,
    RelatedGuide,
    ShownCorrection,
    Signposted,
    SmallTalk,
    Source,
    Unsure,
    not_covered_key,
    outcome_name,
)
from civic_assistant.settings import Settings
from civic_assistant.turns import Turn


def plain_turn(turn: Turn, settings: Settings) -> str:
    """Return what the page would say, as text, and the turn's number at the end."""
    confidence = f", confidence {turn.verdict.confidence:.2f}" if turn.verdict else ""
    lines = [*_outcome(turn.outcome, turn.language, settings), ""]
    lines.append(f"[{turn.id}: {outcome_name(turn.outcome)}, {turn.language}{confidence}]")
    return "\n".join(lines)


def _outcome(outcome: Outcome, language: str, settings: Settings) -> list[str]:
    say = messages_for(language).text
    match outcome:
        case Answered():
            lead = "\n\n".join(_lead(outcome, language))
            first = _first(outcome, language, settings)
            return [*first, *_answered(outcome, language, lead)]
        case AskedDetail():
            return [*_first(outcome, language, settings), *_asked(outcome, language)]
        case NotCovered(related, reason, corrections):
            return [say(not_covered_key(reason)), *_related(related, corrections, language)]
        case Unsure(related, corrections):
            return [say("outcome.unsure"), *_related(related, corrections, language)]
        case HandedOff():
            return [say("handed_off.asked", phone=settings.contact_phone)]
        case Signposted(topic):
            return [say(f"signposted.{topic}", phone=settings.contact_phone)]
        case Refused(reason):
            limit, phone = settings.question_length, settings.contact_phone
            return [say(f"refused.{reason}", limit=limit, phone=phone)]
        case SmallTalk(kind):
            return [say(f"small_talk.{kind}", town=settings.town)]
        case CouldNotLook(reference):
            return [say("outcome.could_not_look", reference=reference)]
        case _:
            assert_never(outcome)


def _lead(answered: Answered, language: str) -> list[str]:
    """Return what stands before the quotes: of a verified answer, what staff wrote."""
    say, checked = messages_for(language).text, answered.checked
    if checked is None:
        return list(answer_leads(answered, messages_for(language)))
    on = format_date(checked.on, language)
    return [
        say("answer.verified", desk=checked.desk, date=on),
        checked.text,
        say("answer.rests_on"),
    ]


def _first(outcome: Answered | AskedDetail, language: str, settings: Settings) -> list[str]:
    """Return what stands above the guides: whom to call in danger, and what is corrected."""
    messages, lines = messages_for(language), []
    if outcome.signpost is not None:
        key = f"signposted.{outcome.signpost}"
        lines += [messages.text(key, phone=settings.contact_phone), ""]
    for paragraph in plain_corrections(outcome.corrections, messages, names_guide=True):
        lines += [paragraph, ""]
    if outcome.corrections:
        lines += [messages.text("correction.overrules"), ""]
    return lines


def _asked(detail: AskedDetail, language: str) -> list[str]:
    say = messages_for(language).text
    common = _answered(detail.common, language, say("detail.common")) if detail.common else []
    options = (*detail.options, say("detail.other"))
    return [
        *common,
        say("detail.guide", title=" › ".join((detail.title, *detail.situation))),
        say("detail.which"),
        *(f"  {number}. {option}" for number, option in enumerate(options, 1)),
    ]


def _answered(answered: Answered, language: str, lead: str) -> list[str]:
    lines = [lead, ""]
    situation: tuple[str, ...] = ()
    for sentence in answered.sentences:
        source = answered.sources[sentence.source]
        if source.situation != situation:
            situation = source.situation
            lines.append(f"{' › '.join(situation)} :" if situation else "")
        said = bracketed(sentence, language)
        lines.append(f"{_bullet(sentence)}{said} [{sentence.source + 1}]")
    lines += ["", *_words(answered, language)]
    for number, source in enumerate(answered.sources, 1):
        lines.extend(f"[{number}] {line}" for line in _source(source, language))
    return lines


def _bullet(sentence: AnswerSentence) -> str:
    return "  - " if sentence.kind in ("item", "row") else ""


def _words(answered: Answered, language: str) -> list[str]:
    glosses = glosses_of(answered, term_names(language))
    if not glosses:
        return []
    words = "; ".join(f"{gloss.term} = {gloss.name}" for gloss in glosses)
    return [messages_for(language).text("answer.words_in_line", words=words), ""]


def _source(source: Source, language: str) -> list[str]:
    say = messages_for(language).text
    parts = [" › ".join((source.title, *source.path, *source.situation))]
    if source.page is not None:
        parts.append(say("answer.page", page=source.page))
    if source.updated_on is not None:
        date = format_date(source.updated_on, language)
        parts.append(say("answer.updated_on", date=date))
    if source.address is not None:
        parts.append(source.address + (f"#{source.anchor}" if source.anchor else ""))
    lines = [" · ".join(parts)]
    if source.is_overdue and source.review_by is not None:
        date = format_date(source.review_by, language)
        lines.append(say("answer.overdue", date=date))
    if source.attribution:
        lines.append(source.attribution)
    return lines


def _related(
    related: tuple[RelatedGuide, ...], corrections: tuple[ShownCorrection, ...], language: str
) -> list[str]:
    if not related:
        return []
    messages = messages_for(language)
    lines = [messages.text("outcome.related")]
    for guide in related:
        own = [c for c in corrections if c.guide_id == guide.guide_id]
        lines.append(f"  - {guide.title} {guide.address or ''}".rstrip())
        lines += [indent(text, "    ") for text in plain_corrections(own, messages)]
    return lines
