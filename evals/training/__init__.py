"""Adapting the encoder: the questions that were written for it, and the programs that train."""
