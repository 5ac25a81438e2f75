"""Feeds: from an address to articles.

`fetch` is the only HTTP client, guarded by `ssrf`; `parse` turns bytes into articles inside `sandbox` worker
processes; `sanitize`, `dedupe`, `health` and `discovery` are pure functions. Outside stay the database
(`pipeline.store`), what a run fetches and in which order (`pipeline.steps`), and past issues (`pipeline.archive`).
"""
