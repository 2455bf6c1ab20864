"""A sheet of the national feed becomes a guide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from civic_assistant.errors import DocumentRefused
from civic_assistant.guides import AUDIENCES, Audience, Fact, Guide, Section
from ingest.readers.service_public.body import SheetBody
from ingest.readers.service_public.conditions import labels_of
from ingest.readers.service_public.facts import (
    address_of,
    facts_of_annexes,
    facts_of_links,
    facts_of_references,
    facts_of_sections,
    service_kind,
    sheet_address,
)
from ingest.readers.service_public.tree import Node
from ingest.readers.service_public.words import words_of

SOURCE = "national"
LICENCE = "Licence Ouverte 2.0"
_PUBLISHER = "Direction de l'information légale et administrative (DILA)"
_ATTRIBUTION = f"Source : service-public.fr, {_PUBLISHER}, {LICENCE}, mise à jour du "

_AUDIENCE_NAMES: dict[str, Audience] = {
    "Particuliers": "individuals",
    "Professionnels": "businesses",
    "Associations": "associations",
}
_SEGMENTS: dict[Audience, str] = {
    "individuals": "particuliers",
    "businesses": "professionnels-entreprises",
    "associations": "associations",
}
_SHEET_ID = re.compile(r"[FRN]\d+")
_OFFICIAL_SITE = re.compile(r"https://([\w-]+\.)*service-public\.(gouv\.)?fr/", re.ASCII)
_KIND_ENDING = re.compile(r" - [\w ]+$")
_OWN_TEXT = ("Avertissement", "Introduction", "Texte", "ListeSituations", "LienExterneCommente")
_NOTHING_TO_DO = "Nothing to do: it answers no question, and what it leads to is published."


def read_sheet(sheet: Node, document: str, audience: Audience | None = None) -> Guide:
    """Return the guide of one sheet.

    ``audience`` is the one whose folder the sheet lies in. The address stays None when the sheet
    does not give its official one: `one_guide` knows all its copies and completes it.

    Raises:
        DocumentRefused: It is no sheet, a draft, a page of navigation only, or lacks a valid
            identifier, title or date.
    """
    if sheet.name not in ("Publication", "ServiceComplementaire"):
        reason = f"its root is {sheet.name!r}, not a sheet."
        raise DocumentRefused(document, reason, "Fetch the feed again.")
    title = words_of(sheet.first("dc:title"))
    _refuse_unusable(sheet, title, document)
    audiences = _audiences(sheet, audience)
    segment = _SEGMENTS[audience or audiences[0]]
    sections, facts = _read_body(sheet, title, segment)
    updated_on = _updated_on(sheet, document)
    official = address_of(sheet.attributes.get("spUrl"))
    return Guide(
        id=sheet.attributes["ID"],
        title=title,
        language=words_of(sheet.first("dc:language")).lower() or "fr",
        source=SOURCE,
        document=document,
        sections=sections,
        description=_description(sheet, title),
        address=official if official and _OFFICIAL_SITE.match(official) else None,
        authority=words_of(sheet.first("dc:contributor")) or words_of(sheet.first("dc:creator")),
        audiences=audiences,
        theme=_theme(sheet, audience or audiences[0]),
        facts=facts,
        updated_on=updated_on,
        licence=LICENCE,
        attribution=f"{_ATTRIBUTION}{updated_on:%d/%m/%Y}",
    )


def one_guide(copies: Sequence[Guide]) -> Guide:
    """Return the one guide of a sheet that lies in the folders of several audiences.

    The copy that was updated last is kept, of equals the first; it takes the audiences of all
    and, when it has no official address, that of another copy or else the usual one.
    """
    kept = max(copies, key=lambda copy: copy.updated_on or date.min)
    named = {audience for copy in copies for audience in copy.audiences}
    audiences = tuple(audience for audience in AUDIENCES if audience in named)
    addresses = [copy.address for copy in (kept, *copies) if copy.address]
    usual = sheet_address(_SEGMENTS[kept.audiences[0]], kept.id)
    return replace(kept, audiences=audiences, address=addresses[0] if addresses else usual)


def _refuse_unusable(sheet: Node, title: str, document: str) -> None:
    identifier, kind = sheet.attributes.get("ID", ""), sheet.attributes.get("type", "")
    name = re.split(r"[/\\]", document)[-1].split(".")[0]
    if not _SHEET_ID.fullmatch(identifier) or identifier != name:
        reason = f"its identifier {identifier!r} is not the one of its name."
        raise DocumentRefused(document, reason, "Fetch the feed again.")
    if not title:
        raise DocumentRefused(document, "it has no title.", "Tell the publisher of the feed.")
    if title.startswith("**"):
        raise DocumentRefused(document, "its title marks a draft.", _NOTHING_TO_DO)
    if kind == "Recherche guidée" and sheet.first("Introduction") is None:
        reason = "it is a guided search without text of its own."
        raise DocumentRefused(document, reason, _NOTHING_TO_DO)
    if kind == "Theme":
        raise DocumentRefused(document, "it is a list of folders without text.", _NOTHING_TO_DO)


def _read_body(
    sheet: Node, title: str, segment: str
) -> tuple[tuple[Section, ...], tuple[Fact, ...]]:
    """Return the sections and facts; a sheet without text of its own has facts only."""
    body = SheetBody(labels_of(sheet), segment)
    own_text = [part for part in sheet.elements if part.name in _OWN_TEXT and words_of(part)]
    facts: list[Fact] = []
    if sheet.name == "ServiceComplementaire":
        facts.append(_own_service(sheet, title, segment))
        body.service_page(words_of(sheet.first("SurTitre")), title, facts[0].kind, own_text)
    else:
        for part in own_text:
            body.block(part)
    body.close(
        offices=sheet.all("OuSAdresser", "OuSAdresserSupport"),
        services=sheet.all("ServiceEnLigne", "ServiceEnLigneAlternatif"),
    )
    sections = body.sections() if own_text else ()
    facts += body.facts
    facts += facts_of_annexes(sheet)
    facts += facts_of_links(sheet)
    facts += facts_of_sections(sections)
    facts += facts_of_references(sheet)
    return sections, tuple(dict.fromkeys(facts))


def _own_service(sheet: Node, title: str, segment: str) -> Fact:
    """Return the form or online service that the sheet is about."""
    link = sheet.first("LienWeb")
    address = address_of(link.attributes.get("URL")) if link else None
    number = words_of(sheet.first("AutreNumero"))
    name = f"{title} (formulaire n° {number})" if number and number not in title else title
    usual = sheet_address(segment, sheet.attributes["ID"])
    return Fact(service_kind(sheet), name, (), address or usual)


def _audiences(sheet: Node, audience: Audience | None) -> tuple[Audience, ...]:
    named = {_AUDIENCE_NAMES.get(words_of(node)) for node in sheet.all("Audience")} | {audience}
    return tuple(known for known in AUDIENCES if known in named) or ("individuals",)


def _theme(sheet: Node, audience: Audience) -> tuple[str, ...]:
    """Return the path of themes and folders, the widest first, as this audience sees it."""
    themes = list(sheet.all("Theme"))
    same = [node for node in themes if _is_for(node, audience)] or themes
    folder = sheet.first("DossierPere") or next(
        (node for node in sheet.all("Dossier") if _is_for(node, audience)), None
    )
    steps = (
        same[0].first("Titre") if same else None,
        sheet.first("SousThemePere"),
        folder.first("Titre") if folder else None,
        sheet.first("SousDossierPere"),
    )
    return tuple(dict.fromkeys(filter(None, map(words_of, steps))))


def _is_for(node: Node, audience: Audience) -> bool:
    named = [_AUDIENCE_NAMES.get(words_of(child)) for child in node.all("Audience")]
    return not named or audience in named


def _description(sheet: Node, title: str) -> str:
    """Return the sheet's description, or an empty string when it only repeats the title."""
    text = words_of(sheet.first("dc:description"))
    core = _KIND_ENDING.sub("", text)
    return "" if core in title or not any(map(str.isalnum, text)) else text


def _updated_on(sheet: Node, document: str) -> date:
    text = words_of(sheet.first("dc:date"))
    try:
        return date.fromisoformat(text.removeprefix("modified").strip())
    except ValueError as error:
        reason = f"its date {text!r} is not of the form 'modified 2020-10-28'."
        raise DocumentRefused(document, reason, "Tell the publisher of the feed.") from error
