"""Whose case it is: what the citizen told, which sections apply, and the one detail to ask back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from civic_assistant.cases import (
    GENERAL,
    Applying,
    Case,
    Fork,
    Told,
    dividing_kinds,
    excluded_sections,
    forks_of,
    named_sections,
    remaining,
    texts_differ,
)
from civic_assistant.guides import Guide, Section
from civic_assistant.hearing import Heard, hear, with_childs_age
from civic_assistant.keywords import stems
from civic_assistant.known import MOST_IN_A_ROW, Known
from civic_assistant.outcomes import Answered, AskedDetail
from civic_assistant.situations import PLACE, Facts, Situations

if TYPE_CHECKING:
    from civic_assistant.evidence import Evidence
    from civic_assistant.index import LiveEdition
    from civic_assistant.settings import Settings
    from civic_assistant.writing import Draft

MOST_OPTIONS = 8
"""More cases than that are not asked: nobody reads them as buttons on a phone."""
# How near to the best section's score a case's must be for the answer to depend on the case …
NEAR_CASE = 0.14
# … and where the guide itself divides everybody (adult or minor): the question may be as general.
NEAR_DIVISION = 0.2
# Guides behind the first that may be the one for the citizen's case.
_RIVALS = 5


@dataclass(frozen=True, slots=True)
class Detail:
    """A detail to ask, with the keys under which it is remembered as asked."""

    asked: AskedDetail
    keys: tuple[str, ...]


class Interviewer:
    """Reads cases out of messages and guides; keeps nothing itself."""

    def __init__(self, situations: Situations, settings: Settings) -> None:
        self._situations = situations
        said = (situations.read_label(case, settings.town_language) for case in settings.town_cases)
        self._town: Facts = {kind: values for facts in said for kind, values in facts.items()}
        self._town_labels = frozenset(settings.town_cases)

    def hear(self, message: str, language: str, known: Known) -> Heard:
        """Return what a message adds to what is known, and what it answers."""
        return hear(message, language, known, self._situations)

    def recall(self, questions: Sequence[str], language: str) -> Known:
        """Return what earlier questions told, oldest first, where nothing else was kept."""
        known = Known(matter="")
        for question in questions:
            known = self.hear(question, language, known).known
        return known

    def remember(self, heard: Heard, guide_id: str) -> Known:
        """Return what is known after an answer from a guide, or a detail asked of it."""
        moved = heard.known.after_answering().for_matter(guide_id, self._situations)
        return moved.with_facts(heard.said, self._situations)

    def applying(self, guide: Guide, heard: Heard, question: str, language: str) -> Applying:
        """Return which sections of a guide are not for the citizen, and which are just for them."""
        forks = forks_of(guide, self._situations)
        told = self._told(guide, heard, question, language)
        return Applying(excluded_sections(guide, forks, told), named_sections(forks, told))

    def ranked(self, evidence: Evidence, live: LiveEdition, heard: Heard) -> tuple[str, ...]:
        """Return the guides with the citizen's case first, where titles tell cases apart.

        ``Passeport d'un mineur`` goes before ``Passeport d'un majeur`` for a minor.
        """
        ranked = evidence.ranked
        if not ranked:
            return ranked
        facts = self._facts(ranked[0], heard)
        if not facts or not _contradict(facts, self._titled(ranked[0], live)):
            return ranked
        for rival in ranked[1:_RIVALS]:
            titled = self._titled(rival, live)
            if not _contradict(facts, titled) and facts.keys() & titled.keys():
                return (rival, *(guide for guide in ranked if guide != rival))
        return ranked

    def detail(self, draft: Draft, heard: Heard, question: str, language: str) -> Detail | None:
        """Return the detail on which the drafted answer depends, or None when it need not be asked.

        Asked are cases beside each other of which several are as near to the question as the best
        section, whose texts differ, and of which the citizen has named none.
        """
        if heard.known.in_a_row >= MOST_IN_A_ROW:
            return None
        guide = draft.guide
        told = self._told(guide, heard, question, language)
        forks = forks_of(guide, self._situations)
        topics = {guide.sections[number].topic for number in draft.cited[:1]}
        for number in draft.cited:
            section = guide.sections[number]
            if section.topic not in topics and None not in topics:
                continue
            for fork in _met(forks, section):
                options = self._options(fork, section, draft, told)
                keys = self._keys(options, guide, told)
                if options and not set(keys) & set(heard.known.asked):
                    asked = AskedDetail(
                        guide_id=guide.id,
                        title=guide.title,
                        language=guide.language,
                        situation=fork.above,
                        options=tuple(case.label for case in options),
                        common=_common(draft.answered, fork),
                    )
                    return Detail(asked, keys)
        return None

    def _options(self, fork: Fork, section: Section, draft: Draft, told: Told) -> tuple[Case, ...]:
        """Return the cases to choose from, or none when there is nothing to ask."""
        cases = remaining(fork, told)
        if any(told.names(c) or self._is_way(c) or c.label in self._town_labels for c in cases):
            return ()
        divided = dividing_kinds(cases, self._situations)
        options = tuple(c for c in cases if divided & c.facts.keys()) if divided else cases
        if not 2 <= len(options) <= MOST_OPTIONS:
            return ()
        near = [case for case in options if self._is_near(case, section, draft, bool(divided))]
        has_general = _has_general_part(fork, draft.guide)
        if has_general and not self._leave_nobody_out(options, divided, told):
            return ()
        enough = len(near) >= (1 if fork.case_of(section) is None else 2)
        return options if enough and texts_differ(options, section.path, draft.guide) else ()

    def _is_near(self, case: Case, section: Section, draft: Draft, divided: bool) -> bool:
        """Whether a case has a section as near as the best, or the twin of the one cited.

        Where the guide divides everybody, the same heading in another case is the same matter,
        although it may not have been read closely.
        """
        least = max(draft.scores.values()) - (NEAR_DIVISION if divided else NEAR_CASE)
        return any(
            draft.scores.get(number, -1.0) >= least
            or (divided and section.path == draft.guide.sections[number].path != ())
            for number in case.sections
        )

    def _leave_nobody_out(self, cases: Sequence[Case], kinds: frozenset[str], told: Told) -> bool:
        """Whether everybody is in one of the cases, so that what holds for all is not enough."""
        return any(
            told.facts.get(kind, self._situations.kinds[kind].cover)
            <= frozenset().union(*(case.facts.get(kind, frozenset()) for case in cases))
            for kind in kinds
        )

    def _keys(self, options: Sequence[Case], guide: Guide, told: Told) -> tuple[str, ...]:
        """Return what is asked: the personal kinds, whatever the guide, and these very cases.

        A kind that is known in part (a minor, but which age?) may be asked once more.
        """
        kinds = dividing_kinds(options, self._situations) - told.facts.keys()
        personal = sorted(kind for kind in kinds if self._situations.kinds[kind].is_personal)
        return (*personal, f"{guide.id}: {' | '.join(case.label for case in options)}")

    def _is_way(self, case: Case) -> bool:
        return GENERAL in case.facts or any(
            not self._situations.kinds[kind].is_asked for kind in case.facts
        )

    def _facts(self, guide_id: str, heard: Heard) -> Facts:
        return with_childs_age({**heard.known.facts(guide_id, self._situations), **heard.said})

    def _told(self, guide: Guide, heard: Heard, question: str, language: str) -> Told:
        facts = self._facts(guide.id, heard)
        is_elsewhere = self._situations.mentions_abroad(question, language)
        defaults = {k: v for k, v in self._town.items() if not (k == PLACE and is_elsewhere)}
        return Told(
            facts=facts,
            defaults={kind: v for kind, v in defaults.items() if kind not in facts},
            chosen=heard.known.labels(guide.id),
            words=frozenset(stems(question, language) if language == guide.language else ()),
        )

    def _titled(self, guide_id: str, live: LiveEdition) -> Facts:
        entry = next(iter(live.versions[guide_id].values()))
        return self._situations.read_label(entry.title, entry.language)


def _contradict(one: Facts, other: Facts) -> bool:
    return any(one[kind].isdisjoint(other[kind]) for kind in one.keys() & other.keys())


def _met(forks: Sequence[Fork], section: Section) -> Iterator[Fork]:
    """Yield the forks on the way to a section, outermost first, and those that follow from it."""
    for fork in forks:
        follows = fork.above == section.situation and fork.home == section.path
        if follows or fork.case_of(section) is not None:
            yield fork


def _has_general_part(fork: Fork, guide: Guide) -> bool:
    """Whether the guide says something to everybody where it tells the cases apart."""
    return any(s.situation == fork.above and s.path == fork.home for s in guide.sections)


def _common(answered: Answered, fork: Fork) -> Answered | None:
    """Return what the answer says to everybody at the fork."""
    numbers = [
        number
        for number, source in enumerate(answered.sources)
        if source.situation == fork.above[: len(source.situation)]
    ]
    sentences = tuple(
        replace(sentence, source=numbers.index(sentence.source))
        for sentence in answered.sentences
        if sentence.source in numbers
    )
    sources = tuple(answered.sources[number] for number in numbers)
    return replace(answered, sentences=sentences, sources=sources) if sentences else None
