"""The whole database of each release, as it was the day its shapes froze: added, never edited."""
