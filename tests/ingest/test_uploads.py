"""What somebody may upload to harm: refused by name within bounds, or read as plain words."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from civic_assistant.errors import DocumentRefused
from civic_assistant.guides import Block, Guide, Section
from ingest.bad_files import GOOD, write_bad_files
from ingest.bounds import BLOCK_CHARACTERS, GUIDE_BLOCKS, GUIDE_CHARACTERS, MEGABYTE
from ingest.drafts.working_copy import WorkingCopy
from ingest.folder import FolderSource
from ingest.formats import FORMATS
from ingest.passages import passages_of
from ingest.reading_process import ReadingBounds, ReadingProcess
from ingest.sources import SourceDocument
from tests.ingest import hostile_files as hostile

ABOUT = b'id = "guide"\ndepartment = "Accueil"\n'
SECONDS = 1.0
"""Processor seconds allowed here instead of the product's, so that the tests stay short."""
HARD = ReadingBounds(seconds=SECONDS)


@pytest.fixture(scope="module")
def reading() -> Iterator[ReadingProcess]:
    reading = ReadingProcess(HARD)
    yield reading
    reading.close()


@pytest.fixture
def draft(tmp_path: Path) -> WorkingCopy:
    (tmp_path / "corpus").mkdir()
    draft = WorkingCopy(tmp_path / "draft", tmp_path / "corpus")
    draft.change("guide/guide.toml", ABOUT)
    return draft


def refusal(reading: ReadingProcess, content: bytes, name: str) -> str:
    with pytest.raises(DocumentRefused) as caught:
        reading.read(content, name, "fr")
    assert caught.value.document == name
    assert caught.value.remedy
    return caught.value.reason


def uploaded(draft: WorkingCopy, name: str, content: bytes) -> Guide:
    draft.change(name, content)
    return draft.loaded(name).guide


def words_of(guide: Guide) -> str:
    texts = (text for section in guide.sections for text in (*section.path, section.text))
    return "\n".join((guide.title, guide.description, *texts))


def markdown(unit: str, megabytes: float = 19.9) -> bytes:
    return b"# Guide\n\n" + unit.encode() * (int(megabytes * MEGABYTE) // len(unit.encode()))


def test_each_bad_file_is_refused_in_the_worker_by_its_name(tmp_path: Path) -> None:
    write_bad_files(tmp_path)
    refused, read = set(), set()
    for document in FolderSource(tmp_path, reading=ReadingProcess(HARD)).documents():
        try:
            if isinstance(document, DocumentRefused):
                raise document
            read.add(document.load().guide.document)
        except DocumentRefused as error:
            refused.add(error.document)
    assert read == set(GOOD)
    files = (path for path in tmp_path.glob("[!_]*/*") if path.suffix in FORMATS)
    assert refused == {path.relative_to(tmp_path).as_posix() for path in files} - read


# Made when they are asked for: to make them all takes seconds.
BEYOND_MEASURE: dict[str, tuple[Callable[[], bytes], str]] = {
    "tables/fr.docx": (lambda: hostile.docx_of_tables(5000), "damaged"),
    "rires/fr.docx": (hostile.docx_of_laughs, "damaged"),
    "fausse-taille/fr.docx": (hostile.docx_with_false_size, "no readable Word document"),
    "sortie/fr.docx": (lambda: hostile.docx_beside("../../fr.docx"), "leads out of the archive"),
    "balises/fr.html": (lambda: b"<h1>T</h1>" + b"<div>" * 50_000 + b"x", "nested more than 150"),
    "cycle/fr.pdf": (hostile.pdf_of_looping_tree, "damaged"),
    "arbre/fr.pdf": (lambda: hostile.pdf_of_deep_tree(5000), "damaged"),
    "501-pages/fr.pdf": (lambda: hostile.pdf_of_pages(501, 1), "501 pages; at most 500"),
    "5000-pages/fr.pdf": (lambda: hostile.pdf_of_pages(5000, 1), "5000 pages; at most 500"),
}
STALLING: dict[str, Callable[[], bytes]] = {
    "texte/fr.md": lambda: markdown("Le prêt d'un composteur coûte 20 € par an. "),
    "etoiles/fr.md": lambda: markdown("*a **a "),
    "gras/fr.html": lambda: b"<h1>T</h1>" + b"<b>" * 1_000_000 + b"x",
    "paragraphes/fr.html": lambda: b"<h1>T</h1>" + b"<p>a" * (4 * MEGABYTE),
    "objets/fr.pdf": lambda: hostile.pdf_without_table(400_000),
    "formes/fr.pdf": lambda: hostile.pdf_of_forms_in_forms(12),
    "bombe/fr.pdf": lambda: hostile.pdf_bomb(4000),
}


@pytest.mark.parametrize("name", BEYOND_MEASURE)
def test_what_is_nested_or_multiplied_beyond_measure_is_refused(
    reading: ReadingProcess, name: str
) -> None:
    make, told = BEYOND_MEASURE[name]
    assert told in refusal(reading, make(), name)


@pytest.mark.parametrize("name", STALLING)
def test_what_stalls_or_floods_a_reader_is_refused_within_its_time(
    reading: ReadingProcess, name: str
) -> None:
    content = STALLING[name]()
    before = time.process_time()
    assert refusal(reading, content, name)
    assert time.process_time() - before < SECONDS  # what it costs, it costs the worker
    assert reading.read(b"# Guide\n\nTexte.\n", "a/fr.md", "fr").title == "Guide"


def test_five_hundred_pages_are_read(reading: ReadingProcess) -> None:
    parsed = ReadingProcess().read(hostile.pdf_of_pages(500, 10), "gros/fr.pdf", "fr")
    assert {section.page for section in parsed.sections} == set(range(1, 501))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("guide/fr.pdf", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "it is no PDF file"),
        ("guide/fr.docx", b"MZ\x90\x00" + bytes(5000), "no readable Word document"),
        ("guide/fr.docx", hostile.docx_of_another_kind(), "no readable Word document"),
        ("guide/fr.docx", b"\xd0\xcf\x11\xe0" + bytes(5000), "an old .doc file"),
        ("guide/fr.docx", b"%PDF-1.7 " + b"x" * 99, "no readable Word document"),
        ("guide/fr.md", "# Été\n\nTexte.\n".encode("utf-16"), "looks like utf_16"),
        ("guide/fr.md", b"\x7fELF\x02\x01\x01\x00" * 40, "binary data"),
        ("guide/fr.html", b"\x1f\x8b\x08\x00" * 40, "binary data"),
        ("guide/fr.html", "<h1>Été</h1>".encode("cp1252"), "not UTF-8"),
    ],
)
def test_a_file_of_another_type_than_its_name_says_is_refused(
    draft: WorkingCopy, name: str, content: bytes, told: str
) -> None:
    draft.change(name, content)
    with pytest.raises(DocumentRefused, match=told) as caught:
        draft.loaded(name)
    assert caught.value.document == name


