"""Processor time of the product's inner steps, measured around its functions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from civic_assistant.embedding import Embedding
from civic_assistant.index import Index
from civic_assistant.keywords import KeywordIndex
from civic_assistant.late import LateInteraction

STEPS: dict[str, tuple[type, str]] = {
    "embed": (Embedding, "embed_texts"),
    "dense": (Index, "nearest"),
    "cosines": (Index, "cosines"),
    "keyword": (KeywordIndex, "search"),
    "passages": (Index, "passages"),
    "late": (LateInteraction, "interact"),
}
"""Which function is which step; none of them calls another."""


@contextmanager
def steps_timed() -> Iterator[dict[str, float]]:
    """Yield the processor milliseconds spent in each step, which add up until they are cleared."""
    spent: dict[str, float] = {}
    originals = {step: getattr(owner, name) for step, (owner, name) in STEPS.items()}
    for step, (owner, name) in STEPS.items():
        setattr(owner, name, _timed(originals[step], step, spent))
    try:
        yield spent
    finally:
        for step, (owner, name) in STEPS.items():
            setattr(owner, name, originals[step])


def _timed(function: Callable[..., Any], step: str, spent: dict[str, float]) -> Callable[..., Any]:
    @wraps(function)
    def timed(*given: Any, **named: Any) -> Any:
        start = time.process_time()
        try:
            return function(*given, **named)
        finally:
            spent[step] = spent.get(step, 0.0) + (time.process_time() - start) * 1000

    return timed
