"""The learners and the embedding models: arrays and strings in, arrays out.

Outside stay feeds, the database and the clock: what an example is and when it was known is `pipeline.ranking`'s.
"""
