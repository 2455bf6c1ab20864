"""What a turn came to: one type an outcome, matched with ``match``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from civic_assistant.guides import BlockKind

Coverage = Literal["full", "partial", "verified"]
Author = Literal["guide", "model", "instead"]
"""Whose words an answer's sentences are: the guide's; a language model's, each checked against its
quotes; the guide's, because the model had nothing to show."""
RefusalReason = Literal["empty", "too_long", "too_many", "instruction", "abuse"]
SignpostTopic = Literal["emergency", "distress", "personal_file", "complaint", "advice"]
NotCoveredReason = Literal["no_guide", "other_country", "off_topic", "opinion"]
HandoffReason = Literal["asked"]
SmallTalkKind = Literal["greeting", "thanks", "goodbye", "about"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: ``passage.text[start:end] == quote`` in that edition."""

    guide_id: str
    language: str
    passage_id: str
    quote: str
    start: int
    end: int
    edition: int


@dataclass(frozen=True, slots=True)
class OfficialTerm:
    """A term as it stands in a quote, which is shown in brackets behind ``text[:at]``."""

    at: int
    term: str


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence, list item or table row shown to the citizen, with the quote it is or rests on.

    ``source`` is the position, from 0, of its source in the outcome's ``sources``. ``further`` are
    other quotes of that source, on which a sentence that a model wrote rests besides; ``terms`` are
    the official terms of its quotes that such a sentence names in another language, in order.
    """

    text: str
    kind: BlockKind
    citation: Citation
    source: int
    further: tuple[Citation, ...] = ()
    terms: tuple[OfficialTerm, ...] = ()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every quote that the sentence rests on, the first one first."""
        return (self.citation, *self.further)


@dataclass(frozen=True, slots=True)
class Source:
    """What is shown of a cited passage: the guide's identity and the text around the quotes.

    ``text`` is the cited section's own text; ``marks`` are spans of it that the answer quotes.
    ``blocks`` are (kind, start, end) spans of ``text`` in order, so that lists stay lists.
    ``is_overdue`` says that the guide's review date has passed, which the citizen is told.
    """

    guide_id: str
    title: str
    language: str
    path: tuple[str, ...]
    situation: tuple[str, ...]
    text: str
    blocks: tuple[tuple[BlockKind, int, int], ...]
    marks: tuple[tuple[int, int], ...]
    department: str
    authority: str
    attribution: str
    address: str | None
    anchor: str | None
    page: int | None
    document: str
    updated_on: date | None
    review_by: date | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class RelatedGuide:
    """A guide that may help, shown as *possibly related*, never as an answer."""

    guide_id: str
    title: str
    language: str
    address: str | None
    department: str
    attribution: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The reply of a verified answer, in the words of the staff who checked it, on ``on``.

    ``id`` and ``version`` find it again. ``desk`` is the desk's name, ``wording`` the question it
    was matched by, as near as ``nearness`` says (cosine).
    """

    id: str
    version: int
    text: str
    language: str
    desk: str
    on: date
    wording: str
    nearness: float


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """What the town hall corrects of a guide that is shown, in one of the correction's languages.

    ``id`` and ``version`` find it again. It holds from ``since`` on, until the end of ``until`` if
    it says so; ``is_overdue`` says that its review date has passed, which the citizen is told.
    """

    id: str
    version: int
    guide_id: str
    title: str
    text: str
    language: str
    since: date
    until: date | None
    review_by: date
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """The guides answer: their own sentences, or an ``author``'s, each with its citation.

    ``signpost`` is the topic of a fixed text shown before the answer: whom to call in danger.
    Where ``coverage`` is ``verified``, ``checked`` is shown and rests on the sentences.
    ``corrections`` stand above what they overrule. ``is_plain`` says that a model said an answer
    again in plain language.
    """

    coverage: Coverage
    sentences: tuple[AnswerSentence, ...]
    sources: tuple[Source, ...]
    signpost: SignpostTopic | None = None
    checked: Checked | None = None
    corrections: tuple[ShownCorrection, ...] = ()
    author: Author = "guide"
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class AskedDetail:
    """The answer depends on the citizen's case: which of those that the guide distinguishes?

    ``options`` are the guide's own labels in its order, ``situation`` the labels above them that
    are settled already. ``common`` is what the guide says whatever the case, if it says anything.
    ``signpost`` is as in `Answered`, and so are ``corrections``: of this guide and of what
    ``common`` cites, which has none of its own.
    """

    guide_id: str
    title: str
    language: str
    situation: tuple[str, ...]
    options: tuple[str, ...]
    common: Answered | None = None
    signpost: SignpostTopic | None = None
    corrections: tuple[ShownCorrection, ...] = ()


@dataclass(frozen=True, slots=True)
class NotCovered:
    """No published guide is near the question, or none can be: ``reason`` says which.

    ``corrections`` are those of the related guides.
    """

    related: tuple[RelatedGuide, ...] = ()
    reason: NotCoveredReason = "no_guide"
    corrections: tuple[ShownCorrection, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsure:
    """Guides are near, but the evidence is too weak to answer from them.

    ``corrections`` are those of the related guides.
    """

    related: tuple[RelatedGuide, ...] = ()
    corrections: tuple[ShownCorrection, ...] = ()


@dataclass(frozen=True, slots=True)
class HandedOff:
    """The citizen is offered a person because they asked for one."""

    reason: HandoffReason


@dataclass(frozen=True, slots=True)
class Signposted:
    """A fixed, human-written text leads somewhere else (emergency numbers, the file's desk)."""

    topic: SignpostTopic


@dataclass(frozen=True, slots=True)
class Refused:
    """The message was not looked at, and why."""

    reason: RefusalReason


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """A greeting, thanks or a question about the assistant itself."""

    kind: SmallTalkKind


@dataclass(frozen=True, slots=True)
class CouldNotLook:
    """Something broke; ``reference`` is the number under which operators find it."""

    reference: str


Outcome = (
    Answered
    | AskedDetail
    | NotCovered
    | Unsure
    | HandedOff
    | Signposted
    | Refused
    | SmallTalk
    | CouldNotLook
)


def signposted(outcome: Outcome, topic: SignpostTopic) -> Outcome:
    """Return the outcome with a topic's text first: above an answer, else instead of the rest."""
    match outcome:
        case Answered() | AskedDetail():
            return replace(outcome, signpost=topic)
        case NotCovered() | Unsure():
            return Signposted(topic)
        case _:
            return outcome


def corrections_of(outcome: Outcome) -> tuple[ShownCorrection, ...]:
    """Return the corrections that an outcome shows; none where it shows no guide."""
    match outcome:
        case Answered() | AskedDetail() | NotCovered() | Unsure():
            return outcome.corrections
        case _:
            return ()


def outcome_name(outcome: Outcome) -> str:
    """Return the outcome's name as the journal, the command line and the reports write it."""
    names = {
        Answered: "answered",
        AskedDetail: "asked_detail",
        NotCovered: "not_covered",
        Unsure: "unsure",
        HandedOff: "handed_off",
        Signposted: "signposted",
        Refused: "refused",
        SmallTalk: "small_talk",
        CouldNotLook: "could_not_look",
    }
    return names[type(outcome)]


def offers_person(outcome: Outcome) -> bool:
    """Whether the turn ends with the offer of a person: it neither answers nor asks back."""
    is_led_on = isinstance(outcome, NotCovered | Unsure | HandedOff | Signposted | CouldNotLook)
    return is_led_on or outcome == Refused("abuse")


def not_covered_key(reason: NotCoveredReason) -> str:
    """Return the key of the text that says why nothing is answered."""
    return "outcome.not_covered" if reason == "no_guide" else f"outcome.{reason}"
