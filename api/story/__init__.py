"""A case told as a story: chapters of sentences in the nation's own terms, each with its entry."""
