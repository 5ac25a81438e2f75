"""Operations around the steps: workspace, lock, step cache, retention, status, messages, distributed batches.

Knows no Prefect, which is `flows`; holds no algorithm of a step, which are `pipeline.steps`.
"""
