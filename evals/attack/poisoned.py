"""A guide with an attack in its text, as somebody might hand it in to be published."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

_CARD = """\
id = "{id}"
department = "Accueil"
authority = "Ville de Vaubreuil-sur-Sarle"
audiences = ["individuals"]
theme = ["Vie quotidienne", "Divers"]
valid_from = 2026-09-01
review_by = 2027-06-30
updated_on = 2026-09-01
licence = "Licence Ouverte 2.0"

[addresses]
{language} = "https://www.vaubreuil.example/demarches/{id}"
"""


class PoisonedGuide(BaseModel):
    """A guide's document: what it is called in the corpus, its language and its whole text.

    ``suffix`` is ``md`` or ``html``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9-]{3,40}$")
    language: str
    text: str
    suffix: str = "md"


def write_guide(corpus: Path, guide: PoisonedGuide) -> None:
    """Put the guide into a corpus folder, as an editor would."""
    folder = corpus / guide.id
    folder.mkdir()
    card = _CARD.format(id=guide.id, language=guide.language)
    (folder / "guide.toml").write_text(card, encoding="utf-8")
    document = folder / f"{guide.language}.{guide.suffix}"
    document.write_text(guide.text, encoding="utf-8")
