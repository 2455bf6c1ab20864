"""What the town hall corrects of its guides without touching them, for as long as that holds."""
