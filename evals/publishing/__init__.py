"""What publishing promises, shown: killed at any moment, and at the cost of what changed."""
