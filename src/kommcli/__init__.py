"""kommcli reads the news of Germany's digital municipalities in the terminal."""

__version__ = "0.1.0"
