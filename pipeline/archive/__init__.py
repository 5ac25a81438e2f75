"""Past issues in, drafts out: one reader per dialect, one writer."""
