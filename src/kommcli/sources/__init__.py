"""Where bytes come from: the net and local files."""
