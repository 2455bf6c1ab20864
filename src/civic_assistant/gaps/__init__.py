"""The gap report: what citizens asked and did not get, by topic and language."""
