"""The weekly digest: composed from articles, edited as a draft, formed as text, page and mail.

::

    Article … ─► compose ─► Issue ─► forms (text, markdown, html) · record (json) · journal (atom)
                              │ ▲         └─► mail
                              ▼ │
                            draft ◄─► a file that an editor changes
"""
