"""From files and feeds to a published edition: read, cut, plan, stage, verify, switch."""
