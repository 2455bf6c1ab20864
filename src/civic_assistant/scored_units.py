"""The units of a guide in the light of a question: how near, and how likely they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from civic_assistant.choosing import Choice
from civic_assistant.close_reading import PartRead
from civic_assistant.units import Unit

# What half the neighbours' scores weigh beside a unit's own: answers stand together. On OMoS-QA's
# German and French development questions it raised the sentence F1 from .445 and .461 to .475.
NEIGHBOURS = 0.4
# What the probability that a unit belongs to the answer weighs beside its nearness.
BELONGING = 0.3


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit with its nearness, and the probability that its likeliest line belongs."""

    unit: Unit
    score: float
    late: float
    nearness: float
    belongs: float = 0.0


def smoothed(scored: Sequence[Scored]) -> list[Scored]:
    """Let each unit's score lean on its neighbours' in the same section."""
    smoothed = []
    for place, own in enumerate(scored):
        beside = [
            scored[n].score if n in range(len(scored)) and _together(scored[n], own) else own.score
            for n in (place - 1, place + 1)
        ]
        score = (own.score + NEIGHBOURS * sum(beside) / 2) / (1 + NEIGHBOURS)
        smoothed.append(replace(own, score=score))
    return smoothed


def with_belonging(scored: Sequence[Scored], choice: Choice) -> list[Scored]:
    """Give each unit the probability of its likeliest line."""
    lines = iter(choice.lines.tolist())
    return [replace(own, belongs=max(next(lines) for _ in own.unit.spans)) for own in scored]


def with_reading(scored: Sequence[Scored], parts: Sequence[PartRead]) -> list[Scored]:
    """Let what the reader makes of a unit's likeliest line count as much as the network."""
    read = {key: value for part in parts for key, value in part.lines.items()}
    return [
        replace(own, belongs=(own.belongs + max(found)) / 2)
        if (found := [read[id(span)] for span in own.unit.spans if id(span) in read])
        else own
        for own in scored
    ]


def rank(scored: Scored) -> float:
    """Return what units are chosen by: nearness and the share of belonging."""
    return scored.score + BELONGING * scored.belongs


def _together(one: Scored, other: Scored) -> bool:
    return one.unit.section == other.unit.section
