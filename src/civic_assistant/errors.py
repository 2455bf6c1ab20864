"""Every error the product raises on purpose.

* CivicError
  x SettingsError          a setting cannot be used as it is
  x SourceError            a whole folder, package or archive cannot be read
    - WithdrawalsUnconfirmed   so many guides are missing that somebody must say it is meant
  x DocumentRefused        one document of a source cannot be published; the rest goes on
    - ContentRefused       for what its bytes hold, so that the same bytes are refused again
  x DraftOutdated          documents of a draft were changed by somebody else meanwhile
  x IndexUnusable          the index folder cannot be used at all
    - IndexMissing         nothing has been published there yet
    - IndexMismatch        written by another embedding model or other passage rules
    - IndexBusy            somebody else is publishing into it now
    - EditionMissing       no edition has that number, or it is not kept any more
    - EditionStale         another edition went live since this one was planned
    - EditionBroken        an edition lacks passages, vectors or words
  x QuestionsWorse         test questions of the town would get worse by a publish
  x CouldNotLook           the question could not be looked up; never the same as nothing found
  x RecordMissing          no turn, request or conversation is kept under that number
  x RecordsUnusable        journal, requests and conversations cannot be read or written now
  x AnswerRefused          a verified answer cannot be made like that
  x AnswerMoved            a verified answer was withdrawn or renewed meanwhile
  x CorrectionRefused      a correction cannot be made like that
  x CorrectionMoved        a correction was changed or ended meanwhile
  x GuideGone              a guide is not among the town's, or is no more
  x GuidesBusy             another editor is planning or publishing
  x AccountRefused         an account of staff cannot be made like that
  x LanguageModelFailed    a call to a language model came to nothing usable
  x ContactInvalid         a contact is neither an e-mail address nor a telephone number
  x MessageMissing         a text for citizens is not in the catalogue, or lacks a value
  x HandoffRefused         what was asked of a handoff cannot be done as things stand
    - MoveRefused          the conversation's state does not allow the move
      + AlreadyClaimed     another member of staff was first
    - FloorLost            who may speak has changed since the answer was begun
    - SeatsTaken           a member of staff holds as many conversations as they have seats
    - NotPresent           a member of staff has not arrived, or was not heard of for too long
    - DeskUnavailable      nobody can come now: closed, full, or nobody there
    - MessageRefused       a message is empty, too long, or its id is unusable
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from civic_assistant.language_model.failure import MEANINGS, Failing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civic_assistant.handoff.availability import Availability


class CivicError(Exception):
    """The root of the tree; its text is for operators and editors, never for citizens."""


class SettingsError(CivicError):
    """A setting cannot be used as it is."""


class SourceError(CivicError):
    """A whole source (folder, package, archive) cannot be read."""


class WithdrawalsUnconfirmed(SourceError):
    """A source lacks so many of its ``published`` documents that it may be half there.

    ``withdrawn`` are the documents that would be withdrawn.
    """

    def __init__(self, source: str, withdrawn: Sequence[str], published: int) -> None:
        shown = ", ".join(map(repr, withdrawn[:3])) + (", …" if len(withdrawn) > 3 else "")
        super().__init__(
            f"source {source!r} lacks {len(withdrawn)} of {published} published documents "
            f"({shown}): nothing was changed. See whether it is complete; if they are to be "
            "withdrawn, confirm it (--confirm-withdrawals)"
        )
        self.withdrawn = tuple(withdrawn)
        self.published = published


class DocumentRefused(CivicError):
    """One document cannot be published.

    ``document`` names it below its source, ``reason`` says what is wrong, ``remedy`` what to do.
    """

    def __init__(self, document: str, reason: str, remedy: str) -> None:
        super().__init__(f"{document!r}: {reason} {remedy}")
        self.document = document
        self.reason = reason
        self.remedy = remedy


class ContentRefused(DocumentRefused):
    """A document cannot be published for what its bytes hold: nothing else would change that.

    Another refusal may be over at the next reading: a file that could not be opened, or changed.
    """


class DraftOutdated(CivicError):
    """Somebody else changed documents that an editor's draft changes too; ``documents`` names them.

    Nothing was written.
    """

    def __init__(self, documents: Sequence[str]) -> None:
        names = ", ".join(map(repr, documents))
        super().__init__(
            f"{names}: changed by somebody else since the draft was begun; "
            "look at what stands there now, and change it again."
        )
        self.documents = tuple(documents)


class IndexUnusable(CivicError):
    """The index folder cannot be used."""


class IndexMissing(IndexUnusable):
    """Nothing has been published into the index folder yet."""


class IndexMismatch(IndexUnusable):
    """The index was written by another embedding model or with other passage rules."""


class IndexBusy(IndexUnusable):
    """Somebody else is publishing into the index now; the text says who, and since when."""


class EditionMissing(IndexUnusable):
    """No edition has that number, or its content is not kept any more."""

    def __init__(self, number: int, *, is_dropped: bool = False) -> None:
        why = "is not kept any more" if is_dropped else "was never staged in this index"
        super().__init__(f"edition {number} {why}: `civic-assistant history` lists those there are")
        self.number = number


class EditionStale(IndexUnusable):
    """An edition was planned on one that is not live any more."""

    def __init__(self, number: int, base: int | None, live: int | None) -> None:
        super().__init__(
            f"edition {number} was planned on {_numbered(base)}, and {_numbered(live)} is live "
            "now: plan again, so that nothing published meanwhile is taken back"
        )
        self.number = number
        self.base = base
        self.live = live


def _numbered(edition: int | None) -> str:
    return "an empty index" if edition is None else f"edition {edition}"


class EditionBroken(IndexUnusable):
    """An edition is not whole; the text says what it lacks."""


class QuestionsWorse(CivicError):
    """Test questions of the town are answered rightly now, and would not be on an edition.

    ``questions`` are (question, what it would get); the edition stays staged.
    """

    def __init__(self, edition: int, questions: Sequence[tuple[str, str]]) -> None:
        named = "; ".join(f"{question!r} (now: {reply})" for question, reply in questions[:10])
        more = f"; and {len(questions) - 10} more" if len(questions) > 10 else ""
        super().__init__(
            f"edition {edition} was not made live: test questions would get worse "
            f"({len(questions)}): {named}{more}. Correct the guides or the questions; or publish "
            f"it all the same: `civic-assistant publish --edition {edition} --no-keep-questions`"
        )
        self.edition = edition
        self.questions = tuple(questions)


class CouldNotLook(CivicError):
    """The question could not be looked up; *nothing found* is an outcome, not this error."""


class RecordMissing(CivicError):
    """No turn, request or conversation is kept under that number."""


class MessageMissing(CivicError):
    """A text for citizens is not in the catalogue, or a value for its placeholders is missing."""


class RecordsUnusable(CivicError):
    """Journal, requests and conversations cannot be read or written now."""


AnswerProblem = Literal[
    "no_text", "too_long", "ended", "no_wording", "no_passage", "too_many", "passage_gone"
]


class AnswerRefused(CivicError):
    """A verified answer cannot be made like that; ``problem`` says why."""

    def __init__(self, problem: AnswerProblem) -> None:
        super().__init__(f"verified answer: {problem.replace('_', ' ')}; correct it and try again.")
        self.problem = problem


class AnswerMoved(CivicError):
    """A verified answer was withdrawn or renewed by somebody else meanwhile."""


CorrectionProblem = Literal[
    "no_guide", "no_text", "language", "too_long", "day", "over", "review", "too_many"
]


class CorrectionRefused(CivicError):
    """A correction cannot be made like that; ``problem`` says why."""

    def __init__(self, problem: CorrectionProblem) -> None:
        super().__init__(f"correction: {_CORRECTION_PROBLEMS[problem]}.")
        self.problem = problem


_CORRECTION_PROBLEMS: dict[CorrectionProblem, str] = {
    "no_guide": "no guide of that id is published; name one that is",
    "no_text": "there is no text in the town's language; write one",
    "language": "a text is in a language that the page does not have; leave it out",
    "too_long": "a text is too long; say only what is another now",
    "day": "one of its days is no day of the calendar; write days as 2026-09-01",
    "over": "its last day is before its first day or before today; correct the days",
    "review": "its review date is before its first day or before today; choose a later one",
    "too_many": "the guide has four that run or are planned; end one, or change the guide",
}


class CorrectionMoved(CivicError):
    """A correction is not there, has ended, or was changed by somebody else meanwhile."""

    def __init__(self, correction_id: str) -> None:
        super().__init__(
            f"correction {correction_id[:32]!r}: not there, ended, or changed by somebody else; "
            "list the corrections and try again."
        )


class GuideGone(CivicError):
    """A guide is not among the town's, or is no more."""

    def __init__(self, guide_id: str) -> None:
        super().__init__(f"guide {guide_id[:120]!r}: not among the town's; look at the list again.")


