"""What was written, and what became of it on the page, at the desk and in the store."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, get_args

Side = Literal["c", "a"]
"""Who wrote a message: the citizen, or the agent."""
Reader = Literal["page", "desk", "store"]
READERS: tuple[Reader, ...] = get_args(Reader)
"""Where a message must stand at the end: the citizen's page, the tab at the desk, the database."""
_MARK = re.compile(r"\b([ca])(\d{4})-(\d{4})\b")


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A message's mark, which stands in its text: conversation, side, and number from 1."""

    conversation: int
    side: Side
    number: int

    def __str__(self) -> str:
        """Return the mark as it stands in a text."""
        return f"{self.side}{self.conversation:04}-{self.number:04}"


def mark_in(text: str) -> Mark | None:
    """Return the mark that stands in a text, or None."""
    found = _MARK.search(text)
    if found is None:
        return None
    side: Side = "c" if found.group(1) == "c" else "a"
    return Mark(int(found.group(2)), side, int(found.group(3)))


@dataclass(frozen=True, slots=True)
class Seen:
    """What one reader of one conversation saw at the end, first to last.

    ``after_claim`` counts messages of the bot that came while a person held the conversation.
    """

    reader: Reader
    conversation: int
    marks: tuple[Mark, ...]
    after_claim: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many messages were written, and the faults; all zero is what is promised.

    ``notes`` name each fault: which message, and where.
    """

    messages: int
    lost: int
    doubled: int
    out_of_order: int
    after_claim: int
    notes: tuple[str, ...] = ()

    def __add__(self, other: Verdict) -> Verdict:
        """Return both runs as one."""
        return Verdict(
            self.messages + other.messages,
            self.lost + other.lost,
            self.doubled + other.doubled,
            self.out_of_order + other.out_of_order,
            self.after_claim + other.after_claim,
            self.notes + other.notes,
        )

    @property
    def is_clean(self) -> bool:
        """Whether no fault was found."""
        return not (self.lost or self.doubled or self.out_of_order or self.after_claim)

    def __str__(self) -> str:
        """Return the line that the run ends with."""
        return (
            f"{self.messages} messages, {self.lost} lost, {self.doubled} doubled, "
            f"{self.out_of_order} out of order, {self.after_claim} after claim"
        )


@dataclass(slots=True)
class Ledger:
    """Every message that somebody wrote, in the order of writing."""

    written: list[Mark] = field(default_factory=list)
    _numbers: Counter[tuple[int, Side]] = field(default_factory=Counter)

    def write(self, conversation: int, side: Side) -> Mark:
        """Return the mark of a side's next message."""
        self._numbers[conversation, side] += 1
        mark = Mark(conversation, side, self._numbers[conversation, side])
        self.written.append(mark)
        return mark

    def verdict(self, seen: Iterable[Seen]) -> Verdict:
        """Compare what was written with what every reader saw.

        A message counts once as lost, doubled or out of order, however many readers saw it so;
        what one kind of reader never saw is lost.
        """
        views = list(seen)
        lost: set[Mark] = set()
        doubled: set[Mark] = set()
        out_of_order: set[Mark] = set()
        notes: list[str] = []
        for reader in READERS:
            shown = Counter(m for view in views if view.reader == reader for m in view.marks)
            missing = set(self.written) - set(shown)
            twice = {mark for mark, times in shown.items() if times > 1}
            late = {m for view in views if view.reader == reader for m in _late(view.marks)}
            claimed = sum(view.after_claim for view in views if view.reader == reader)
            notes += [f"{mark} is not in the {reader}" for mark in sorted(missing)]
            notes += [f"{mark} is twice in the {reader}" for mark in sorted(twice)]
            notes += [f"{mark} comes too late in the {reader}" for mark in sorted(late)]
            if claimed:
                notes.append(f"{claimed} times the bot spoke after a claim, in the {reader}")
            lost |= missing
            doubled |= twice
            out_of_order |= late
        return Verdict(
            len(self.written),
            len(lost),
            len(doubled),
            len(out_of_order),
            sum(view.after_claim for view in views),
            tuple(notes),
        )


def _late(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the messages that stand behind a later one of the same side."""
    for side in ("c", "a"):
        own = list(dict.fromkeys(mark for mark in marks if mark.side == side))
        yield from (after for before, after in pairwise(own) if after.number < before.number)
