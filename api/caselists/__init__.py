"""Case lists of another system: open and closed cases brought forward into the record.

Each row is a case. What it says is recorded as events with that system as their source, after one
that says what the list asked for and what it did not (`domain.forward`). Read, checked and
recorded row by row: `columns` → `rows` → `persons` → `steps` → `loading`.
"""
