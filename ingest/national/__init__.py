"""The national guides: the feed as a source, fetched and published as a routine."""
