"""A staged edition reviewed and told on the command line, whatever feed it came from."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console

from ingest.publish import Prepared
from ingest.publish_told import tell_prepared
from ingest.reviewing.asking_product import asking_product
from ingest.reviewing.review import review
from ingest.reviewing.told import tell_review

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings
    from ingest.progress import Progress


def tell_plan(
    prepared: Prepared, settings: Settings, embedding: Embedding, progress: Progress
) -> None:
    """Print what a staged edition would change, then how to publish it or give it up.

    Leaves with status 3 when something was refused; raises what `review` raises.
    """
    if prepared.edition is not None and prepared.base is not None:
        with asking_product(settings, embedding) as product:
            found = review(prepared.base, prepared.edition, product, datetime.now(UTC), progress)
        tell_review(found, Console(width=None if sys.stdout.isatty() else 160))
    tell_prepared(prepared)
