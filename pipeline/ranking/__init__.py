"""From tables to training examples and scores: snapshot, candidates, training set, fitting, model registry.

Everything is as of a time; nothing later is read. Outside stay the learners themselves (`models`) and how good the
order was (`pipeline.evaluation`).
"""
