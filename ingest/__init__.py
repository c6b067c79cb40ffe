"""Read the corpus, prove it against its source, and build the index from it."""
