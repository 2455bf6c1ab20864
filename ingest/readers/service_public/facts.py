"""The typed fields of a sheet: cost, delay, documents, where, contact, services, forms, law."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from civic_assistant.guides import Block, Fact, FactKind, Section
from ingest.readers.service_public.tree import Node
from ingest.readers.service_public.words import words_of

SITE = "https://www.service-public.fr"
_FORMS = ("Formulaire", "Modèle de document")
_CALL_CENTRE = ("Centre de contact", "Support")
_COST = re.compile(r"\d\s?(?:€|euros?\b)|\bgratui|\bsans frais\b|\d\s?%", re.IGNORECASE)
_DELAY = re.compile(
    r"\b(?:\d+|une?|deux|trois|quatre|six|huit|quinze)\s"
    r"(?:heures?|jours?|semaines?|mois|ans?|années?)\b|\bimmédiat|\bsans délai\b",
    re.IGNORECASE,
)


def address_of(text: str | None) -> str | None:
    """Return a web address as it can be linked, or None when it is not one."""
    address = (text or "").strip()
    parts = urlsplit(address) if address.isprintable() and " " not in address else None
    return address if parts and parts.scheme in ("http", "https") and parts.netloc else None


def sheet_address(segment: str, sheet: str) -> str:
    """Return where the official site shows a sheet; ``segment`` is its audience's part."""
    return f"{SITE}/{segment}/vosdroits/{sheet}"


def contact_title(node: Node) -> str:
    """Return an office's name with what it is for (*in mainland France*), when the sheet says."""
    purpose = words_of(node.first("Complement"))
    name = words_of(node.first("Titre"))
    return f"{name} - {purpose}" if purpose else name


def service_title(node: Node) -> str:
    """Return a service's or form's name with its official numbers."""
    return _numbered(words_of(node.first("Titre")), node)


def facts_of_office(node: Node, situation: tuple[str, ...]) -> Iterator[Fact]:
    """Yield where to go, or whom to call with the words on how."""
    web = node.first("RessourceWeb")
    address = address_of(web.attributes.get("URL")) if web else None
    details = [words_of(paragraph) for paragraph in node.below("Paragraphe")]
    told = "\n".join([contact_title(node), *filter(None, details)])
    reached = bool(details) or node.attributes.get("type") in _CALL_CENTRE
    yield Fact("contact" if reached else "where", told, situation, address)


def facts_of_service(node: Node, situation: tuple[str, ...], segment: str) -> Iterator[Fact]:
    """Yield an online service or form, and the annexes and notices that belong to it.

    A model letter has no address of its own: it leads to its sheet on the official site.
    """
    sheet = node.attributes.get("ID", "")
    address = address_of(node.attributes.get("URL")) or (
        sheet_address(segment, sheet) if sheet else None
    )
    yield Fact(service_kind(node), service_title(node), situation, address)
    yield from facts_of_annexes(node, situation)


def facts_of_annexes(node: Node, situation: tuple[str, ...] = ()) -> Iterator[Fact]:
    """Yield the forms and notices that go with a service or form."""
    for annex in node.all("ServiceEnLigneAnnexe"):
        link = annex.first("LienWeb")
        address = address_of(link.attributes.get("URL")) if link else None
        yield Fact(service_kind(annex), service_title(annex), situation, address)
        yield from facts_of_annexes(annex, situation)
    for notice in node.all("NoticeLiee"):
        title = _numbered(words_of(notice), notice)
        yield Fact("form", title, situation, address_of(notice.attributes.get("URL")))


def facts_of_references(sheet: Node) -> Iterator[Fact]:
    """Yield the legal texts that a sheet rests on."""
    for reference in sheet.all("Reference"):
        title, subject = words_of(reference.first("Titre")), words_of(reference.first("Complement"))
        text = f"{title} - {subject}" if subject else title
        yield Fact("legal_basis", text, (), address_of(reference.attributes.get("URL")))


def facts_of_links(sheet: Node) -> Iterator[Fact]:
    """Yield the pages of other public sites that a sheet of links sends its readers to."""
    for commented in sheet.all("LienExterneCommente"):
        if link := commented.first("LienExterne"):
            address = address_of(link.attributes.get("URL"))
            yield Fact("online_service", words_of(link), (), address)


def facts_of_sections(sections: Iterable[Section]) -> Iterator[Fact]:
    """Yield cost, delay and documents, word for word, from the sections that tell them.

    Of a section on cost or delay the lines with an amount or a duration count; a short section
    without any counts whole. Of a section on documents each list item counts.
    """
    for section in sections:
        match section.topic:
            case "cost" | "delay":
                pattern = _COST if section.topic == "cost" else _DELAY
                lines = [b for b in section.blocks if b.kind != "header"]
                told = [b for b in lines if pattern.search(section.text[b.start : b.end])]
                chosen = told or (lines if len(section.text) <= 200 else [])
                yield from _facts(section, section.topic, chosen)
            case "documents":
                yield from _facts(
                    section, "documents", [b for b in section.blocks if b.kind == "item"]
                )
            case _:
                pass


def _facts(section: Section, kind: FactKind, blocks: Iterable[Block]) -> Iterator[Fact]:
    for block in blocks:
        yield Fact(kind, section.text[block.start : block.end], section.situation)


def service_kind(node: Node) -> FactKind:
    """Return whether a service is a form (or model letter) or used online."""
    return "form" if node.attributes.get("type") in _FORMS else "online_service"


def _numbered(title: str, node: Node) -> str:
    numbers = [
        f"{name} n° {number}"
        for name, key in (("cerfa", "numerocerfa"), ("formulaire", "autrenumero"))
        if (number := node.attributes.get(key, "").strip()) and number not in title
    ]
    return f"{title} ({', '.join(numbers)})" if numbers else title
