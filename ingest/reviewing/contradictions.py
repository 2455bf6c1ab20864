"""Two figures for one procedure: in two languages of a guide, or in two guides.

Of two guides those figures are compared that are said of nearly the same, word by word: words
weigh by their rarity among the guides. Each must be what the other guide comes nearest to, and
neither guide may have the other's figure as near; so tables that tell cases apart do not differ.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from civic_assistant.figures import Figure, figures_of, stands_among
from civic_assistant.guides import Guide, Section
from civic_assistant.sentences import sentence_spans
from ingest.reviewing.claims import Claim, claims_of

ContradictionKind = Literal["translation", "guide"]

# From this share of common words on two figures are said of the same; on the shipped corpus the
# highest of two that are not is .70.
_NEAR = 0.75
# What is said of fewer words is said of too little ("25 € en timbre fiscal").
_FEWEST_WORDS = 3
# All words of a shorter claim in a longer one count as near, from so many words on.
_PART = 0.95
_PART_WORDS = 4
_PART_NEARNESS = 0.8
# A claim nearly as near may be the one that agrees.
_NEARLY = 0.12
# A word of so many guides, or so large a share of them, is no procedure's own.
_OWN_GUIDES = 2
_OWN_SHARE = 0.1
_OWN_MOST = 30
_TRANSLATED = frozenset(
    {"amount", "percentage", "duration", "date", "time", "phone", "measure", "age"}
)


@dataclass(frozen=True, slots=True)
class Said:
    """Where a figure stands: ``text`` is the sentence or row, ``figure`` its words there."""

    guide_id: str
    language: str
    document: str
    path: tuple[str, ...]
    text: str
    figure: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two figures for what seems to be the same; ``nearness`` is 1 for translations."""

    kind: ContradictionKind
    one: Said
    other: Said
    nearness: float


def translation_contradictions(original: Guide, translation: Guide) -> tuple[Contradiction, ...]:
    """Return where a translation says another figure than its original, section by section.

    Each of the two must lack the other's figure, of one kind; what only one of them says is no
    contradiction.
    """
    found = []
    for one, other in _counterparts(original, translation):
        odd_one, odd_other = odd_figures(one, original.language, other, translation.language)
        for kind in dict.fromkeys(figure.kind for figure in odd_one):
            pairs = zip(
                [f for f in odd_one if f.kind == kind],
                [f for f in odd_other if f.kind == kind],
                strict=False,
            )
            found += [
                Contradiction(
                    "translation",
                    _said(original, one, left),
                    _said(translation, other, right),
                    1.0,
                )
                for left, right in pairs
            ]
    return tuple(found)


def missing_figures(original: Guide, translation: Guide) -> tuple[str, ...]:
    """Return the figures of the original that its translation lacks, as the original has them."""
    return tuple(
        dict.fromkeys(
            figure.text
            for one, other in _counterparts(original, translation)
            for figure in odd_figures(one, original.language, other, translation.language)[0]
        )
    )


def odd_figures(
    one: Section, language: str, other: Section, other_language: str
) -> tuple[list[Figure], list[Figure]]:
    """Return the figures of each of two sections that the other does not have."""
    first, second = figures_of(one.text, language), figures_of(other.text, other_language)
    return (
        [f for f in first if _counts(f) and not stands_among(f, second)],
        [f for f in second if _counts(f) and not stands_among(f, first)],
    )


def guide_contradictions(
    guides: Sequence[Guide], others: Sequence[Guide]
) -> tuple[Contradiction, ...]:
    """Return where guides say another figure than ``others`` of their language, nearest first.

    A guide is not compared with itself, in whatever language, nor two that come from one national
    feed: their cases are told apart by their authors.
    """
    found: list[Contradiction] = []
    for language in sorted({guide.language for guide in guides}):
        judged = [guide for guide in guides if guide.language == language]
        known = {guide.id for guide in judged}
        against = [g for g in others if g.language == language and g.id not in known]
        claims = [claim for guide in (*judged, *against) for claim in claims_of(guide)]
        found += _Comparison(claims, len(judged) + len(against)).contradictions(known)
    return tuple(sorted(found, key=lambda c: -c.nearness))


