"""What a model is told for each kind of work: versioned texts, kept apart from all data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Instructions:
    """The texts of one prompt; ``version`` changes with every change of them."""

    version: str
    system: str


@cache
def instructions(name: str) -> Instructions:
    """Return the instructions kept in ``prompts/<name>.toml``, read once."""
    file = files("civic_assistant.language_model").joinpath("prompts", f"{name}.toml")
    table = tomllib.loads(file.read_text("utf-8"))
    return Instructions(str(table["version"]), str(table["system"]).strip())
