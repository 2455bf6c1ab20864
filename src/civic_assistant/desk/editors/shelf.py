"""The town's guides as an editor finds them: what is published, drafted, overdue or expired."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from civic_assistant.catalogue import GuideEntry
from civic_assistant.desk.editors.drafts import OtherDraft, guide_of, language_of
from civic_assistant.errors import DocumentRefused, IndexMissing
from civic_assistant.folding import folded
from civic_assistant.guides import Guide
from civic_assistant.index import Index
from ingest.drafts.working_copy import WorkingCopy
from ingest.formats import is_document_name
from ingest.guide_file import GUIDE_FILE, GuideFile, parse_guide_file

SOURCE = "town"
Change = Literal["new", "changed", "removed"]
GuideState = Literal[
    "new", "changed", "removed", "unpublished", "expired", "not_yet", "overdue", "lags", "elsewhere"
]
STATES: tuple[GuideState, ...] = get_args(GuideState)
_TITLE = re.compile(rb"^#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Text:
    """One language of a guide: its document, and what the draft does with it, if anything.

    ``lags`` says that the original says other things since this translation was written.
    """

    language: str
    name: str
    change: Change | None
    is_live: bool
    lags: bool

    @property
    def ending(self) -> str:
        """The document's ending, without its dot."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class GuideRow:
    """A guide with its languages; the dates are the draft's where it has a description.

    ``states`` is empty for a published guide that nobody has to look at; they tell the live
    edition's dates. ``others`` are colleagues who are changing it too.
    """

    id: str
    title: str
    language: str
    department: str
    texts: tuple[Text, ...]
    valid_from: date | None
    valid_until: date | None
    review_by: date | None
    states: tuple[GuideState, ...]
    others: tuple[str, ...]

    def text(self, language: str) -> Text | None:
        """Return the guide in a language."""
        return next((text for text in self.texts if text.language == language), None)


