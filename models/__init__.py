"""Arrays and strings in, arrays out. Knows no feed, no database and no clock."""
