"""The text of a sheet: chapters, situations, cases, notes, lists, tables, contacts, services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from civic_assistant.guides import Fact, FactKind, Section
from ingest.readers.service_public.conditions import variable_of
from ingest.readers.service_public.facts import (
    contact_title,
    facts_of_office,
    facts_of_service,
    service_title,
)
from ingest.readers.service_public.tables import rows_of
from ingest.readers.service_public.tree import Node
from ingest.readers.service_public.words import sentence_list, words_of
from ingest.sections import SectionBuilder
from ingest.topics import topic_of_heading

_NOTES = {
    "Attention": "Attention",
    "ASavoir": "À savoir",
    "ANoter": "À noter",
    "Rappel": "Rappel",
}
# Not text: titles and conditions are read with their parent; the rest is the machinery of the page.
_SILENT = frozenset({
    "Titre", "TitreAlternatif", "Condition", "Colonne", "SiSelectionne", "IntituleSiSelectionne",
    "PivotLocal", "RessourceWeb", "Source", "Credits", "Legende", "TexteDeRemplacement", "Resume",
    "Problematiques", "Questionnaire", "ServiceEnLigneAnnexe", "NoticeLiee", "LienWeb",
})  # fmt: skip
OFFICES = "Où s'adresser ?"
SERVICES = "Services en ligne et formulaires"


class SheetBody:
    """Writes the blocks of a sheet into sections, and gathers the facts met on the way."""

    def __init__(self, labels: Mapping[str, str], segment: str) -> None:
        """Take the meaning of the sheet's variables and its audience's part of an address."""
        self._builder = SectionBuilder("fr")
        self._labels = labels
        self._segment = segment
        self._cases: list[str] = []
        self._mentioned: set[str] = set()
        self.facts: list[Fact] = []

    def sections(self) -> tuple[Section, ...]:
        """Return the sections written so far."""
        return self._builder.build()

    def blocks(self, parent: Node) -> None:
        """Write the children of an element in order.

        An element that this reader does not know is a container: its paragraphs are not lost.
        """
        for child in parent.children:
            if isinstance(child, str):
                self._builder.paragraph(child)
            elif child.name not in _SILENT:
                self.block(child)

    def block(self, node: Node) -> None:
        """Write one element with everything in it."""
        match node.name:
            case "Paragraphe":
                self._builder.paragraph(words_of(node))
            case "Liste":
                self._list(node, 0)
            case "Tableau":
                self._table(node)
            case "Chapitre" | "SousChapitre":
                self._chapter(node)
            case "Situation" | "Cas":
                with self._case(words_of(node.first("Titre"))):
                    self.blocks(node)
            case "Attention" | "ASavoir" | "ANoter" | "Rappel":
                title = words_of(node.first("Titre")) or _NOTES[node.name]
                self._labelled(title, node)
            case "OuSAdresser" | "OuSAdresserSupport":
                self._builder.paragraph(f"Où s'adresser : {contact_title(node)}")
                self._office(node)
            case "ServiceEnLigne":
                kind = node.attributes.get("type", "Service en ligne")
                self._builder.paragraph(f"{kind} : {service_title(node)}")
                self._service(node)
            case "LienExterneCommente":
                self._commented_link(node)
            case "Avertissement":
                self._headed(words_of(node.first("Titre")), node)
            case _:
                with self._conditioned(node):
                    self.blocks(node)

    def service_page(
        self, kind: str, title: str, topic: FactKind, own_text: Iterable[Node]
    ) -> None:
        """Write the page of a form or online service; its title has the number people ask for."""
        with self._builder.situation(""):
            self._builder.heading(1, kind, topic=topic)
            self._builder.paragraph(title)
            for part in own_text:
                self.block(part)

    def close(self, offices: Iterable[Node], services: Iterable[Node]) -> None:
        """Write the offices and services that the sheet lists and its text has not named yet."""
        with self._builder.situation(""):
            self._builder.heading(1, OFFICES)
            for office in self._new(offices):
                with self._conditioned(office):
                    self._builder.item(contact_title(office))
                    self._office(office)
        with self._builder.situation(""):
            self._builder.heading(1, SERVICES, topic="online_service")
            for service in self._new(services):
                with self._conditioned(service):
                    kind = service.attributes.get("type", "")
                    self._builder.item(f"{service_title(service)} - {kind}".rstrip(" -"))
                    self._service(service)

    def _new(self, nodes: Iterable[Node]) -> list[Node]:
        return [node for node in nodes if node.attributes.get("ID") not in self._mentioned]

    def _chapter(self, node: Node) -> None:
        # The alternative title is the one for readers who have not said what their case is.
        title = node.first("TitreAlternatif") or node.first("Titre")
        words = words_of(title)
        topic = topic_of_heading(words, "fr")
        if topic is None and node.attributes.get("type") == "pieces":
            topic = "documents"
        # A situation without words only makes the heading end where its chapter ends.
        with self._conditioned(node), self._builder.situation(""):
            self._builder.heading(1, words, topic=topic)
            self.blocks(node)

    @contextmanager
    def _case(self, label: str) -> Iterator[None]:
        with self._builder.situation(label):
            self._cases.append(label)
            try:
                yield
            finally:
                self._cases.pop()

    @contextmanager
    def _conditioned(self, node: Node) -> Iterator[None]:
        label = self._labels.get(variable_of(node) or "")
        if label is None or label in self._cases:
            yield
            return
        with self._case(label):
            yield

    def _labelled(self, label: str, parent: Node) -> None:
        """Write an element whose first paragraph begins with the label."""
        contents = [child for child in parent.elements if child.name not in _SILENT]
        if contents and contents[0].name == "Paragraphe":
            self._builder.paragraph(f"{label} : {words_of(contents.pop(0))}")
        elif contents:
            self._builder.paragraph(f"{label} :")
        for child in contents:
            self.block(child)

    def _list(self, node: Node, level: int) -> None:
        for item in node.all("Item"):
            pieces: list[str] = []
            for child in item.elements:
                if child.name == "Liste":
                    self._builder.item(sentence_list(pieces), level)
                    pieces = []
                    self._list(child, level + 1)
                elif child.name not in _SILENT:
                    pieces.append(words_of(child))
            self._builder.item(sentence_list(pieces), level)

    def _table(self, node: Node) -> None:
        self._builder.paragraph(words_of(node.first("Titre")))
        for cells, is_header in rows_of(node):
            self._builder.row(cells, header=is_header)

    def _office(self, node: Node) -> None:
        self._mentioned.add(node.attributes.get("ID", ""))
        self.facts.extend(facts_of_office(node, tuple(self._cases)))
        for text in node.all("Texte"):
            for child in text.elements:
                if child.name in ("Chapitre", "SousChapitre"):
                    self._labelled(words_of(child.first("Titre")), child)
                elif child.name not in _SILENT:
                    self.block(child)

    def _service(self, node: Node) -> None:
        self._mentioned.add(node.attributes.get("ID", ""))
        self.facts.extend(facts_of_service(node, tuple(self._cases), self._segment))
        for part in node.all("Introduction", "Texte"):
            self.blocks(part)

    def _commented_link(self, node: Node) -> None:
        link = words_of(node.first("LienExterne"))
        source = words_of(node.first("Source"))
        comment = node.first("Commentaire")
        if comment is None:
            self._builder.item(f"{link} - {source}" if source else link)
        else:
            self._headed(link, comment)

    def _headed(self, title: str, parent: Node) -> None:
        with self._builder.situation(""):
            self._builder.heading(1, title)
            self.blocks(parent)
