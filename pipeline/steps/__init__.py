"""The steps, one verb a file: load what is missing, compute with pure functions, store, return a StepReport.

Steps meet in tables and do not import each other. Outside stay the workspace, the step cache and the run's lock
(`pipeline.ops`).
"""
