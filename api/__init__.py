"""The doors: HTTP, pages and the command line. Nothing is decided here."""
