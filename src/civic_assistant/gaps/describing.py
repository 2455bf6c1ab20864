"""A group of questions becomes a gap: counted, named, and what may be shown of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from textwrap import shorten
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from civic_assistant.gaps.collecting import Collected, Replied, Unanswered
from civic_assistant.gaps.gap import CAME_TO, Gap, NearestGuide, Sample, StaffReply
from civic_assistant.gaps.labelling import Labels, Spoken
from civic_assistant.gaps.nearest import nearest_guide, published_since
from civic_assistant.gaps.trends import by_week, trend_of
from civic_assistant.gaps.vocabulary import HIDDEN, Vocabulary, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from civic_assistant.glossary import Glossary
    from civic_assistant.index import Index, LiveEdition

CONVERSATIONS = 2
"""Conversations that must have asked for samples and replies of a gap to be shown."""
SAMPLES = 3
REPLIES = 2
_READ_BY_STAFF = ("fr", "en")
_SAMPLE_LENGTH, _REPLY_LENGTH, _LEAST_REPLY = 240, 600, 15
_READ_MOST = 8
"""Questions of a group that are read closely, for its matter and its samples."""


@dataclass(frozen=True, slots=True)
class Span:
    """The time of a report, in whole days and in the weeks (Mondays) of the town hall's clock."""

    since: datetime
    until: datetime
    weeks: tuple[date, ...]
    zone: ZoneInfo


class Describer:
    """Describes the groups of one report, by their place among ``groups``."""

    def __init__(
        self,
        collected: Collected,
        groups: Sequence[Sequence[int]],
        vectors: NDArray[np.float32],
        index: Index,
        live: LiveEdition,
        glossary: Glossary,
        span: Span,
        town_language: str,
    ) -> None:
        self._groups = [[collected.unanswered[n] for n in group] for group in groups]
        self._vectors = [vectors[list(group)] for group in groups]
        self._index = index
        self._live = live
        self._span = span
        self._asked = sorted(
            {one.at for one in collected.unanswered} | {one.at for one in collected.asked}
        )
        self._town_language = town_language
        self._vocabulary = _vocabulary(collected, index, live, glossary)
        self._spoken = [[_spoken(one) for one in group] for group in self._groups]
        self._labels = Labels(self._spoken, self._vocabulary)
        self._replied: dict[str, list[Replied]] = {}
        for replied in collected.replied:
            self._replied.setdefault(replied.question, []).append(replied)

    def gap(self, place: int) -> Gap:
        """Return the gap that a group is."""
        members, span = self._groups[place], self._span
        languages = Counter(one.language for one in members)
        first = (self._town_language, *_READ_BY_STAFF)
        leading = min(languages, key=lambda tag: (tag not in first, -languages[tag], tag))
        if self._town_language in languages:
            leading = self._town_language
        askers = {one.asker for one in members}
        is_shared = len(askers) >= CONVERSATIONS
        central = self._central(place)
        came_to = Counter(came for one in members for came in one.came_to)
        moments = [one.at for one in members]
        return Gap(
            id=members[0].id,
            matter=self._labels.matter([self._spoken[place][number] for number in central]),
            words=self._labels.words(place, leading),
            language=leading,
            questions=len(members),
            conversations=len(askers),
            languages=dict(sorted(languages.items(), key=lambda pair: (-pair[1], pair[0]))),
            came_to={came: came_to[came] for came in CAME_TO if came_to[came]},
            since=moments[0],
            last=moments[-1],
            weeks=by_week(moments, span.weeks, span.zone),
            trend=trend_of(moments, self._asked, span.until),
            nearest=self._nearest(place, is_shared=is_shared),
            samples=self._samples(place, central) if is_shared else (),
            replies=self._replies(members) if is_shared else (),
        )

    def _nearest(self, place: int, *, is_shared: bool) -> NearestGuide | None:
        members, index, live = self._groups[place], self._index, self._live
        found = nearest_guide(members, index, live, self._town_language)
        if found is not None and not is_shared:
            return found
        today = self._span.until.astimezone(self._span.zone).date() - timedelta(days=1)
        since = published_since(
            members, self._vectors[place], index, live, self._town_language, today
        )
        return since or found

    def _central(self, place: int) -> list[int]:
        """Return the members nearest to a group's mean, by place in it, each text once."""
        vectors, members = self._vectors[place], self._groups[place]
        nearness = (vectors @ vectors.mean(axis=0)).tolist()
        first: dict[str, int] = {}
        for number in sorted(range(len(nearness)), key=lambda number: -nearness[number]):
            first.setdefault(members[number].text.casefold(), number)
            if len(first) == _READ_MOST:
                break
        return list(first.values())

    def _samples(self, place: int, central: Sequence[int]) -> tuple[Sample, ...]:
        """Return the least hidden of the central questions, of different people."""
        members = self._groups[place]
        shown = [self._vocabulary.shown(members[n].text, members[n].language) for n in central]
        weighed = [
            _share_shown(text, members[number].language)
            for number, text in zip(central, shown, strict=True)
        ]
        samples: dict[str, Sample] = {}
        for rank in sorted(range(len(central)), key=lambda rank: -weighed[rank]):
            if weighed[rank]:
                one, text = members[central[rank]], shorten(shown[rank], _SAMPLE_LENGTH)
                samples.setdefault(one.asker, Sample(one.language, text))
        return tuple(dict.fromkeys(samples.values()))[:SAMPLES]

    def _replies(self, members: Sequence[Unanswered]) -> tuple[StaffReply, ...]:
        """Return what staff answered, solved conversations and newer ones first."""
        replied = [r for one in members for r in self._replied.get(one.id, ())]
        replied.sort(key=lambda r: (r.is_solved, r.at), reverse=True)
        replies: dict[str, StaffReply] = {}
        for one in replied:
            spoken = (one.language, self._town_language)
            text = self._vocabulary.shown_reply(one.text, spoken, one.names)
            text = shorten(text, _REPLY_LENGTH, placeholder=" …")
            if len(text) >= _LEAST_REPLY:
                on = one.at.astimezone(self._span.zone).date()
                replies.setdefault(text, StaffReply(one.language, text, on, one.is_solved))
        return tuple(replies.values())[:REPLIES]


def _vocabulary(
    collected: Collected, index: Index, live: LiveEdition, glossary: Glossary
) -> Vocabulary:
    """Return the words that may be shown; Chinese ones by pairs, which no exact index has."""
    pairs = {
        word.stem
        for entry in live.guides.values()
        if entry.language == "zh"
        for passage in index.passages_of(entry)
        for word in words_of(passage.embedded_text, "zh")
    }

    def is_published(stem: str, language: str) -> bool:
        return stem in pairs if language == "zh" else live.keywords.knows(stem, language)

    vocabulary = Vocabulary(is_published, glossary)
    for asked in collected.asked:
        vocabulary.add(asked.asker, asked.text, asked.language)
    for one in collected.unanswered:
        vocabulary.add(one.asker, one.text, one.language)
    return vocabulary


def _spoken(one: Unanswered) -> Spoken:
    return Spoken(one.asker, one.language, one.text)


def _share_shown(text: str, language: str) -> float:
    """Return the share of a text's content words that are not hidden, a hidden stretch for one."""
    shown = sum(1 for _ in words_of(text, language))
    return shown / (shown + text.count(HIDDEN)) if shown else 0.0
