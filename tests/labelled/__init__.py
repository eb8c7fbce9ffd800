"""How well kommcli understands the labelled set: ``python -m tests.labelled``."""
