"""Planning, publishing and going back, each in a thread of its own that outlives the page.

One at a time for the whole server: `Runs` says which and how far it is. What a killed process
leaves is settled by whoever looks next.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from pydantic import JsonValue

from civic_assistant.desk.editors.drafts import draft_digest
from civic_assistant.desk.editors.planned import PLANNED, Planned, plan_of, review_of
from civic_assistant.desk.editors.runs import Run, RunKind, Runs
from civic_assistant.desk.editors.updates import UPDATE_REVIEW, review_update
from civic_assistant.desk.editors.workshop import Workshop
from civic_assistant.desk.sessions import Member
from civic_assistant.edition_log import EditionEntry
from civic_assistant.errors import (
    CivicError,
    DraftOutdated,
    EditionStale,
    IndexBusy,
    SourceError,
    WithdrawalsUnconfirmed,
)
from ingest.drafts.draft_publishing import publish_draft
from ingest.editions.restoring import restore
from ingest.editions.rolling import roll_to
from ingest.progress import Advance, Progress
from ingest.publish import go_live

log = logging.getLogger(__name__)

_SAID_SECONDS = 0.4
Work = Callable[[Run], tuple[int | None, JsonValue]]
"""What a run does; returns the edition that came of it and what is kept with the run."""


class RunProgress(Progress):
    """Writes down how far a run is, a few times a second at most."""

    def __init__(self, runs: Runs, run_id: str) -> None:
        super().__init__(visible=False)
        self._runs = runs
        self._run_id = run_id

    @contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Advance]:
        """Say that a stage begins, and then how many of its ``total`` steps are taken."""
        done, said = 0, time.monotonic()
        self._runs.advance(self._run_id, name, 0, total)

        def advance(count: int = 1) -> None:
            nonlocal done, said
            done += count
            if time.monotonic() - said >= _SAID_SECONDS:
                said = time.monotonic()
                self._runs.advance(self._run_id, name, done, total)

        yield advance


class Publishing:
    """What an editor sets going; each method raises `GuidesBusy` when another is at it."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._settings = workshop.settings
        self._runs = workshop.runs

    def plan(
        self, member: Member, *, is_withdrawal_confirmed: bool = False, is_strict: bool = True
    ) -> Run:
        """Stage what somebody's draft makes of the guides, and see what changes by it."""
        workshop, draft = self._workshop, self._workshop.draft(member)

        def work(run: Run) -> tuple[int | None, JsonValue]:
            progress = RunProgress(self._runs, run.id)
            if outdated := draft.outdated():
                raise DraftOutdated(outdated)
            self._drop_staged(member, run)
            planned = plan_of(
                draft,
                workshop,
                run.author,
                progress,
                is_withdrawal_confirmed=is_withdrawal_confirmed,
                is_strict=is_strict,
            )
            planned = review_of(planned, workshop, progress)
            return planned.edition, PLANNED.dump_python(planned, mode="json")

        return self._begin("plan", member, work, draft=draft_digest(draft))

    def publish(self, member: Member, planned: Planned, reason: str) -> Run:
        """Make what was planned live, with the corpus folder, and empty the draft."""
        draft = self._workshop.draft(member)

        def work(run: Run) -> tuple[int | None, JsonValue]:
            self._runs.advance(run.id, "switching", 0, None)
            publish_draft(
                draft,
                planned.edition,
                self._settings,
                author=run.author,
                reason=run.reason,
                clock=self._workshop.now,
            )
            self._runs.forget(member.id)
            return planned.edition, {"suspended": self._suspended()}

        digest = draft_digest(draft)
        return self._begin(
            "publish", member, work, draft=digest, edition=planned.edition, reason=reason
        )

    def review(self, member: Member, entry: EditionEntry) -> Run:
        """See what a waiting edition of another feed changes."""

        def work(run: Run) -> tuple[int | None, JsonValue]:
            found = review_update(entry, self._workshop, RunProgress(self._runs, run.id))
            return entry.number, UPDATE_REVIEW.dump_python(found, mode="json")

        return self._begin("review", member, work, edition=entry.number)

    def publish_update(self, member: Member, entry: EditionEntry, reason: str) -> Run:
        """Make a waiting edition of another feed live; drafts and the corpus folder stay."""

        def work(run: Run) -> tuple[int | None, JsonValue]:
            self._runs.advance(run.id, "switching", 0, None)
            go_live(
                entry.number,
                self._settings,
                author=run.author,
                reason=run.reason,
                clock=self._workshop.now,
            )
            return entry.number, {"suspended": self._suspended()}

        return self._begin("publish", member, work, edition=entry.number, reason=reason)

    def go_back(self, member: Member, edition: int, reason: str) -> Run:
        """Make an edition live again that was live before, and give the folder its documents."""
        workshop = self._workshop

        def work(run: Run) -> tuple[int | None, JsonValue]:
            self._runs.advance(run.id, "switching", 0, None)
            switch = roll_to(
                edition, self._settings, author=run.author, reason=run.reason, clock=workshop.now
            )
            self._runs.advance(run.id, "restoring", 0, None)
            restored = restore(
                edition, switch.before, self._settings, at=workshop.now(), author=run.author
            )
            told: JsonValue = {
                "suspended": self._suspended(),
                "left": list(restored.left),
                "is_known": restored.is_known,
            }
            return edition, told

        return self._begin("return", member, work, edition=edition, reason=reason)

    def settle(self) -> None:
        """End a run whose process is gone: as done if its edition is live, else as failed."""
        run = self._runs.running()
        if run is None or not self._runs.is_silent(run):
            return
        live = None
        with suppress(CivicError):
            live = self._workshop.catalogue.live_edition()
        if run.kind in ("plan", "review") or run.edition is None or run.edition != live:
            self._runs.fail(run.id, "interrupted")
            return
        draft = self._workshop.drafts.of(run.staff_id)
        if run.kind == "publish" and draft_digest(draft) == run.draft:
            draft.discard()
        self._runs.finish(run.id, edition=run.edition, outcome={"suspended": self._suspended()})

    def _begin(
        self,
        kind: RunKind,
        member: Member,
        work: Work,
        *,
        draft: str = "",
        edition: int | None = None,
        reason: str = "",
    ) -> Run:
        self.settle()
        run = self._runs.begin(kind, member, draft=draft, edition=edition, reason=reason)
        thread = Thread(
            target=self._carry_out, args=(run, work), name=f"guides-{kind}", daemon=True
        )
        thread.start()
        return run

    def _carry_out(self, run: Run, work: Work) -> None:
        """Do the work of a run and write down what came of it; nothing is raised."""
        try:
            with self._runs.beating(run.id):
                edition, outcome = work(run)
            self._runs.finish(run.id, edition=edition, outcome=outcome)
        except WithdrawalsUnconfirmed as error:
            told: JsonValue = {"withdrawn": list(error.withdrawn), "published": error.published}
            self._failed(run, "withdrawals", error, told)
        except DraftOutdated as error:
            self._failed(run, "outdated", error, {"documents": list(error.documents)})
        except EditionStale as error:
            self._failed(run, "stale", error)
        except IndexBusy as error:
            self._failed(run, "elsewhere", error)
        except SourceError as error:
            self._failed(run, "source", error)
        except CivicError as error:
            self._failed(run, "broken", error)
        except Exception as error:
            log.exception("%s of guides failed", run.kind)
            self._failed(run, "broken", error)

    def _failed(self, run: Run, problem: str, error: Exception, outcome: JsonValue = None) -> None:
        log.warning("%s of guides: %s (%s)", run.kind, problem, type(error).__name__)
        with suppress(CivicError):
            told = str(error) if isinstance(error, CivicError) else ""
            self._runs.fail(run.id, problem, told[:2_000], outcome)

    def _drop_staged(self, member: Member, run: Run) -> None:
        """Give up what the editor planned before: nobody will publish it now."""
        before = self._runs.latest(member.id, "plan", but=run.id)
        if before is not None and before.edition is not None:
            catalogue = self._workshop.catalogue
            if catalogue.edition(before.edition).state == "staged":
                catalogue.drop_staged(before.edition, self._workshop.now())

    def _suspended(self) -> int:
        """Suspend what fell; the edition is live all the same when that cannot be written down."""
        try:
            return self._workshop.suspend_fallen()
        except CivicError as error:
            log.warning("verified answers were not looked at (%s)", type(error).__name__)
            return 0
