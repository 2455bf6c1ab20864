"""The answer without a language model: the guide's own sentences, chosen for the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from civic_assistant.cases import EVERYBODY, Applying
from civic_assistant.choosing import Chooser
from civic_assistant.citing import cite
from civic_assistant.close_reading import PartRead, read_part
from civic_assistant.glossary import Concept
from civic_assistant.guides import Guide, Passage
from civic_assistant.index import LiveEdition, is_in_force
from civic_assistant.keywords import stems
from civic_assistant.late import Interaction, LateInteraction
from civic_assistant.line_features import NO_TOKENS, AskedTokens, LineTokens, asked_tokens
from civic_assistant.outcomes import Answered, Coverage
from civic_assistant.retrieval import GLOSSARY_LANGUAGE, Looked
from civic_assistant.scored_units import Scored, rank, smoothed, with_belonging, with_reading
from civic_assistant.support import Support
from civic_assistant.topic_words import with_topic_words
from civic_assistant.units import Span, Unit, units_of

if TYPE_CHECKING:
    from civic_assistant.catalogue import GuideEntry
    from civic_assistant.evidence import Evidence
    from civic_assistant.index import Index
    from civic_assistant.reading import Reader
    from civic_assistant.settings import Settings

# Passages of the guide that are read closely; each costs a forward pass.
CLOSE = 5
# Of the case that the citizen named, besides.
CLOSE_NAMED = 2
# A longer list or table is cut to the rows that are nearly as near to the question as its nearest;
# when these are more still, the answer is partial.
ITEMS = 12
NEAR_ROW = 0.12
# A unit joins the answer when its score is within this of the best one's; from the same data.
NEAR = 0.10
# The same, for a unit of another section, which rarely answers the same question.
NEAR_SECTION = 0.06
# The same, for the same matter in another situation of the guide: fees by case stand together.
NEAR_CASE = 0.14
# Characters after which nothing joins any more: what is read on a phone without scrolling far.
LENGTH = 600
# What a unit of the case that the citizen named has beside its nearness.
NAMED_CASE = 0.2
# What the passage's own nearness weighs beside its words'.
PASSAGE_WEIGHT = 0.5
# Sections of the guide that are read together with the question, each in a forward pass of its own
# length, until one settles it this probably.
PARTS = 2
SETTLED = 0.6
# How much more a unit may lack, in that sum.
SLACK = 0.08
_MEMBERS = ("item", "row")


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that nobody has judged or verified yet.

    ``late`` is the late-interaction score of its best unit, ``nearness`` that of the passage it
    lies in, ``support`` what the guide's closely read passages say to each word of the question;
    ``answers`` is the probability that these passages answer, ``belongs`` that of their best line;
    ``settles`` is the probability that what was read together with the question settles it,
    ``answering`` that of the likeliest line there;
    ``known`` counts the matters that the question names and the guide is about, ``unknown`` those
    it is not about. ``scores`` are those of the best unit of each of the ``guide``'s sections that
    were read closely, as units are chosen by; ``cited`` are the sections quoted, best first.
    """

    answered: Answered
    late: float
    nearness: float
    support: Support
    answers: float
    belongs: float
    settles: float
    answering: float
    known: int
    unknown: int
    guide: Guide
    scores: Mapping[int, float]
    cited: tuple[int, ...]


