"""Replies that staff checked."""
