from __future__ import annotations

from evals.handoff.ledger import READERS, Ledger, Mark, Reader, Seen, Verdict, mark_in


def written(*sides: str) -> Ledger:
    ledger = Ledger()
    for side in sides:
        ledger.write(1, "c" if side == "c" else "a")
    return ledger


def everywhere(*marks: Mark, but: dict[Reader, tuple[Mark, ...]] | None = None) -> list[Seen]:
    return [Seen(reader, 1, (but or {}).get(reader, marks)) for reader in READERS]


ONE, TWO, REPLY = Mark(1, "c", 1), Mark(1, "c", 2), Mark(1, "a", 1)
LEDGER = written("c", "a", "c")


def test_a_mark_is_found_again_in_the_text_around_it() -> None:
    assert mark_in(f"**Agent 1**\n\n{REPLY} Merci.") == REPLY
    assert mark_in("Bonjour, abc0001-00010.") is None


def test_what_everybody_saw_once_and_in_order_is_clean() -> None:
    verdict = LEDGER.verdict(everywhere(ONE, REPLY, TWO))
    assert verdict == Verdict(3, 0, 0, 0, 0)
    assert str(verdict) == "3 messages, 0 lost, 0 doubled, 0 out of order, 0 after claim"


def test_sides_may_cross_but_each_keeps_its_order() -> None:
    assert LEDGER.verdict(everywhere(ONE, TWO, REPLY)).is_clean
    assert LEDGER.verdict(everywhere(TWO, ONE, REPLY)).out_of_order == 1


def test_what_one_reader_missed_or_saw_twice_is_a_fault() -> None:
    missed = LEDGER.verdict(everywhere(ONE, REPLY, TWO, but={"page": (ONE, TWO)}))
    assert (missed.lost, missed.notes) == (1, ("a0001-0001 is not in the page",))
    twice = LEDGER.verdict(everywhere(ONE, REPLY, TWO, but={"desk": (ONE, REPLY, TWO, REPLY)}))
    assert (twice.doubled, twice.is_clean) == (1, False)


def test_a_conversation_that_nobody_saw_is_lost() -> None:
    assert LEDGER.verdict([]).lost == 3


def test_what_the_bot_says_after_a_claim_is_counted() -> None:
    views = [Seen(reader, 1, (ONE, REPLY, TWO), after_claim=1) for reader in READERS]
    assert LEDGER.verdict(views[:1]).after_claim == 1


def test_runs_add_up() -> None:
    both = Verdict(3, 1, 0, 0, 0, ("a",)) + Verdict(4, 0, 2, 0, 1, ("b",))
    assert both == Verdict(7, 1, 2, 0, 1, ("a", "b"))
