"""What guides state in figures: an amount, a share or a length of time, and what it is said of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from civic_assistant.figures import Figure, figures_of
from civic_assistant.guides import Guide, Section
from civic_assistant.keywords import stems
from civic_assistant.sentences import sentence_spans
from ingest.sections import CELL_SEPARATOR

_KINDS = frozenset({"amount", "percentage", "duration"})
# "10 h" may be a time of day, "18 ans" an age: neither is a length of time.
_OTHER_READINGS = frozenset({"time", "age"})


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure of a sentence or of a table's cell.

    ``text`` is the sentence, item or row; ``words`` are the stems of what the figure is said of,
    itself left out: the rest of the sentence, or the row's other words with the column's head.
    ``about`` are those and the stems of the guide's title and the section's headings.
    """

    guide_id: str
    language: str
    source: str
    document: str
    path: tuple[str, ...]
    text: str
    figure: Figure
    words: frozenset[str]
    about: frozenset[str]

    def is_same_kind(self, other: Claim) -> bool:
        """Whether the two figures could be compared: amounts of one currency, days with days."""
        one, two = self.figure.readings[0], other.figure.readings[0]
        return (one.kind, one.unit) == (two.kind, two.unit)

    def agrees(self, other: Claim) -> bool:
        """Whether the two figures are worth the same."""
        return not set(self.figure.readings).isdisjoint(other.figure.readings)


def claims_of(guide: Guide) -> tuple[Claim, ...]:
    """Return what a guide states in figures, in the order of its text."""
    return tuple(claim for section in guide.sections for claim in _claims(guide, section))


def _claims(guide: Guide, section: Section) -> Iterator[Claim]:
    headings = frozenset(
        stems(" ".join((guide.title, *section.path, *section.situation)), guide.language)
    )
    for text, figure, rest in _stated(section, guide.language):
        words = frozenset(stems(rest, guide.language))
        yield Claim(
            guide_id=guide.id,
            language=guide.language,
            source=guide.source,
            document=guide.document,
            path=(*section.path, *section.situation),
            text=text,
            figure=figure,
            words=words,
            about=words | headings,
        )


def _stated(section: Section, language: str) -> Iterator[tuple[str, Figure, str]]:
    """Yield each line with a figure of it and what the figure is said of."""
    header: Sequence[str] = ()
    for block in section.blocks:
        text = section.text[block.start : block.end]
        match block.kind:
            case "header":
                header = text.split(CELL_SEPARATOR)
            case "row":
                yield from _stated_in_row(text, header, language)
            case _:
                for start, end in sentence_spans(text, language):
                    sentence = text[start:end]
                    for figure in _figures(sentence, language):
                        yield sentence, figure, _without(sentence, figure)


def _stated_in_row(
    text: str, header: Sequence[str], language: str
) -> Iterator[tuple[str, Figure, str]]:
    """Yield the figures of cells that hold one, said of the row's words and the column's head.

    Further cells with figures of the same kind are other cases; of another kind ("30 ans"), they
    say of what the figure is.
    """
    cells = text.split(CELL_SEPARATOR)
    figures = [_figures(cell, language) for cell in cells]
    for place, cell in enumerate(cells[1:], 1):
        if len(figures[place]) != 1:
            continue
        (figure,) = figures[place]
        others = [
            cells[other]
            for other in range(len(cells))
            if other != place
            and (other == 0 or all(found.kind != figure.kind for found in figures[other]))
        ]
        head = header[place] if place < len(header) else ""
        yield text, figure, " ".join((*others, head, _without(cell, figure)))


def _figures(text: str, language: str) -> list[Figure]:
    return [
        figure
        for figure in figures_of(text, language)
        if figure.kind in _KINDS
        and not figure.is_implied
        and _OTHER_READINGS.isdisjoint(reading.kind for reading in figure.readings)
    ]


def _without(text: str, figure: Figure) -> str:
    return f"{text[: figure.start]} {text[figure.end :]}"
