"""Persistent state: the DuckDB file (one module a table), its schema, the decisions journal, backup and repair.

Tables and records only: nothing is fetched, embedded or ranked here.
"""
