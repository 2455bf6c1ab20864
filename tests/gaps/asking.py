"""Real questions asked of the real assistant over ``corpus/``, with a journal of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from civic_assistant.assembly import Product
from civic_assistant.gaps.gap import GapReport
from civic_assistant.turns import Question

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
POOL = (
    ("fr", "La piscine est ouverte à quelle heure le dimanche ?"),
    ("fr", "horaires de la piscine municipale kowalczyk"),
    ("en", "What are the opening hours of the swimming pool?"),
    ("tr", "Yüzme havuzu kaçta açılıyor?"),
)
HORNETS = (
    ("fr", "J'ai un nid de frelons asiatiques dans mon jardin, qui appeler ?"),
    ("fr", "qui paye la destruction d'un nid de frelons"),
)
ONCE = ("fr", "Ai-je le droit de faire voler un drone au-dessus du parc Brindejonc ?")
ANSWERED = ("fr", "Combien coûte une carte de bibliothèque ?")
NO_GAPS = (("fr", "bonjour"), ("fr", "Où en est mon dossier de passeport ?"))


@dataclass
class Asked:
    """A product with a journal of its own, and the conversations of its questions."""

    product: Product
    now: list[datetime]
    conversations: dict[str, str]

    def ask(self, language: str, text: str, days_ago: float = 0) -> str:
        """Ask as a citizen's page does; return the turn's id."""
        self.now[0] = NOW - timedelta(days=days_ago)
        opened = self.product.handoff.conversations.open(language=language, now=self.now[0])
        self.conversations[text] = opened.conversation.id
        question = Question(text, page_language=language, conversation=opened.conversation.id)
        return self.product.assistant.answer(question).id

    def report(self, days: int | None = None, language: str = "") -> GapReport:
        return self.product.gaps.report(NOW, days, language)
