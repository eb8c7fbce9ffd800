"""The archive: the only room that knows SQL."""
