"""Chronologies of other agencies: taken in line by line, and given back in the same columns.

`columns` says what the columns are, `dates` how a cell says when, `encoding` what characters a file
is in, `sheet` reads a file (`workbook` and `formulas`: one of Excel), `entries` makes lines of its
rows and says what is wrong with the others, `loading` records them, `writing` gives a timeline
back. The columns are those of an integrated chronology (procedure C.4).
"""
