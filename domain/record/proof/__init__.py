"""The transparency log over the record's positions: its formats, its making, its publishing."""
