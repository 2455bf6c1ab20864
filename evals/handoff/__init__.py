"""The handoff under faults, under load, and through an office week (``make faults-handoff`` …)."""
