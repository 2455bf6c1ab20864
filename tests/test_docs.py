"""The README names every command, setting and outcome."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path
from typing import get_args

import typer

from civic_assistant.command_line import app
from civic_assistant.outcomes import Outcome, outcome_name
from civic_assistant.settings import Settings

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def commands() -> set[str]:
    program = typer.Typer()
    program.registered_commands = list(app.registered_commands)
    for entry in entry_points(group="civic_assistant.commands"):
        entry.load()(program)
    names = set()
    for command in program.registered_commands:
        assert command.callback is not None
        names.add(command.name or command.callback.__name__.replace("_", "-"))
    return names


def test_every_command_is_in_the_readme() -> None:
    missing = {name for name in commands() if f"| `{name}" not in README}
    assert missing == set()


def test_every_setting_is_in_the_readme() -> None:
    assert {name for name in Settings.model_fields if f"`{name}`" not in README} == set()


def test_every_outcome_is_in_the_readme() -> None:
    names = {outcome_name(kind.__new__(kind)) for kind in get_args(Outcome)}
    assert {name for name in names if f"| `{name}` |" not in README} == set()
