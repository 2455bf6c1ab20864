"""The cases that a guide distinguishes: which stand beside each other, and which apply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, takewhile

from civic_assistant.folding import folded
from civic_assistant.guides import Guide, Section
from civic_assistant.keywords import stems
from civic_assistant.situations import AGE, PLACE, Facts, Situations

GENERAL, TERRITORY = "general", "territory"
# A question names a case when it holds more than this share of the label's own words.
NAMED = 0.5


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a guide, by the guide's label; ``sections`` are the numbers of its sections.

    ``stems`` are the label's words that neither the cases beside it nor the guide's title have.
    """

    label: str
    facts: Facts
    sections: tuple[int, ...]
    home: tuple[str, ...]
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fork:
    """Cases that stand beside each other below the situation ``above``, in the guide's order.

    ``home`` is the heading under which they stand, as a path.
    """

    above: tuple[str, ...]
    home: tuple[str, ...]
    cases: tuple[Case, ...]

    def case_of(self, section: Section) -> Case | None:
        """Return the case under which a section stands."""
        depth = len(self.above)
        if section.situation[:depth] != self.above or len(section.situation) <= depth:
            return None
        label = section.situation[depth]
        return next((case for case in self.cases if case.label == label), None)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of the citizen's case when one guide is read.

    ``facts`` are their own, ``defaults`` those of everybody in town, used where nothing else is
    said. ``chosen`` are labels of this guide that the citizen chose. ``words`` are the stems of
    the question when it is in the guide's language.
    """

    facts: Facts = field(default_factory=dict)
    defaults: Facts = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def names(self, case: Case) -> bool:
        """Whether the citizen said or chose this case: all its facts, or most of its words."""
        if case.label in self.chosen:
            return True
        if case.facts:
            known = [self.facts.get(kind) for kind in case.facts]
            if all(v and v <= case.facts[k] for k, v in zip(case.facts, known, strict=True)):
                return True
        return len(case.stems & self.words) > NAMED * len(case.stems)


@dataclass(frozen=True, slots=True)
class Applying:
    """Which sections of a guide apply: not those ``excluded``, rather those ``named``."""

    excluded: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()


EVERYBODY = Applying()


def forks_of(guide: Guide, situations: Situations) -> tuple[Fork, ...]:
    """Return the forks of a guide, outermost first.

    Cases are beside each other when all they say stands under the same heading; a case alone
    under its heading joins those that differ from it in kind (a first request, a renewal).
    """
    forks: list[Fork] = []
    depth = max((len(s.situation) for s in guide.sections), default=0)
    for level in range(depth):
        aboves = dict.fromkeys(
            s.situation[:level] for s in guide.sections if len(s.situation) > level
        )
        for above in aboves:
            forks.extend(_forks_below(guide, above, situations))
    return tuple(forks)


def _forks_below(guide: Guide, above: tuple[str, ...], situations: Situations) -> Iterator[Fork]:
    level = len(above)
    under: dict[str, list[int]] = {}
    for number, section in enumerate(guide.sections):
        if section.situation[:level] == above and len(section.situation) > level:
            under.setdefault(section.situation[level], []).append(number)
    cases = [
        Case(
            label,
            situations.read_label(label, guide.language),
            tuple(numbers),
            _common_path([guide.sections[n].path for n in numbers]),
            frozenset(stems(label, guide.language)),
        )
        for label, numbers in under.items()
    ]
    homes: dict[tuple[str, ...], list[Case]] = {}
    for case in cases:
        homes.setdefault(case.home, []).append(case)
    for home, beside in list(homes.items()):
        others = [h for h in homes if h != home and any(_differ(beside[0], c) for c in homes[h])]
        if len(beside) == 1 and others:
            homes[others[0]].extend(homes.pop(home))
    order = {case.label: place for place, case in enumerate(cases)}
    for home, beside in homes.items():
        ordered = sorted(beside, key=lambda case: order[case.label])
        yield Fork(above, home, tuple(_with_own_stems(ordered, guide)))


def _with_own_stems(cases: Sequence[Case], guide: Guide) -> Iterator[Case]:
    title = frozenset(stems(guide.title, guide.language))
    for case in cases:
        others = frozenset().union(*(c.stems for c in cases if c is not case))
        yield replace(case, stems=case.stems - others - title)


def _common_path(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    levels = zip(*paths, strict=False)
    return tuple(level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels))


def _differ(one: Case, other: Case) -> bool:
    return any(
        one.facts[kind].isdisjoint(other.facts[kind]) for kind in one.facts & other.facts.keys()
    )


def remaining(fork: Fork, told: Told) -> tuple[Case, ...]:
    """Return the cases that may still be the citizen's, in the guide's order.

    A case goes when a fact contradicts it and a case beside it agrees, when its age cannot be the
    citizen's, or when the citizen chose an alternative. Where the guide has a general case, those
    of other territories go unless they are named.
    """
    cases = [case for case in fork.cases if told.names(case) or not _is_too_old(case, told.facts)]
    for kind, values in {**told.defaults, **told.facts}.items():
        agreeing = [c for c in cases if not values.isdisjoint(c.facts.get(kind, ()))]
        if agreeing:
            cases = [c for c in cases if kind not in c.facts or c in agreeing]
    if any(GENERAL in case.facts for case in cases):
        elsewhere = (TERRITORY, PLACE)
        cases = [c for c in cases if told.names(c) or not any(k in c.facts for k in elsewhere)]
    if chosen := [case for case in cases if case.label in told.chosen]:
        cases = [
            c for c in cases if told.names(c) or not any(_is_alternative(c, own) for own in chosen)
        ]
    return tuple(cases)


def _is_too_old(case: Case, facts: Facts) -> bool:
    """Whether the case is for another age."""
    ages = facts.get(AGE)
    return ages is not None and AGE in case.facts and ages.isdisjoint(case.facts[AGE])


def _is_alternative(case: Case, other: Case) -> bool:
    return case is not other and (_differ(case, other) or not (case.facts and other.facts))


def dividing_kinds(cases: Sequence[Case], situations: Situations) -> frozenset[str]:
    """Return the kinds in which at least two of the cases exclude each other."""
    return frozenset(
        kind
        for one, other in combinations(cases, 2)
        for kind in one.facts.keys() & other.facts.keys()
        if situations.kinds[kind].is_asked and one.facts[kind].isdisjoint(other.facts[kind])
    )


def excluded_sections(guide: Guide, forks: Sequence[Fork], told: Told) -> frozenset[int]:
    """Return the sections of cases that are not the citizen's; never all of the guide's."""
    gone: set[int] = set()
    for fork in forks:
        kept = remaining(fork, told)
        gone.update(n for case in fork.cases if case not in kept for n in case.sections)
    return frozenset(gone) if len(gone) < len(guide.sections) else frozenset()


def named_sections(forks: Sequence[Fork], told: Told) -> frozenset[int]:
    """Return the sections of the cases that the citizen said or chose."""
    return frozenset(
        number
        for fork in forks
        for case in remaining(fork, told)
        if told.names(case)
        for number in case.sections
    )


def label_in(guide: Guide, text: str) -> str | None:
    """Return the guide's label that a text is, whatever its capitals and accents."""
    wanted = folded(text).strip(" .:;")
    labels = {label for section in guide.sections for label in section.situation}
    return next((label for label in labels if folded(label).strip(" .:;") == wanted), None)


def texts_differ(cases: Sequence[Case], path: tuple[str, ...], guide: Guide) -> bool:
    """Whether the guide says different things in the cases, under a heading or at all."""
    said = {_text(case, path, guide.sections) for case in cases}
    return len(said) > 1


def _text(case: Case, path: tuple[str, ...], sections: Sequence[Section]) -> str:
    own = [sections[number] for number in case.sections]
    there = [section.text for section in own if section.path == path]
    return folded(" ".join(there or [section.text for section in own]))
