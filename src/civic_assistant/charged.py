"""Words that weigh, a refund, a promise, an insult: a quote must have one of the sort, too."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from civic_assistant.figures.plain import plain
from civic_assistant.wording import wording_pattern

Sort = Literal["refund", "granted", "promised", "entitled", "given", "insult"]

_SORTS: tuple[Sort, ...] = get_args(Sort)


def charged_words(
    sentence: str, sentence_language: str, quote: str, quote_language: str
) -> str | None:
    """Return words of a sentence that weigh and that nothing in its quote answers, or None."""
    said, held = plain(sentence).text, plain(quote).text
    asking, answering = _patterns(sentence_language), _patterns(quote_language)
    for sort in _SORTS:
        found = asking[sort].search(said)
        if found is None:
            continue
        own = (answering[sort], answering[f"{sort}_held"])
        if not any(pattern.search(held) for pattern in own):
            return found.group()
    return None


@cache
def _patterns(language: str) -> Mapping[str, re.Pattern[str]]:
    table = tomllib.loads(files("civic_assistant").joinpath("charged.toml").read_text("utf-8"))
    words = table.get(language, table["en"])
    names = [name for sort in _SORTS for name in (sort, f"{sort}_held")]
    return {name: wording_pattern(words.get(name, ()), language) for name in names}
