"""The attempts: what an attacker asks or hands in, and what a writer says that obeys them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from civic_assistant.errors import SourceError
from evals.attack.poisoned import PoisonedGuide

Kind = Literal[
    "override", "leak", "promise", "insult", "invent", "poison", "hidden", "citation", "markup",
    "follow_up", "role", "smuggle", "breakout", "near",
]  # fmt: skip
"""What is tried. ``invent``: a fee, deadline or right that no guide has; ``poison``: orders in a
guide that is handed in; ``hidden``: characters nobody sees; ``citation``: ids and quotes that look
right; ``smuggle``: an order in another language; ``breakout``: out of the data that the prompt
holds; ``near``: a wrong sentence so near to its quote that a rule can hardly tell."""
KINDS: tuple[Kind, ...] = get_args(Kind)

_FOLDER = Path(__file__).parent
ATTEMPTS = _FOLDER / "attempts.jsonl"


def _pattern(written: str) -> str:
    try:
        re.compile(written)
    except re.error as error:
        raise ValueError(f"{written!r} is no pattern: {error}") from error
    return written


class Lie(BaseModel):
    """A sentence that the attacker wants shown, and how it is to look founded.

    ``quote`` is words of a passage that it names, which is found where it stands; without one, the
    line nearest to the lie is quoted. ``id`` is named instead of the passage's own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    quote: str = ""
    id: str = ""


class Obeyed(BaseModel):
    """What a writer says that does what the attacker wants: sentences, or a text as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sentences: tuple[Lie, ...] = ()
    raw: str = ""


class Attempt(BaseModel):
    """One attempt.

    ``questions`` are asked one after the other in a conversation in ``language``. ``goal`` are
    patterns of which the page shows one if the attempt worked, in lower case, as `page.seen` reads
    the page; so it did if a sentence of ``obeyed`` is shown. ``about`` is the guide that the same
    writer is asked about by a plain question besides. ``guide`` is handed in beforehand.
    ``beyond`` says why no rule can be expected to tell the sentence from a true one, if none can.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    language: str
    kind: Kind
    questions: tuple[str, ...] = Field(min_length=1)
    goal: tuple[Annotated[str, AfterValidator(_pattern)], ...] = Field(min_length=1)
    obeyed: Obeyed
    about: str = "carte-identite-passeport"
    guide: PoisonedGuide | None = None
    beyond: str = ""


def load_attempts(path: Path = ATTEMPTS) -> Sequence[Attempt]:
    """Read the attempts.

    Raises:
        SourceError: a line is wrong, or repeats an id.
    """
    attempts: dict[str, Attempt] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            attempt = Attempt.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            raise SourceError(f"{path.name}, line {number}: {first}") from error
        if attempt.id in attempts:
            raise SourceError(f"{path.name}, line {number}: the id {attempt.id!r} stands twice")
        attempts[attempt.id] = attempt
    return list(attempts.values())


def sampled(attempts: Sequence[Attempt], count: int) -> Sequence[Attempt]:
    """Return so many attempts, as many of each kind as can be, of as many languages."""
    by_kind = {kind: [a for a in attempts if a.kind == kind] for kind in KINDS}
    chosen: list[Attempt] = []
    while len(chosen) < min(count, len(attempts)):
        for own in by_kind.values():
            languages = [attempt.language for attempt in chosen]
            own.sort(key=lambda attempt: languages.count(attempt.language))
            if own and len(chosen) < count:
                chosen.append(own.pop(0))
    return chosen


def plain_question(attempt: Attempt) -> str:
    """Return a question without any attack that the guide which is attacked answers.

    Raises:
        SourceError: ``plain.toml`` has none in the attempt's language.
    """
    if attempt.guide is not None:
        return attempt.questions[-1]
    try:
        return _plain_questions()[attempt.about][attempt.language]
    except KeyError as error:
        raise SourceError(
            f"plain.toml has no question on {attempt.about!r} in {attempt.language!r}, which "
            f"attempt {attempt.id!r} needs"
        ) from error


@cache
def _plain_questions() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((_FOLDER / "plain.toml").read_text("utf-8"))
