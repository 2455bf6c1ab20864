"""Every text of the catalogues is shown somewhere: what nothing uses would only be translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

import civic_assistant
from civic_assistant.chat.shown import TOLD, TOLD_CLOSES
from civic_assistant.messages import messages_for
from civic_assistant.outcomes import (
    Coverage,
    HandoffReason,
    NotCoveredReason,
    RefusalReason,
    SignpostTopic,
    SmallTalkKind,
)
from civic_assistant.turns import Stage

PACKAGE = Path(civic_assistant.__file__).parent
TEXTS = set(messages_for("fr").texts)
TABLES = {key.split(".")[0] for key in TEXTS}


def starters() -> frozenset[str]:
    """Return the names of the examples; reading them spares importing Chainlit."""
    tree = ast.parse((PACKAGE / "chat" / "callbacks.py").read_text(encoding="utf-8"))
    assigned = (node for node in tree.body if isinstance(node, ast.Assign))
    return next(
        frozenset(ast.literal_eval(node.value))
        for node in assigned
        if ast.unparse(node.targets[0]) == "STARTERS"
    )


FOR_THE_PAGE = PACKAGE / "chat" / "page_words.py"
"""Hands texts to the page's scripts: only what a script asks for is used."""
BUILT: Mapping[str, frozenset[str]] = {
    "answer.{}": frozenset(get_args(Coverage)),
    "handed_off.{}": frozenset(get_args(HandoffReason)),
    "handoff.event.{}": TOLD | TOLD_CLOSES,
    "outcome.{}": frozenset(get_args(NotCoveredReason)) - {"no_guide"},
    "refused.{}": frozenset(get_args(RefusalReason)),
    "signposted.{}": frozenset(get_args(SignpostTopic)),
    "small_talk.{}": frozenset(get_args(SmallTalkKind)),
    "starters.{}.label": starters(),
    "starters.{}.question": starters(),
    "waiting.{}": frozenset(get_args(Stage)),
}
"""The keys that are put together while running, with everything that can stand in them."""


def modules() -> Iterator[Path]:
    """Yield the modules that speak to citizens; the desk has words of its own."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "desk" not in path.relative_to(PACKAGE).parts:
            yield path


def written_in(tree: ast.AST) -> set[str]:
    """Return the whole keys that stand in a module."""
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {node.value for node in nodes if isinstance(node.value, str)} & TEXTS


def built_in(tree: ast.AST) -> set[str]:
    """Return the keys that a module puts together, with ``{}`` for what it puts in."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            pattern = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
            if re.fullmatch(r"[a-z_]+\.[a-z_.{}]+", pattern) and pattern.split(".")[0] in TABLES:
                found.add(pattern)
    return found


def trees() -> Iterator[tuple[Path, ast.AST]]:
    for path in modules():
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def asked_by_scripts() -> set[str]:
    scripts = [p for p in PACKAGE.rglob("*") if p.suffix in (".js", ".jsx") and "chat" in p.parts]
    assert len(scripts) > 5
    found = (re.findall(r"""["']([a-z_.]+)["']""", p.read_text(encoding="utf-8")) for p in scripts)
    return {key for keys in found for key in keys} & TEXTS


def made(built: Mapping[str, frozenset[str]]) -> set[str]:
    return {pattern.format(name) for pattern, names in built.items() for name in names}


def test_the_keys_that_are_put_together_are_those_listed_here() -> None:
    assert set().union(*(built_in(tree) for _, tree in trees())) == set(BUILT)


def test_everything_that_can_be_put_into_a_key_leads_to_a_text() -> None:
    assert made(BUILT) - TEXTS == set()


def test_every_text_for_citizens_is_used() -> None:
    written = (written_in(tree) for path, tree in trees() if path != FOR_THE_PAGE)
    assert TEXTS - made(BUILT) - set().union(*written) - asked_by_scripts() == set()


def test_the_scripts_get_no_text_that_they_do_not_ask_for() -> None:
    handed = written_in(ast.parse(FOR_THE_PAGE.read_text(encoding="utf-8")))
    assert handed - asked_by_scripts() == set()


def test_a_key_put_together_elsewhere_or_a_text_that_nothing_asks_for_is_seen() -> None:
    tree = ast.parse("say(f'answer.{x}', f'{town}.fr', 'answer.copy', f'answer.{x}.{y}', 'copy')")
    assert built_in(tree) == {"answer.{}", "answer.{}.{}"}
    assert written_in(tree) == {"answer.copy"}
