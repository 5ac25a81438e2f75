"""The review page: web application, JSON interface and the shortlist in memory.

Decisions are recorded in the journal of `store` before a request is answered. Ranking, drafts and nights are computed
by the rooms below; nothing here fetches a feed or fits a model.
"""
