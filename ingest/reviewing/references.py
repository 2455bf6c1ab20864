"""What the town's guides name of the national ones, and what a new edition changes in that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from civic_assistant.catalogue import Catalogue, GuideEntry
from civic_assistant.guides import Guide
from ingest.addresses.named_addresses import with_links
from ingest.editions.kept_documents import KeptDocuments
from ingest.readers.service_public.guide import SOURCE as NATIONAL
from ingest.reviewing.differences import GuideChange, added_guide, guide_change, withdrawn_guide

# https://www.service-public.gouv.fr/particuliers/vosdroits/F2191, as it stands in texts and links.
_SHEET_ADDRESS = re.compile(
    r"service-public\.(?:gouv\.)?fr/[\w/.-]*?\b([FRN]\d{1,6})\b", re.IGNORECASE | re.ASCII
)
# A bare number: only F, with three digits or more. R and N are also laws' articles and roads, and
# F2 is a flat.
_SHEET_NUMBER = re.compile(r"(?<![\w/.-])F\d{3,6}(?![\w-])", re.ASCII)
# What stands between "cerfa" and a number beside a word; º is a letter to Python. No comma.
_SIGNS = r"[\s_.:(°º№*\u200e\u200f-]{0,4}"
_NUMBER = r"\d{5}(?!\d)(?:\s?\*\s?\d{2}(?!\d))?"
# "cerfa n° 15725*03", "cerfa no. 12100", "cerfa رقم 10798", "cerfa_15791.do", "cerfa n° 12670 et
# n° 12671": between the word and the number stands at most one word, so that "le cerfa à Angers,
# 49000" is none.
_FORMS = re.compile(
    rf"cerfa{_SIGNS}(?:[^\W\d_]{{1,9}}{_SIGNS})?{_NUMBER}"
    rf"(?:{_SIGNS}(?:[^\W\d_]{{1,3}}\s+)?(?:n{_SIGNS}o?{_SIGNS}|№\s*|رقم\s*){_NUMBER})*",
    re.IGNORECASE,
)
_FORM = re.compile(r"(?<!\d)(\d{5})(?!\d)(?:\s?\*\s?(\d{2})(?!\d))?")
_NUMBERED_FORM = re.compile(r"(?<!\d)\d{5}\s?\*\s?\d{2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Reference:
    """A national sheet or form that a guide of the town names.

    ``target`` is the sheet's number (``F2191``) or the form's (``15725``); ``issue`` is the form's
    issue as the guide writes it (``03`` of ``15725*03``), None when it writes none. ``languages``
    are those in which the guide names it.
    """

    guide_id: str
    title: str
    department: str
    target: str
    issue: str | None
    languages: tuple[str, ...]

    @property
    def is_form(self) -> bool:
        """Whether a form is named, not a sheet."""
        return self.target.isdecimal()


@dataclass(frozen=True, slots=True)
class TouchedReference:
    """A national guide that a guide of the town refers to, and what changes in it.

    ``newest_issue`` is the form's issue that the national guide names afterwards, when the town's
    guide writes another one.
    """

    reference: Reference
    change: GuideChange
    newest_issue: str | None = None


@dataclass(frozen=True, slots=True)
class NationalNews:
    """What a new edition's national guides mean for the town's, by department and town guide.

    ``unknown`` are sheets that the town names and that are not among the national guides of the
    new edition: withdrawn, for another audience, or a number written wrong.
    """

    touched: tuple[TouchedReference, ...] = ()
    unknown: tuple[Reference, ...] = ()


def national_news(
    catalogue: Catalogue, documents: KeptDocuments, before: int | None, after: int
) -> NationalNews:
    """Return what changes from one edition to another in the national guides the town refers to.

    Nothing is touched by the first national guides of an index: everything is new then.
    ``documents`` are those the town's guides were read from, for the addresses behind their links.
    """
    entries = catalogue.entries(after)
    references = references_of(
        (catalogue.guide(entry.digest), "\n".join(linked))
        for entry, linked in with_links(
            (entry for entry in entries if entry.source != NATIONAL), documents, after
        )
    )
    old = _national(catalogue.entries(before)) if before is not None else {}
    new = _national(entries)
    unknown = (r for r in references if not r.is_form and r.target not in new)
    return NationalNews(
        touched=tuple(_touched(references, old, new, catalogue.guide)) if old else (),
        unknown=tuple(unknown) if new else (),
    )


def references_of(guides: Iterable[tuple[Guide, str]]) -> tuple[Reference, ...]:
    """Return what guides name, in the order of departments, guides and targets.

    With each guide comes other text of it: the addresses behind its links. The translations of a
    guide are one; title and department are those of the first.
    """
    first: dict[str, Guide] = {}
    found: dict[tuple[str, str], dict[str, str | None]] = {}
    for guide, linked in guides:
        first.setdefault(guide.id, guide)
        for target, issue in _named(f"{_text_of(guide)}\n{linked}").items():
            found.setdefault((guide.id, target), {})[guide.language] = issue
    references = (
        Reference(
            guide_id,
            first[guide_id].title,
            first[guide_id].department,
            target,
            next((issue for issue in issues.values() if issue), None),
            tuple(issues),
        )
        for (guide_id, target), issues in found.items()
    )
    return tuple(sorted(references, key=lambda r: (r.department, r.guide_id, r.is_form, r.target)))


def _text_of(guide: Guide) -> str:
    facts = (f"{fact.text} {fact.address or ''}" for fact in guide.facts)
    texts = (section.text for section in guide.sections)
    return "\n".join((guide.title, guide.description, *texts, *facts))


def _named(text: str) -> dict[str, str | None]:
    """Return the sheets and forms that a text names, a form with its issue when one is written."""
    named: dict[str, str | None] = {m[1].upper(): None for m in _SHEET_ADDRESS.finditer(text)}
    named |= {m[0]: None for m in _SHEET_NUMBER.finditer(text)}
    for pattern in (_FORMS, _NUMBERED_FORM):
        for form in (form for place in pattern.finditer(text) for form in _FORM.finditer(place[0])):
            number, issue = str(int(form[1])).zfill(5), form[2]
            named[number] = named.get(number) or (str(int(issue)).zfill(2) if issue else None)
    return named


def _national(entries: Iterable[GuideEntry]) -> dict[str, GuideEntry]:
    return {entry.guide_id: entry for entry in entries if entry.source == NATIONAL}


def _touched(
    references: Sequence[Reference],
    old: Mapping[str, GuideEntry],
    new: Mapping[str, GuideEntry],
    read: Callable[[str], Guide],
) -> Iterator[TouchedReference]:
    """Yield the changes that references lead to, in the order of the references.

    Of several ways from a guide to the same sheet the first counts, unless a form's issue is new.
    """
    wanted = {reference.target for reference in references}
    changes: dict[str, GuideChange] = {}
    leading: dict[str, list[tuple[str, str | None]]] = {}
    for sheet, before, after in _changed(old, new, read) if wanted else ():
        targets: dict[str, str | None] = {sheet: None}
        for guide in (before, after):
            targets |= {
                t: i for t, i in (_named(_text_of(guide)) if guide else {}).items() if t.isdecimal()
            }
        for target in wanted & targets.keys():
            leading.setdefault(target, []).append((sheet, targets[target]))
            changes[sheet] = changes.get(sheet) or _change(before, after)
    told: set[tuple[str, str]] = set()
    for reference in references:
        for sheet, issue in leading.get(reference.target, ()):
            newest = issue if reference.issue and issue != reference.issue else None
            if newest or (reference.guide_id, sheet) not in told:
                told.add((reference.guide_id, sheet))
                yield TouchedReference(reference, changes[sheet], newest)


def _changed(
    old: Mapping[str, GuideEntry], new: Mapping[str, GuideEntry], read: Callable[[str], Guide]
) -> Iterator[tuple[str, Guide | None, Guide | None]]:
    """Yield the guides that came, went or changed, each as it was and as it is."""
    for sheet in sorted(old.keys() | new.keys()):
        before, after = old.get(sheet), new.get(sheet)
        if before is None or after is None or before.digest != after.digest:
            yield (
                sheet,
                read(before.digest) if before else None,
                read(after.digest) if after else None,
            )


def _change(before: Guide | None, after: Guide | None) -> GuideChange:
    if before is not None and after is not None:
        return guide_change(before, after)
    if after is not None:
        return added_guide(after)
    assert before is not None  # it came, went or changed
    return withdrawn_guide(before)
