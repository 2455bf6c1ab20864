"""Sections keep their path, situation, place and exact offsets."""

from hypothesis import given
from hypothesis import strategies as st

from civic_assistant.guides import Block, Section
from ingest.sections import SectionBuilder


def block_texts(section: Section) -> list[str]:
    return [section.text[block.start : block.end] for block in section.blocks]


def test_blocks_are_lines_of_the_section_with_exact_offsets() -> None:
    builder = SectionBuilder("fr")
    builder.heading(2, "Pièces à fournir", anchor="pieces")
    builder.paragraph("Il faut :")
    builder.item("une photo")
    builder.item("récente", level=1)
    assert builder.build() == (
        Section(
            path=("Pièces à fournir",),
            text="Il faut :\nune photo\nrécente",
            blocks=(
                Block("paragraph", 0, 9),
                Block("item", 10, 19),
                Block("item", 20, 27, level=1),
            ),
            anchor="pieces",
            topic="documents",
        ),
    )


def test_a_heading_closes_those_of_its_level_and_deeper() -> None:
    builder = SectionBuilder("fr")
    for level, text in [(2, "Tarifs"), (3, "Habitants"), (4, "Enfants"), (3, "Extérieurs")]:
        builder.heading(level, text)
        builder.paragraph("Texte.")
    builder.heading(2, "Contact")
    builder.paragraph("Texte.")
    assert [section.path for section in builder.build()] == [
        ("Tarifs",),
        ("Tarifs", "Habitants"),
        ("Tarifs", "Habitants", "Enfants"),
        ("Tarifs", "Extérieurs"),
        ("Contact",),
    ]


def test_sections_without_text_are_dropped() -> None:
    builder = SectionBuilder()
    builder.heading(2, "Vide")
    builder.paragraph(" \u00a0 ")
    builder.heading(2, "Plein")
    builder.paragraph("Texte.")
    assert [section.heading for section in builder.build()] == ["Plein"]


def test_a_situation_heading_is_kept_apart_from_the_path() -> None:
    builder = SectionBuilder("fr")
    builder.heading(2, "Tarifs")
    builder.heading(3, "Situation : vous êtes mineur")
    builder.paragraph("C'est gratuit.")
    (section,) = builder.build()
    assert (section.path, section.situation) == (("Tarifs",), ("vous êtes mineur",))
    assert section.topic == "cost"


def test_situations_nest_and_headings_inside_do_not_leave_them() -> None:
    builder = SectionBuilder("fr")
    builder.heading(2, "Démarche")
    with builder.situation("Vous êtes majeur"):
        builder.paragraph("Un.")
        with builder.situation("Vous vivez à l'étranger"):
            builder.heading(1, "Coût")
            builder.paragraph("Deux.")
        builder.paragraph("Trois.")
    builder.paragraph("Quatre.")
    assert [(s.path, s.situation, s.text) for s in builder.build()] == [
        (("Démarche",), ("Vous êtes majeur",), "Un."),
        (("Démarche", "Coût"), ("Vous êtes majeur", "Vous vivez à l'étranger"), "Deux."),
        (("Démarche",), ("Vous êtes majeur",), "Trois."),
        (("Démarche",), (), "Quatre."),
    ]


def test_cells_of_a_row_keep_their_column() -> None:
    builder = SectionBuilder()
    builder.row(["", "Résident", "Extérieur", ""], header=True)
    builder.row(["Repas", "", "5 €"])
    (section,) = builder.build()
    assert [text.split(" | ") for text in block_texts(section)] == [
        ["", "Résident", "Extérieur"],
        ["Repas", "", "5 €"],
    ]
    assert [block.kind for block in section.blocks] == ["header", "row"]


def test_a_paragraph_on_another_page_goes_on_in_a_section_of_that_page() -> None:
    builder = SectionBuilder("fr")
    builder.heading(2, "Tarifs", page=1)
    builder.paragraph("Un :", page=1)
    builder.item("item d'une liste qui continue", page=2)
    builder.paragraph("Deux.", page=2)
    assert [(s.heading, s.page, s.text) for s in builder.build()] == [
        ("Tarifs", 1, "Un :\nitem d'une liste qui continue"),
        ("Tarifs", 2, "Deux."),
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["heading", "paragraph", "item", "row"]),
            st.text(alphabet="ab é\n\u00a0|:.", max_size=12),
            st.integers(1, 4),
        ),
        max_size=20,
    )
)
def test_blocks_rejoin_to_the_text_of_their_section(stream: list[tuple[str, str, int]]) -> None:
    builder = SectionBuilder()
    for kind, text, number in stream:
        match kind:
            case "heading":
                builder.heading(number, text)
            case "paragraph":
                builder.paragraph(text)
            case "item":
                builder.item(text, number)
            case _:
                builder.row([text] * number)
    for section in builder.build():
        assert section.text
        assert "\n".join(block_texts(section)) == section.text
