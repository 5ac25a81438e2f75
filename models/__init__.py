"""Embedding, feature extraction, ranking, section classification and their metrics: arrays and strings in, arrays out.

Feeds, database, clock and configuration stay outside: callers pass what is needed as arguments.
"""
