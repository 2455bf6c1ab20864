"""A gap: questions near in meaning that citizens asked and got no answer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

CameTo = Literal["unsure", "not_covered", "not_helped", "handed_off", "left_message"]
"""What came of a question: the first two are outcomes; then *this does not help me*, a person
asked for after it, a message left with a contact. Several may hold of one question."""
CAME_TO: tuple[CameTo, ...] = get_args(CameTo)
Trend = Literal["new", "rising", "steady", "falling"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A question as it may be shown: what could tell a person is taken out of it."""

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class StaffReply:
    """What a member of staff answered to one of the questions, as it may be shown.

    ``is_solved`` says that they closed the conversation as solved.
    """

    language: str
    text: str
    on: date
    is_solved: bool


@dataclass(frozen=True, slots=True)
class NearestGuide:
    """The guide of the live edition that is nearest to a gap.

    ``is_near`` says that it may be the guide to be completed: it is about the matter, with some
    confidence. ``is_new`` says that no question of the gap could find it: it was published since,
    and may fill the gap.
    """

    guide_id: str
    title: str
    language: str
    department: str
    theme: tuple[str, ...]
    is_near: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """One topic that the guides do not settle.

    ``id`` is that of its oldest question: it leads to the gap as long as that is in the journal.
    ``matter`` is the official French term that its questions name, if they agree on one, ``words``
    are those that tell it from the other gaps, in ``language``. ``questions`` counts askings,
    ``conversations`` who asked: each conversation, and each asking at the desk, once.
    ``languages`` and ``came_to`` count questions; ``weeks`` counts them by the report's weeks.
    """

    id: str
    matter: str
    words: tuple[str, ...]
    language: str
    questions: int
    conversations: int
    languages: Mapping[str, int]
    came_to: Mapping[CameTo, int]
    since: datetime
    last: datetime
    weeks: tuple[int, ...]
    trend: Trend
    nearest: NearestGuide | None
    samples: tuple[Sample, ...]
    replies: tuple[StaffReply, ...]

    @property
    def title(self) -> str:
        """What the gap is called: its matter, and the words that the matter does not say."""
        folded = self.matter.casefold()
        further = ", ".join(word for word in self.words if word.casefold() not in folded)
        return " · ".join(part for part in (self.matter, further) if part)


@dataclass(frozen=True, slots=True)
class GapReport:
    """The gaps of a span of time, those of most conversations first.

    ``weeks`` are the Mondays of its weeks. ``turns`` counts all that was asked, ``looked_up`` what
    was looked up in the guides. No gaps are ``could_not_look``, what broke; ``screened``, what was
    not looked up (small talk, danger, somebody's own file…); and ``at_once``, who asked for a
    person without a question. ``edition`` is the one whose guides are nearest.
    """

    since: datetime
    until: datetime
    weeks: tuple[date, ...]
    gaps: tuple[Gap, ...]
    turns: int
    looked_up: int
    could_not_look: int
    screened: int
    at_once: int
    edition: int
