"""Pages that parsed badly are doubted, and those of the shipped corpus are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from civic_assistant.catalogue import open_catalogue
from civic_assistant.guides import Guide
from civic_assistant.settings import Settings
from ingest.readers.markdown import read_markdown
from ingest.reviewing.parsing_doubts import Doubt, DoubtKind, doubts_of
from ingest.reviewing.parsing_norms import Norms, norms_of
from tests.guides_by_hand import guide, section

CORPUS = Path(__file__).parent.parent.parent / "corpus"


def read(name: str, damage: Callable[[str], str] = str) -> Guide:
    """Read a document of the corpus as it is, or damaged."""
    text = damage((CORPUS / name).read_text(encoding="utf-8"))
    parsed = read_markdown(text.encode(), name, Path(name).stem)
    return Guide(
        id=Path(name).parent.name,
        title=parsed.title,
        language=Path(name).stem,
        source="town",
        document=name,
        sections=parsed.sections,
        description=parsed.description,
    )


@cache
def french() -> Norms:
    """Return what is usual in the French Markdown guides, two left out to be damaged."""
    names = (f"{path.parent.name}/fr.md" for path in sorted(CORPUS.glob("*/fr.md")))
    left_out = ("cantine-scolaire/fr.md", "decheterie/fr.md")
    return norms_of([read(name) for name in names if name not in left_out])


def without_heading_signs(text: str) -> str:
    return text.replace("\n## ", "\n").replace("\n### ", "\n")


def without_table_rules(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith(("| -", "|-")))


def with_glued_lines(text: str) -> str:
    lines = text.split("\n")
    long = [number for number, line in enumerate(lines) if len(line) > 80][:3]
    return "\n".join(
        line.replace(" ", "") if number in long else line for number, line in enumerate(lines)
    )


def in_another_encoding(text: str) -> str:
    return text.encode().decode("cp1252", "replace")


def cut_short(text: str) -> str:
    return text[: len(text) // 8]


@pytest.mark.parametrize("name", ["cantine-scolaire/fr.md", "decheterie/fr.md"])
@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (without_heading_signs, "no_headings"),
        (without_table_rules, "lost_table"),
        (with_glued_lines, "glued_words"),
        (in_another_encoding, "replaced_characters"),
        (cut_short, "little_text"),
    ],
)
def test_a_damaged_page_is_doubted_for_its_damage(
    name: str, damage: Callable[[str], str], kind: DoubtKind
) -> None:
    assert kind in {doubt.kind for doubt in doubts_of(read(name, damage), french())}
    assert doubts_of(read(name), french()) == ()


def test_no_page_of_the_shipped_corpus_is_doubted(town: Settings) -> None:
    catalogue = open_catalogue(town.index_folder)
    read_guides = [catalogue.guide(e.digest) for e in catalogue.entries(catalogue.live_edition())]
    ids = sorted({one.id for one in read_guides})
    doubts: list[Doubt] = []
    for judged in (ids[::2], ids[1::2]):
        others = [one for one in read_guides if one.id not in judged]
        by_language = {
            language: norms_of([one for one in others if one.language == language])
            for language in {one.language for one in read_guides}
        }
        for one in (one for one in read_guides if one.id in judged):
            doubts += doubts_of(one, by_language[one.language])

    assert doubts == []


def test_a_table_that_became_cells_below_each_other_is_doubted() -> None:
    cells = ["Quotient", "Matin", "Soir", "Jusqu'à 400 €", "0,50 €", "1,10 €"]
    spilt = guide("x", "Tarifs", section(*(("paragraph", cell) for cell in cells)))

    assert "lost_table" in kinds(doubts_of(spilt, french()))


def test_amounts_side_by_side_were_a_table() -> None:
    line = "Salle Jean-Moulin 110 € 180 € 360 € 420 €"
    spilt = guide("x", "Salles", section(("paragraph", line)))

    assert "lost_table" in kinds(doubts_of(spilt, french()))


def test_a_table_that_the_last_version_had_is_missed_as_long_as_its_fees_stand() -> None:
    before = read("cantine-scolaire/fr.md")
    flat = tuple(
        replace(s, blocks=tuple(replace(b, kind="item") for b in s.blocks)) for s in before.sections
    )
    after = replace(before, sections=flat)

    (doubt,) = doubts_of(after, french(), before)

    assert (doubt.kind, doubt.count) == ("lost_table", 8)
    assert doubts_of(after, french()) == ()


def test_a_page_is_measured_against_its_own_last_version_and_its_original() -> None:
    before = read("cantine-scolaire/fr.md")
    after = replace(before, sections=before.sections[:3])
    translated = replace(after, language="pl")
    nothing_usual = norms_of([])

    assert kinds(doubts_of(after, nothing_usual, before)) == ["little_text"]
    assert kinds(doubts_of(translated, nothing_usual, None, before)) == ["little_text"]


def test_names_with_a_capital_inside_are_known_from_the_other_guides() -> None:
    words = "Connectez-vous par FranceConnect, PayFiP ou OpenData et ProConnect."
    one = guide("x", "Connexion", section(("paragraph", words)))
    others = [replace(one, id=str(number)) for number in range(6)]

    assert "glued_words" not in kinds(doubts_of(one, norms_of(others)))
    assert "glued_words" in kinds(doubts_of(one, norms_of([])))


def test_a_feed_whose_guides_have_no_headings_is_not_doubted_for_it() -> None:
    sentence = "Une réponse à une question se donne en quelques phrases simples. " * 20
    plain = [
        guide(f"F{number}", f"Question {number}", section(("paragraph", sentence)))
        for number in range(8)
    ]

    assert kinds(doubts_of(plain[0], norms_of(plain[1:]))) == []
    assert kinds(doubts_of(plain[0], french())) == ["no_headings"]


def kinds(doubts: tuple[Doubt, ...]) -> list[DoubtKind]:
    return [doubt.kind for doubt in doubts]
