"""The commands: thin, values in, one or two calls, render, exit."""
