-- A feed's `url` shows no secret; where its address holds one, the whole of it stands here, for the HTTP client alone.
-- Of feeds in newsletter.toml it stays in that file.
ALTER TABLE feeds ADD COLUMN address VARCHAR;

-- The version of the rules by which the stored url_key columns were computed.
CREATE TABLE url_rules (version INTEGER NOT NULL);
