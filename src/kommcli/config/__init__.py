"""The configuration: one table of keys (`spec`) drives loading, checking, the example and the reference."""