SCRIPTED = """<!doctype html><html lang="fr" onload="alert(1)"><head>
<title>Tarifs <script>alert(2)</script></title><base href="https://bad.example/">
<meta http-equiv="refresh" content="0;url=https://bad.example/"></head><body onclick="alert(3)">
<main><h1 onmouseover="alert(4)">Bac à compost<script>alert(5)</script></h1>
<p style="background:url(javascript:alert(6))">Le bac coûte 20 €.<img src=x onerror="alert(7)"></p>
<p><a href="javascript:alert(8)">Formulaire</a><iframe srcdoc="<script>alert(9)</script>"></iframe>
<svg><script>alert(10)</script></svg><template><script>alert(11)</script></template></p>
<h2 id="x&quot; onclick=&quot;alert(12)">Délai &lt;script&gt;alert('mot')&lt;/script&gt;</h2>
<p>Sous 8 jours.<style>p{color:red}</style><noscript>alert(13)</noscript></p></main></body></html>
"""


def test_of_scripts_and_handlers_in_html_nothing_is_kept(draft: WorkingCopy) -> None:
    guide = uploaded(draft, "guide/fr.html", SCRIPTED.encode())
    assert guide.title == "Bac à compost"
    words = words_of(guide)
    assert "Le bac coûte 20 €." in words
    assert "Formulaire" in words
    assert "alert(" not in words.replace("<script>alert('mot')</script>", "")
    assert "javascript:" not in words


def test_what_a_page_writes_out_as_words_stays_words(draft: WorkingCopy) -> None:
    guide = uploaded(draft, "guide/fr.html", SCRIPTED.encode())
    (section,) = (s for s in guide.sections if s.path)
    assert section.heading == "Délai <script>alert('mot')</script>"


def test_html_in_markdown_counts_for_its_words_only(draft: WorkingCopy) -> None:
    text = (
        '# Bac <img src=x onerror="alert(1)"> à <b onclick="alert(2)">compost</b>\n\n'
        "<script>alert(3)</script>\n\n<div onclick='alert(4)'>Le bac coûte 20 €.</div>\n\n"
        '[Formulaire](javascript:alert(5)) ![photo](x "onerror=alert(6)")\n'
    )
    guide = uploaded(draft, "guide/fr.md", text.encode())
    assert guide.title == "Bac à compost"
    text = guide.sections[0].text
    assert text == "Le bac coûte 20 €.\n[Formulaire](javascript:alert(5)) photo"  # as it stands


