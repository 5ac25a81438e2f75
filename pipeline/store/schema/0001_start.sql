-- Natural primary keys and no secondary index: see CONTRIBUTING.md, "The store".
-- No column holds the time of a run: a night run twice leaves every table but `runs` as it was.

CREATE TABLE feeds (
    url             VARCHAR PRIMARY KEY,          -- canonical address that is asked
    title           VARCHAR,                      -- the feed's own name
    fulltext        VARCHAR NOT NULL DEFAULT 'never',  -- read the linked page: never | short | always
    verify_tls      BOOLEAN NOT NULL DEFAULT true,
    in_file         BOOLEAN NOT NULL DEFAULT false,    -- written in newsletter.toml; leaves with it
    etag            VARCHAR,                      -- validators, stored after the entries
    last_modified   VARCHAR,
    last_success_on DATE,                         -- last night that got an answer (200 or 304)
    last_new_on     DATE,                         -- last night that brought a new article
    failures        INTEGER NOT NULL DEFAULT 0,   -- nights failed in a row
    failed_on       DATE,                         -- last night that failed
    last_error      VARCHAR,                      -- why, in one sentence
    retry_at        TIMESTAMPTZ,                  -- not asked before
    moved_to        VARCHAR,                      -- where 301/308 point
    moved_seen      INTEGER NOT NULL DEFAULT 0,   -- nights on which that was seen
    moved_on        DATE,                         -- last such night
    moved_from      VARCHAR,                      -- the address newsletter.toml still gives, once the feed was moved
    retired_on      DATE                          -- 410 Gone; history is kept
);

CREATE TABLE articles (
    id            VARCHAR PRIMARY KEY,            -- 16 hex digits of sha256(url)
    url           VARCHAR NOT NULL,               -- canonical
    url_key       VARCHAR NOT NULL,               -- under which spellings of one address meet
    title         VARCHAR NOT NULL,               -- plain text, as are the next columns
    source        VARCHAR NOT NULL,
    author        VARCHAR,
    summary       VARCHAR NOT NULL DEFAULT '',
    text          VARCHAR NOT NULL DEFAULT '',
    published_at  TIMESTAMPTZ,                    -- null where missing or beyond sense
    first_seen_at TIMESTAMPTZ NOT NULL,
    origin        VARCHAR NOT NULL,               -- feed | import | editor
    language      VARCHAR,
    paywalled     BOOLEAN
);

CREATE TABLE sightings (                          -- which feeds carried an article, under which id of theirs
    article_id VARCHAR NOT NULL,
    feed_url   VARCHAR NOT NULL,
    guid       VARCHAR,
    url_key    VARCHAR NOT NULL,                  -- the address the feed last gave for it
    title      VARCHAR NOT NULL,                  -- the title the feed last gave it
    PRIMARY KEY (article_id, feed_url)
);

CREATE TABLE pages (                              -- linked pages that were asked for their full text
    article_id VARCHAR PRIMARY KEY,
    tried_on   DATE NOT NULL,                     -- last night
    tries      INTEGER NOT NULL,                  -- nights; after three the summary serves
    error      VARCHAR                            -- why it gave no text; null: it did
);

CREATE TABLE embeddings (                         -- one vector per text and model; texts are addressed by content
    model     VARCHAR NOT NULL,                   -- identity: name/dimension/hash
    text_hash VARCHAR NOT NULL,                   -- first 32 hex digits of sha256(text)
    vector    FLOAT[] NOT NULL,                   -- unit length
    PRIMARY KEY (model, text_hash)
);

CREATE TABLE predictions (                        -- P(section | article), one row each
    article_id  VARCHAR NOT NULL,
    section     VARCHAR NOT NULL,                 -- key
    probability DOUBLE NOT NULL,
    PRIMARY KEY (article_id, section)
);

CREATE TABLE review (                             -- the shortlist: the table the editor works in
    rank                INTEGER,                  -- 1 is best
    id                  VARCHAR PRIMARY KEY,      -- of the article
    url                 VARCHAR NOT NULL,
    title               VARCHAR NOT NULL,
    source              VARCHAR NOT NULL,
    author              VARCHAR,
    published           TIMESTAMPTZ,
    first_seen          TIMESTAMPTZ NOT NULL,
    section             VARCHAR,                  -- most probable, or as the editor set it; null: fits none
    section_probability DOUBLE,
    sections            JSON NOT NULL,            -- {key: probability}
    relevance           DOUBLE NOT NULL,          -- calibrated P(picked)
    reasons             JSON NOT NULL,            -- [{kind, text, pull, issue, url}], at most three for and one against
    state               VARCHAR NOT NULL,         -- new | picked | skipped | later | ran
    also                VARCHAR[] NOT NULL,       -- ids of other articles that tell the same story
    sources             VARCHAR[] NOT NULL,       -- everyone who carried it
    discovery           BOOLEAN NOT NULL DEFAULT false  -- shown because the model is unsure
);

CREATE TABLE kept_out (                           -- what the shortlist leaves out, and why
    article_id VARCHAR PRIMARY KEY,
    why        VARCHAR NOT NULL,                  -- ran | muted | lapsed
    detail     VARCHAR NOT NULL,                  -- a sentence: "ran in #118", "muted source example.org"
    issue      INTEGER,                           -- where it ran
    url        VARCHAR                            -- the pick it repeats
);

CREATE TABLE decisions (                          -- the journal, as a table
    seq        BIGINT PRIMARY KEY,                -- line of the journal
    article_id VARCHAR,                           -- null: about no article (mute)
    verdict    VARCHAR NOT NULL,                  -- pick | skip | later | undo | section | note | group | mute | unmute
    editor     VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    section    VARCHAR,
    text       VARCHAR                            -- the note; "kind:value" of a mute; the entry's first id of a group
);

CREATE TABLE issues (
    number     INTEGER PRIMARY KEY,
    issue_date DATE NOT NULL,
    title      VARCHAR NOT NULL,
    subtitle   VARCHAR NOT NULL,
    path       VARCHAR                            -- where it was read from
);

CREATE TABLE picks (
    issue        INTEGER NOT NULL,
    position     INTEGER NOT NULL,                -- 1-based
    entry        INTEGER NOT NULL,                -- picks with one number stood together
    section_name VARCHAR NOT NULL,                -- as printed
    section      VARCHAR,                         -- key; null where no alias maps it
    title        VARCHAR NOT NULL,
    url          VARCHAR,                         -- canonical; null in plain-text archives
    url_key      VARCHAR,
    byline       VARCHAR,
    context      VARCHAR NOT NULL DEFAULT '',     -- the sentence around a one-liner's link
    kind         VARCHAR NOT NULL,                -- title | inline
    PRIMARY KEY (issue, position)
);

CREATE TABLE model_cards (
    id             VARCHAR PRIMARY KEY,           -- also the file's name under models/
    kind           VARCHAR NOT NULL,              -- sections | relevance
    created_at     TIMESTAMPTZ NOT NULL,
    trained_before DATE NOT NULL,                 -- saw only issues before
    sha256         VARCHAR NOT NULL,              -- of the file
    active         BOOLEAN NOT NULL,
    card           JSON NOT NULL                  -- data, recipe, figures, limits
);

CREATE TABLE runs (
    id         VARCHAR PRIMARY KEY,
    step       VARCHAR NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    as_of      DATE NOT NULL,
    seconds    DOUBLE NOT NULL,
    seen       INTEGER NOT NULL,
    done       INTEGER NOT NULL,
    failed     INTEGER NOT NULL,
    details    JSON NOT NULL
);
