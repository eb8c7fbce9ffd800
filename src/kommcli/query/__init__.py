"""From what the user types to a `Query`. Pure: the clock and what a query may refer to are handed in."""

from kommcli.query.build import build
from kommcli.query.tokens import KEYS, is_exclusion
from kommcli.query.values import Known, feed_key

__all__ = ["KEYS", "Known", "build", "feed_key", "is_exclusion"]
