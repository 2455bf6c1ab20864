"""A process that writes to conversations until it is killed, and says what was stored.

Started with an address, a role, a number of messages and conversation ids; it reads from standard
input how many messages were acknowledged before, and sends the first of the others once more.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from civic_assistant.handoff import open_handoff
from civic_assistant.records import open_engine
from civic_assistant.settings import Settings


def main() -> None:
    """Write ``number`` messages to each conversation in turn, telling each that is durable."""
    address, role, number, *conversations = sys.argv[1:]
    transcript = open_handoff(open_engine(address), Settings()).transcript
    for done in range(int(sys.stdin.readline()), int(number) * len(conversations)):
        conversation_id = conversations[done % len(conversations)]
        client_id, text = f"{role}-{done}", f"{role} {done // len(conversations)}"
        now = datetime.now(UTC)
        if role == "citizen":
            transcript.hear(conversation_id, client_id=client_id, text=text, now=now)
        else:
            transcript.reply(
                conversation_id, staff_id=role, client_id=client_id, text=text, now=now
            )
        sys.stdout.write("stored\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
