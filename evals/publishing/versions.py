"""The town's guides in versions: each section says which version of its guide it belongs to."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from ingest.drafts.whole_files import write_whole
from ingest.guide_file import GUIDE_FILE

ALWAYS = (
    "accueil-periscolaire", "bruit-voisinage", "cantine-scolaire", "centre-de-loisirs",
    "collecte-ordures-menageres", "decheterie", "mariage-civil", "recensement-citoyen",
)  # fmt: skip
"""Guides of every version, each time with other words."""
COMING = ("chiens-dangereux", "composteur", "objets-trouves")
"""Guides that come and go: the bits of a version's number say which are withdrawn in it."""
STANDING = "certification-signature"
"""The guide that no version changes."""
LANGUAGE = "fr"
DOCUMENT = f"{LANGUAGE}.md"
SHIPPED = Path(__file__).parents[2] / "corpus"
_FEWEST_SECTIONS = 2
_MARK = re.compile(r"Version (\d{4}) de ([a-z-]+)\.")


def guides_of(version: int) -> tuple[str, ...]:
    """Return the ids of the guides of a version, in order."""
    coming = [guide for bit, guide in enumerate(COMING) if not version >> bit & 1]
    return tuple(sorted((*ALWAYS, *coming, STANDING)))


def marks_in(text: str) -> list[tuple[int, str]]:
    """Return the marks in a text, in order: the version and the guide's id."""
    return [(int(version), guide) for version, guide in _MARK.findall(text)]


@cache
def town_questions() -> Mapping[str, tuple[Mapping[str, str], ...]]:
    """Return the town's test questions in the run's language, by the guide that answers."""
    found: dict[str, list[Mapping[str, str]]] = {}
    for line in (SHIPPED / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        asked = json.loads(line)
        if asked["language"] == LANGUAGE and asked["guide"] is not None:
            found.setdefault(asked["guide"], []).append(asked)
    return {guide: tuple(own) for guide, own in found.items()}


@lru_cache(maxsize=16)
def documents_of(version: int) -> dict[str, bytes]:
    """Return the files of the corpus folder in a version, by name."""
    found: dict[str, bytes] = {}
    for guide in guides_of(version):
        text = (SHIPPED / guide / DOCUMENT).read_text(encoding="utf-8")
        if guide != STANDING:
            text = _marked(text, guide, version)
        found[f"{guide}/{DOCUMENT}"] = text.encode()
        found[f"{guide}/{GUIDE_FILE}"] = (SHIPPED / guide / GUIDE_FILE).read_bytes()
    return found


def write_version(corpus: Path, version: int) -> None:
    """Bring a corpus folder to a version, as an editor would; what it has not is removed."""
    wanted = documents_of(version)
    for name, content in wanted.items():
        write_whole(corpus / name, content)
    for path in list(corpus.glob("*/*")):
        if path.relative_to(corpus).as_posix() not in wanted:
            path.unlink()
    for folder in list(corpus.iterdir()):
        if not any(folder.iterdir()):
            folder.rmdir()


def documents_in(corpus: Path) -> dict[str, bytes]:
    """Return the files that a corpus folder holds, by name, hidden ones left out."""
    return {
        path.relative_to(corpus).as_posix(): path.read_bytes()
        for path in sorted(corpus.glob("*/*"))
        if not path.name.startswith(".")
    }


def _marked(text: str, guide: str, version: int) -> str:
    """Return a guide's text with a mark at the end of each section."""
    mark = f"\n\nVersion {version:04} de {guide}.\n\n"
    return "".join(part.rstrip() + mark for part in _sections(text, guide))


def _sections(text: str, guide: str) -> Sequence[str]:
    """Return the first sections and those that answer test questions: few, to publish quickly."""
    parts = [part for part in re.split(r"(?m)^(?=#)", text) if "\n" in part.strip()]
    told = [asked.get("contains", "") for asked in town_questions().get(guide, ())]
    wanted = {n for n, part in enumerate(parts) if any(words and words in part for words in told)}
    wanted |= set(range(_FEWEST_SECTIONS))
    return [part for number, part in enumerate(parts) if number in wanted]
