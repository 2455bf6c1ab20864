"""What a verified answer would be, before it is one: redacted, bounded, its figures looked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from civic_assistant.errors import AnswerRefused
from civic_assistant.figures import Figure, figures_of, stands_among
from civic_assistant.guides import Passage
from civic_assistant.index import Index, LiveEdition
from civic_assistant.limits import plain_text
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.redaction import Kind, redact
from civic_assistant.verified.answers import (
    PASSAGES_MOST,
    TEXT_LENGTH,
    WORDING_LENGTH,
    WORDINGS_MOST,
    Proposal,
    Support,
    Wording,
)

_PUBLIC = ("phone", "address")
"""Kinds of figures that are nobody's own where a guide prints them."""
_FIRST_MARK = 0xE000
_MARKS = 256
_NO_MARKS = {_FIRST_MARK + number: None for number in range(_MARKS)}
"""Characters for private use stand for public contacts while the text is redacted."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be kept.

    ``taken_out`` are the kinds of personal data that were removed, ``doubtful`` the figures of the
    text that stand in none of the passages.
    """

    proposal: Proposal
    taken_out: tuple[Kind, ...]
    doubtful: tuple[str, ...]


def preview(
    text: str,
    language: str,
    wordings: Iterable[tuple[str, str]],
    passage_ids: Sequence[str],
    ends_on: date | None,
    index: Index,
    today: date,
) -> Preview:
    """Return what a verified answer would be kept as; ``wordings`` are (text, language).

    A telephone number or address that a passage prints stays in the text. Raises `AnswerRefused`,
    whose ``problem`` says what is wrong, and `IndexMissing`.
    """
    live = index.live()
    passages = _passages(passage_ids, index, live, today)
    written = plain_text(text).translate(_NO_MARKS).strip()
    if not written or language not in PAGE_LANGUAGES:
        raise AnswerRefused("no_text")
    if len(written) > TEXT_LENGTH:
        raise AnswerRefused("too_long")
    if ends_on is not None and ends_on < today:
        raise AnswerRefused("ended")
    printed = [f for p in passages for f in figures_of(f"{p.context}\n{p.text}", p.language)]
    clean, kinds = _without_personal(written, language, printed)
    asked, more = _wordings(wordings)
    doubtful = [
        figure.text
        for figure in figures_of(clean, language)
        if not figure.is_implied and not stands_among(figure, printed)
    ]
    supports = tuple(_support(passage, index, live) for passage in passages)
    return Preview(
        Proposal(clean, language, asked, supports, ends_on),
        tuple(dict.fromkeys((*kinds, *more))),
        tuple(dict.fromkeys(doubtful)),
    )


def _passages(
    passage_ids: Sequence[str], index: Index, live: LiveEdition, today: date
) -> list[Passage]:
    ids = list(dict.fromkeys(passage_ids))
    if not ids:
        raise AnswerRefused("no_passage")
    if len(ids) > PASSAGES_MOST:
        raise AnswerRefused("too_many")
    if not all(live.may_answer(id_, today) for id_ in ids):
        raise AnswerRefused("passage_gone")
    held = index.passages(ids, live)
    if any(held[id_].is_card for id_ in ids):
        raise AnswerRefused("passage_gone")
    return [held[id_] for id_ in ids]


def _wordings(
    wordings: Iterable[tuple[str, str]],
) -> tuple[tuple[Wording, ...], tuple[Kind, ...]]:
    kept: dict[Wording, None] = {}
    kinds: list[Kind] = []
    for text, language in wordings:
        plain = " ".join(plain_text(text).split())
        if not plain:
            continue
        if len(plain) > WORDING_LENGTH or language not in PAGE_LANGUAGES:
            raise AnswerRefused("too_long")
        redacted = redact(plain)
        kinds += redacted.kinds
        kept[Wording(redacted.text, language)] = None
    if not kept:
        raise AnswerRefused("no_wording")
    if len(kept) > WORDINGS_MOST:
        raise AnswerRefused("too_many")
    return tuple(kept), tuple(kinds)


def _without_personal(
    text: str, language: str, printed: Sequence[Figure]
) -> tuple[str, tuple[Kind, ...]]:
    """Return the text redacted, but for contacts that the passages print."""
    public = [
        figure
        for figure in figures_of(text, language)
        if figure.kind in _PUBLIC and stands_among(figure, printed)
    ][:_MARKS]
    marked, end = "", 0
    for number, figure in enumerate(public):
        marked += text[end : figure.start] + chr(_FIRST_MARK + number)
        end = figure.end
    redacted = redact(marked + text[end:])
    clean = redacted.text
    for number, figure in enumerate(public):
        clean = clean.replace(chr(_FIRST_MARK + number), figure.text)
    return clean, redacted.kinds


def _support(passage: Passage, index: Index, live: LiveEdition) -> Support:
    guide = index.guide(live.places[passage.id])
    section = guide.sections[passage.section]
    return Support(
        passage_id=passage.id,
        guide_id=guide.id,
        language=guide.language,
        title=guide.title,
        heading=" › ".join((*section.path, *section.situation)),
        quote=passage.text,
        edition=live.number,
    )
