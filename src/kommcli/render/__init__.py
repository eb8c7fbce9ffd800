"""Values in, text out: one module for each kind of reader."""
