CREATE TABLE outcomes (                           -- what became of each candidate of a published issue's shortlist
    issue      INTEGER NOT NULL,
    article_id VARCHAR NOT NULL,
    rank       INTEGER,                           -- it had when the issue went out
    relevance  DOUBLE NOT NULL,
    picked     BOOLEAN NOT NULL,
    url_keys   VARCHAR[] NOT NULL,                -- of every article that tells the story
    PRIMARY KEY (issue, article_id)
);
