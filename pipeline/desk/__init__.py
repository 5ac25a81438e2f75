"""The review page: what an editor sees and says. Everything stored passes through `store`, the journal first."""
