"""Forms for people, one a command: made from the command's own annotations, as its route is."""
