"""Find what identifies an issue: number, date, title, own site. Signs are weighed over all issues of a newsletter."""
