-- The standard terms for what the first schema called kept_out, sightings, outcomes, also, discovery and pull.
ALTER TABLE kept_out RENAME TO exclusions;
ALTER TABLE sightings RENAME TO article_feeds;
ALTER TABLE outcomes RENAME TO issue_results;
ALTER TABLE review RENAME COLUMN also TO duplicate_ids;
ALTER TABLE review RENAME COLUMN discovery TO exploration;
UPDATE review SET reasons = replace(reasons::VARCHAR, '"pull":', '"contribution":')::JSON;
