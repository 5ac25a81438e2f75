"""Find the stories among the links of an issue, by what recurs in all of a newsletter. Blocks in, stories out."""
