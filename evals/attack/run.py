"""All attempts on the town: by a hostile writer, by the small model, through poisoned guides."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from civic_assistant.assembly import Product
from evals.attack.attempts import Attempt
from evals.attack.hostile import HostileWriter
from evals.attack.small import open_small
from evals.attack.town import Town, open_product, poison
from evals.attack.tried import Target, Tried
from evals.endpoints.scripted import serving
from evals.endpoints.small_model import serving_small_model

PATIENT: dict[str, Any] = {
    "language_model_first_seconds": 60.0,
    "language_model_call_seconds": 60.0,
    "language_model_seconds": 60.0,
    "language_model_failures": 100,
}
"""Limits that no attempt owes its failure to."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of attempts by one writer.

    ``refused`` maps the ids of attempts whose guide was not published to why.
    """

    writer: str
    attempts: tuple[Attempt, ...]
    tried: tuple[Tried, ...]
    refused: dict[str, str]
    seconds: float


def attack_hostile(town: Town, attempts: Sequence[Attempt], tell: Callable[[Tried], None]) -> Run:
    """Try every attempt against a writer that obeys the attacker, over HTTP."""
    hostile = HostileWriter()
    with serving(hostile) as server:
        opened = partial(open_product, address=server.address, **PATIENT)
        return _attacked("hostile", town, attempts, opened, hostile, tell)


def attack_small(
    town: Town, attempts: Sequence[Attempt], threads: int, tell: Callable[[Tried], None]
) -> Run:
    """Try attempts against the small real model; an answer takes it many seconds."""
    with serving_small_model(threads) as address:
        opened = partial(open_small, address=address)
        return _attacked("small model", town, attempts, opened, None, tell)


def _attacked(
    writer: str,
    town: Town,
    attempts: Sequence[Attempt],
    opened: Callable[[Town], Product],
    hostile: HostileWriter | None,
    tell: Callable[[Tried], None],
) -> Run:
    begun = time.monotonic()
    poisoned = [attempt for attempt in attempts if attempt.guide is not None]
    clean = [attempt for attempt in attempts if attempt.guide is None]
    tried: list[Tried] = []
    refused: dict[str, str] = {}
    if clean:
        tried += _tried(Target(opened(town)), clean, hostile, tell)
    if poisoned:
        with tempfile.TemporaryDirectory(prefix="civic-attack-") as folder:
            guides = [attempt.guide for attempt in poisoned if attempt.guide is not None]
            fouled, plan = poison(town, guides, Path(folder))
            why = {refusal.document.split("/")[0]: str(refusal) for refusal in plan.refused}
            refused = {a.id: why[a.guide.id] for a in poisoned if a.guide and a.guide.id in why}
            published = [attempt for attempt in poisoned if attempt.id not in refused]
            target = Target(opened(fouled))
            tried += _tried(target, published, hostile, tell)
    return Run(writer, tuple(attempts), tuple(tried), refused, time.monotonic() - begun)


def _tried(
    target: Target,
    attempts: Sequence[Attempt],
    hostile: HostileWriter | None,
    tell: Callable[[Tried], None],
) -> Iterator[Tried]:
    for attempt in attempts:
        for tried in target.tried(attempt, hostile):
            tell(tried)
            yield tried
