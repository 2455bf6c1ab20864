"""A language model where there is one: its endpoints, what it writes, and what of it is shown."""
