"""Lists the words that anybody uses in a question, which tell nobody: for the gap report.

    python -m evals.training.everyday_words

Of the training's questions and messages, which were made up and are no citizen's, a word (its stem)
counts that stands in those of at least two guides or families, and that is seldom written with a
capital inside a sentence, as names are. German writes every noun with one: there it must stand in
those of four. Writes ``src/civic_assistant/data/everyday_words.json``.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from civic_assistant.gaps.vocabulary import words_of

TEXTS = Path(__file__).parent
WRITTEN = Path("src/civic_assistant/data/everyday_words.json")
LEAST = 2
LEAST_WITH_CAPITALS = 4
CAPITALS = 0.3
"""The largest share of a word's places inside a sentence that begin with a capital."""
_INSIDE = re.compile(r"[\w,;:]\s+$")


def texts() -> Iterator[tuple[str, str, str]]:
    """Yield (language, what it is about, text)."""
    for name, about, text in (
        ("questions", "guide", "question"),
        ("screening", "family", "text"),
    ):
        for line in (TEXTS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield row["language"], f"{name} {row[about]}", row[text]


def everyday_words() -> dict[str, list[str]]:
    """Return the stems by language, sorted."""
    abouts: dict[tuple[str, str], set[str]] = defaultdict(set)
    inside: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for language, about, text in texts():
        for word in words_of(text, language):
            key = (language, word.stem)
            abouts[key].add(about)
            if _INSIDE.search(text[: word.start]):
                inside[key].append(text[word.start].isupper())
    words: dict[str, list[str]] = defaultdict(list)
    for (language, stem), found in abouts.items():
        places = inside[language, stem]
        is_german = language == "de"
        is_name = not is_german and places and sum(places) / len(places) > CAPITALS
        is_used = len(found) >= (LEAST_WITH_CAPITALS if is_german else LEAST)
        if is_used and not is_name and not stem.isdigit():
            words[language].append(stem)
    return {language: sorted(words[language]) for language in sorted(words)}


def main() -> None:
    """Write the list."""
    written = {language: " ".join(stems) for language, stems in everyday_words().items()}
    WRITTEN.write_text(json.dumps(written, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
