"""Attacks on the answers in a model's words: attempts, hostile endpoints, and what gets through."""
