"""The proof: what the project claims, each claim once."""