def test_a_title_of_markup_is_text_in_every_format(draft: WorkingCopy) -> None:
    title = '<script>alert(1)</script> & "Tarifs" <b>'
    word, packed = docx.Document(), io.BytesIO()
    word.add_heading(title, 0)
    word.add_paragraph("Le bac coûte 20 €.")
    word.save(packed)
    assert uploaded(draft, "guide/fr.docx", packed.getvalue()).title == title
    printed = io.BytesIO()
    canvas = Canvas(printed)
    canvas.setTitle(title)
    canvas.setFont("Helvetica", 24)
    canvas.drawString(50, 780, title)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(50, 740, "Le bac coute 20 euros.")
    canvas.save()
    assert uploaded(draft, "guide/en.pdf", printed.getvalue()).title == title


def test_a_title_without_end_is_refused(draft: WorkingCopy) -> None:
    draft.change("guide/fr.md", b"# " + b"mot " * 200 + b"\n\nTexte.\n")
    with pytest.raises(DocumentRefused, match="its title has 799 characters; at most 500"):
        draft.loaded("guide/fr.md")


@pytest.mark.parametrize(
    "description",
    [
        b"a = " + b"[" * 30_000,
        b"a = " + b"{a=" * 10_000,
        b"id" + b".a" * 3000 + b" = 1",
        b"a = " + b"9" * 5000,
    ],
    ids=["lists", "tables", "keys", "digits"],
)
def test_a_description_beyond_measure_refuses_its_document_and_not_the_source(
    draft: WorkingCopy, description: bytes
) -> None:
    draft.change("guide/fr.md", b"# Guide\n\nTexte.\n")
    draft.change("guide/guide.toml", description)
    with pytest.raises(DocumentRefused, match=r"its guide\.toml is nested too deep") as caught:
        draft.loaded("guide/fr.md")
    assert caught.value.document == "guide/fr.md"


def test_a_folder_s_name_cannot_write_on_a_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "\x1b[31mrouge\n"
    folder.mkdir()
    (folder / "guide.toml").write_bytes(b'id = "rouge"\ndepartment = "Accueil"\n')
    (folder / "fr.md").write_bytes(b"# Guide\n\nTexte.\n")
    (tmp_path / "perdu\udcff.md").write_bytes(b"# Guide\n\nTexte.\n")
    names = []
    for document in FolderSource(tmp_path).documents():
        assert isinstance(document, DocumentRefused)
        names.append(document.document)
    assert names == ["\\x1b[31mrouge\\n/fr.md", "perdu\\udcff.md"]


@pytest.mark.parametrize("unit", ["a. ", "你好。"])
def test_the_longest_paragraphs_that_are_read_are_cut_in_seconds(unit: str) -> None:
    """Passages are cut outside of the worker: what it lets through must not stall its parent."""
    block = (unit * (BLOCK_CHARACTERS // len(unit))).strip()
    count = GUIDE_CHARACTERS // BLOCK_CHARACTERS // 10  # a tenth of a guide
    starts = [number * (len(block) + 1) for number in range(count)]
    blocks = tuple(Block("paragraph", start, start + len(block)) for start in starts)
    section = Section((), "\n".join([block] * count), blocks)
    begun = time.process_time()
    assert passages_of(Guide("long", "Guide", "fr", "town", "long/fr.md", (section,)))
    assert time.process_time() - begun < 8


def test_more_text_than_a_guide_may_have_is_refused() -> None:
    reading = ReadingProcess()
    told = refusal(reading, b"# Guide\n\n" + b"- a\n" * (GUIDE_BLOCKS + 1), "long/fr.md")
    assert f"at most {GUIDE_CHARACTERS} in {GUIDE_BLOCKS} are read" in told
    told = refusal(reading, b"# Guide\n\n" + b"mot " * BLOCK_CHARACTERS, "long/fr.md")
    assert f"79999 characters; at most {BLOCK_CHARACTERS} are read" in told
    reading.close()


def test_a_pipe_in_the_corpus_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "tube").mkdir()
    (tmp_path / "tube" / "guide.toml").write_bytes(b'id = "tube"\ndepartment = "Accueil"\n')
    os.mkfifo(tmp_path / "tube" / "fr.md")
    (document,) = FolderSource(tmp_path).documents()
    assert not isinstance(document, SourceDocument)
    assert "no ordinary file" in document.reason
