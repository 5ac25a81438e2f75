CREATE TABLE page_titles (                        -- what the pages behind one-liners call themselves, asked once
    url_key VARCHAR PRIMARY KEY,                  -- of the pick
    title   VARCHAR                               -- null: the page was asked and did not say
);