class _Comparison:
    """The claims of one language, compared by their words."""

    def __init__(self, claims: Sequence[Claim], guides: int) -> None:
        self._claims = claims
        holding: dict[str, set[str]] = defaultdict(set)
        for claim in claims:
            for word in claim.about:
                holding[word].add(claim.guide_id)
        self._weights = {w: math.log(1 + guides / len(ids)) for w, ids in holding.items()}
        most = min(max(_OWN_GUIDES, _OWN_SHARE * guides), _OWN_MOST)
        self._own = {word for word, ids in holding.items() if len(ids) <= most}
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for number, claim in enumerate(claims):
            for word in claim.about & self._own:
                self._by_word[word].append(number)

    def contradictions(self, judged: set[str]) -> Iterator[Contradiction]:
        near = {
            number: self._near(number)
            for number, claim in enumerate(self._claims)
            if claim.guide_id in judged
        }
        for candidates in list(near.values()):
            for other in candidates:
                if other not in near:
                    near[other] = self._near(other)
        best: dict[tuple[str, int], Contradiction] = {}
        for one, other, nearness in self._pairs(near, judged):
            contradiction = Contradiction(
                "guide", _claimed(self._claims[one]), _claimed(self._claims[other]), nearness
            )
            # A row of several figures may differ from one row by each of them: once is enough.
            key = (self._claims[one].guide_id, other)
            if key not in best or best[key].nearness < nearness:
                best[key] = contradiction
        yield from best.values()

    def _pairs(
        self, near: Mapping[int, Mapping[int, float]], judged: set[str]
    ) -> Iterator[tuple[int, int, float]]:
        for one, candidates in near.items():
            claim = self._claims[one]
            if claim.guide_id not in judged:
                continue
            for guide_id in {self._claims[other].guide_id for other in candidates}:
                if guide_id in judged and guide_id < claim.guide_id:
                    continue  # found from the other side
                own = self._of_guide(candidates, guide_id)
                other = max(own, key=lambda number: own[number])
                nearness = own[other]
                back = self._of_guide(near[other], claim.guide_id)
                if nearness < _NEAR or max(back.values()) > nearness:
                    continue
                if not (self._agree(one, own, nearness) or self._agree(other, back, nearness)):
                    yield one, other, nearness

    def _agree(self, one: int, others: Mapping[int, float], nearness: float) -> bool:
        return any(
            self._claims[one].agrees(self._claims[other])
            for other, own in others.items()
            if own >= nearness - _NEARLY
        )

    def _of_guide(self, candidates: Mapping[int, float], guide_id: str) -> dict[int, float]:
        return {n: s for n, s in candidates.items() if self._claims[n].guide_id == guide_id}

    def _near(self, number: int) -> dict[int, float]:
        """Return the claims of other guides that a claim is comparable with, and how near."""
        claim = self._claims[number]
        if len(claim.words) < _FEWEST_WORDS:
            return {}
        sharing = {other for w in claim.about & self._own for other in self._by_word[w]}
        near = {}
        for place in sharing:
            other = self._claims[place]
            if other.guide_id == claim.guide_id or not claim.is_same_kind(other):
                continue
            if claim.source == other.source != "town" or len(other.words) < _FEWEST_WORDS:
                continue
            nearness = self._nearness(claim, other)
            if nearness >= _NEAR - _NEARLY:
                near[place] = nearness
        return near

    def _nearness(self, one: Claim, other: Claim) -> float:
        """Return the share of both claims' words, by weight, that the other is about."""
        shared = (one.words & other.about, other.words & one.about)
        if not (shared[0] | shared[1]) & self._own:
            return 0.0
        weights = (self._weight(one.words), self._weight(other.words))
        both = [self._weight(words) for words in shared]
        parts = [part / whole for part, whole in zip(both, weights, strict=True)]
        shorter = 0 if len(one.words) <= len(other.words) else 1
        is_part = min(len(one.words), len(other.words)) >= _PART_WORDS and parts[shorter] >= _PART
        return max(sum(both) / sum(weights), _PART_NEARNESS if is_part else 0.0)

    def _weight(self, words: Iterable[str]) -> float:
        return sum(self._weights[word] for word in words)


def _counterparts(one: Guide, other: Guide) -> Iterator[tuple[Section, Section]]:
    """Yield the sections that tell the same in two languages.

    Translations have their original's sections in its order; where they have not, or not yet,
    all of the text is compared with all of it.
    """
    if _shape(one) == _shape(other):
        yield from zip(one.sections, other.sections, strict=True)
    else:
        yield _whole(one), _whole(other)


def _shape(guide: Guide) -> list[tuple[int, int]]:
    return [(len(section.path), len(section.situation)) for section in guide.sections]


def _whole(guide: Guide) -> Section:
    """Return the text of a guide as one section without a heading."""
    blocks, texts, length = [], [], 0
    for section in guide.sections:
        blocks += [
            replace(block, start=block.start + length, end=block.end + length)
            for block in section.blocks
        ]
        texts.append(section.text)
        length += len(section.text) + 1
    return Section(path=(), text="\n".join(texts), blocks=tuple(blocks))


def _counts(figure: Figure) -> bool:
    return figure.kind in _TRANSLATED and not figure.is_implied


def _said(guide: Guide, section: Section, figure: Figure) -> Said:
    block = next(b for b in section.blocks if b.start <= figure.start < b.end)
    start, end = block.start, block.end
    if block.kind not in ("row", "header"):
        spans = sentence_spans(section.text[start:end], guide.language)
        first, last = next((s for s in spans if figure.start - start < s[1]), (0, end - start))
        start, end = start + first, start + last
    return Said(
        guide_id=guide.id,
        language=guide.language,
        document=guide.document,
        path=(*section.path, *section.situation),
        text=section.text[start:end],
        figure=figure.text,
    )


def _claimed(claim: Claim) -> Said:
    return Said(
        guide_id=claim.guide_id,
        language=claim.language,
        document=claim.document,
        path=claim.path,
        text=claim.text,
        figure=claim.figure.text,
    )
