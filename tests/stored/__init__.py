"""One frozen example of every version of every event: added, never edited."""