class Writer:
    """Composes the answer to a question from one guide."""

    def __init__(
        self,
        index: Index,
        late: LateInteraction,
        chooser: Chooser,
        reader: Reader,
        settings: Settings,
    ) -> None:
        self._index = index
        self._late = late
        self._chooser = chooser
        self._reader = reader
        self._town_language = settings.town_language
        self._sentences = settings.answer_sentences

    def draft(
        self,
        looked: Looked,
        live: LiveEdition,
        today: date,
        applying_in: Callable[[Guide], Applying] = lambda guide: EVERYBODY,
    ) -> Draft | None:
        """Return the answer that the best guide would give, or None when nothing was found.

        ``applying_in`` tells the sections that are not for the citizen's case, which are not
        quoted, and those of the case that the citizen named, which are preferred.
        The guide is quoted in the question's language when it exists in it, otherwise in the
        town's, otherwise in the language of the passage that was found.
        """
        evidence = looked.evidence
        if not evidence.found:
            return None
        entry = self._version(evidence.ranked[0], evidence.language, live, today)
        guide = self._index.guide(entry.digest)
        applying = applying_in(guide)
        passages = [p for p in self._index.passages_of(entry) if p.section not in applying.excluded]
        if not passages:
            return None
        cosines = self._index.cosines(looked.vector, [p.id for p in passages])
        nearness = _nearness(looked, cosines)
        nearest = sorted(passages, key=lambda p: -nearness[p.id])
        named = [p for p in nearest if p.section in applying.named]
        close = {p.id: p for p in (*nearest[:CLOSE], *named[:CLOSE_NAMED])}.values()
        interactions = dict(looked.interactions)
        unread = [p for p in close if p.id not in interactions]
        interactions |= self._late.interact(looked.asked, unread)
        scored = self._scored(guide, passages, interactions, nearness, applying)
        if not scored:
            return None
        lines = _lines(scored, interactions, cosines, guide.language)
        asked = _asked(evidence, next(iter(interactions.values())))
        choice = self._chooser.choose(asked, lines)
        scored = with_belonging(scored, choice)
        parts = self._parts(evidence, guide, scored)
        scored = with_reading(scored, parts)
        chosen = self._choose(scored, guide)
        best = max(scored, key=lambda s: s.score)
        answered = self._answered(chosen, guide, live.number, today, interactions)
        support = looked.words.support_of(
            interactions[p.id] for p in passages if p.id in interactions
        )
        concepts = {mention.concept for mention in looked.mentions}
        known = sum(self._is_about(guide.id, concept, live) for concept in concepts)
        scores: dict[int, float] = {}
        for own in scored:
            section, score = own.unit.section, rank(own)
            scores[section] = max(score, scores.get(section, score))
        return Draft(
            answered=answered,
            late=best.late,
            nearness=best.nearness,
            support=support,
            answers=choice.answers,
            belongs=max(s.belongs for s in scored),
            settles=max(part.settles for part in parts),
            answering=max(part.best for part in parts),
            known=known,
            unknown=len(concepts) - known,
            guide=guide,
            scores=scores,
            cited=tuple(dict.fromkeys(unit.section for unit in chosen)),
        )

    def _parts(self, evidence: Evidence, guide: Guide, scored: Sequence[Scored]) -> list[PartRead]:
        """Read the best section, or the best few, with the question, each around its best unit."""
        best: dict[int, Scored] = {}
        for own in sorted(scored, key=lambda s: -rank(s)):
            best.setdefault(own.unit.section, own)
        parts = []
        for section, own in [*best.items()][:PARTS]:
            spans = [s for one in scored if one.unit.section == section for s in one.unit.spans]
            centre = spans.index(own.unit.spans[-1])
            topic = guide.sections[section].topic
            heading = with_topic_words(spans[centre].passage.context, topic, evidence.language)
            parts.append(read_part(self._reader, evidence.question, heading, spans, centre))
            if parts[-1].settles >= SETTLED:
                break
        return parts

    def _is_about(self, guide_id: str, concept: Concept, live: LiveEdition) -> bool:
        """Whether the guide's French version is about a matter, by one of its official terms."""
        entry = live.versions[guide_id].get(GLOSSARY_LANGUAGE)
        if entry is None:
            return False
        subject = self._index.subject_of(entry.digest)
        return any(
            subject.is_about(frozenset(stems(term, GLOSSARY_LANGUAGE))) for term in concept.official
        )

    def _version(self, guide_id: str, language: str, live: LiveEdition, today: date) -> GuideEntry:
        """Return the version of a guide to quote; at least one is in force when it was found."""
        versions = {
            lang: entry
            for lang, entry in live.versions[guide_id].items()
            if is_in_force(entry, today)
        }
        for wanted in (language, self._town_language):
            if wanted in versions:
                return versions[wanted]
        return next(iter(versions.values()))

    def _scored(
        self,
        guide: Guide,
        passages: Sequence[Passage],
        interactions: Mapping[str, Interaction],
        nearness: Mapping[str, float],
        applying: Applying,
    ) -> list[Scored]:
        """Return the units of the passages that were read closely, in the guide's order."""
        scored = []
        for number, group in groupby(passages, key=lambda p: p.section):
            members = list(group)
            if not any(p.id in interactions for p in members):
                continue
            for unit in units_of(guide.sections[number], members, guide.language):
                lates = [_late_score(span, interactions) for span in unit.spans]
                late = max(lates)
                near = max(nearness[span.passage.id] for span in unit.spans)
                if late > -1.0:
                    named = NAMED_CASE if number in applying.named else 0.0
                    score = late + PASSAGE_WEIGHT * near + named
                    scored.append(Scored(unit, score, late, near))
        return smoothed(scored)

    def _choose(self, scored: Sequence[Scored], guide: Guide) -> list[Unit]:
        """Return the best unit and those that nearly equal it.

        The best unit's section comes first, then the others and, in each, the guide's order.
        """
        ordered = sorted(scored, key=lambda s: -rank(s))
        best = ordered[0]
        home = guide.sections[best.unit.section]
        chosen = [best]
        for other in ordered[1:]:
            if len(chosen) == self._sentences or _length(chosen) >= LENGTH:
                break
            section = guide.sections[other.unit.section]
            is_other_case = section.path == home.path and section.situation != home.situation
            near = NEAR if section is home else NEAR_SECTION
            near = NEAR_CASE if is_other_case else near
            is_case_seen = any(c.unit.section == other.unit.section for c in chosen)
            is_law = section.topic == "legal_basis" != home.topic
            lacks = rank(best) - rank(other)
            if lacks > near + SLACK or is_law or (is_other_case and is_case_seen):
                continue
            chosen.append(other)
        kept = {id(c.unit) for c in chosen}
        units = [s.unit for s in scored if id(s.unit) in kept]
        return sorted(units, key=lambda unit: unit.section != best.unit.section)

    def _answered(
        self,
        units: Sequence[Unit],
        guide: Guide,
        edition: int,
        today: date,
        interactions: Mapping[str, Interaction],
    ) -> Answered:
        spans: list[Span] = []
        coverage: Coverage = "full"
        for unit in units:
            near = _near_members(unit, interactions)
            if len(near) > ITEMS:
                coverage = "partial"
            shown = {id(span) for span in near[:ITEMS]}
            spans.extend(s for s in unit.spans if s.kind not in _MEMBERS or id(s) in shown)
        return cite(spans, guide, edition, today, coverage)


