"""The newsroom: plain steps that meet in the tables of one DuckDB file.

step (module, function)             reads                                  writes
pull      pull.py      pull_feeds         feeds, the web                  feeds, articles, article_feeds
embed     embed.py     embed_articles     articles, picks                 embeddings
classify  classify.py  classify_articles  articles, embeddings, picks     predictions
rank      rank.py      rank_candidates    the same, predictions, decisions   review, exclusions
review    desk/                           review                          journal, decisions
draft     drafting.py  make_draft         decisions, review, articles     a file, not a table
publish   publish.py   publish_issue      the issue as it went out        issues, picks, issue_results, review
archive   past_issues.py import_issues    past issues, the web            issues, picks, page_titles
retrain   retrain.py   retrain_models     the same as rank                model_cards, models/
replay    replay.py    replay_issues      the same as rank                runs

Each step loads what is missing, computes with pure functions, stores, and returns a StepReport.
`context.py` is what classify, rank and the desk know; `seals.py` tells when they would find what they found before.
`workspace.py` builds what steps are given: the newsletter, the database, the journal, the clock, the embedder.
"""
