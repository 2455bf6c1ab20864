"""Pages of the town's site: the guide in <main>, nothing of the furniture."""

import pytest

from civic_assistant.errors import DocumentRefused
from ingest.documents import ParsedDocument
from ingest.readers.html import read_html

PAGE = """<!doctype html><html lang="fr"><head><title>Carte - Ville</title><style>p{}</style></head>
<body><header><h1>Ville de Vaubreuil</h1></header><nav><a href="/">Accueil</a></nav>
<div class="cookie-banner"><p>Nous déposons des cookies.</p></div>
<main><nav class="breadcrumb">Accueil &gt; Carte</nav>
<article><header><h1>Carte de <em>bibliothèque</em></h1></header>
<p>Intro <b>grasse</b>,<br>sur deux&nbsp;lignes&nbsp;: <a href="/x">lien</a>.</p>
<section id="tarifs"><h2>Tarifs</h2>
<table><caption>Prix en 2026</caption>
<thead><tr><th></th><th>Habitant</th><th>Extérieur</th></tr></thead>
<tbody><tr><th rowspan="2">Adulte</th><td>5 €</td><td>10 €</td></tr>
<tr><td colspan="2">gratuit le dimanche</td></tr></tbody></table></section>
<h3 class="situation" id="mineur">Vous êtes mineur</h3>
<div>Texte nu <span>ici</span><p>Paragraphe.</p>et fin.</div>
<h2><a id="pieces"></a>Pièces</h2>
<ul><li>une photo<ul><li>récente</li></ul></li>
<li><p>un justificatif</p><p>de domicile</p></li></ul>
<dl><dt>Lundi</dt><dd>9 h</dd><dt>Mardi</dt><dt>Jeudi</dt><dd>10 h</dd></dl>
<p hidden>Caché.</p><p style="display: none">Caché.</p><p aria-hidden="true">Caché.</p>
<p style="font-size: 0">Caché.</p><p style="text-indent:-9999px">Caché.</p>
<form><p>Votre avis</p><button>Envoyer</button></form><script>trace()</script><!-- note -->
<aside>Voir aussi</aside></article></main><footer>Mentions légales</footer></body></html>"""


def read(page: str, language: str = "fr") -> ParsedDocument:
    return read_html(page.encode(), "carte/fr.html", language)


def blocks(parsed: ParsedDocument, section: int) -> list[tuple[str, int, str]]:
    found = parsed.sections[section]
    return [(b.kind, b.level, found.text[b.start : b.end]) for b in found.blocks]


def test_only_the_main_part_is_read() -> None:
    parsed = read(PAGE)
    everything = " ".join(section.text for section in parsed.sections)
    for furniture in ["Accueil", "cookies", "Caché", "avis", "trace", "note", "aussi", "Mentions"]:
        assert furniture not in everything
    assert parsed.title == "Carte de bibliothèque"
    assert parsed.description == "Intro grasse, sur deux lignes : lien."


def test_headings_carry_the_ids_of_themselves_or_their_section() -> None:
    assert [(s.path, s.situation, s.anchor) for s in read(PAGE).sections] == [
        ((), (), None),
        (("Tarifs",), (), "tarifs"),
        (("Tarifs",), ("Vous êtes mineur",), "mineur"),
        (("Pièces",), (), "pieces"),
    ]


def test_merged_cells_are_repeated_so_that_a_row_can_be_quoted_alone() -> None:
    assert blocks(read(PAGE), 1) == [
        ("paragraph", 0, "Prix en 2026"),
        ("header", 0, " | Habitant | Extérieur"),
        ("row", 0, "Adulte | 5 € | 10 €"),
        ("row", 0, "Adulte | gratuit le dimanche"),
    ]


def test_words_between_blocks_are_paragraphs() -> None:
    assert read(PAGE).sections[2].text == "Texte nu ici\nParagraphe.\net fin."


def test_lists_nest_and_definitions_are_rows() -> None:
    assert blocks(read(PAGE), 3) == [
        ("item", 0, "une photo"),
        ("item", 1, "récente"),
        ("item", 0, "un justificatif de domicile"),
        ("row", 0, "Lundi | 9 h"),
        ("row", 0, "Mardi / Jeudi | 10 h"),
    ]


def test_a_page_without_main_is_read_from_its_body() -> None:
    parsed = read("<html><head><title>Bruit</title></head><body><p>Texte.</p></body></html>")
    assert (parsed.title, parsed.sections[0].text) == ("Bruit", "Texte.")


def test_a_page_in_another_language_than_its_name_says_is_pointed_out() -> None:
    assert not any("lang=" in warning for warning in read(PAGE).warnings)
    assert "lang='fr'" in read(PAGE, "en").warnings[0]


def test_what_a_page_hides_is_pointed_out_but_for_an_icon() -> None:
    (told,) = read(PAGE).warnings
    assert "hides text, which is left out: “Caché.”" in told
    page = "<main><h1>Badge</h1><p>5 €<i aria-hidden=true>➜</i></p></main>"
    assert read(page).warnings == ()


def test_layout_tables_are_read_as_text() -> None:
    page = (
        "<main><h1>T</h1><table><tr><td><h2>Tarifs</h2><table><tr><td>a</td><td>b</td></tr></table>"
    )
    (section,) = read(page).sections
    assert (section.path, section.text) == (("Tarifs",), "a | b")


def test_endless_nesting_is_refused() -> None:
    with pytest.raises(DocumentRefused, match="nested more than 150 deep"):
        read("<main><h1>T</h1>" + "<div>" * 2000 + "texte")


def test_an_empty_page_is_refused() -> None:
    with pytest.raises(DocumentRefused, match="no text"):
        read("<main><h1>Titre</h1><nav>menu</nav></main>")
