"""Propose a newsletter.toml from past issues. Records in, text out."""
