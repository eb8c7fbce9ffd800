"""Where an article happens: its states, places and level, each with the evidence.

::

    kicker ─► kicker.read ─┐
    title, teaser ─► mentions.scan ─► decide.states ─► decide.places
    body, feed, address ─┘        (in this order of trust)
"""

from __future__ import annotations

from kommcli.enrich.places.corrections import Corrected, meant
from kommcli.enrich.places.decide import Where, where
from kommcli.enrich.places.kicker import keys_of
from kommcli.enrich.places.mentions import Names

__all__ = ["Corrected", "Names", "Where", "keys_of", "meant", "where"]
