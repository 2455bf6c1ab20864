"""The citizen's side: the page, made with Chainlit."""
