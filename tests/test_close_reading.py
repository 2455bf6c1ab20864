"""Which lines are read together, when not all of them can be."""

from civic_assistant.close_reading import PART_BYTES, cuts, part_around


def test_a_short_section_is_read_whole() -> None:
    assert part_around(["a", "b", "c"], 1) == (0, 3)


def test_a_long_section_is_read_around_the_line_that_matters() -> None:
    texts = ["x" * 299] * 20
    start, end = part_around(texts, 10)
    assert start <= 10 < end
    assert sum(len(text) + 1 for text in texts[start:end]) <= PART_BYTES
    assert end - start == 3


def test_a_line_longer_than_a_part_is_read_alone() -> None:
    assert part_around(["a", "x" * 5000, "b"], 1) == (1, 2)


def test_cuts_cover_every_line_once() -> None:
    texts = ["é" * 200] * 7
    found = cuts(texts)
    assert [place for start, end in found for place in range(start, end)] == list(range(7))
    assert all(sum(len(t.encode()) for t in texts[a:b]) <= PART_BYTES for a, b in found)
