"""How good the ranking is: replay points, live replay, results, champion against challenger, JSON and HTML reports.

Outside stay the metrics themselves (`models.metrics`) and what a model is fitted on (`pipeline.ranking`).
"""
