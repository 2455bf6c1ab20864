"""What faults are planted in: the town's own sentences, and rewordings written by hand."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from civic_assistant.catalogue import GuideEntry, guide_digest
from civic_assistant.guides import Passage
from civic_assistant.index import LiveEdition
from civic_assistant.keywords import KeywordIndex
from civic_assistant.outcomes import AnswerSentence, Citation
from civic_assistant.quotes import locate_quote
from civic_assistant.sentences import sentence_spans
from ingest.folder import FolderSource
from ingest.passages import PASSAGE_RULES, passages_of
from ingest.sources import SourceDocument

HONEST = Path(__file__).parent / "honest.jsonl"
EDITION = 1
TODAY = date(2026, 11, 22)
_SHORTEST = 25


@dataclass(frozen=True, slots=True)
class Town:
    """The guides of a folder as one live edition, without an index."""

    passages: dict[str, Passage]
    live: LiveEdition

    def passages_of(self, guide_id: str, language: str) -> list[Passage]:
        """Return the passages of one version of a guide, in order."""
        return [
            p for p in self.passages.values() if (p.guide_id, p.language) == (guide_id, language)
        ]


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence in a language with the passage it cites: honest until a fault is planted."""

    sentence: AnswerSentence
    language: str
    passage: Passage


def read_town(folder: Path) -> Town:
    """Read the guides of a corpus folder."""
    passages: dict[str, Passage] = {}
    places: dict[str, str] = {}
    guides: dict[str, GuideEntry] = {}
    versions: dict[str, dict[str, GuideEntry]] = defaultdict(dict)
    for document in FolderSource(folder).documents():
        if not isinstance(document, SourceDocument):
            continue
        guide = document.load().guide
        digest = guide_digest(guide, PASSAGE_RULES)
        guides[digest] = versions[guide.id][guide.language] = GuideEntry(
            digest, guide.id, guide.language, guide.source, guide.document, guide.title,
            guide.valid_from, guide.valid_until,
        )  # fmt: skip
        for passage in passages_of(guide):
            if not passage.is_card:
                passages[passage.id] = passage
                places[passage.id] = digest
    return Town(passages, LiveEdition(EDITION, places, guides, versions, KeywordIndex({})))


def own_sentences(town: Town) -> Iterator[Claim]:
    """Yield every sentence, item and row of the guides in force, cited as it stands."""
    for passage in town.passages.values():
        entry = town.live.entry(passage.id)
        if entry.valid_until is not None:
            continue
        for start, end in sentence_spans(passage.text, passage.language):
            if end - start >= _SHORTEST:
                text = passage.text[start:end]
                yield Claim(cited(text, passage, start, end), passage.language, passage)


def honest_claims(town: Town, path: Path = HONEST) -> Sequence[Claim]:
    """Return the rewordings and translations written by hand, with the quotes they rest on.

    Raises:
        ValueError: a quote stands in no passage of its guide.
    """
    claims = []
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        for passage in town.passages_of(case["guide"], case["quoted"]):
            located = locate_quote(case["quote"], passage.text, passage.language)
            if located is not None:
                sentence = cited(case["text"], passage, located.start, located.end)
                claims.append(Claim(sentence, case["language"], passage))
                break
        else:
            raise ValueError(f"{case['id']}: no passage of {case['guide']!r} has the quote")
    return claims


def translated_claims(town: Town) -> Iterator[Claim]:
    """Yield the lines of guides that exist in two languages, each cited from the other's line.

    Only passages of as many lines in both are taken; a line is a paragraph, an item or a row.
    """
    for guide_id, versions in town.live.versions.items():
        for language in versions:
            for other in versions:
                ours, theirs = (town.passages_of(guide_id, lang) for lang in (language, other))
                if language != other and len(ours) == len(theirs):
                    for one, two in zip(ours, theirs, strict=True):
                        yield from _lines_beside(one, two)


def _lines_beside(said: Passage, quoted: Passage) -> Iterator[Claim]:
    texts, lines = said.text.split("\n"), quoted.text.split("\n")
    if len(texts) != len(lines):
        return
    start = 0
    for text, line in zip(texts, lines, strict=True):
        yield Claim(cited(text, quoted, start, start + len(line)), said.language, quoted)
        start += len(line) + 1


def cited(text: str, passage: Passage, start: int, end: int) -> AnswerSentence:
    """Return a sentence that cites a part of a passage."""
    quote = passage.text[start:end]
    citation = Citation(passage.guide_id, passage.language, passage.id, quote, start, end, EDITION)
    return AnswerSentence(text, "paragraph", citation, 0)
