"""What happened, and what may happen: the language and rules of safeguarding case conferences."""
