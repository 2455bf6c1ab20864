"""Passages are whole sentences of one section, in order, and lose nothing of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_assistant.guides import Guide, Section
from civic_assistant.sentences import sentence_spans
from ingest.passages import PASSAGE_WORDS, passages_of, section_cuts, word_count
from ingest.sections import SectionBuilder

SENTENCE = "Le repas de la cantine coûte 4,10 € pour un enfant de la commune. "


def guide(*sections: Section) -> Guide:
    return Guide(
        id="cantine",
        title="Cantine",
        language="fr",
        source="town",
        document="cantine/fr.md",
        sections=sections,
        description="Un repas à midi.",
        theme=("Famille", "École"),
    )


def section_of(*blocks: tuple[str, str], heading: str = "Tarifs") -> Section:
    builder = SectionBuilder("fr")
    builder.heading(2, heading)
    for kind, text in blocks:
        match kind:
            case "paragraph":
                builder.paragraph(text)
            case "item":
                builder.item(text)
            case _:
                builder.row(text.split(" | "), header=kind == "header")
    (section,) = builder.build()
    return section


def cut_texts(section: Section) -> list[str]:
    return [section.text[start:end] for start, end in section_cuts(section, "fr")]


def test_the_card_stands_for_the_guide_and_has_no_text() -> None:
    card, *_ = passages_of(guide())
    assert card.is_card
    assert (card.start, card.end, card.text) == (0, 0, "")
    assert card.context == "Famille › École › Cantine: Un repas à midi."


def test_the_context_names_title_path_and_situation() -> None:
    section = replace(section_of(("paragraph", "Gratuit.")), situation=("mineur", "interne"))
    _, passage = passages_of(guide(section))
    assert passage.context == "Cantine › Tarifs › mineur › interne"
    assert passage.embedded_text == "Cantine › Tarifs › mineur › interne\nGratuit."


def test_a_section_of_usual_length_is_one_passage() -> None:
    section = section_of(("paragraph", SENTENCE * 12), ("paragraph", SENTENCE))
    assert cut_texts(section) == [section.text]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    section = section_of(("paragraph", SENTENCE * 60))
    for text in cut_texts(section):
        assert word_count(text) <= PASSAGE_WORDS
        assert text.startswith("Le repas")
        assert text.endswith("commune.")


def test_a_list_moves_with_its_introduction() -> None:
    section = section_of(
        ("paragraph", SENTENCE * 13),
        ("paragraph", "Il faut apporter :"),
        *[("item", SENTENCE)] * 8,
    )
    first, second = cut_texts(section)
    assert first.endswith("commune.")
    assert second.startswith("Il faut apporter :")


def test_a_list_too_long_for_a_passage_keeps_its_introduction_with_the_first_item() -> None:
    section = section_of(("paragraph", "Il faut apporter :"), *[("item", SENTENCE)] * 40)
    texts = cut_texts(section)
    assert len(texts) > 1
    assert texts[0].startswith("Il faut apporter :\nLe repas")


def test_a_long_table_is_cut_between_rows() -> None:
    row = ("row", "Repas de cantine, habitants | jour | 4,10 €")
    section = section_of(("header", "Service | Unité | Prix"), *[row] * 60)
    texts = cut_texts(section)
    assert len(texts) > 1
    assert texts[0].startswith("Service | Unité | Prix\nRepas")
    assert all(line.endswith("€") for text in texts[1:] for line in text.split("\n"))


def test_a_sentence_beyond_the_length_stays_whole() -> None:
    endless = "Le texte " + "continue encore " * 200 + "ici."
    assert cut_texts(section_of(("paragraph", endless))) == [endless]


def test_passages_never_cross_sections() -> None:
    sections = (section_of(("paragraph", "Un.")), section_of(("paragraph", "Deux."), heading="Où"))
    assert [(p.section, p.text) for p in passages_of(guide(*sections))[1:]] == [
        (0, "Un."),
        (1, "Deux."),
    ]


def test_the_same_text_twice_is_two_passages_with_lasting_identities() -> None:
    twice = guide(section_of(("paragraph", "Un.")), section_of(("paragraph", "Un.")))
    ids = [passage.id for passage in passages_of(twice)]
    assert len(set(ids)) == 3
    assert ids == [passage.id for passage in passages_of(twice)]
    other = replace(twice, id="autre")
    assert not set(ids) & {passage.id for passage in passages_of(other)}


@pytest.mark.parametrize(("text", "least", "most"), [
    ("Le repas coûte 4,10 €.", 5, 5),
    ("您需要提供身份证和居住证明。", 6, 10),
    ("يقدم الطلب في دار البلدية.", 5, 5),
])  # fmt: skip
def test_words_are_counted_in_scripts_without_spaces(text: str, least: int, most: int) -> None:
    assert least <= word_count(text) <= most


WORDS = st.sampled_from(
    ["Un.", "deux", "M.", "3,5 €", "art.", "fin :", "Où ?", "很好。", "mot" * 9]
)
BLOCKS = st.lists(
    st.tuples(
        st.sampled_from(["paragraph", "item", "header", "row"]),
        st.lists(WORDS, min_size=1, max_size=120).map(" ".join),
    ),
    min_size=1,
    max_size=12,
)


@given(BLOCKS, st.sampled_from(["fr", "zh", "ar"]))
def test_passages_are_in_order_slice_back_and_rejoin_to_their_section(
    blocks: list[tuple[str, str]], language: str
) -> None:
    section = section_of(*blocks)
    passages = passages_of(replace(guide(section), language=language))[1:]
    allowed = {block.start for block in section.blocks}
    for block in section.blocks:
        spans = sentence_spans(section.text[block.start : block.end], language)
        allowed |= {block.start + start for start, _ in spans}
    end_before = 0
    for passage in passages:
        assert passage.text == section.text[passage.start : passage.end]
        assert end_before <= passage.start < passage.end
        assert not section.text[end_before : passage.start].strip()
        assert passage.start in allowed
        end_before = passage.end
    assert not section.text[end_before:].strip()
    assert len({passage.id for passage in passages}) == len(passages)
