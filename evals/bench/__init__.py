"""Speed, memory and growth: publishing and answering, against llama-index's default pipeline."""
