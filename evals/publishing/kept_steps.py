"""The steps of a run that are done, kept in its folder: a run that broke goes on from there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from evals.publishing.command_run import CommandRun, StepFailed
from evals.publishing.edition_changes import Changes
from ingest.drafts.whole_files import write_whole

StepName = Literal["town", "build", "update", "again", "rebuild", "guide", "back", "sheet"]
"""``build`` publishes the first version into an empty index beside the ``town``'s guides,
``update`` the second, ``again`` the same once more, ``rebuild`` the second into another empty
index; ``guide`` is one guide of the town changed, ``back`` the step back, ``sheet`` one national
sheet changed."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one publish took and what it changed.

    ``guides`` and ``passages`` are those of the edition that is live afterwards, ``embedded`` the
    passages that got a vector. ``live_s`` are the seconds from the command's start until a product
    that runs beside answered a new question from it, None where none ran.
    """

    name: StepName
    run: CommandRun
    edition: int
    guides: int
    passages: int
    embedded: int
    changes: Changes
    live_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    about: dict[str, str]
    steps: dict[StepName, Step]


_KEPT = TypeAdapter(_Kept)


class KeptSteps:
    """Reads and writes ``steps.json`` in the folder of a run."""

    def __init__(self, folder: Path, about: dict[str, str]) -> None:
        """Take up the steps that are done; ``about`` says what the run is of.

        Raises:
            StepFailed: the folder is that of another run.
        """
        self._path = folder / "steps.json"
        self._about = about
        self._steps: dict[StepName, Step] = {}
        if self._path.exists():
            kept = _KEPT.validate_json(self._path.read_bytes())
            if kept.about != about:
                raise StepFailed(
                    f"{str(folder)!r} is the folder of another run ({kept.about}, not {about}): "
                    "give another --work, or remove it"
                )
            self._steps = kept.steps

    def get(self, name: StepName) -> Step | None:
        """Return a step that is done, or None."""
        return self._steps.get(name)

    def keep(self, *steps: Step) -> None:
        """Write down that steps are done, all of them at once."""
        self._steps |= {step.name: step for step in steps}
        write_whole(self._path, _KEPT.dump_json(_Kept(self._about, self._steps), indent=1))
