"""When and how wide the steps run: Prefect flows, tasks and deployments. The only importer of prefect.

What a step does is in `pipeline.steps`; what surrounds a run (lock, retention, cache, report) is in `pipeline.ops`.
Both run without Prefect. The commands are in `flows.cli`.
"""
