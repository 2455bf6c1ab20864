"""What the page says for each outcome: Markdown, source cards, whether a person is offered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from civic_assistant.bracketed import bracketed
from civic_assistant.chat.checked import CheckedNote, checked_lines, checked_note
from civic_assistant.chat.corrections import Corrected, CorrectionCard
from civic_assistant.chat.markdown import link, plain, plain_part
from civic_assistant.chat.sources import SourceCard, other_language_note, source_card
from civic_assistant.glosses import Gloss, glosses_of, term_names
from civic_assistant.leads import answer_leads
from civic_assistant.messages import Messages, messages_for
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
    Signposted,
    SmallTalk,
    Unsure,
    not_covered_key,
    offers_person,
)
from civic_assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Reply:
    """A message to the citizen.

    ``detail`` is what is asked back, with buttons; ``glosses`` are the words of the quoted guide
    that are explained; ``checked`` tells the language of a verified answer when it is another.
    ``corrections`` are the cards of what the town hall says above the guides.
    """

    text: str
    cards: tuple[SourceCard, ...] = ()
    glosses: tuple[Gloss, ...] = ()
    offers_person: bool = False
    detail: AskedDetail | None = None
    checked: CheckedNote | None = None
    corrections: tuple[CorrectionCard, ...] = ()


def reply_for(outcome: Outcome, language: str, anchor: str, settings: Settings) -> Reply:
    """Return what the citizen reads for an outcome, in a page language.

    ``anchor`` is unique to the turn; the source cards' identities begin with it. Everything that
    a guide or a citizen wrote is escaped.
    """
    messages = messages_for(language)
    offer = offers_person(outcome)
    corrected = Corrected(outcome, anchor, messages)
    match outcome:
        case Answered():
            return _answered(outcome, corrected, anchor, messages, settings)
        case AskedDetail():
            return _asked(outcome, corrected, anchor, messages, settings)
        case NotCovered(related=related, reason=reason):
            said = messages.text(not_covered_key(reason))
            text = _with_related(said, related, corrected, messages)
        case Unsure(related=related):
            text = _with_related(messages.text("outcome.unsure"), related, corrected, messages)
        case HandedOff(reason=reason):
            text = messages.text(f"handed_off.{reason}", phone=settings.contact_phone)
            return Reply(text)
        case Signposted(topic=topic):
            text = messages.text(f"signposted.{topic}", phone=settings.contact_phone)
        case Refused(reason=reason):
            limit, phone = settings.question_length, settings.contact_phone
            text = messages.text(f"refused.{reason}", limit=limit, phone=phone)
        case SmallTalk(kind=kind):
            text = messages.text(f"small_talk.{kind}", town=settings.town)
        case CouldNotLook(reference=reference):
            text = messages.text("outcome.could_not_look", reference=reference)
        case _:
            assert_never(outcome)
    if offer:
        text = f"{text}\n\n{messages.text('person.offer')}"
    return Reply(text, offers_person=offer, corrections=corrected.cards)


def _cards(
    outcome: Answered, corrected: Corrected, anchor: str, messages: Messages
) -> tuple[SourceCard, ...]:
    return tuple(
        source_card(
            source, number, f"{anchor}-{number}", messages, corrected.marks(source.guide_id)
        )
        for number, source in enumerate(outcome.sources, 1)
    )


def _glosses(outcome: Answered, messages: Messages) -> tuple[Gloss, ...]:
    return glosses_of(outcome, term_names(messages.language))


def _signpost(
    outcome: Answered | AskedDetail, messages: Messages, settings: Settings
) -> Iterator[str]:
    """Yield what is shown before the answer, and a line across the page."""
    if outcome.signpost is not None:
        yield messages.text(f"signposted.{outcome.signpost}", phone=settings.contact_phone)
        yield "---"


def _answered(
    outcome: Answered,
    corrected: Corrected,
    anchor: str,
    messages: Messages,
    settings: Settings,
) -> Reply:
    cards = _cards(outcome, corrected, anchor, messages)
    signpost = list(_signpost(outcome, messages, settings))
    first = (*signpost, *corrected.above(outcome))
    if outcome.checked is not None:
        note = checked_note(outcome.checked, f"{anchor}-0", messages)
        said = checked_lines(outcome.checked, note, cards, messages)
        text, is_offered = "\n\n".join((*first, *said)), bool(signpost)
        return Reply(text, cards, (), is_offered, checked=note, corrections=corrected.cards)
    shown = _written if outcome.author == "model" else _answer
    leads = answer_leads(outcome, messages)
    text = "\n\n".join((*first, *leads, *shown(outcome, cards, messages)))
    is_offered = bool(signpost) or outcome.coverage == "partial"
    glosses = _glosses(outcome, messages)
    return Reply(text, cards, glosses, is_offered, corrections=corrected.cards)


def _asked(
    detail: AskedDetail,
    corrected: Corrected,
    anchor: str,
    messages: Messages,
    settings: Settings,
) -> Reply:
    cards = _cards(detail.common, corrected, anchor, messages) if detail.common else ()
    parts = [*_signpost(detail, messages, settings), *corrected.above(detail.common)]
    if detail.common:
        parts += [messages.text("detail.common"), *_answer(detail.common, cards, messages)]
    title = " › ".join((detail.title, *detail.situation))
    parts.append(messages.text("detail.guide", title=plain(title)))
    parts.append(f"**{messages.text('detail.which')}**")
    glosses = _glosses(detail.common, messages) if detail.common else ()
    return Reply("\n\n".join(parts), cards, glosses, detail=detail, corrections=corrected.cards)


def _with_related(
    text: str, related: tuple[RelatedGuide, ...], corrected: Corrected, messages: Messages
) -> str:
    if not related:
        return text
    lines = "\n".join(
        "\n\n  ".join((f"- {_related(guide)}", *corrected.below(guide.guide_id)))
        for guide in related
    )
    return f"{text}\n\n**{plain(messages.text('outcome.related'))}**\n\n{lines}"


def _related(guide: RelatedGuide) -> str:
    details = [plain(detail) for detail in (guide.department, guide.attribution) if detail]
    return " · ".join((link(guide.title, guide.address), *details))


def _answer(outcome: Answered, cards: tuple[SourceCard, ...], messages: Messages) -> Iterator[str]:
    told: set[str] = set()
    for number, sentences in groupby(outcome.sentences, lambda sentence: sentence.source):
        card = cards[number]
        if card.language != messages.language and card.language not in told:
            told.add(card.language)
            yield plain(other_language_note(card.language, messages))
        yield _quoted(tuple(sentences), card)


def _written(outcome: Answered, cards: tuple[SourceCard, ...], messages: Messages) -> Iterator[str]:
    """Yield a model's sentences, each with the number that leads to the words it rests on.

    Official terms stand in italics: the page's script knows them by that, and says which language
    they are in.
    """
    language = messages.language
    for passage, together in groupby(outcome.sentences, lambda s: s.source):
        card = cards[passage]
        reference = f"[\\[{card.number}\\]](#{card.anchor})"
        yield "\n".join(
            f"- {bracketed(sentence, language, plain_part, _italic).strip()} {reference}"
            for sentence in together
        )


def _italic(term: str) -> str:
    return f"*{plain(term)}*"


def _quoted(sentences: tuple[AnswerSentence, ...], card: SourceCard) -> str:
    reference = f" [\\[{card.number}\\]](#{card.anchor})"
    blocks: list[list[str]] = []
    for shape, group in groupby(sentences, _shape):
        lines = list(group)
        if shape == "paragraph":
            blocks += [[plain(text)] for text in _paragraphs(lines)]
        elif shape == "item" or lines[0].kind != "header":
            blocks.append([f"- {' — '.join(_cells(line))}" for line in lines])
        else:
            header, *rows = (f"| {' | '.join(_cells(line))} |" for line in lines)
            blocks.append([header, "|" + " --- |" * len(_cells(lines[0])), *rows])
    last = blocks[-1][-1]
    blocks[-1][-1] = f"{last[:-2]}{reference} |" if last.startswith("| ") else last + reference
    return "\n>\n".join("\n".join(f"> {line}" for line in block) for block in blocks)


def _shape(sentence: AnswerSentence) -> str:
    return "table" if sentence.kind in ("header", "row") else sentence.kind


def _cells(sentence: AnswerSentence) -> list[str]:
    if sentence.kind in ("header", "row"):
        return [plain(cell) for cell in sentence.text.split(" | ")]
    return [plain(sentence.text)]


def _paragraphs(sentences: list[AnswerSentence]) -> Iterator[str]:
    for _, together in groupby(sentences, lambda sentence: sentence.citation.passage_id):
        yield " ".join(sentence.text for sentence in together)
