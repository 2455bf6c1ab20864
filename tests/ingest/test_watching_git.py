"""Watching a real Git checkout: what is committed is published, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from civic_assistant.catalogue import open_catalogue
from civic_assistant.embedding import Embedding
from civic_assistant.settings import Settings
from tests.ingest.watched import (
    commit,
    corpus,
    fees,
    git,
    repository,
    settings,
    watching_git,
    write,
)

__all__ = ["corpus", "repository", "settings"]


def test_a_commit_is_published_with_its_author_and_message(
    repository: Path, settings: Settings, embedder: Embedding
) -> None:
    with watching_git(repository, settings, embedder) as running:
        assert running.next().reason.startswith("Premiers guides (")
        write(repository, "marche", "15 €")
        assert running.is_quiet(1.0)
        commit(repository, "Nouveau tarif\n\nDélibération 2026-41")
        second = running.next()
    assert second.author == "Awa Diop"
    assert second.reason.startswith("Nouveau tarif Délibération 2026-41 (")
    assert fees(settings)["marche"] == "15 €"


def test_only_what_is_committed_is_published(
    repository: Path, settings: Settings, embedder: Embedding
) -> None:
    write(repository, "marche", "99 €")
    (repository / "brocante" / "fr.md").unlink()
    with watching_git(repository, settings, embedder) as running:
        assert running.next().refused == ()
    assert fees(settings) == {"marche": "12 €", "brocante": "12 €"}


def test_a_commit_with_a_broken_document_is_not_published_at_all(
    repository: Path, settings: Settings, embedder: Embedding
) -> None:
    with watching_git(repository, settings, embedder) as running:
        running.next()
        write(repository, "brocante", "9 €")
        (repository / "marche" / "guide.toml").write_text("id = ", encoding="utf-8")
        commit(repository, "Brocante")
        held = running.next()
        assert (held.state, held.edition) == ("held", 1)
        assert [refused.document for refused in held.refused] == ["marche/fr.md"]
        write(repository, "marche", "12 €")
        commit(repository, "Corrigé")
        assert running.next().state == "published"
    assert fees(settings) == {"marche": "12 €", "brocante": "9 €"}
    states = [entry.state for entry in open_catalogue(settings.index_folder).editions()]
    assert states == ["published", "dropped", "published"]


def test_head_is_left_alone_while_a_rebase_moves_it(
    repository: Path, settings: Settings, embedder: Embedding
) -> None:
    with watching_git(repository, settings, embedder) as running:
        running.next()
        (repository.parent / ".git" / "rebase-merge").mkdir()
        write(repository, "marche", "15 €")
        commit(repository, "Au milieu")
        assert running.is_quiet(1.0)
        (repository.parent / ".git" / "rebase-merge").rmdir()
        assert running.next().state == "published"


def test_a_commit_without_the_guides_folder_says_so_once(
    repository: Path, settings: Settings, embedder: Embedding
) -> None:
    with watching_git(repository, settings, embedder) as running:
        running.next()
        git(repository.parent, "rm", "-rq", "--cached", "corpus")
        git(repository.parent, "commit", "-q", "-m", "Sans guides")
        failed = running.next()
        assert failed.state == "failed"
        assert "cannot be read" in failed.problem
        assert running.is_quiet(1.0)
    assert fees(settings) == {"marche": "12 €", "brocante": "12 €"}
