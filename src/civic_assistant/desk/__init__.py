"""The desk: where signed-in staff read what citizens left, answer them, and ask the engine."""
