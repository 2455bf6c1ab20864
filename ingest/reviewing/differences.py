"""What a publish changes in the guides: metadata apart, then by section, sentence and word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from civic_assistant.catalogue import GuideEntry
from civic_assistant.guides import Guide, Section
from ingest.reviewing.sentence_changes import SentenceChange, sentence_changes, word_pairs

ChangeKind = Literal["added", "changed", "withdrawn"]
SectionKind = Literal["added", "changed", "removed"]

TEXT_FIELDS = frozenset({"title", "description"})
"""Fields that are embedded with the passages, so that a change of them is a change of text."""
_FIELDS = (
    "title", "description", "department", "authority", "audiences", "theme", "address",
    "valid_from", "valid_until", "review_by", "updated_on", "licence", "attribution",
    "document", "source",
)  # fmt: skip
# A section that went and one that came are one under another heading from this share of common
# pairs of words on.
_RENAMED = 0.5


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a guide that changed; empty where there was, or is, nothing.

    A fact's ``name`` is ``facts.`` and its kind; ``anchors`` are the sections' places on the
    official page or in the document.
    """

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section that came, went or reads otherwise.

    ``path`` and ``situation`` are its new headings, or its last ones; ``path_before`` its former
    path when the heading changed too.
    """

    kind: SectionKind
    path: tuple[str, ...]
    situation: tuple[str, ...]
    sentences: tuple[SentenceChange, ...]
    path_before: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class GuideChange:
    """What changes in one language of one guide; ``title`` and ``document`` are the newest."""

    kind: ChangeKind
    guide_id: str
    language: str
    source: str
    document: str
    title: str
    fields: tuple[FieldChange, ...]
    sections: tuple[SectionChange, ...]

    @property
    def is_text(self) -> bool:
        """Whether anything changes that is searched or quoted, not only dates and the like."""
        return bool(self.sections) or any(field.name in TEXT_FIELDS for field in self.fields)


@dataclass(frozen=True, slots=True)
class EditionDifference:
    """What one edition changes over another, each in the order of guide ids and languages."""

    added: tuple[GuideChange, ...]
    changed: tuple[GuideChange, ...]
    withdrawn: tuple[GuideChange, ...]
    unchanged: int

    @property
    def guides(self) -> tuple[GuideChange, ...]:
        """All changes, those of published guides first."""
        return (*self.changed, *self.added, *self.withdrawn)


def edition_difference(
    before: Iterable[GuideEntry], after: Iterable[GuideEntry], guide: Callable[[str], Guide]
) -> EditionDifference:
    """Return what changes from one edition's guides to another's; ``guide`` reads a digest.

    A guide is the same one by its id and language, whatever document it is read from.
    """
    old = {(entry.guide_id, entry.language): entry.digest for entry in before}
    new = {(entry.guide_id, entry.language): entry.digest for entry in after}
    shared = old.keys() & new.keys()
    changed = sorted(key for key in shared if old[key] != new[key])
    return EditionDifference(
        added=tuple(added_guide(guide(new[key])) for key in sorted(new.keys() - shared)),
        changed=tuple(guide_change(guide(old[key]), guide(new[key])) for key in changed),
        withdrawn=tuple(withdrawn_guide(guide(old[key])) for key in sorted(old.keys() - shared)),
        unchanged=len(shared) - len(changed),
    )


def added_guide(guide: Guide) -> GuideChange:
    """Return a guide as one that comes whole."""
    return _change(
        "added", guide, (), [_section(None, section, guide) for section in guide.sections]
    )


def withdrawn_guide(guide: Guide) -> GuideChange:
    """Return a guide as one that goes whole."""
    gone = [_section(section, None, guide) for section in guide.sections]
    return _change("withdrawn", guide, (), gone)


def guide_change(before: Guide, after: Guide) -> GuideChange:
    """Return what changes from one version of a guide to another."""
    fields = (*_field_changes(before, after), *_fact_changes(before, after))
    sections = [
        _section(old, new, after)
        for old, new in _pairs(before.sections, after.sections)
        if old is None or new is None or _read(old) != _read(new)
    ]
    return _change("changed", after, fields, sections)


def _change(
    kind: ChangeKind,
    guide: Guide,
    fields: tuple[FieldChange, ...],
    sections: Iterable[SectionChange],
) -> GuideChange:
    return GuideChange(
        kind=kind,
        guide_id=guide.id,
        language=guide.language,
        source=guide.source,
        document=guide.document,
        title=guide.title,
        fields=fields,
        sections=tuple(sections),
    )


def _field_changes(before: Guide, after: Guide) -> Iterator[FieldChange]:
    for name in _FIELDS:
        old, new = _told(getattr(before, name)), _told(getattr(after, name))
        if old != new:
            yield FieldChange(name, old, new)
    old_places, new_places = _places(before), _places(after)
    moved = [
        head for head in old_places if new_places.get(head, old_places[head]) != old_places[head]
    ]
    if moved:
        yield FieldChange(
            "anchors",
            _told([old_places[head] for head in moved]),
            _told([new_places[head] for head in moved]),
        )


def _fact_changes(before: Guide, after: Guide) -> Iterator[FieldChange]:
    old, new = _facts(before), _facts(after)
    for kind in sorted(old.keys() | new.keys()):
        if old.get(kind) != new.get(kind):
            yield FieldChange(f"facts.{kind}", old.get(kind, ""), new.get(kind, ""))


def _facts(guide: Guide) -> dict[str, str]:
    told: dict[str, list[str]] = {}
    for fact in guide.facts:
        case = f"{' › '.join(fact.situation)}: " if fact.situation else ""
        address = f" <{fact.address}>" if fact.address else ""
        told.setdefault(fact.kind, []).append(f"{case}{fact.text}{address}")
    return {kind: " ; ".join(texts) for kind, texts in told.items()}


def _places(guide: Guide) -> Mapping[tuple[tuple[str, ...], tuple[str, ...]], str]:
    return {
        (section.path, section.situation): section.anchor
        or (f"p. {section.page}" if section.page else "")
        for section in guide.sections
    }


def _told(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _read(section: Section) -> tuple[object, ...]:
    """Return what of a section is searched or quoted."""
    return section.path, section.situation, section.text


def _pairs(
    before: tuple[Section, ...], after: tuple[Section, ...]
) -> Iterator[tuple[Section | None, Section | None]]:
    """Yield each section with what it was, in the new order; what went stands where it stood.

    Sections belong together that stand under the same headings, the nth with the nth, and then
    those whose text is nearly the same under other headings.
    """
    partner = _partners(before, after)
    taken = set(partner.values())
    next_old = 0
    for place, section in enumerate(after):
        own = partner.get(place)
        if own is not None:
            for gone in range(next_old, own):
                if gone not in taken:
                    yield before[gone], None
            next_old = max(next_old, own + 1)
        yield (None if own is None else before[own]), section
    for gone in range(next_old, len(before)):
        if gone not in taken:
            yield before[gone], None


def _partners(before: tuple[Section, ...], after: tuple[Section, ...]) -> dict[int, int]:
    """Return, by the place of a new section, the place of the old one that it was."""
    waiting: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = {}
    for place, section in enumerate(before):
        waiting.setdefault((section.path, section.situation), []).append(place)
    partner: dict[int, int] = {}
    for place, section in enumerate(after):
        same = waiting.get((section.path, section.situation))
        if same:
            partner[place] = same.pop(0)
    free = {old: word_pairs(before[old].text) for places in waiting.values() for old in places}
    for place, section in enumerate(after):
        if place in partner or not free:
            continue
        own = word_pairs(section.text)
        likeness = {old: _share(words, own) for old, words in free.items()}
        best = max(likeness, key=lambda old: likeness[old])
        if likeness[best] >= _RENAMED:
            partner[place] = best
            del free[best]
    return partner


def _share(one: Counter[tuple[str, str]], other: Counter[tuple[str, str]]) -> float:
    size = one.total() + other.total()
    return 2 * (one & other).total() / size if size else 0.0


def _section(before: Section | None, after: Section | None, guide: Guide) -> SectionChange:
    shown = after or before
    assert shown is not None  # a pair has at least one
    is_renamed = before is not None and after is not None and before.path != after.path
    return SectionChange(
        kind="changed" if before and after else "added" if after else "removed",
        path=shown.path,
        situation=shown.situation,
        sentences=sentence_changes(before, after, guide.language),
        path_before=before.path if before is not None and is_renamed else None,
    )
