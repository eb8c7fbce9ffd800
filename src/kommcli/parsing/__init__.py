"""From the bytes of a feed to what it says, inside a limited worker process.

::

    pool ═► worker ─► feed.parse_feed ─► document ─► quick, else feedparser ─► entries ─► ParsedFeed
    parent  child                        charset     or jsonfeed               blocks, media
            process                      repair, balance                       flatten

``pool`` is the front door and imports nothing heavy; ``feed.parse_feed`` is the same without the process.
"""
