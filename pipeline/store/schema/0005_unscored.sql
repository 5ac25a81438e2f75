-- A story added by hand on a desk without a model has no relevance yet.
ALTER TABLE review ALTER COLUMN relevance DROP NOT NULL;
