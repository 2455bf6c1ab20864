"""A correction of the market's guide, and how a test keeps one."""

from __future__ import annotations

from datetime import date

from civic_assistant.corrections.correction import Correction, Draft
from civic_assistant.outcomes import ShownCorrection
from tests.verified.conftest import NOW, Shop

TODAY = NOW.date()
FRENCH = "L'emplacement coûte désormais 14 € par jour."
ENGLISH = "A stall now costs €14 a day."

SHOWN = ShownCorrection(
    id="c1",
    version=1,
    guide_id="stationnement",
    title="Stationnement résidentiel [2026]",
    text="La carte coûte *34 €* par an. <b>",
    language="fr",
    since=date(2026, 3, 1),
    until=None,
    review_by=date(2026, 6, 1),
    is_overdue=False,
)


def correct(shop: Shop, **changes: object) -> Correction:
    """Keep a correction of the market's guide that runs from today on."""
    given: dict[str, object] = {
        "guide_id": "marche",
        "texts": {"fr": FRENCH, "en": ENGLISH},
        "starts": TODAY,
        "ends": None,
        "review_by": date(2026, 12, 24),
        **changes,
    }
    draft = Draft(**given)  # type: ignore[arg-type]
    kept, now = shop.product.corrections.kept, shop.market.now
    return kept.add(draft, author="Awa D.", today=now.date(), now=now)
