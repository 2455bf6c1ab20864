"""An editor's draft, and writing it into the corpus folder."""
