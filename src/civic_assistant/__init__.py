"""civic-assistant: answers from a town hall's own guides, quoted, or a person."""
