"""Addresses as they stand in sentences, in facts and behind links."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from civic_assistant.guides import Fact, Guide, Section
from ingest.addresses.named_addresses import (
    NamedAddress,
    addresses_in,
    linked_addresses,
    named_addresses,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Voir https://ville.fr/a.", "https://ville.fr/a"),
        ("(voir https://ville.fr/a)", "https://ville.fr/a"),
        ("https://ville.fr/Page_(salle), puis", "https://ville.fr/Page_(salle)"),
        ("sur www.ville.fr/tarifs ;", "https://www.ville.fr/tarifs"),
        ("« HTTP://Ville.fr/A »", "HTTP://Ville.fr/A"),
        ("请访问https://ville.fr/zh。", "https://ville.fr/zh"),
        ("على https://ville.fr/ar، ثم", "https://ville.fr/ar"),
        ("**https://ville.fr/a**", "https://ville.fr/a"),
        ("[le site](https://ville.fr/a?b=1&c=2)", "https://ville.fr/a?b=1&c=2"),
    ],
)
def test_an_address_ends_where_the_sentence_goes_on(text: str, address: str) -> None:
    assert list(addresses_in(text)) == [address]


def test_a_mail_address_and_a_bare_name_are_no_web_addresses() -> None:
    assert list(addresses_in("mairie@www.ville.fr, ville.fr, ftp://ville.fr")) == []


def test_an_address_is_named_once_where_it_stands_first() -> None:
    text = "Payez sur https://ville.fr/payer, ou voyez https://ville.fr/aide."
    guide = Guide(
        id="salle",
        title="Salle",
        language="fr",
        source="town",
        document="salle/fr.md",
        sections=(Section((), text, ()),),
        address="https://ville.fr/salle",
        facts=(
            Fact("online_service", "Payer", (), "https://ville.fr/payer"),
            Fact("contact", "Écrire", (), "mailto:salles@ville.fr"),
        ),
    )
    assert named_addresses(guide) == (
        NamedAddress("https://ville.fr/salle", "page"),
        NamedAddress("https://ville.fr/payer", "online_service"),
        NamedAddress("https://ville.fr/aide", "text"),
    )


def test_links_of_markdown_and_html_lead_where_their_words_do_not_say() -> None:
    assert linked_addresses("a/fr.md", b"Le [formulaire](https://ville.fr/f.pdf).") == (
        "https://ville.fr/f.pdf",
    )
    page = '<a href="https://ville.fr/?a=1&amp;b=2">ici</a> <a href="/tarifs">là</a>'
    assert linked_addresses("a/fr.html", page.encode()) == ("https://ville.fr/?a=1&b=2",)


def test_links_of_a_word_document_are_its_outer_relations() -> None:
    relation = (
        '<Relationship Id="r1" TargetMode="{}" Type="hyperlink" Target="https://ville.fr/{}"/>'
    )
    relations = "".join(
        relation.format(mode, mode.lower()) for mode in ("External", "Internal", "External")
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    content = docx(f'<Relationships xmlns="{namespace}">{relations}</Relationships>')
    assert linked_addresses("a/fr.docx", content) == ("https://ville.fr/external",)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 no archive",
        b'<!DOCTYPE a [<!ENTITY b "https://ville.fr/">]><a Target="&b;" TargetMode="External"/>',
        b"<a",
    ],
)
def test_a_damaged_word_document_has_no_links(content: bytes) -> None:
    packed = docx(content.decode()) if content.startswith(b"<") else content
    assert linked_addresses("a/fr.docx", packed) == ()


def docx(relations: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/_rels/document.xml.rels", relations)
    return buffer.getvalue()
