"""Faults planted in answers, and honest rewordings: what the last check catches and drops."""