class GuidesBusy(CivicError):
    """Another editor is planning, publishing or going back: ``by`` is their name, ``kind`` what."""

    def __init__(self, by: str, kind: str) -> None:
        super().__init__(f"{by!r} is at it ({kind}): wait until it is done and try again.")
        self.by = by
        self.kind = kind


class AccountRefused(CivicError):
    """A login or password of staff cannot be used; its text never quotes a password."""


class LanguageModelFailed(CivicError):
    """A call to a language model came to nothing usable: ``failing`` says why.

    Its text holds neither a key nor what was asked or said.
    """

    def __init__(self, endpoint: str, failing: Failing) -> None:
        super().__init__(f"language model {endpoint!r}: {MEANINGS[failing]}.")
        self.endpoint = endpoint
        self.failing = failing


class ContactInvalid(CivicError):
    """A contact is neither an e-mail address nor a telephone number; its text never quotes it."""


class HandoffRefused(CivicError):
    """What was asked of a handoff cannot be done as things stand; nothing was changed."""


class MoveRefused(HandoffRefused):
    """The state does not allow the move; ``owner_name`` is who holds the conversation, if any."""

    def __init__(self, move: str, state: str, owner_name: str | None = None) -> None:
        held = f" and {owner_name!r} holds it" if owner_name else ""
        super().__init__(
            f"move {move!r}: the conversation is {state!r}{held}; read it again and see the moves."
        )
        self.move = move
        self.state = state
        self.owner_name = owner_name


