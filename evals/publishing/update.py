"""An update of the national guides, step by step, against a full rebuild in the same run."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from civic_assistant.guides import Audience
from civic_assistant.model_folder import ensure_models
from evals.bench.apart import apart
from evals.pinned import checkout_commit
from evals.publishing.command_run import BegunCommand, StepFailed
from evals.publishing.edition_changes import (
    Held,
    changed_since,
    differences,
    held_in,
    kept_guides,
)
from evals.publishing.kept_steps import KeptSteps, Step, StepName
from evals.publishing.priced_guide import PricedGuide, priced_guides
from evals.publishing.running_product import RunningProduct, Said
from evals.publishing.sampled_feed import (
    FeedDifference,
    change_one_sheet,
    feed_difference,
    sampled,
)

if TYPE_CHECKING:
    from civic_assistant.settings import Settings

NATIONAL, TOWN = "national", "town"
PATIENCE = 600.0
"""Seconds for which a change is waited for, far beyond what is aimed at: it is to be measured."""

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Update:
    """Everything that one run measured.

    ``share`` of the sheets were published, 1 for all. ``apart`` says in what the updated index is
    not the rebuilt one, and must be empty; ``kept`` counts guides that only the updated one has
    because they can no longer be read, which a publish keeps. ``load`` is how many programs wanted
    one of the ``cores`` when the run began or went on.
    """

    began_at: str
    commit: str
    cores: int
    load: float
    embedding: str
    audiences: tuple[Audience, ...]
    share: float
    seed: int
    feed: FeedDifference
    steps: tuple[Step, ...]
    apart: tuple[str, ...]
    kept: int

    def step(self, name: StepName) -> Step:
        """Return a step by its name."""
        return next(step for step in self.steps if step.name == name)


def run_update(
    packages: tuple[Path, Path],
    settings: Settings,
    folder: Path,
    *,
    share: float = 1.0,
    seed: int = 0,
    say: Say = lambda text: None,
) -> Update:
    """Publish one version of the feed and then the other, and return what each step took.

    ``packages`` are the unpacked versions; ``settings`` name the embedding, the audiences and the
    town's corpus, of which a copy is published. ``folder`` holds the indexes; steps that are done
    in it already are not done again.

    Raises:
        StepFailed: a command failed, a change was not answered within `PATIENCE` seconds, or the
            folder is that of another run.
        SourceError: nothing can be published of a package, or no guide names an amount.
    """
    return _Run(packages, settings, folder, share, seed, say).whole()


class _Run:
    """One run in its folder: an index each for what is built, updated, rebuilt and changed."""

    def __init__(
        self,
        packages: tuple[Path, Path],
        settings: Settings,
        folder: Path,
        share: float,
        seed: int,
        say: Say,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder.absolute()
        self._settings, self._share, self._seed, self._say = settings, share, seed, say
        self._audiences: Sequence[Audience] = settings.national_audiences
        first, second = (package.absolute() for package in packages)
        about = {
            "from": str(first),
            "to": str(second),
            "corpus": str(settings.corpus_folder.absolute()),
            "embedding": settings.embedding,
            "audiences": " ".join(self._audiences),
            "share": f"{share}",
            "seed": f"{seed}",
        }
        self._steps = KeptSteps(self._folder, about)
        self._first, self._second = self._sampled("from", first), self._sampled("to", second)

    def whole(self) -> Update:
        load = os.getloadavg()[0]
        began_at = datetime.now(UTC).isoformat(timespec="seconds")
        ensure_models(self._settings)
        steps = (*self._build(), self._update(), self._again(), self._rebuild(), *self._change())
        self._say("comparing the updated index with the rebuilt one")
        differing, kept = self._compared()
        return Update(
            began_at=began_at,
            commit=checkout_commit(),
            cores=os.cpu_count() or 1,
            load=load,
            embedding=self._settings.embedding,
            audiences=tuple(self._audiences),
            share=self._share,
            seed=self._seed,
            feed=feed_difference(self._first, self._second, self._audiences),
            steps=steps,
            apart=differing,
            kept=kept,
        )

    def _build(self) -> tuple[Step, ...]:
        if done := self._done("town", "build"):
            return done
        own = self._fresh("built")
        town = self._published("town", own, "publish")
        build = self._published("build", own, "national", "--from", str(self._first))
        self._steps.keep(town, build)
        return town, build

    def _update(self) -> Step:
        if done := self._done("update"):
            return done[0]
        own = self._fresh("updated", like="built")
        # Between versions that lie far apart more sheets may be gone than are withdrawn unasked.
        step = self._published(
            "update", own, "national", "--from", str(self._second), "--confirm-withdrawals"
        )
        self._steps.keep(step)
        return step

    def _again(self) -> Step:
        if done := self._done("again"):
            return done[0]
        own = self._own("updated")
        step = self._published("again", own, "national", "--from", str(self._second))
        self._steps.keep(step)
        return step

    def _rebuild(self) -> Step:
        if done := self._done("rebuild"):
            return done[0]
        own = self._fresh("rebuilt")
        self._command(own, "publish").ended()
        step = self._published("rebuild", own, "national", "--from", str(self._second))
        self._steps.keep(step)
        return step

    def _change(self) -> tuple[Step, ...]:
        """Change one guide beside a product that answers, take it back, and change one sheet."""
        if done := self._done("guide", "back", "sheet"):
            return done
        own = self._fresh("changed", like="updated")
        package = self._folder / "one-sheet"
        shutil.rmtree(package, ignore_errors=True)
        sampled(self._second, self._audiences, 1.0, self._seed, package)
        change_one_sheet(package, self._audiences, self._seed)
        before = self._held(own).edition
        with RunningProduct(own) as product:
            priced = self._asked_guide(product, own.corpus_folder)
            priced.raise_in(own.corpus_folder)

            def is_new(said: Said) -> bool:
                return said.edition != before and priced.is_raised_said(said.text)

            def is_old(said: Said) -> bool:
                return said.edition == before and priced.is_said(said.text)

            def is_from_sheet(said: Said) -> bool:
                return said.edition not in (before, guide.edition)

            asking = (product, priced.question)
            guide = self._published("guide", own, "publish", beside=(*asking, is_new))
            back = self._published("back", own, "rollback", beside=(*asking, is_old))
            arguments = ("national", "--from", str(package))
            sheet = self._published("sheet", own, *arguments, beside=(*asking, is_from_sheet))
        self._steps.keep(guide, back, sheet)
        return guide, back, sheet

    def _asked_guide(self, product: RunningProduct, corpus: Path) -> PricedGuide:
        """Return a guide whose amount the product says when it is asked; chance decides which."""
        guides = priced_guides(corpus)
        random.Random(self._seed).shuffle(guides)
        for priced in guides:
            said = product.ask(priced.question)
            if said.guide == priced.guide and priced.is_said(said.text):
                return priced
        raise StepFailed(
            f"of {len(guides)} test questions in {str(self._settings.corpus_folder)!r} about an "
            "amount of a Markdown guide none is answered with it"
        )

    def _published(
        self,
        name: StepName,
        own: Settings,
        *arguments: str,
        beside: tuple[RunningProduct, str, Callable[[Said], bool]] | None = None,
    ) -> Step:
        """Run a command that publishes, and return what it took and changed.

        ``beside`` is a product that runs, the question it is asked, and what must be answered.
        """
        self._say(f"{name}: civic-assistant {' '.join(arguments)}")
        before = self._held(own)
        command = self._command(own, *arguments)
        live_s: float | None = None
        if beside is not None:
            product, question, is_wanted = beside
            said = product.first(
                question, lambda answer: command.has_failed or is_wanted(answer), PATIENCE
            )
            live_s = None if said is None else said.at - command.began_at
        run = command.ended()
        if beside is not None and live_s is None:
            raise StepFailed(
                f"{name}: {beside[1]!r} is not answered from what was published within "
                f"{PATIENCE:.0f} s"
            )
        source = NATIONAL if arguments[0] == NATIONAL else TOWN
        # Apart: a connection left open here would change how the next command leaves the files.
        after, changes = apart(changed_since, own.index_folder, before, source)
        if after.edition is None:
            raise StepFailed(f"{name}: nothing is live after `{' '.join(arguments)}`")
        return Step(
            name=name,
            run=run,
            edition=after.edition,
            guides=len(after.guides),
            passages=len(after.passages),
            embedded=after.vectors - before.vectors,
            changes=changes,
            live_s=live_s,
        )

    def _compared(self) -> tuple[tuple[str, ...], int]:
        """Return in what the updated index is not the rebuilt one, and how many guides it kept."""
        own = self._own("updated")
        updated, rebuilt = self._held(own), self._held(self._own("rebuilt"))
        (build, update) = (self._steps.get(name) for name in ("build", "update"))
        assert build is not None and update is not None  # they are done before anything is compared
        kept = apart(kept_guides, own.index_folder, build.edition, updated, rebuilt)
        told = differences(updated, rebuilt, kept)
        if len(kept) > update.run.kept:
            told.append(f"{len(kept)} guides stay that {update.run.kept} refusals account for")
        return tuple(told), len(kept)

    def _done(self, *names: StepName) -> tuple[Step, ...]:
        """Return the steps of these names when all are done, else none."""
        found = [step for name in names if (step := self._steps.get(name)) is not None]
        if len(found) < len(names):
            return ()
        self._say(f"{', '.join(names)}: done before")
        return tuple(found)

    @staticmethod
    def _held(own: Settings) -> Held:
        """Return what an index holds live, nothing for one that is not there yet."""
        return apart(held_in, own.index_folder) if own.index_folder.is_dir() else Held()

    def _command(self, own: Settings, *arguments: str) -> BegunCommand:
        return BegunCommand(arguments, own, self._folder)

    def _own(self, name: str) -> Settings:
        """Return the settings that lead to an index, a database and a corpus below the folder."""
        folder = self._folder / name
        changed = {
            "data_folder": self._settings.data_folder.absolute(),
            "corpus_folder": folder / "corpus",
            "index_folder": folder / "index",
            "database_url": SecretStr(f"sqlite:///{folder / 'civic.sqlite'}"),
        }
        return self._settings.model_copy(update=changed)

    def _fresh(self, name: str, like: str | None = None) -> Settings:
        """Return the settings of an index that is empty, or a copy of another; an old one goes."""
        folder = self._folder / name
        shutil.rmtree(folder, ignore_errors=True)
        if like is not None:
            shutil.copytree(self._folder / like, folder)
        else:
            shutil.copytree(self._settings.corpus_folder, folder / "corpus")
        return self._own(name)

    def _sampled(self, name: str, package: Path) -> Path:
        """Return a package, or the folder of a share of its sheets, made anew."""
        if self._share >= 1:
            return package
        target = self._folder / name
        shutil.rmtree(target, ignore_errors=True)
        return sampled(package, self._audiences, self._share, self._seed, target)
