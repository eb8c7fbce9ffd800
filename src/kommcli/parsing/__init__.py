"""From the bytes of a feed to what it says, inside a limited worker process.

::

    Fetched ─► pool ═► worker ═► feed ─► document (charset, repair) ─► feedparser ─► entries ─► ParsedFeed
    (parent process)  │ (child process)    └─► jsonfeed ────────────────────────────┘

``pool`` is the front door and imports nothing heavy; ``feed.parse_feed`` is the same without the process.
"""
