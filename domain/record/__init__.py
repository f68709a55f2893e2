"""The record: an append-only log, its keys, and the proof that it holds."""
