"""Publishers that are killed at random moments while readers ask: nothing may be mixed or lost."""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count, pairwise
from pathlib import Path
from typing import Literal

from civic_assistant.edition_log import line_of
from civic_assistant.errors import CivicError
from evals.publishing.aftermath import Aftermath, version_of
from evals.publishing.asking import Asking
from evals.publishing.publisher import ENDED, KILLED, Command, start_command
from evals.publishing.readers import Seen
from evals.publishing.town import Town, make_town, make_verified_answers
from evals.publishing.versions import documents_in, documents_of, write_version

Step = Literal["publish", "rollback"]
ROLLBACK_SHARE = 0.5
"""Of the steps that begin when everything is published, so many go back."""
STAGE_SHARE = 0.5
"""Of so many kills the moment is drawn within one stage, each as likely: the others would nearly
all fall into the longest ones."""
MOVES_ON_SHARE = 0.25
"""After so many kills the editor changes the folder again before the next publish."""
ALONE_SHARE = 0.5
"""So many kills reach the publisher alone, and not the process that reads documents for it."""
_TELL_SECONDS = 20.0
_LENGTHS = 9
"""A kill's moment is drawn over the median of so many last unkilled runs."""


class RunBroken(CivicError):
    """The run itself cannot go on: a publish that nobody killed failed before the first kill."""


@dataclass(frozen=True, slots=True)
class FaultRun:
    """What a run came to; all faults zero is what is promised.

    ``stages`` counts the kills of each step by stage, ``late`` those that came after the end and do
    not count. ``seen`` is how many questions were answered, ``served`` how often the server was
    asked; ``editions`` went live, of which readers saw ``read_editions``. ``lengths`` are the
    median seconds of an unkilled run by step; ``notes`` name the faults.
    """

    kills: int
    mixed: int
    empty: int
    lost: int
    notes: tuple[str, ...]
    stages: Counter[tuple[Step, str]]
    late: Counter[Step]
    seen: int
    served: int
    editions: int
    read_editions: int
    lengths: dict[Step, float]
    seconds: float

    def __str__(self) -> str:
        """The line that a run ends with."""
        return f"{self.kills} kills, {self.mixed} mixed, {self.empty} empty, {self.lost} lost"

    @property
    def is_clean(self) -> bool:
        """Whether there was no fault."""
        return not (self.mixed or self.empty or self.lost)


def run_faults(
    scratch: Path,
    *,
    kills: int,
    seed: int,
    readers: int,
    is_served: bool,
    tell: Callable[[str], None] = lambda _: None,
) -> FaultRun:
    """Publish version after version into ``scratch``, killed so often, and compare what was seen.

    Raises:
        RunBroken: a publish that nobody killed failed before the first kill.
    """
    began = time.monotonic()
    town = make_town(scratch)
    killing = _Killing(town, random.Random(seed))
    killing.publish_unkilled(0)
    killing.asking.keep_answered()
    killing.aftermath.verified = make_verified_answers(town)
    killing.refuse_second(1)
    killing.asking.start(readers, is_served=is_served, seed=seed)
    told_at = time.monotonic()
    try:
        while killing.kills < kills:
            killing.step()
            if time.monotonic() - told_at > _TELL_SECONDS:
                told_at = time.monotonic()
                tell(f"{told_at - began:.0f} s: {killing.kills} kills, {len(killing.notes)} lost")
        killing.end()
    finally:
        seen, checks = killing.asking.stop()
    return killing.result(seen, checks, began)


