from collections.abc import Sequence

import numpy as np
import pytest

from civic_assistant.evidence import Found
from civic_assistant.guide_ranking import WEIGHED, ranked_guides
from civic_assistant.guides import Passage
from civic_assistant.late import Interaction
from civic_assistant.support import NO_SUPPORT, AskedWords

WORDS = AskedWords(
    shares=np.array([[0.5, 0.5, 0], [0, 0, 1]], np.float32), rarities=np.array([1, 3], np.float32)
)
"""Two words, the first of two tokens, the second three times as rare."""


def found(guide: str, score: float, number: int = 0, **others: object) -> Found:
    """Return a passage of a guide that was found."""
    passage = Passage(f"{guide}-{number}", guide, "fr", number, 0, 4, "Text", guide)
    return Found(passage, score, **{"dense": 0.3, **others})  # type: ignore[arg-type]


def interaction(*nearest: float) -> Interaction:
    """Return a passage of one token with these cosines to the question's three."""
    cosines = np.array([nearest], np.float32).T
    nothing = np.zeros((3, 2), np.int32)
    return Interaction(cosines, nothing, nothing[:1], cosines, cosines[:1])


def ranked(
    passages: Sequence[Found], read: dict[str, Interaction] | None = None, language: str = "fr"
) -> tuple[str, ...]:
    """Return the guides, best first."""
    return ranked_guides(passages, language, WORDS, read or {})[0]


def test_the_guide_of_the_best_passage_comes_first_where_all_else_is_equal() -> None:
    assert ranked([found("canteen", 0.9), found("parking", 0.8)]) == ("canteen", "parking")


def test_a_second_passage_counts_a_little() -> None:
    close = [found("canteen", 0.9), found("parking", 0.88), found("parking", 0.8, 1)]
    far = [found("canteen", 0.9), found("parking", 0.7), found("parking", 0.6, 1)]

    assert ranked(close)[0] == "parking"
    assert ranked(far)[0] == "canteen"


def test_a_guide_with_a_passage_nearer_in_meaning_goes_before_one_with_a_better_best() -> None:
    passages = [found("canteen", 0.9), found("parking", 0.85), found("parking", 0.1, 1, dense=0.4)]

    assert ranked(passages)[0] == "parking"


def test_a_guide_that_supports_every_word_goes_before_one_that_supports_one_of_them_best() -> None:
    passages = [found("canteen", 0.9), found("parking", 0.85), found("parking", 0.2, 1)]
    read = {
        "canteen-0": interaction(0.9, 0.9, 0.1),
        "parking-0": interaction(0.6, 0.6, 0.1),
        "parking-1": interaction(0.0, 0.0, 0.7),
    }

    assert ranked(passages, read)[0] == "parking"


def test_exact_words_count_once_more_where_they_are_official_terms_of_another_language() -> None:
    passages = [found("canteen", 0.9), found("parking", 0.85, keyword=0.2)]

    assert ranked(passages, language="fr")[0] == "canteen"
    assert ranked(passages, language="tr")[0] == "parking"


def test_guides_behind_the_first_few_stay_behind_them_and_have_no_total() -> None:
    passages = [found(f"guide-{n}", 0.9 - n / 100) for n in range(WEIGHED)]
    late = found("late", 0.5, dense=0.9)

    order, totals = ranked_guides([*passages, late], "fr", WORDS, {})

    assert order[-1] == "late"
    assert list(totals) == list(order[:WEIGHED])


def test_nothing_found_ranks_nothing() -> None:
    assert ranked_guides([], "fr", WORDS, {}) == ((), {})


def test_a_word_is_supported_as_well_as_by_the_passage_that_supports_all_its_tokens_best() -> None:
    support = WORDS.support_of([interaction(0.8, 0.2, 0.1), interaction(0.2, 0.6, 0.5)])

    assert support.words == 2
    assert support.weakest == pytest.approx((0.5 + 0.5) / 2)
    assert support.mean == pytest.approx((0.5 + 3 * 0.5) / 4)


def test_a_rare_word_without_support_weighs_more_than_a_common_one() -> None:
    common = WORDS.support_of([interaction(0.0, 0.0, 0.8)])
    rare = WORDS.support_of([interaction(0.8, 0.8, 0.0)])

    assert common.mean == pytest.approx(0.6)
    assert rare.mean == pytest.approx(0.2)


def test_no_passage_read_supports_nothing() -> None:
    assert WORDS.support_of([]) == NO_SUPPORT
