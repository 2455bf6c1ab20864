"""The catalogue: passages are read from the version that the edition holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from civic_assistant.catalogue import PassagePlace, guide_digest, open_catalogue
from ingest.passages import PASSAGE_RULES, passages_of
from tests.guides_by_hand import CANTEEN, section


def test_a_passage_that_two_versions_share_is_read_from_the_one_asked_for(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path, create=True)
    news = section(("paragraph", "La cantine ferme le 24 décembre."), path=("Actualité",))
    versions = [CANTEEN, replace(CANTEEN, sections=(news, *CANTEEN.sections))]
    digests = [guide_digest(version, PASSAGE_RULES) for version in versions]
    for version, digest in zip(versions, digests, strict=True):
        catalogue.keep(version, digest, passages_of(version), digest)
    shared = passages_of(CANTEEN)[-1]
    sections = [
        catalogue.passages_at([PassagePlace(shared.id, digest)])[shared.id].section
        for digest in digests
    ]
    assert sections == [shared.section, shared.section + 1]


def test_passages_come_back_as_they_were_kept(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path, create=True)
    kept = passages_of(CANTEEN)
    catalogue.keep(CANTEEN, "digest", kept, "fingerprint")
    assert tuple(catalogue.passages(["digest"])) == kept
    places = [PassagePlace(p.id, "digest") for p in kept]
    assert catalogue.passages_at(places) == {p.id: p for p in kept}
