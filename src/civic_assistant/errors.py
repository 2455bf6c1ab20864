"""Every error the product raises on purpose.

* CivicError
  x SettingsError          a setting cannot be used as it is
  x SourceError            a whole folder, package or archive cannot be read
  x DocumentRefused        one document of a source cannot be published; the rest goes on
  x IndexUnusable          the index folder cannot be used at all
    - IndexMissing         nothing has been published there yet
    - IndexMismatch        written by another embedding model or other passage rules
  x CouldNotLook           the question could not be looked up; never the same as nothing found
  x RecordMissing          no turn, request or conversation is kept under that number
  x RecordsUnusable        journal, requests and conversations cannot be read or written now
  x AnswerRefused          a verified answer cannot be made like that
  x AnswerMoved            a verified answer was withdrawn or renewed meanwhile
  x AccountRefused         an account of staff cannot be made like that
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

if TYPE_CHECKING:
    from civic_assistant.handoff.availability import Availability


class CivicError(Exception):
    """The root of the tree; its text is for operators and editors, never for citizens."""


class SettingsError(CivicError):
    """A setting cannot be used as it is."""


class SourceError(CivicError):
    """A whole source (folder, package, archive) cannot be read."""


class DocumentRefused(CivicError):
    """One document cannot be published.

    ``document`` names it below its source, ``reason`` says what is wrong, ``remedy`` what to do.
    """

    def __init__(self, document: str, reason: str, remedy: str) -> None:
        super().__init__(f"{document!r}: {reason} {remedy}")
        self.document = document
        self.reason = reason
        self.remedy = remedy


class IndexUnusable(CivicError):
    """The index folder cannot be used."""


class IndexMissing(IndexUnusable):
    """Nothing has been published into the index folder yet."""


class IndexMismatch(IndexUnusable):
    """The index was written by another embedding model or with other passage rules."""


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


class AccountRefused(CivicError):
    """A login or password of staff cannot be used; its text never quotes a password."""


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
