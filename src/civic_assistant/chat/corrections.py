"""Corrections on the page: what the town hall says above the guide, and a card for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from civic_assistant.chat.markdown import plain
from civic_assistant.chat.page_words import direction
from civic_assistant.corrections.wording import heading, notes
from civic_assistant.messages import Messages
from civic_assistant.outcomes import Answered, Outcome, ShownCorrection, corrections_of


@dataclass(frozen=True, slots=True)
class CorrectionCard:
    """What ``CorrectionCard.jsx`` is given; every field can be written as JSON.

    ``mark`` refers to it. ``language`` and ``direction`` are the correction's, which the page
    finds by ``anchor``; ``spoken`` and ``spoken_direction`` those of the words around it.
    """

    anchor: str
    mark: str
    guide_id: str
    title: str
    holds: str
    guide: str
    notes: tuple[str, ...]
    language: str
    direction: str
    spoken: str
    spoken_direction: str

    def props(self) -> Mapping[str, object]:
        """Return the card as plain dictionaries and lists."""
        return asdict(self)


class Corrected:
    """The corrections that an outcome shows, each with its card, found by guide."""

    def __init__(self, outcome: Outcome, anchor: str, messages: Messages) -> None:
        """Describe them in the words of a page language; ``anchor`` is unique to the turn."""
        self._shown = corrections_of(outcome)
        self._messages = messages
        self.cards = tuple(
            _card(correction, number, anchor, messages)
            for number, correction in enumerate(self._shown, 1)
        )

    def above(self, answered: Answered | None) -> Iterator[str]:
        """Yield what stands above the guides' sentences: the corrections, and that they count.

        Each names its guide where the answer cites several.
        """
        guides = {source.guide_id for source in answered.sources} if answered else ()
        for correction, card in zip(self._shown, self.cards, strict=True):
            yield from _lines(correction, card, names_guide=len(guides) > 1)
        if self.cards:
            yield plain(self._messages.text("correction.overrules"))

    def below(self, guide_id: str) -> Iterator[str]:
        """Yield what stands below a guide's name in a list of related ones."""
        for correction, card in zip(self._shown, self.cards, strict=True):
            if correction.guide_id == guide_id:
                yield from _lines(correction, card)

    def marks(self, guide_id: str) -> tuple[str, ...]:
        """Return the marks of a guide's corrections."""
        return tuple(card.mark for card in self.cards if card.guide_id == guide_id)


def _card(
    correction: ShownCorrection, number: int, anchor: str, messages: Messages
) -> CorrectionCard:
    return CorrectionCard(
        anchor=f"{anchor}-c{number}",
        mark=f"C{number}",
        guide_id=correction.guide_id,
        title=messages.text("correction.title"),
        holds=heading(correction, messages),
        guide=messages.text("correction.guide", title=correction.title),
        notes=tuple(notes(correction, messages)),
        language=correction.language,
        direction=direction(correction.language),
        spoken=messages.language,
        spoken_direction=direction(messages.language),
    )


def _lines(
    correction: ShownCorrection, card: CorrectionCard, *, names_guide: bool = False
) -> Iterator[str]:
    """Yield the paragraphs that say a correction: whose it is and since when, and its words.

    Its words are a quotation; the reference in it leads to the card, from which the page takes
    their language, and that they are no guide's.
    """
    yield f"**{plain(card.holds)}**"
    if names_guide:
        yield plain(card.guide)
    yield f"> {plain(correction.text)} [\\[{card.mark}\\]](#{card.anchor})"
