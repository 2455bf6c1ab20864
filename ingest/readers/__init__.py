"""One reader a format: each turns the bytes of one document into a guide."""