class AlreadyClaimed(MoveRefused):
    """Another member of staff claimed the conversation first: ``by`` is their name."""

    def __init__(self, by: str) -> None:
        super().__init__("claim", "with_agent", by)
        self.by = by


class FloorLost(HandoffRefused):
    """Who may speak has changed since: the answer must not be shown."""

    def __init__(self, state: str, owner_name: str | None = None) -> None:
        held = f", held by {owner_name!r}" if owner_name else ""
        super().__init__(f"the conversation is {state!r} now{held}; drop what was to be said.")
        self.state = state
        self.owner_name = owner_name


class SeatsTaken(HandoffRefused):
    """A member of staff holds as many conversations as they have ``seats``."""

    def __init__(self, seats: int) -> None:
        super().__init__(f"all {seats} seats are taken; close or give back a conversation first.")
        self.seats = seats


class NotPresent(HandoffRefused):
    """A member of staff has not arrived at the desk, or was not heard of for too long."""

    def __init__(self, staff_id: str) -> None:
        super().__init__(f"staff {staff_id!r}: not present; arrive at the desk again.")


class DeskUnavailable(HandoffRefused):
    """Nobody can come now; ``availability`` says why and when again."""

    def __init__(self, desk: str, availability: Availability) -> None:
        super().__init__(f"desk {desk!r}: {availability}; take a message instead.")
        self.availability = availability


class MessageRefused(HandoffRefused):
    """A message is empty or too long, or its id is unusable; its text is never quoted."""
