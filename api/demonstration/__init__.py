"""A made-up authority with three made-up years of work, so that everything can be seen working."""
