"""Pages for people: made whole on the server, without scripts."""