@dataclass(slots=True)
class _Killing:
    """Publishes, goes back and kills, and looks at what is left each time."""

    town: Town
    chance: random.Random
    aftermath: Aftermath = field(init=False)
    asking: Asking = field(init=False)
    kills: int = 0
    late: Counter[Step] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    stages: Counter[tuple[Step, str]] = field(default_factory=Counter)
    _version: int = 0
    _is_due: bool = False
    _has_gone_back: bool = False
    _lengths: dict[Step, list[float]] = field(
        default_factory=lambda: {"publish": [], "rollback": []}
    )
    _stages: dict[Step, dict[str, float]] = field(
        default_factory=lambda: {"publish": {}, "rollback": {}}
    )
    _ended: list[Command] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.aftermath = Aftermath(self.town, ("", ""))
        self.asking = Asking(self.town)

    def publish_unkilled(self, version: int) -> None:
        """Publish a version, which tells how long that takes."""
        self._write(version)
        command = self._start("publish")
        if command.ended() != 0:
            raise RunBroken(f"version {version} was not published: {command.said}")
        self._note_length("publish", command)
        self._is_due = False

    def refuse_second(self, version: int) -> None:
        """See that of two publishers at once the second is refused, and says who the first is."""
        self._write(version)
        first = self._start("publish")
        first.wait_for_stage()
        with first.held():
            second = self._start("publish")
            status = second.ended()
        other = first.ended()
        if status != 1 or "another publish is running" not in second.said or other != 0:
            self._lose(f"two publishers at once ended with {other} and {status}", [second.said])
        self._is_due = False

    def step(self) -> None:
        """Publish or go back once, and try to kill that."""
        line = line_of(self.town.catalogue.switches())
        is_back = (
            not self._is_due
            and not self._has_gone_back
            and line.back is not None
            and self.chance.random() < ROLLBACK_SHARE
        )
        if is_back and line.back is not None:
            self._go_back(version_of(self.town.catalogue, line.back))
            return
        is_fresh = not self._is_due
        if is_fresh:
            self._write(self._version + 1)
        self._publish(is_fresh=is_fresh)

    def end(self) -> None:
        """Publish the last version to its end, and see that nothing is left over."""
        self._write(self._version + 1)
        command = self._start("publish")
        status = command.ended()
        if status != 0:
            self._lose("the last publish", [f"ended with {status}: {command.said}"])
        self._look("the last publish", {self._version}, {self._version}, is_settled=True)
        self._lose("after the run", self.aftermath.of_leftovers())
        self._lose("after the purge", self.aftermath.of_edition({self._version}))
        check = self._start("check")
        if check.ended() != 0:
            self._lose("check", [check.said])
        left = [command for command in self._ended if command.has_left_processes()]
        if left:
            self._lose("after the run", [f"{len(left)} killed runs left processes behind"])

    def result(self, seen: list[Seen], checks: list[Seen], began: float) -> FaultRun:
        """Return what the run came to, readers included."""
        catalogue = self.town.catalogue
        lived = {switch.edition for switch in catalogue.switches()}
        faults = [*seen, *checks]
        notes = [f"{one.fault}: {one.note}" for one in faults if one.fault is not None]
        counts = Counter(one.fault for one in faults)
        for edition, version in {(s.edition, s.version) for s in seen if s.version is not None}:
            if edition not in lived or version_of(catalogue, edition) != version:
                counts["mixed"] += 1
                notes.append(f"mixed: edition {edition} was read with passages of {version}")
        return FaultRun(
            kills=self.kills,
            mixed=counts["mixed"],
            empty=counts["empty"],
            lost=len(self.notes),
            notes=(*notes, *self.notes),
            stages=self.stages,
            late=self.late,
            seen=len(seen),
            served=len(checks),
            editions=len(lived),
            read_editions=len({one.edition for one in seen} & lived),
            lengths={step: self._length(step) for step in self._lengths},
            seconds=time.monotonic() - began,
        )

    def _publish(self, *, is_fresh: bool) -> None:
        before, target = self.aftermath.live_version(), self._version
        command = self._start("publish")
        stage = self._killed("publish", command)
        self._has_gone_back = False
        if stage is None:
            if is_fresh:
                self._note_length("publish", command)
            self._look(f"publish of {target}", {target}, {target}, is_settled=True)
            self._is_due = False
            return
        allowed = {target} if stage == "after" else {before, target}
        self._look(f"publish of {target} killed at {stage}", allowed, {target})
        self._is_due = self.aftermath.live_version() != target
        if self._is_due and self.chance.random() < MOVES_ON_SHARE:
            self._write(self._version + 1)

    def _go_back(self, target: int) -> None:
        """Go back; what a kill left undone in the corpus folder, the same step named ends."""
        before = self.aftermath.live_version()
        command = self._start("rollback")
        stage = self._killed("rollback", command)
        self._has_gone_back = True
        if stage is None:
            self._note_length("rollback", command)
            self._look(f"step back to {target}", {target}, {target})
            return
        is_switched = stage in ("restoring", "after")
        allowed = {target} if is_switched else {before, target}
        self._look(f"step back to {target} killed at {stage}", allowed, {before, target})
        version = self.aftermath.live_version()
        if documents_in(self.town.settings.corpus_folder) != documents_of(version):
            number = self.town.catalogue.live_edition()
            again = self._start("rollback", str(number))
            if again.ended() != 0:
                self._lose(f"step back to {target} again", [again.said])
            self._lose(f"step back to {target} again", self.aftermath.of_folder({version}))

    def _killed(self, step: Step, command: Command) -> str | None:
        """Kill a command at a random moment, and return its stage; None when it ended before."""
        self._await_moment(step, command)
        is_alone = self.chance.random() < ALONE_SHARE
        if command.is_running:
            command.kill(with_children=not is_alone)
        status, stages = command.ended(), command.stages
        self._ended.append(command)
        if status == KILLED and stages and stages[-1][0] != ENDED:
            stage = stages[-1][0]
            self.kills += 1
            self.stages[step, stage] += 1
            return stage
        self.late[step] += 1
        if status not in (0, KILLED):
            self._lose(step, [f"ended with {status}, unkilled: {command.said}"])
        return None

    def _await_moment(self, step: Step, command: Command) -> None:
        """Wait until the command is to be killed: any moment of it, or any of one stage."""
        if self.chance.random() < STAGE_SHARE and (stages := self._stages[step]):
            stage, seconds = self.chance.choice(sorted(stages.items()))
            if command.wait_for_stage(stage):
                command.ended(self.chance.uniform(0, seconds))
        elif command.wait_for_stage():
            command.ended(self.chance.uniform(0, self._length(step)))

    def _look(
        self, when: str, editions: set[int], folder: set[int], *, is_settled: bool = False
    ) -> None:
        """Look at everything that may be lost."""
        self._lose(when, self.aftermath.of_edition(editions))
        self._lose(when, self.aftermath.of_history())
        self._lose(when, self.aftermath.of_folder(folder))
        self._lose(when, self.aftermath.of_answers(is_settled=is_settled))

    def _lose(self, when: str, lost: Iterable[str]) -> None:
        self.notes += [f"lost: {when}: {what}" for what in lost]

    def _write(self, version: int) -> None:
        write_version(self.town.settings.corpus_folder, version)
        self._version, self._is_due = version, True

    def _start(self, *arguments: str) -> Command:
        folder = self.town.scratch / "commands" / f"{next(self._numbers):04}-{arguments[0]}"
        named = [] if arguments[0] == "check" else ["--author", "Awa D."]
        return start_command([*arguments, *named], self.town.environment, folder)

    def _note_length(self, step: Step, command: Command) -> None:
        """Remember how long an unkilled run took, and each of its stages."""
        stages = command.stages
        if stages:
            self._lengths[step].append(stages[-1][1] - stages[0][1])
        for (stage, at), (_, until) in pairwise(stages):
            self._stages[step][stage] = until - at

    def _length(self, step: Step) -> float:
        """Return the seconds over which a kill's moment is drawn."""
        known = self._lengths[step][-_LENGTHS:]
        return statistics.median(known or self._lengths["publish"])
