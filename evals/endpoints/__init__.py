"""Endpoints that tests and measures ask: a scripted one, and a small real model."""