def _nearness(looked: Looked, cosines: Mapping[str, float]) -> dict[str, float]:
    """Return each passage's cosine and weighted share of exact words, as it was found by."""
    shares = {f.passage.id: f.keyword or 0.0 for f in looked.evidence.found}
    return {id_: cosine + shares.get(id_, 0.0) for id_, cosine in cosines.items()}


def _asked(evidence: Evidence, interaction: Interaction) -> AskedTokens:
    """Return the question by token, as every passage was compared with it."""
    return asked_tokens(
        evidence.question, evidence.language, interaction.question, interaction.asked
    )


def _lines(
    scored: Sequence[Scored],
    interactions: Mapping[str, Interaction],
    cosines: Mapping[str, float],
    language: str,
) -> list[LineTokens]:
    """Return the lines of all units in order; a line of an unread passage has no tokens."""
    lines: list[LineTokens] = []
    last = ""
    for span in (span for own in scored for span in own.unit.spans):
        id_ = span.passage.id
        interaction = interactions.get(id_)
        vectors = NO_TOKENS if interaction is None else interaction.tokens_of(span.start, span.end)
        lines.append(LineTokens(vectors, span.text, language, cosines[id_], id_ != last))
        last = id_
    return lines


def _length(chosen: Sequence[Scored]) -> int:
    """Return how many characters the units have, long lists and tables as they are cut."""
    return sum(len(span.text) for c in chosen for span in c.unit.spans[: ITEMS + 2])


def _late_score(span: Span, interactions: Mapping[str, Interaction]) -> float:
    interaction = interactions.get(span.passage.id)
    return -1.0 if interaction is None else interaction.score(span.start, span.end)


def _near_members(unit: Unit, interactions: Mapping[str, Interaction]) -> list[Span]:
    """Return the items or rows to show, nearest first; all of them when they are few."""
    members = [span for span in unit.spans if span.kind in _MEMBERS]
    scores = {id(span): _late_score(span, interactions) for span in members}
    members.sort(key=lambda span: -scores[id(span)])
    if len(members) <= ITEMS:
        return members
    best = scores[id(members[0])]
    return [span for span in members if scores[id(span)] >= best - NEAR_ROW]
