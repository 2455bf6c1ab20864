"""What a question got, in short: the outcome, the guide, and the sentences that were quoted."""

from __future__ import annotations

from dataclasses import dataclass

from civic_assistant.outcomes import Answered, AskedDetail, outcome_name
from civic_assistant.turns import Turn


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to a question on one edition.

    ``guide_id`` and ``title`` are those of the guide quoted first, or of which a detail is asked;
    None and empty without one. ``sentences`` are what is shown of it; of a detail that is asked,
    its options too. ``is_verified`` says that staff wrote the reply, which comes first then.
    """

    outcome: str
    guide_id: str | None = None
    title: str = ""
    sentences: tuple[str, ...] = ()
    is_verified: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether the guides were quoted, or a detail asked of one."""
        return self.guide_id is not None

    def told(self) -> str:
        """Return the reply in few words: the guide that answers, or the outcome."""
        return f"{self.outcome} from {self.guide_id!r}" if self.guide_id else self.outcome


def reply_of(turn: Turn) -> Reply:
    """Return a turn's reply."""
    name = outcome_name(turn.outcome)
    match turn.outcome:
        case Answered() as answered:
            return _answered(name, answered)
        case AskedDetail() as detail:
            common = detail.common.sentences if detail.common else ()
            sentences = (*(s.text for s in common), *detail.options)
            return Reply(name, detail.guide_id, detail.title, sentences)
        case _:
            return Reply(name)


def _answered(name: str, answered: Answered) -> Reply:
    source = answered.sources[0]
    written = (answered.checked.text,) if answered.checked else ()
    return Reply(
        outcome=name,
        guide_id=source.guide_id,
        title=source.title,
        sentences=(*written, *(sentence.text for sentence in answered.sentences)),
        is_verified=answered.checked is not None,
    )
