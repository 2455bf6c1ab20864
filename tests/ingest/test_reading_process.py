"""A document that breaks, floods or stalls its reader is one refusal; the next one is read."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from civic_assistant.errors import DocumentRefused
from ingest.bounds import MEGABYTE
from ingest.reading_process import ReadingBounds, ReadingProcess
from tests.ingest.hostile_files import pdf_bomb

GUIDE = "# Composteur\n\nLa Ville prête un bac.\n\n## Tarifs\n\nLe prêt coûte 20 €.\n".encode()
SLOW = b"# Guide\n\n" + b"*a **a " * 400_000
"""Markdown that takes minutes to read."""


@pytest.fixture(scope="module")
def reading() -> Iterator[ReadingProcess]:
    reading = ReadingProcess(ReadingBounds(seconds=2))
    yield reading
    reading.close()


def workers() -> set[int]:
    """Return the processes that read documents for this one."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            parent = (folder / "stat").read_text("utf-8").rsplit(")", 1)[1].split()[1]
        except OSError:
            continue
        if b"ingest.reading_worker" in command and int(parent) == os.getpid():
            found.add(int(folder.name))
    return found


def started(reading: ReadingProcess) -> int:
    """Let a document be read, and return the process that reads the next one too."""
    before = workers()
    reading.close()
    assert reading.read(GUIDE, "a/fr.md", "fr").title == "Composteur"
    (worker,) = workers() - before
    return worker


def test_what_is_read_is_what_the_reader_says(reading: ReadingProcess) -> None:
    parsed = reading.read(GUIDE, "composteur/fr.md", "fr")
    assert [(s.path, s.text, s.topic) for s in parsed.sections] == [
        ((), "La Ville prête un bac.", None),
        (("Tarifs",), "Le prêt coûte 20 €.", "cost"),
    ]


def test_one_worker_reads_many_documents(reading: ReadingProcess) -> None:
    worker = started(reading)
    for language in ("fr", "en", "es"):
        reading.read(GUIDE, f"composteur/{language}.md", language)
    assert worker in workers()


def test_a_refusal_keeps_its_name_reason_and_remedy(reading: ReadingProcess) -> None:
    with pytest.raises(DocumentRefused) as caught:
        reading.read(b"Sans titre.", "composteur/fr.md", "fr")
    assert caught.value.document == "composteur/fr.md"
    assert caught.value.reason == "it has no title."
    assert caught.value.remedy.startswith("Begin the file")


def test_a_document_that_takes_too_much_processor_time_is_refused(reading: ReadingProcess) -> None:
    with pytest.raises(DocumentRefused, match=r"'lent/fr\.md': reading it took more than 2 sec"):
        reading.read(SLOW, "lent/fr.md", "fr")
    assert reading.read(GUIDE, "a/fr.md", "fr").title == "Composteur"


def test_a_reader_that_hangs_is_ended_by_the_clock() -> None:
    reading = ReadingProcess(ReadingBounds(wait_seconds=1))
    hanging = started(reading)
    os.kill(hanging, signal.SIGSTOP)  # takes no processor time, and answers nobody
    with pytest.raises(DocumentRefused, match="more than 1 seconds"):
        reading.read(GUIDE, "a/fr.md", "fr")
    assert hanging not in workers()


def test_a_document_that_needs_too_much_memory_is_refused() -> None:
    reading = ReadingProcess(ReadingBounds(memory=120 * MEGABYTE))
    content = b"# Guide\n\n" + b"- item\n" * 1_000_000
    with pytest.raises(DocumentRefused, match=r"'gros/fr\.md': reading it needs more than 120 MB"):
        reading.read(content, "gros/fr.md", "fr")
    assert reading.read(GUIDE, "a/fr.md", "fr").title == "Composteur"
    reading.close()


def test_a_reader_that_dies_is_a_refusal_and_is_replaced(
    reading: ReadingProcess, caplog: pytest.LogCaptureFixture
) -> None:
    worker = started(reading)
    threading.Timer(0.5, os.kill, (worker, signal.SIGSEGV)).start()
    with (
        caplog.at_level(logging.WARNING),
        pytest.raises(DocumentRefused, match=r"'lent/fr\.md': its reader broke down \(SIGSEGV\)"),
    ):
        reading.read(SLOW, "lent/fr.md", "fr")
    assert "Fatal Python error: Segmentation fault" in caplog.text
    assert reading.read(GUIDE, "a/fr.md", "fr").title == "Composteur"
    assert worker not in workers()


def test_a_worker_that_ended_between_two_documents_costs_none_of_them() -> None:
    reading = ReadingProcess(ReadingBounds(idle_seconds=0.2))
    worker = started(reading)
    while " Z " not in Path(f"/proc/{worker}/stat").read_text("utf-8"):  # it has ended
        time.sleep(0.05)
    assert reading.read(GUIDE, "a/fr.md", "fr").title == "Composteur"
    reading.close()


def test_a_worker_that_has_grown_gives_way_to_a_fresh_one() -> None:
    reading = ReadingProcess(ReadingBounds(grown_bytes=1))
    grown = started(reading)
    for language in ("fr", "en", "es"):
        reading.read(GUIDE, f"composteur/{language}.md", language)
    assert grown not in workers()
    reading.close()


def test_a_closed_worker_is_gone(reading: ReadingProcess) -> None:
    worker = started(reading)
    reading.close()
    assert worker not in workers()


def test_a_worker_knows_no_setting_and_no_password(
    monkeypatch: pytest.MonkeyPatch, reading: ReadingProcess
) -> None:
    monkeypatch.setenv("CIVIC_OIDC_CLIENT_SECRET", "s3cret")
    worker = started(reading)
    told = Path(f"/proc/{worker}/environ").read_bytes()
    assert b"PATH=" in told
    assert b"CIVIC_" not in told


def test_several_threads_may_ask_at_once(reading: ReadingProcess) -> None:
    titles: list[str] = []

    def read(number: int) -> None:
        content = f"# Guide {number}\n\nTexte.\n".encode()
        titles.append(reading.read(content, f"g{number}/fr.md", "fr").title)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(titles) == [f"Guide {number}" for number in range(8)]


def test_a_page_that_unpacks_without_end_is_refused(reading: ReadingProcess) -> None:
    bomb = pdf_bomb(4000)
    assert len(bomb) < 5 * MEGABYTE
    with pytest.raises(DocumentRefused, match=r"'bombe/fr\.pdf'"):
        reading.read(bomb, "bombe/fr.pdf", "fr")
