"""One call to an endpoint, to say whether it can be used: reached, to the form, how fast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from civic_assistant.errors import LanguageModelFailed
from civic_assistant.guides import Passage
from civic_assistant.language_model.form import read_answer
from civic_assistant.language_model.prompt import writing_prompt
from civic_assistant.quotes import locate_quote

if TYPE_CHECKING:
    from civic_assistant.language_model.calls import CallFigures
    from civic_assistant.language_model.endpoint import Endpoint

_SECONDS = 300.0
_PASSAGE = Passage(
    id="trial",
    guide_id="trial",
    language="en",
    section=0,
    start=0,
    end=0,
    text="The library is open from Tuesday to Saturday. A card costs 12 euros a year.",
    context="Library",
)
_QUESTION = "How much is a library card?"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a call came to: why it failed, or whether form and quotes were kept.

    ``quotes`` and ``found`` count the quotes given and those that stand in the passage.
    """

    endpoint: str
    model: str
    problem: str | None = None
    is_formed: bool = False
    quotes: int = 0
    found: int = 0
    first_milliseconds: float = 0.0
    milliseconds: float = 0.0

    @property
    def is_well(self) -> bool:
        """Whether answers can be expected of it: it was reached, kept the form, and quotes."""
        return self.problem is None and self.is_formed and 0 < self.quotes == self.found


def try_endpoint(endpoint: Endpoint) -> Trial:
    """Ask about a passage of two sentences, within the endpoint's own limits; raises nothing."""
    offered = {"a1b2c3d4": _PASSAGE}
    try:
        said = endpoint.ask(writing_prompt(_QUESTION, "en", "Library", offered), _SECONDS)
    except LanguageModelFailed as error:
        return Trial(endpoint.name, endpoint.model, str(error))
    given = read_answer(said.text, offered)
    quotes = [quote for sentence in given.sentences for quote in sentence.quotes] if given else []
    found = [q for q in quotes if locate_quote(q.quote, _PASSAGE.text, "en") is not None]
    return Trial(
        endpoint.name,
        endpoint.model,
        is_formed=given is not None,
        quotes=len(quotes),
        found=len(found),
        first_milliseconds=said.first_milliseconds,
        milliseconds=said.milliseconds,
    )


def told_trial(trial: Trial) -> str:
    """Return a line that says what was found, for operators."""
    if trial.problem is not None:
        return trial.problem
    form = "keeps the form" if trial.is_formed else "does not keep the form: see its 'structure'"
    return (
        f"language model {trial.endpoint!r} ({trial.model}): reached, {form}, "
        f"{trial.found} of {trial.quotes} quotes stand in the passage, "
        f"first word after {trial.first_milliseconds:.0f} ms, all after {trial.milliseconds:.0f} ms"
    )


def told_figures(figures: Sequence[CallFigures]) -> Iterator[str]:
    """Yield a line an endpoint: what citizens' questions asked of it since yesterday."""
    for each in figures:
        yield (
            f"since yesterday {each.endpoint!r}: {each.calls} calls, {each.failed} without an "
            f"answer, {each.tokens} tokens, median {each.milliseconds:.0f} ms"
        )
