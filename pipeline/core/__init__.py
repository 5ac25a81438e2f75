"""What every room may use: records, errors, addresses, dates, newsletter.toml, atomic file writes.

No database, no network, no model: those are `store`, `feeds` and `models`.
"""
