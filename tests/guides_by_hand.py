"""Small guides that a test can read at a glance."""

from __future__ import annotations

from collections.abc import Sequence

from civic_assistant.guides import Block, BlockKind, Guide, Passage, Section
from ingest.passages import passages_of

Line = tuple[BlockKind, str]


def section(*lines: Line, path: tuple[str, ...] = (), situation: tuple[str, ...] = ()) -> Section:
    blocks, texts, start = [], [], 0
    for kind, text in lines:
        blocks.append(Block(kind, start, start + len(text)))
        texts.append(text)
        start += len(text) + 1
    return Section(path=path, text="\n".join(texts), blocks=tuple(blocks), situation=situation)


def guide(guide_id: str, title: str, *sections: Section, language: str = "fr") -> Guide:
    return Guide(
        id=guide_id,
        title=title,
        language=language,
        source="town",
        document=f"{guide_id}/{language}.md",
        sections=sections,
        department="Accueil",
    )


CANTEEN = guide(
    "cantine",
    "Cantine scolaire",
    section(
        ("paragraph", "La cantine accueille les élèves le midi. L'inscription est obligatoire."),
        path=("Qui est concerné ?",),
    ),
    section(
        ("paragraph", "Le prix du repas dépend du quotient familial :"),
        ("header", "Quotient familial | Prix du repas"),
        ("row", "moins de 400 € | 1,00 €"),
        ("row", "400 € et plus | 4,10 €"),
        path=("Tarifs",),
    ),
    section(
        ("paragraph", "Pour inscrire un enfant, il faut :"),
        ("item", "un justificatif de domicile ;"),
        ("item", "l'attestation de quotient familial."),
        ("paragraph", "Le dossier se dépose à la mairie."),
        path=("Pièces à fournir",),
    ),
)


def passages(of: Guide) -> Sequence[Passage]:
    return [p for p in passages_of(of) if not p.is_card]
