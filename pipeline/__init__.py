"""The steps from feeds to a published issue. They share nothing but the tables of one DuckDB file.

step      module, function                      reads                                   writes
pull      steps/pull.py pull_feeds              feeds, the web                          feeds, articles, article_feeds
fulltext  steps/fulltext.py                     articles, feeds, the web                articles, pages
embed     steps/embed.py embed_articles         articles, picks                         embeddings
classify  steps/classify.py classify_articles   articles, embeddings, picks             predictions
rank      steps/rank.py rank_candidates         the same, predictions, decisions        review, exclusions
review    desk/                                 review, articles                        journal, decisions
draft     steps/draft.py make_draft             decisions, review, articles, issues     a file, no table
publish   steps/publish.py publish_issue        the issue's file                        issues, picks, issue_results
import    steps/import_issues.py import_issues  past issues, page_titles                issues, picks
titles    steps/fetch_titles.py fetch_titles    issues, the web                         page_titles
retrain   steps/retrain.py retrain_models       the same as rank                        model_cards, models/
replay    steps/replay.py replay_issues         the same as rank                        runs

Each step loads what is missing, computes with pure functions, stores, and returns a StepReport.
`ops.workspace` builds what steps are given: the newsletter, the database, the journal, the clock, the embedder.
"""
