"""A simulated office week: who comes when, who is there, and what people do; the rest is real.

Time is simulated; the states, the queue, the estimate, presence and upkeep are the product's own,
over a database. People are drawn: arrivals by hour, talks as people have them (log-normal), some
who lose patience, leave the page, or vanish from the desk.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from math import log
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from civic_assistant.handoff import Handoff, open_handoff
from civic_assistant.handoff.availability import Open
from civic_assistant.settings import Settings

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 11, 9)
"""The Wednesday of this week is 11 November, a public holiday."""
DAYS = 7
OVERFLOW = 3
"""The day (from Monday, 0) on which twice as many come and half the staff is ill."""
VANISHED = 1
"""The day on which somebody's computer dies for an hour, with citizens in hand."""

HOURLY = (
    1, 0.3, 0.3, 0.3, 0.5, 1, 2, 6, 16, 26, 28, 23, 14, 18, 24, 24, 20, 16, 10, 7, 6, 4, 3, 2,
)  # fmt: skip
"""Unsure outcomes an hour on a weekday, from midnight on; a third of it on Saturday and Sunday."""
DESK_SHARES = {"accueil": 5, "etat-civil": 3, "enfance": 2, "social": 1, "cadre-de-vie": 2}
TALK_SECONDS, TALK_VARIATION = 420.0, 0.8
"""Mean length of a talk, and its coefficient of variation."""
PATIENCE_SECONDS = 2400.0
GONE_SHARE = 0.06
"""Of those who wait, so many close the page."""
_BEAT_SECONDS = 30.0
_UPKEEP_SECONDS = 60.0
_LOOK_SECONDS = (8.0, 32.0)
"""After how long an agent with a free seat looks at the list again."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a citizen was told on choosing to wait, and what came; seconds.

    ``true`` is None for who left the queue before a person came.
    """

    at: datetime
    desk: str
    ahead: int
    estimated: float
    true: float | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A member of staff: the desks, and when they are there on a day (none: ill, or closed)."""

    name: str
    desks: tuple[str, ...]


STAFF = (
    Shift("Awa", ("accueil",)),
    Shift("Bruno", ("accueil",)),
    Shift("Chloé", ("accueil", "etat-civil")),
    Shift("Dora", ("etat-civil",)),
    Shift("Émile", ("enfance", "accueil")),
    Shift("Fatou", ("social",)),
    Shift("Gil", ("cadre-de-vie",)),
)
_ILL = {"Bruno", "Dora", "Émile"}


@dataclass
class Office:
    """One week over a database whose tables are there; ``run`` lets it pass."""

    engine: Engine
    settings: Settings
    seed: int
    days: int = DAYS
    now: datetime = field(init=False)
    outcomes: list[str] = field(default_factory=list)
    waits: dict[str, Told] = field(default_factory=dict)
    full: int = 0
    handoff: Handoff = field(init=False)
    _chance: random.Random = field(init=False)
    _due: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)
    _there: set[str] = field(default_factory=set)
    _gone: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.handoff = open_handoff(self.engine, self.settings, lambda: self.now)
        self._chance = random.Random(self.seed)
        self.now = datetime.combine(MONDAY, time(), PARIS).astimezone(UTC)

    def run(self) -> None:
        """Let the days pass, each with its evening, in which everything comes to its end."""
        end = self.now + timedelta(days=self.days)
        for number in range(self.days):
            day = MONDAY + timedelta(days=number)
            for arrival in self._arrivals(number, day):
                self._at(arrival, self._citizen_comes)
            for shift in STAFF:
                if not (number == OVERFLOW and shift.name in _ILL):
                    self._plan_shift(shift, number, day)
        self._at(self.now, self._upkeep)
        while self._due and self._due[0][0] < end:
            self.now, _, act = heapq.heappop(self._due)
            act()

    # --- citizens ---

    def _arrivals(self, number: int, day: date) -> list[datetime]:
        moments = []
        factor = (1 / 3 if number >= 5 else 1) * (2 if number == OVERFLOW else 1)
        for hour, rate in enumerate(HOURLY):
            passed = self._chance.expovariate(rate * factor)
            while passed < 1:
                start = datetime.combine(day, time(hour), PARIS).astimezone(UTC)
                moments.append(start + timedelta(hours=passed))
                passed += self._chance.expovariate(rate * factor)
        return moments

    def _citizen_comes(self) -> None:
        """Ask, be told that the answer is unsure, and be offered a person."""
        handoff = self.handoff
        opened = handoff.conversations.open(language="fr", now=self.now).conversation
        heard = handoff.transcript.hear(
            opened.id, client_id="q", text="Une question difficile.", now=self.now
        )
        handoff.transcript.say(heard.floor, client_id="b", text="Pas assez sûr.", now=self.now)
        desks, weights = zip(*DESK_SHARES.items(), strict=True)
        desk = self._chance.choices(desks, weights)[0]
        handoff.handoffs.offer(heard.floor, reason="unsure", desk=desk, now=self.now)
        self.outcomes.append(opened.id)
        self._beat_of(opened.id)
        self._in(self._chance.uniform(8, 40), lambda: self._choose(opened.id, desk))

    def _choose(self, conversation_id: str, desk: str) -> None:
        """Wait, leave a message, go on alone, or do nothing, by what the panel says."""
        available = self.handoff.queue.availability(desk, self.now)
        if isinstance(available, Open):
            minutes = available.wait_seconds / 60
            if self._chance.random() < max(0.15, 0.85 - 0.02 * minutes):
                self.handoff.handoffs.wait(
                    conversation_id, reason="unsure", desk=desk, question="Une question.",
                    now=self.now,
                )  # fmt: skip
                told = Told(self.now, desk, available.ahead, available.wait_seconds)
                self.waits[conversation_id] = told
                self._wait(conversation_id)
                return
        elif type(available).__name__ == "Full":
            self.full += 1
        match self._chance.choices(("leave", "decline", "ignore"), (6, 2, 2))[0]:
            case "leave":
                self._leave(conversation_id, desk)
            case "decline":
                self.handoff.handoffs.decline(conversation_id, self.now)
                self._gone.add(conversation_id)
            case _:
                self._gone.add(conversation_id)

    def _wait(self, conversation_id: str) -> None:
        if self._chance.random() < GONE_SHARE:
            self._in(self._chance.expovariate(1 / 300), lambda: self._go(conversation_id))
            return
        patience = self._chance.expovariate(1 / PATIENCE_SECONDS)
        self._in(patience, lambda: self._lose_patience(conversation_id))

    def _lose_patience(self, conversation_id: str) -> None:
        if self._state(conversation_id) != "waiting":
            return
        if self._chance.random() < 0.5:
            self.handoff.handoffs.withdraw(conversation_id, self.now)
            self._gone.add(conversation_id)
        else:
            record = self.handoff.handoffs.current(conversation_id)
            self._leave(conversation_id, record.desk if record else "accueil")

    def _leave(self, conversation_id: str, desk: str) -> None:
        self.handoff.handoffs.leave_message(
            conversation_id, reason="unsure", desk=desk, question="Une question.",
            contact="ana@exemple.fr", now=self.now,
        )  # fmt: skip
        self._gone.add(conversation_id)

    def _go(self, conversation_id: str) -> None:
        """Close the page without a word."""
        self._gone.add(conversation_id)
        self.handoff.conversations.gone(conversation_id)

    def _beat_of(self, conversation_id: str) -> None:
        if conversation_id in self._gone or self._state(conversation_id) == "closed":
            return
        self.handoff.conversations.seen(conversation_id, self.now)
        self._in(_BEAT_SECONDS, lambda: self._beat_of(conversation_id))

    # --- staff ---

    def _plan_shift(self, shift: Shift, number: int, day: date) -> None:
        """Be there while the first of one's desks is open: a little late, and gone over lunch."""
        for span in self.handoff.desks.desk(shift.desks[0]).hours.spans(day):
            begin = datetime.combine(day, span.start, PARIS).astimezone(UTC)
            end = datetime.combine(day, span.end, PARIS).astimezone(UTC)
            late = timedelta(seconds=self._chance.uniform(-120, 420))
            self._at(begin + late, lambda: self._arrive(shift))
            self._at(end + timedelta(minutes=15), lambda: self._leave_desk(shift))
            if self._chance.random() < 0.7:  # a break: nobody new is taken
                middle = begin + (end - begin) * self._chance.uniform(0.3, 0.7)
                self._at(middle, lambda: self._pause(shift, True))
                self._at(middle + timedelta(minutes=12), lambda: self._pause(shift, False))
        if number == VANISHED and shift.name == "Awa":
            ten = datetime.combine(day, time(10, 10), PARIS).astimezone(UTC)
            self._at(ten, lambda: self._there.discard(shift.name))
            self._at(ten + timedelta(hours=1), lambda: self._arrive(shift))

    def _arrive(self, shift: Shift) -> None:
        self.handoff.presence.arrive(shift.name, name=shift.name, desks=shift.desks, now=self.now)
        if shift.name not in self._there:
            self._there.add(shift.name)
            self._beat_staff(shift)
            self._look(shift)

    def _leave_desk(self, shift: Shift) -> None:
        self._there.discard(shift.name)
        self.handoff.presence.leave(shift.name, self.now)

    def _pause(self, shift: Shift, is_away: bool) -> None:
        if shift.name in self._there:
            self.handoff.presence.set_away(shift.name, is_away, self.now)

    def _beat_staff(self, shift: Shift) -> None:
        if shift.name in self._there:
            self.handoff.presence.beat(shift.name, self.now)
            self._in(_BEAT_SECONDS, lambda: self._beat_staff(shift))

    def _look(self, shift: Shift) -> None:
        """Take who waits while there is a seat; a left message when nobody waits at all."""
        if shift.name not in self._there:
            return
        self._in(self._chance.uniform(*_LOOK_SECONDS), lambda: self._look(shift))
        present = {one.id: one for one in self.handoff.presence.present(self.now)}
        me = present.get(shift.name)
        desk = self.handoff.desks.desk(shift.desks[0])
        if me is None or me.is_away or not desk.hours.is_open(self.now):
            return
        handoffs = self.handoff.handoffs
        held = len(handoffs.held_by(shift.name))
        if held < me.seats and (taken := handoffs.claim_next(staff_id=shift.name, now=self.now)):
            self._talk(shift, taken.id)
        elif held == 0 and (left := handoffs.left(*shift.desks)):
            oldest = left[0].conversation_id
            handoffs.claim(oldest, staff_id=shift.name, now=self.now)
            self._in(self._chance.uniform(60, 300), lambda: self._end(shift, oldest))

    def _talk(self, shift: Shift, conversation_id: str) -> None:
        told = self.waits.get(conversation_id)
        if told is not None and told.true is None:
            true = (self.now - told.at).total_seconds()
            self.waits[conversation_id] = Told(told.at, told.desk, told.ahead, told.estimated, true)
        spread = log(1 + TALK_VARIATION**2)
        length = TALK_SECONDS * self._chance.lognormvariate(-spread / 2, spread**0.5)
        if conversation_id in self._gone:
            length = 120.0
        self._in(min(25.0, length / 2), lambda: self._reply(shift, conversation_id))
        self._in(length, lambda: self._end(shift, conversation_id))

    def _reply(self, shift: Shift, conversation_id: str) -> None:
        if self._holds(shift, conversation_id):
            self.handoff.transcript.reply(
                conversation_id, staff_id=shift.name, client_id=f"a{next(self._order)}",
                text="Bonjour.", now=self.now,
            )  # fmt: skip

    def _end(self, shift: Shift, conversation_id: str) -> None:
        if shift.name in self._there and self._holds(shift, conversation_id):
            is_gone = conversation_id in self._gone
            self.handoff.handoffs.close(
                conversation_id, staff_id=shift.name,
                reason="not_reached" if is_gone else "solved", now=self.now,
            )  # fmt: skip

    def _holds(self, shift: Shift, conversation_id: str) -> bool:
        return self.handoff.conversations.conversation(conversation_id).owner == shift.name

    # --- time ---

    def _upkeep(self) -> None:
        self.handoff.upkeep.run(self.now)
        self._in(_UPKEEP_SECONDS, self._upkeep)

    def _state(self, conversation_id: str) -> str:
        return self.handoff.conversations.conversation(conversation_id).state

    def _in(self, seconds: float, act: Callable[[], None]) -> None:
        self._at(self.now + timedelta(seconds=seconds), act)

    def _at(self, moment: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._due, (moment, next(self._order), act))


def ends(office: Office) -> Mapping[str, int]:
    """Return what every unsure outcome came to; `left over` is promised to be 0."""
    found = dict.fromkeys(
        ("answered by a person", "answered later, from a message", "went on alone",
         "offer lapsed", "stopped waiting", "recorded as a message", "left over"), 0,
    )  # fmt: skip
    for conversation_id in office.outcomes:
        found[_end_of(office, conversation_id)] += 1
    return found


def _end_of(office: Office, conversation_id: str) -> str:
    record = office.handoff.handoffs.latest(conversation_id)
    state = office.handoff.conversations.conversation(conversation_id).state
    if record is None:
        return "left over"
    match record.close_reason:
        case "declined":
            return "went on alone"
        case "lapsed":
            return "offer lapsed"
        case "withdrawn":
            return "stopped waiting"
        case None:
            return "recorded as a message" if state == "left_message" else "left over"
        case _:
            told = office.waits.get(conversation_id)
            is_live = told is not None and told.true is not None
            return "answered by a person" if is_live else "answered later, from a message"
