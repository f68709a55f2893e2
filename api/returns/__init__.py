"""A whole annual return made, checked, explained and given out, for every door alike."""
