"""Timelines given out for a review: of several cases and persons, in one order, with their basis.

`asked` is what is wanted, `gathering` reads it, `known` says what an agency knew, `rows` makes the
lines and what is remarked of each, `silences` and `alike` reckon what nobody wrote, `people` and
`pseudonyms` say who is called what (`folded` is a text as names are compared in it, `ordinary` the
words that are names too), `files` writes the kinds of file, `producing` keeps what was
given out and records it. The columns are those of `api.chronologies`, so that what is given out
can be taken in again.
"""