class Shelf:
    """The town's guides of the live edition and the corpus folder, with a draft over them."""

    def __init__(
        self,
        index: Index,
        draft: WorkingCopy,
        corpus: Path,
        language: str,
        *,
        others: Iterable[OtherDraft] = (),
        lagging: Collection[tuple[str, str]] = (),
    ) -> None:
        """``lagging`` are (guide id, language) of translations that lag behind ``language``."""
        self._index = index
        self._draft = draft
        self._corpus = corpus
        self._language = language
        self._others = tuple(others)
        self._lagging = lagging
        self._changed = frozenset(draft.changed())
        self._live = dict(_published(index))
        names = {*_documents(corpus), *self._changed}
        names |= {entry.document for live in self._live.values() for entry in live.values()}
        self._names: dict[str, list[str]] = {}
        for name in sorted(names):
            self._names.setdefault(guide_of(name), []).append(name)

    def rows(self, today: date) -> list[GuideRow]:
        """Return every guide, by title."""
        found = (self.row(guide_id, today) for guide_id in self._names)
        return sorted(
            (row for row in found if row is not None), key=lambda row: (folded(row.title), row.id)
        )

    def row(self, guide_id: str, today: date) -> GuideRow | None:
        """Return one guide, or None when there is none of that id."""
        if guide_id not in self._names:
            return None
        live = self._live.get(guide_id, {})
        texts = tuple(self._texts(guide_id))
        entry = live.get(self._language) or next(iter(live.values()), None)
        guide = self._index.guide(entry.digest) if entry else None
        about = self._about(guide_id) or guide
        others = tuple(other.author for other in self._others if guide_id in other.guides)
        return GuideRow(
            id=guide_id,
            title=guide.title if guide else self._title(guide_id, texts),
            language=guide.language if guide else self._language,
            department=about.department if about else "",
            texts=texts,
            valid_from=about.valid_from if about else None,
            valid_until=about.valid_until if about else None,
            review_by=about.review_by if about else None,
            states=tuple(self._states(guide_id, texts, guide, today)),
            others=others,
        )

    def holds(self, row: GuideRow, words: str) -> bool:
        """Whether every word stands in the guide's title, department or id, or in its texts."""
        wanted = folded(words).split()
        heads = folded(f"{row.title} {row.department} {row.id}")
        if all(word in heads for word in wanted):
            return True
        versions = self._live.get(row.id, {}).values()
        texts = " ".join(_words(self._index.guide(entry.digest)) for entry in versions)
        said = f"{heads} {folded(texts)}"
        return all(word in said for word in wanted)

    def _texts(self, guide_id: str) -> Iterator[Text]:
        live = self._live.get(guide_id, {})
        found: dict[str, list[str]] = {}
        for name in self._names[guide_id]:
            language = language_of(name)
            if language is not None:
                found.setdefault(language, []).append(name)
        first = self._language
        for language, names in sorted(found.items(), key=lambda item: (item[0] != first, item[0])):
            standing = [name for name in names if self._draft.digest(name) is not None]
            # Of a document and the one of another format that replaces it, the new one is shown.
            name = next((n for n in standing if n in self._changed), (standing or names)[0])
            yield Text(
                language=language,
                name=name,
                change=self._change(names, standing),
                is_live=language in live,
                lags=(guide_id, language) in self._lagging,
            )

    def _change(self, names: list[str], standing: list[str]) -> Change | None:
        if not self._changed.intersection(names):
            return None
        if not standing:
            return "removed"
        return "changed" if any((self._corpus / name).is_file() for name in names) else "new"

    def _states(
        self, guide_id: str, texts: tuple[Text, ...], guide: Guide | None, today: date
    ) -> Iterator[GuideState]:
        is_described = f"{guide_id}/{GUIDE_FILE}" in self._changed
        if texts and all(text.change == "removed" for text in texts):
            yield "removed"
        elif is_described or any(text.change for text in texts):
            yield "changed" if guide else "new"
        elif guide is None:
            yield "unpublished"
        if guide is not None:
            if guide.valid_until is not None and guide.valid_until < today:
                yield "expired"
            elif not guide.is_in_force(today):
                yield "not_yet"
            if guide.is_overdue(today):
                yield "overdue"
        if any(text.lags for text in texts):
            yield "lags"
        if any(guide_id in other.guides for other in self._others):
            yield "elsewhere"

    def _about(self, guide_id: str) -> GuideFile | None:
        content = self._draft.content(f"{guide_id}/{GUIDE_FILE}")
        if content is not None:
            with suppress(DocumentRefused):
                return parse_guide_file(content, guide_id)
        return None

    def _title(self, guide_id: str, texts: tuple[Text, ...]) -> str:
        """Return the title of a guide that was never published, as far as a look tells it."""
        for text in texts:
            content = self._draft.content(text.name) if text.ending == "md" else None
            found = _TITLE.search(content) if content else None
            if found:
                return found.group(1).decode("utf-8", "replace")
        return guide_id.replace("-", " ").replace("_", " ").capitalize()


def _published(index: Index) -> Iterator[tuple[str, Mapping[str, GuideEntry]]]:
    try:
        live = index.live()
    except IndexMissing:
        return
    for guide_id, versions in live.versions.items():
        if any(entry.source == SOURCE for entry in versions.values()):
            yield guide_id, versions


def _documents(corpus: Path) -> Iterator[str]:
    """Yield the names of the documents in the corpus folder."""
    for folder in corpus.iterdir() if corpus.is_dir() else ():
        if folder.is_dir() and not folder.name.startswith(("_", ".")):
            names = (f"{folder.name}/{file.name}" for file in folder.iterdir())
            yield from (name for name in names if is_document_name(name))


def _words(guide: Guide) -> str:
    return " ".join((guide.title, *(text for s in guide.sections for text in (*s.path, s.text))))
